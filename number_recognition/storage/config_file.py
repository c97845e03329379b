"""Reads and writes config.json, and rewrites it where it has old names of settings."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from number_recognition.storage.fields import as_dict, from_dict
from number_recognition.storage.file_errors import explained, reason
from number_recognition.storage.files import read_json_object, write_json
from number_recognition.storage.locks import lock
from number_recognition.storage.renamed_settings import rename_settings
from number_recognition.storage.settings import CONFIG, Config


def read_config(path: str | Path = CONFIG, problems: list[str] | None = None) -> Config:
    """Read config.json; writes nothing. Where it is missing, every setting has its default.

    Args:
        path: another config.json.
        problems: a list that errors of single settings are added to; they get their defaults then.

    Raises:
        ValueError: names the file and key, what was expected and what was found; with `problems`
            only where the file is no JSON object.
        OSError: it cannot be read.
    """
    path = Path(path)
    with explained(path, "cannot be read"):
        if not path.exists():
            return Config()
    values = read_json_object(path, any_text=True)
    config: Config = from_dict(Config, values, str(path), problems)
    return config


def write_config(config: Config, path: str | Path = CONFIG) -> None:
    """Write config.json (see `storage.files.atomic_write`)."""
    write_json(path, as_dict(config))


def with_changes(config: Config, section: str, changes: dict[str, Any]) -> Config:
    """A copy of the configuration with changed settings in one section."""
    settings = dataclasses.replace(getattr(config, section), **changes)
    return dataclasses.replace(config, **{section: settings})


def update_config(section: str, changes: dict[str, Any], path: str | Path = CONFIG) -> None:
    """Change settings in config.json; other changes made to the file meanwhile stay.

    Raises:
        ValueError: the file has errors; it is not overwritten.
        OSError: it cannot be read or written.
    """
    with lock(path):
        write_config(with_changes(read_config(path), section, changes), path)


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
