"""Rewriting config.json where it has old names of settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from number_recognition.storage.fields import from_dict
from number_recognition.storage.file_errors import reason
from number_recognition.storage.files import read_json_object, write_json
from number_recognition.storage.locks import lock
from number_recognition.storage.renamed_settings import rename_settings
from number_recognition.storage.settings import CONFIG, Config


def update_old_names(path: str | Path = CONFIG) -> str | None:
    """Rewrite config.json where it has old names of settings (see `storage.renamed_settings`).

    Nothing is written where there is no such file, no old name, or an error in it.

    Returns:
        A line for the user that says what was renamed; None where nothing was.
    """
    path = Path(path)
    _, changes = _renamed(path)
    if not changes:
        return None
    try:
        with lock(path):
            values, left = _renamed(path)
            if left:  # else another program did it meanwhile
                write_json(path, values)
    except OSError as error:
        return f"{path}: {', '.join(changes)}; it cannot be rewritten ({reason(error)})"
    return f"{path}: {', '.join(changes)}; it was rewritten with the new names"


def _renamed(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The values of a config.json with current names, and a note for each that was renamed."""
    changes: list[str] = []
    try:
        if not path.exists():
            return {}, changes
        values = read_json_object(path, any_text=True)
        from_dict(Config, values, str(path))
    except (OSError, ValueError):  # read_config reports it
        return {}, changes
    return rename_settings(values, changes), changes
