"""People's pictures of single digits from a zip, read as they are and shrunk."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks.row import Row
from number_recognition.digits.images.image_files import read_image
from Recognition import Recognizer

LIST = "labels.csv"
SIDES = (None, 200, 64, 28)
"""What pictures are shrunk to fit into, in pixels; None: as they are."""
PHOTOS = ("photo", "photo-crop")


@dataclass(frozen=True)
class LabelledPicture:
    """One picture, the digit in it, and what kind of picture it is."""

    image: Image.Image
    label: int
    kind: str


def read_pictures(path: Path) -> list[LabelledPicture]:
    """The pictures of one digit in a zip with a `labels.csv` of file, label and kind.

    Raises:
        OSError: the zip cannot be read.
        ValueError: it is no such zip, or a picture in it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            lines = io.StringIO(archive.read(LIST).decode("utf-8"))
            return [
                LabelledPicture(
                    read_image(io.BytesIO(archive.read(row["file"])), row["file"]),
                    int(row["label"]),
                    row["kind"],
                )
                for row in csv.DictReader(lines)
                if row["label"] in set("0123456789")
            ]
    except (KeyError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path}: expected a zip with {LIST} (file, label, kind), found {error}"
        ) from error


def shrunk(image: Image.Image, side: int | None) -> Image.Image:
    """The picture, no larger than `side` in either direction."""
    if side is None or max(image.size) <= side:
        return image
    small = image.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def part_right(
    recognizer: Recognizer, pictures: list[LabelledPicture], side: int | None = None
) -> float:
    """How many of the pictures are read right, from 0 to 1."""
    right = [
        recognizer.predict(shrunk(picture.image, side)).digit == picture.label
        for picture in pictures
    ]
    return sum(right) / len(right)


def picture_rows(recognizer: Recognizer, path: Path) -> Iterator[Row]:
    """Rows of accuracy: each kind of picture as it is, and the photos at each size.

    Raises:
        OSError, ValueError: see `read_pictures`.
    """
    kinds: dict[str, list[LabelledPicture]] = defaultdict(list)
    for picture in read_pictures(path):
        kinds[picture.kind].append(picture)
    for kind, pictures in sorted(kinds.items()):
        yield Row(f"pictures, {kind}", part_right(recognizer, pictures), len(pictures))
    photos = [picture for kind in PHOTOS for picture in kinds[kind]]
    for side in SIDES if photos else ():
        words = "as they are" if side is None else f"shrunk into {side} pixels"
        yield Row(f"photos of paper, {words}", part_right(recognizer, photos, side), len(photos))
