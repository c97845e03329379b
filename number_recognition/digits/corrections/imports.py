"""Imports labelled images as kept drawings, from a folder with subfolders or from a CSV."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from number_recognition.core.formatting import digit_name
from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections, new_name
from number_recognition.digits.corrections.folders import list_labelled
from number_recognition.digits.drawing.stroke_files import number_digits
from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.image_files import (
    BlankImage,
    open_pages,
    pixels_of,
    read_pixels,
)
from number_recognition.storage.file_errors import explained, reason
from number_recognition.storage.files import open_text
from number_recognition.storage.locks import lock, remove_lock
from number_recognition.storage.values import short_repr

_CSV_LABELS: dict[str, int | None] = {**{str(digit): digit for digit in range(10)}, "none": None}

_MOST_BYTES, _MOST_OTHERS = 20_000_000, 100_000
"""Of a CSV; and its lines without file and label, where they are ten times those with them."""

ContinueCheck = Callable[[int, int], bool]
"""Called with the number of images done and the number of all; False stops the import."""

LabelledPaths = list[tuple[Path, int | None]]

RECORDS = "_import-"
"""The name of a record: that of the folder of kept drawings, this, and letters and digits."""


@dataclass
class ImportResult:
    """The result of an import.

    Attributes:
        kept: the drawings that were imported.
        skipped: for each image that was not imported, its file and the reason.
        warnings: other warnings.
        problem: why the import ended before its end, "" where it did not.
    """

    kept: list[Correction] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problem: str = ""


def import_images(
    source: Path,
    corrections: Corrections,
    should_continue: ContinueCheck = lambda done, count: True,
) -> ImportResult:
    """Keep the images of a folder with the subfolders 0 to 9 and not_a_digit, or those of a CSV.

    Every page of a TIFF is kept. An image that is already kept under the same label is skipped.
    Where one cannot be written (a full disk), the import ends, and the result has those before it
    and the problem. Where the program is killed, a record beside the folder of kept drawings names
    those of this import.

    Raises:
        ValueError: the source is no such folder or CSV.
        OSError: it cannot be read, or the first image cannot be written.
    """
    result = ImportResult()
    images = _list_source(source, result.skipped)
    known = kept_pixels(corrections)
    with _record(source, corrections) as name_next:
        for number, (path, label) in enumerate(images):
            if not should_continue(number, len(images)):
                break
            try:
                _import_file(path, label, corrections, known, result, name_next)
            except OSError as error:
                if not result.kept:
                    raise
                result.problem = str(error)
                break
    result.warnings += corrections.warnings
    return result


@contextmanager
def _record(source: Path, corrections: Corrections) -> Iterator[Callable[[], str]]:
    """Write the source of an import into a file, and each name that is given to a drawing.

    The file is locked, and goes when the import ends; where the program is killed, it stays.

    Raises:
        OSError: it cannot be written.
    """
    folder = corrections.folder
    path = folder.with_name(f"{folder.name}{RECORDS}{uuid.uuid4().hex[:8]}.jsonl")

    def name_next() -> str:
        name = new_name()
        write(name)
        return name

    def write(value: object) -> None:
        with explained(path), path.open("a", encoding="ascii") as file:
            file.write(json.dumps(value) + "\n")

    try:
        with lock(path):
            write({"source": str(source)})
            try:
                yield name_next
            finally:
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    text = f"cannot be deleted ({reason(error)}). It can be deleted by hand."
                    corrections.warnings.append(f"{path}: {text}")
    finally:
        remove_lock(path)


def _list_source(source: Path, skipped: list[str]) -> LabelledPaths:
    if source.is_dir():
        return list_labelled(source)
    return read_image_list(source, skipped)


def _import_file(
    path: Path,
    label: int | None,
    corrections: Corrections,
    known: set[tuple[int | None, bytes]],
    result: ImportResult,
    name_next: Callable[[], str],
) -> None:
    """Keep every page of a file, or add the reason why it is skipped to the result.

    Raises:
        OSError: one cannot be written.
    """

    def skip(reason: object) -> None:
        result.skipped.append(str(reason))

    for page in open_pages(path, skip):
        name, original = page.name(path), page.image
        try:
            pixels = pixels_of(original, name)
        except BlankImage as error:
            skip(error)
            continue
        if (label, pixels.tobytes()) in known:
            kept_as = "not a digit" if label is None else digit_name(label)
            skip(f"{name}: the same image is already kept as {kept_as}")
            continue
        was_framed = original.size == (SIZE, SIZE) and np.array_equal(np.asarray(original), pixels)
        kept = corrections.keep(
            pixels.astype(np.float32) / 255,
            label,
            None if was_framed else original,
            name=name_next(),
        )
        result.kept.append(kept)
        known.add((label, pixels.tobytes()))


def kept_pixels(corrections: Corrections) -> set[tuple[int | None, bytes]]:
    """Return the label and the pixels of every kept drawing that can be read."""
    known = set()
    for correction in (*corrections.digits(), *corrections.counterexamples()):
        try:
            known.add((correction.label, read_pixels(correction.path).tobytes()))
        except (ValueError, OSError):
            continue
    return known


def read_image_list(
    path: Path, skipped: list[str], numbers: list[tuple[Path, str]] | None = None
) -> LabelledPaths:
    """Read the images and labels that a CSV lists; label None: not a digit.

    The first two columns are file and label, unless a heading names them in another order. Files
    are relative to the folder of the CSV. A label is a digit, or "none" for not a digit.

    Args:
        path: the CSV.
        skipped: the lines that cannot be used are added here, with the reason.
        numbers: the images of several digits are added here with their digits; where it is None,
            they are skipped.

    Raises:
        ValueError: it lists no image.
        OSError: it cannot be read.
    """
    images: LabelledPaths = []
    for line, file, label in _labelled_lines(path, skipped):
        if label in _CSV_LABELS:
            images.append((file, _CSV_LABELS[label]))
        elif numbers is not None:
            numbers.append((file, label))
        else:
            skipped.append(
                f"{path}, line {line}: expected file and label (0 to 9, or none), found a number "
                f"of several digits, {label!r}"
            )
    return images


def read_image_labels(path: Path, skipped: list[str]) -> list[tuple[Path, str]]:
    """Read the images and labels that a CSV lists, in its order; see `read_image_list`.

    Returns:
        each file with its label: "7", the digits of a number, or "none" for not a digit.

    Raises:
        ValueError: it lists no image.
        OSError: it cannot be read.
    """
    return [(file, label) for _, file, label in _labelled_lines(path, skipped)]


def _labelled_lines(path: Path, skipped: list[str]) -> list[tuple[int, Path, str]]:
    """The number of each line with its file and label; those that cannot be used are skipped."""
    rows = _read_rows(path)
    first = next(rows, [])
    file, label, has_heading = _columns(first)
    images: list[tuple[int, Path, str]] = []
    labels: dict[Path, str] = {}
    others, wrong = 0, "no such line"
    for number, row in enumerate(rows if has_heading else chain([first], rows), 1 + has_heading):
        text = row[label].strip().lower() if len(row) > max(file, label) else ""
        digits = text if text in _CSV_LABELS else number_digits(text)
        if digits is not None:
            image = path.parent / row[file].strip()
            if labels.setdefault(image, digits) == digits:
                images.append((number, image, digits))
            else:
                skipped.append(_two_labels(path, number, image.name, labels[image], digits))
            continue
        others += 1
        if others >= max(_MOST_OTHERS, 10 * len(images)):
            raise ValueError(f"{_expected(path)} {len(images)} such in its first {number:,} lines")
        if any(row):
            wrong = f"{short_repr(row)} in line {number}"
            skipped.append(
                f"{path}, line {number}: expected file and label (0 to 9, or none), found "
                f"{short_repr(row)}"
            )
    if not images:
        raise ValueError(f"{_expected(path)} {wrong}")
    return images


def _two_labels(path: Path, line: int, name: str, first: str, second: str) -> str:
    return (
        f"{path}, line {line}: expected one label for {name}, found {second} after {first}, "
        "which is used"
    )


def _expected(path: Path) -> str:
    return f"{path}: expected a CSV of file and label (0 to 9, or none), found"


def _read_rows(path: Path) -> Iterator[list[str]]:
    try:
        with open_text(path, _MOST_BYTES) as file:
            heading = file.readline()
            separator = max(",;\t", key=heading.count)
            yield from csv.reader(chain([heading] if heading else [], file), delimiter=separator)
    except UnicodeDecodeError as error:
        raise ValueError(f"{_expected(path)} no text") from error
    except csv.Error as error:
        raise ValueError(f"{_expected(path)} {error}") from error


def _columns(heading: list[str]) -> tuple[int, int, bool]:
    """The columns of file and label, and whether they are those of a heading."""
    names = [name.strip().lower() for name in heading]
    if "label" in names:
        file = names.index("file") if "file" in names else int(names.index("label") == 0)
        return file, names.index("label"), True
    return 0, 1, False
