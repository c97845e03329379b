"""The settings in config.json that the window reads and changes."""

from __future__ import annotations

import contextlib
from pathlib import Path

from number_recognition.storage.config_file import (
    read_config,
    update_config,
    update_old_names,
    with_changes,
    write_config,
)
from number_recognition.storage.file_errors import explained
from number_recognition.storage.settings import CONFIG, Config, WindowSettings


class Preferences:
    """config.json as it was read, with the changes made since.

    A file with an error is neither used nor written over: the user repairs it.

    Attributes:
        config: the settings.
        path: the path of config.json.
    """

    def __init__(self, path: Path, warnings: list[str]) -> None:
        """Read config.json; what is wrong with it is added to `warnings`."""
        self.path = Path(path)
        self._warnings = warnings
        self._may_write = True
        self.config = self._read()
        self._stamp = self._stamp_now()

    @property
    def folder(self) -> Path:
        """The folder of config.json, which relative paths start from."""
        return self.path.resolve().parent

    def reload(self) -> bool:
        """Read config.json again where it changed; whether it did.

        With an error in it, the settings stay as they are, and the error is added to the warnings.
        """
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        problems: list[str] = []
        try:
            config = read_config(self.path, problems)
        except (ValueError, OSError) as error:
            problems.append(str(error))
        self._may_write = not problems
        if problems:
            self._warnings.append(f"{'; '.join(problems)}.")
        else:
            self.config = config
        return True

    def _stamp_now(self) -> tuple[int, int]:
        """What differs once the file was written: its time and its size; zeros without a file."""
        try:
            status = self.path.stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_size

    def set_window(self, **changes: object) -> WindowSettings:
        """Change settings of the window and save them.

        Raises:
            OSError: config.json cannot be written; the change holds until the window is closed.
        """
        self.change("window", changes)
        return self.config.window

    def change(self, section: str, changes: dict[str, object]) -> None:
        """Change some settings here and in config.json, whatever others were edited there.

        Raises:
            OSError: see `set_window`.
        """
        self.config = with_changes(self.config, section, changes)
        if self._may_write:
            try:
                update_config(section, changes, self.path)
                self._stamp = self._stamp_now()
            except ValueError as error:
                raise OSError(f"{error}. It is not written over.") from error

    def _read(self) -> Config:
        problems: list[str] = []
        try:
            with explained(self.path, "cannot be read"):
                is_missing = not self.path.exists()
            if is_missing:
                return self._defaults()
            if message := update_old_names(self.path):
                self._warnings.append(f"{message}.")
            config = read_config(self.path, problems)
        except (ValueError, OSError) as error:
            config, problems = Config(), [str(error).rstrip(".")]
        if problems:
            self._may_write = False
            self._warnings.append(
                f"{'; '.join(problems)}. Defaults are used in its place until it is corrected."
            )
        return config

    def _defaults(self) -> Config:
        """The defaults; written to the usual config.json, never to a path given by the user."""
        if self.path == CONFIG:
            with contextlib.suppress(OSError):  # in a read-only folder they hold without a file
                write_config(Config(), self.path)
        else:
            self._may_write = False
            self._warnings.append(
                f"{self.path}: found no such file. Defaults are used, and it is not created."
            )
        return Config()
