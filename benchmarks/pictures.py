"""People's pictures of single digits: read as they are, shrunk, with clutter and in other light.

python -m benchmarks.pictures pictures.zip
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import os
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PIL import Image

from benchmarks.degradations import CLUTTER, LIGHT, Base, Degrade, base, picture
from benchmarks.row import Row, as_text
from number_recognition.digits.images.image_files import (
    open_image,
    read_image,
    read_labelled_folder,
)
from Recognition import SHIPPED, Recognizer

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

    Instead of a zip, a folder with the subfolders 0 to 9 is read as well; the kind is its name.

    Raises:
        OSError: the zip or the folder cannot be read.
        ValueError: it is neither, or a picture in it cannot be read.
    """
    if path.is_dir():
        paths, labels = read_labelled_folder(path)
        return [
            LabelledPicture(open_image(file), label, path.name)
            for file, label in zip(paths, labels, strict=True)
        ]
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
    right = [recognizer.predict(shrunk(each.image, side)).digit == each.label for each in pictures]
    return sum(right) / len(right)


def picture_rows(recognizer: Recognizer, path: Path) -> Iterator[Row]:
    """Rows of accuracy: each kind of picture as it is, and the photos at each size.

    Raises:
        OSError, ValueError: see `read_pictures`.
    """
    kinds: dict[str, list[LabelledPicture]] = defaultdict(list)
    for each in read_pictures(path):
        kinds[each.kind].append(each)
    for kind, pictures in sorted(kinds.items()):
        yield Row(f"pictures, {kind}", part_right(recognizer, pictures), len(pictures))
    photos = [photo for kind in PHOTOS for photo in kinds[kind]]
    for side in SIDES if photos else ():
        words = "as they are" if side is None else f"shrunk into {side} pixels"
        yield Row(f"photos of paper, {words}", part_right(recognizer, photos, side), len(photos))


def degraded_rows(recognizer: Recognizer, path: Path, seed: int = 1) -> Iterator[Row]:
    """Rows of accuracy on digits that are read right as they are, with clutter and in other light.

    Raises:
        OSError, ValueError: see `read_pictures`.
    """
    measured = [(each, base(each.image)) for each in read_pictures(path)]
    good = [
        (ground, each.label)
        for each, ground in measured
        if ground is not None and recognizer.predict(picture(ground.grey)).digit == each.label
    ]
    for name, degrade in {**CLUTTER, **LIGHT}.items():
        if good:
            yield Row(f"good digits, {name}", _part(recognizer, good, degrade, seed), len(good))
        else:
            yield Row(f"good digits, {name}", None, why="none with paper on all sides")


def _part(
    recognizer: Recognizer, good: list[tuple[Base, int]], degrade: Degrade, seed: int
) -> float:
    """How many digits are still read right once degraded, from 0 to 1."""
    right = 0
    for i, (ground, label) in enumerate(good):
        rng = np.random.default_rng((seed, i))
        other = good[int(rng.integers(len(good)))][0]
        right += recognizer.predict(picture(degrade(ground, other, rng))).digit == label
    return right / len(good)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0, or 1 where something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("pictures", type=Path, help="a zip with labels.csv, or folders 0 to 9")
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument("--seed", type=int, default=1, help="of where clutter and light come")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    rows = []
    try:
        recognizer = Recognizer.load(options.model)
        for row in itertools.chain(
            picture_rows(recognizer, options.pictures),
            degraded_rows(recognizer, options.pictures, options.seed),
        ):
            rows.append(row)
            if not options.json:
                print(as_text(row), flush=True)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        entries = [row.as_dict() for row in rows]
        print(json.dumps({"model": str(options.model), "rows": entries}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
