"""People's pictures of single digits: read as they are, shrunk, with clutter, in other light.

python -m benchmarks.pictures pictures.zip --count 100 --seeds 1 2 3

Pictures are divided by the hand that wrote them: choices are made on the part "development", the
part "report" shows whether they hold for other hands. Rows of empty paper say how much of it is
taken for blank or for no digit.
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
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PIL import Image

from benchmarks.samples.blank_paper import PAPERS, drawn_paper, paper_around
from benchmarks.samples.degradations import DEGRADATIONS, Base, Degrade, base, picture
from benchmarks.samples.sizes import SIZES
from benchmarks.tables.row import Row, as_text
from number_recognition.digits.images.image_files import (
    list_labelled_images,
    open_image,
    read_image,
)
from Recognition import SHIPPED, Recognizer

LIST = "labels.csv"
SIDES = (None, 200, 64, 28)
"""What pictures are shrunk to fit into, in pixels; None: as they are."""
PHOTOS = ("photo", "photo-crop")
PARTS = ("development", "report")


@dataclass(frozen=True)
class LabelledPicture:
    """One picture, the digit in it, what kind of picture it is, and whose hand wrote it."""

    image: Image.Image
    label: int
    kind: str
    hand: str = ""

    @property
    def part(self) -> str:
        """Of `PARTS`, the one that all pictures of this hand are in."""
        return PARTS[zlib.crc32(self.hand.encode()) % len(PARTS)]


def read_pictures(path: Path) -> list[LabelledPicture]:
    """The pictures of one digit in a zip with a `labels.csv` of file, label, kind and hand.

    Instead of a zip, a folder with the subfolders 0 to 9 is read as well; the kind is its name.

    Raises:
        OSError: the zip or the folder cannot be read.
        ValueError: it is neither, or a picture in it cannot be read.
    """
    if path.is_dir():
        return [
            LabelledPicture(open_image(file), label, path.name)
            for file, label in list_labelled_images(path)
        ]
    try:
        with zipfile.ZipFile(path) as archive:
            lines = io.StringIO(archive.read(LIST).decode("utf-8"))
            return [
                LabelledPicture(
                    read_image(io.BytesIO(archive.read(row["file"])), row["file"]),
                    int(row["label"]),
                    row["kind"],
                    row.get("hand", ""),
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
    return _rows_as_they_are(recognizer, read_pictures(path))


def _rows_as_they_are(recognizer: Recognizer, pictures: Iterable[LabelledPicture]) -> Iterator[Row]:
    kinds: dict[str, list[LabelledPicture]] = defaultdict(list)
    for each in pictures:
        kinds[each.kind].append(each)
    for kind, same_kind in sorted(kinds.items()):
        yield Row(f"pictures, {kind}", part_right(recognizer, same_kind), len(same_kind))
    photos = [photo for kind in PHOTOS for photo in kinds[kind]]
    for side in SIDES if photos else ():
        words = "as they are" if side is None else f"shrunk into {side} pixels"
        yield Row(f"photos of paper, {words}", part_right(recognizer, photos, side), len(photos))


def good_digits(
    recognizer: Recognizer, pictures: Sequence[LabelledPicture], count: int, seed: int
) -> list[tuple[Base, int]]:
    """At most `count` digits, drawn at random, that have paper around them and are read right."""
    good: list[tuple[Base, int]] = []
    for i in np.random.default_rng(seed).permutation(len(pictures)):
        ground, label = base(pictures[i].image), pictures[i].label
        if ground is not None and recognizer.predict(picture(ground.grey)).digit == label:
            good.append((ground, label))
        if len(good) == count:
            break
    return good


def degraded_row(
    recognizer: Recognizer,
    good: Sequence[tuple[Base, int]],
    seeds: Sequence[int],
    degradation: tuple[str, Degrade],
) -> Row:
    """How many digits are still read right once degraded, each once for each seed."""
    name, degrade = f"good digits, {degradation[0]}", degradation[1]
    if not good:
        return Row(name, None, why="none with paper on all sides")
    right = 0
    for seed, (i, (ground, label)) in itertools.product(seeds, enumerate(good)):
        rng = np.random.default_rng((seed, i))
        other = good[int(rng.integers(len(good)))][0]
        right += recognizer.predict(picture(degrade(ground, other, rng))).digit == label
    count = len(good) * len(seeds)
    return Row(name, right / count, count)


def paper_rows(
    recognizer: Recognizer, pictures: Sequence[LabelledPicture], seeds: Sequence[int], count: int
) -> Iterator[Row]:
    """How much empty paper is blank or no digit: drawn paper, and paper cut from the photos."""
    photos = [each.image for each in pictures if each.kind in PHOTOS]
    drawn = [drawn_paper(np.random.default_rng((seed, i))) for seed in seeds for i in range(count)]
    cut = [
        piece
        for seed in seeds
        for i, photo in enumerate(photos)
        if (piece := paper_around(photo, np.random.default_rng((seed, i)))) is not None
    ]
    for name, pieces in zip(PAPERS, (drawn, cut), strict=True):
        empty = [recognizer.predict(piece).digit is None for piece in pieces]
        if empty:
            yield Row(f"empty paper, {name}", sum(empty) / len(empty), len(empty))
        else:
            yield Row(f"empty paper, {name}", None, why="no photo with room beside its digit")


def all_rows(recognizer: Recognizer, options: argparse.Namespace) -> Iterator[Row]:
    """Every row of the table.

    Raises:
        OSError, ValueError: see `read_pictures`.
    """
    pictures = read_pictures(options.pictures)
    if options.part:
        pictures = [each for each in pictures if each.part == options.part]
    if not options.degraded:
        yield from _rows_as_they_are(recognizer, pictures)
    good = good_digits(recognizer, pictures, options.count, options.seeds[0])
    measure = partial(degraded_row, recognizer, good, options.seeds)
    yield from map(measure, (DEGRADATIONS | SIZES).items())
    yield from paper_rows(recognizer, pictures, options.seeds, options.count)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0, or 1 where something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("pictures", type=Path, help="a zip with labels.csv, or folders 0 to 9")
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument(
        "--count", type=int, default=100, help="digits of each row of clutter or light"
    )
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[1], help="of clutter, light and paper"
    )
    parser.add_argument("--part", choices=PARTS, help="pictures of these hands alone")
    parser.add_argument(
        "--degraded", action="store_true", help="leave out the rows of pictures as they are"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    rows = []
    try:
        recognizer = Recognizer.load(options.model)
        for row in all_rows(recognizer, options):
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
