"""window.json: what the window remembers by itself; config.json has what a person set."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import quarantine_unless, read_json_object, write_json

Kind = TypeVar("Kind")


class WindowState:
    """Size, place, view, splitter, folders and form values as the window was closed with them.

    A value that is missing or of another kind counts as not remembered: nothing depends on it.

    Attributes:
        path: window.json.
    """

    def __init__(self, path: Path, warnings: list[str]) -> None:
        """Read window.json; what is wrong with it is added to `warnings`."""
        self.path = Path(path)
        self._values: dict[str, Any] = {}
        try:
            with explained(self.path, "cannot be read"):
                is_there = self.path.exists()
            if is_there:
                self._values = read_json_object(self.path)
        except (OSError, ValueError) as error:
            warnings.append(f"{str(error).rstrip('.')}. The window opens as if for the first time.")
        self._saved = dict(self._values)

    def get(self, key: str, default: Kind) -> Kind:
        """Return what is remembered for a key, the default where nothing of its kind is."""
        value = self._values.get(key)
        if isinstance(default, float) and type(value) is int:
            value = float(value)
        return value if type(value) is type(default) else default

    def set(self, key: str, value: object) -> None:
        """Remember a plain JSON value."""
        self._values[key] = value

    def save(self) -> None:
        """Write window.json where something changed.

        Raises:
            OSError: it cannot be written.
        """
        if self._values != self._saved:
            quarantine_unless(self.path, lambda: read_json_object(self.path))
            write_json(self.path, self._values)
            self._saved = dict(self._values)
