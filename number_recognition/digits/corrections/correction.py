"""One kept drawing, and the listing of folders of them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.images.image_lists import count_images, list_images
from number_recognition.storage.files import atomic_write

_TIME = re.compile(r"\d{8}T\d{6}")


@dataclass(frozen=True)
class Correction:
    """One kept drawing: the file of its pixels, and the digit it is (None: not a digit)."""

    path: Path
    label: int | None

    @property
    def kept_at(self) -> str:
        """When it was kept, 20261122T145352 in UTC; of other files, when they were changed."""
        if _TIME.match(self.path.name):
            return self.path.name[:15]
        with contextlib.suppress(OSError):
            changed = datetime.fromtimestamp(self.path.stat().st_mtime, timezone.utc)
            return f"{changed:%Y%m%dT%H%M%S}"
        return ""


def list_folder(folder: Path, label: int | None) -> list[Correction]:
    """Return the drawings in the folder of a label, the oldest first.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [Correction(path, label) for path in list_images(folder)]


def list_folders(
    folders: Iterable[tuple[Path, int | None]],
) -> tuple[list[Correction], dict[Path, str]]:
    """Return the drawings in several folders, and for each that cannot be listed the reason."""
    corrections: list[Correction] = []
    problems: dict[Path, str] = {}
    for folder, label in folders:
        try:
            corrections += list_folder(folder, label)
        except OSError as error:
            problems[folder] = str(error)
    return corrections, problems


def count_folders(
    folders: Iterable[tuple[Path, int | None]],
) -> tuple[dict[int | None, int], dict[Path, str]]:
    """Count the drawings of folders by label, and return why other folders cannot be listed."""
    counts: dict[int | None, int] = {}
    problems: dict[Path, str] = {}
    for folder, label in folders:
        try:
            counts[label] = counts.get(label, 0) + count_images(folder)
        except OSError as error:
            problems[folder] = str(error)
    return counts, problems


def write_pixels(path: Path, pixels: np.ndarray) -> None:
    """Write the image of a drawing: pixels (28, 28) float32 from 0 to 1, as 8-bit grey PNG.

    Raises:
        OSError: it cannot be written (see `storage.files.atomic_write`).
    """
    image = Image.fromarray(np.round(pixels * 255).astype(np.uint8))
    atomic_write(path, lambda temporary: image.save(temporary, "PNG"))
