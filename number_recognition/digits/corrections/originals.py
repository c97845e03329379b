"""The originals of kept drawings: their strokes, or the images that they were read from."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.stroke_files import format_line, parse_drawing, relabel_line
from number_recognition.digits.images.image_files import open_image
from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import atomic_write, write_text

_STROKES_SUFFIX = ".jsonl"
_SUFFIXES = (_STROKES_SUFFIX, ".png", ".tif")
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16")
"""Modes that a PNG file can store; images of other modes are stored as TIFF."""


class Originals:
    """A folder with the original of each kept drawing, under the drawing's name.

    Strokes are `<name>.jsonl`, images `<name>.png` or `<name>.tif`.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder of originals; it is created when something is saved."""
        self.folder = folder

    def save(self, name: str, label: int | None, original: Drawing | Image.Image) -> None:
        """Save the original of a drawing.

        Raises:
            OSError: it cannot be written.
        """
        if isinstance(original, Drawing):
            write_text(self._strokes_path(name), format_line(original, label) + "\n")
        else:
            suffix = ".png" if original.mode in _PNG_MODES else ".tif"
            atomic_write(self.folder / f"{name}{suffix}", original.save)

    def load(self, name: str) -> Drawing | Image.Image | None:
        """Return the strokes or the image of a drawing; None where it has no original.

        Raises:
            ValueError: the file is broken; names it.
            OSError: it cannot be read.
        """
        for path in self._paths(name):
            if path.suffix != _STROKES_SUFFIX:
                return open_image(path)
            try:
                return parse_drawing(_read_text(path))
            except ValueError as error:
                raise ValueError(f"{path}: {error}") from error
        return None

    def list_files(self) -> list[Path]:
        """Return all originals, the oldest first.

        Raises:
            OSError: the folder cannot be listed.
        """
        with explained(self.folder, "cannot be listed"):
            if not self.folder.exists():
                return []
            files = (path for path in self.folder.iterdir() if path.suffix in _SUFFIXES)
            return sorted(path for path in files if not path.name.startswith("."))

    def relabel(self, name: str, label: int | None) -> None:
        """Change the label in a drawing's stroke file; a broken file stays as it is.

        Raises:
            OSError: it cannot be read or written.
        """
        path = self._strokes_path(name)
        with contextlib.suppress(ValueError, FileNotFoundError):
            write_text(path, relabel_line(_read_text(path), label) + "\n")

    def delete(self, name: str) -> None:
        """Delete the original of a drawing, where there is one.

        Raises:
            OSError: it cannot be deleted.
        """
        for suffix in _SUFFIXES:
            path = self.folder / f"{name}{suffix}"
            with explained(path, "cannot be deleted"):
                path.unlink(missing_ok=True)

    def _strokes_path(self, name: str) -> Path:
        return self.folder / f"{name}{_STROKES_SUFFIX}"

    def _paths(self, name: str) -> list[Path]:
        paths = (self.folder / f"{name}{suffix}" for suffix in _SUFFIXES)
        with explained(self.folder, "cannot be read"):
            return [path for path in paths if path.exists()]


def _read_text(path: Path) -> str:
    with explained(path, "cannot be read"):
        return path.read_text(encoding="utf-8")
