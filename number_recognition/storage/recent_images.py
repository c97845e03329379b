"""The images that were opened last, remembered in a file of their own."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from number_recognition.storage.files import quarantine, read_json_object, write_json

RECENT_FILE = "recent.json"
"""Its name, next to config.json."""
MOST = 10
_USER_FOLDER = re.compile(r'^XDG_PICTURES_DIR="(.+)"$', re.MULTILINE)


class RecentImages:
    """The images that were opened last, the newest first.

    The file is read whenever it is asked for: other windows write it, too. One that is damaged is
    renamed, and the list begins anew.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def paths(self) -> list[Path]:
        """The images, of which some may be gone.

        Raises:
            OSError: the file cannot be read, or a damaged one not renamed.
        """
        return [Path(name) for name in self._read().get("images", []) if name][:MOST]

    def folder(self) -> Path:
        """Where a dialog for opening images starts: where one was last, or the pictures folder."""
        try:
            name = self._read().get("folder", "")
        except OSError:
            name = ""
        folder = Path(name) if name else pictures_folder()
        return folder if folder.is_dir() else pictures_folder()

    def add(self, path: Path) -> None:
        """Remember an image that was opened, and its folder.

        Raises:
            OSError: the file cannot be written.
        """
        path = Path(os.path.abspath(path))
        others = [each for each in self.paths() if each != path]
        self._write([path, *others][:MOST], path.parent)

    def set_folder(self, folder: Path) -> None:
        """Remember the folder that a dialog was in; raises as `add`."""
        self._write(self.paths(), Path(os.path.abspath(folder)))

    def clear(self) -> None:
        """Forget the images; raises as `add`."""
        self._write([], self.folder())

    def _read(self) -> dict[str, Any]:
        """The values of the file, empty where there is none; raises as `paths`."""
        try:
            values = read_json_object(self._file)
            images, folder = values.get("images", []), values.get("folder", "")
            if not isinstance(images, list) or not isinstance(folder, str):
                raise ValueError("expected a list of images and a folder")
            if not all(isinstance(name, str) for name in images):
                raise ValueError("expected images to be text")
        except FileNotFoundError:
            return {}
        except ValueError:
            quarantine(self._file)
            return {}
        return values

    def _write(self, images: list[Path], folder: Path) -> None:
        changed = {"images": [str(path) for path in images], "folder": str(folder)}
        write_json(self._file, self._read() | changed)


def pictures_folder() -> Path:
    """The user's folder of pictures, or the home folder where there is none."""
    home = Path.home()
    folder = home / "Pictures"
    if sys.platform.startswith("linux"):
        config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
        try:
            found = _USER_FOLDER.search(config.read_text(encoding="utf-8", errors="replace"))
        except OSError:  # most desktops write the file, none needs it
            found = None
        folder = Path(found[1].replace("$HOME", str(home))) if found else folder
    return folder if folder.is_dir() else home
