"""Takes labelled pictures from elsewhere among the kept drawings: from ten folders, or a CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from number_recognition.digits.corrections.corrections import Correction, Corrections
from number_recognition.digits.drawing.stroke_files import number_digits
from number_recognition.digits.images.frame import SIZE
from number_recognition.digits.images.image_files import (
    open_image,
    read_labelled_folder,
    read_pixels,
)

_CSV_LABELS: dict[str, int | None] = {**{str(digit): digit for digit in range(10)}, "none": None}

ContinueCheck = Callable[[int, int], bool]
"""Hears how many of how many pictures are done; False ends the work there."""


@dataclass
class ImportResult:
    """What became of the pictures of an import.

    `kept` are those taken; `refused` says of each other one which it is and why. `warnings` tell
    what else went wrong.
    """

    kept: list[Correction] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def counts_by_digit(self) -> list[int]:
        """How many were taken of each digit."""
        labels = [entry.label for entry in self.kept]
        return [labels.count(digit) for digit in range(10)]


def import_images(
    source: Path, corrections: Corrections, go_on: ContinueCheck = lambda done, count: True
) -> ImportResult:
    """Keep the pictures of a folder with the subfolders 0 to 9, or those that a CSV lists.

    A picture that is kept under the same label already is refused.

    Raises:
        ValueError: the source is no such folder or CSV.
        OSError: it cannot be read, or nothing can be kept (a full disk, a read-only folder).
    """
    imported = ImportResult()
    entries = (
        list(zip(*read_labelled_folder(source), strict=True))
        if source.is_dir()
        else read_image_list(source, imported.skipped)
    )
    known = kept_pixels(corrections)
    for number, (path, label) in enumerate(entries):
        if not go_on(number, len(entries)):
            break
        try:
            pixels = read_pixels(path)
        except (ValueError, OSError) as error:
            imported.skipped.append(str(error))
            continue
        if (label, pixels.tobytes()) in known:
            kept_as = "no digit" if label is None else f"a {label}"
            imported.skipped.append(f"{path}: the same picture is kept as {kept_as} already")
            continue
        imported.kept.append(_keep(corrections, path, pixels, label))
        known.add((label, pixels.tobytes()))
    imported.warnings += corrections.warnings
    return imported


def _keep(
    corrections: Corrections, path: Path, pixels: np.ndarray, label: int | None
) -> Correction:
    image = open_image(path)
    was_framed = image.size == (SIZE, SIZE) and np.array_equal(np.asarray(image), pixels)
    return corrections.keep(pixels.astype(np.float32) / 255, label, None if was_framed else image)


def kept_pixels(corrections: Corrections) -> set[tuple[int | None, bytes]]:
    """The label and the pixels of every kept drawing that can be read."""
    known = set()
    for entry in (*corrections, *corrections.counterexamples()):
        try:
            known.add((entry.label, read_pixels(entry.path).tobytes()))
        except (ValueError, OSError):
            continue
    return known


def read_image_list(
    path: Path, refused: list[str], numbers: list[tuple[Path, str]] | None = None
) -> list[tuple[Path, int | None]]:
    """The pictures and labels that a CSV lists, paths from its folder on; None: no digit.

    The first two columns are file and label, unless a heading names them in another order. A label
    is a digit, or "none" for no digit.

    Args:
        path: the CSV.
        refused: the lines that are of no use are added here, with their reasons.
        numbers: the pictures of several digits are added here with their digits; where it is None,
            they are refused.

    Raises:
        ValueError: it lists no picture.
        OSError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected a CSV of file and label, found no text") from error
    heading = lines[0] if lines else ""
    try:
        rows = list(csv.reader(lines, delimiter=max(",;\t", key=heading.count)))
    except csv.Error as error:
        raise ValueError(f"{path}: expected a CSV of file and label, found {error}") from error
    file, label, first = _columns(rows[0] if rows else [])
    entries = []
    for number, row in enumerate(rows[first:], start=first + 1):
        if not any(row):
            continue
        text = row[label].strip().lower() if len(row) > max(file, label) else ""
        digits = number_digits(text)
        if text in _CSV_LABELS:
            entries.append((path.parent / row[file].strip(), _CSV_LABELS[text]))
        elif digits is not None and numbers is not None:
            numbers.append((path.parent / row[file].strip(), digits))
        else:
            found = f"a number of several digits, {text!r}" if digits is not None else str(row)
            refused.append(
                f"{path}, line {number}: expected file and label (0 to 9, or none), found {found}"
            )
    if not entries and not numbers:
        raise ValueError(
            f"{path}: expected a CSV of file and label (0 to 9, or none), found no such line"
        )
    return entries


def _columns(heading: list[str]) -> tuple[int, int, int]:
    """Where file and label stand, and where the lines begin."""
    names = [name.strip().lower() for name in heading]
    if "label" in names:
        file = names.index("file") if "file" in names else int(names.index("label") == 0)
        return file, names.index("label"), 1
    return 0, 1, 0
