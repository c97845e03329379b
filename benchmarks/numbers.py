"""How well numbers of several digits are read, and how often single digits are read as several.

python -m benchmarks.numbers --strokes people.jsonl --mnist mnist.npz --pictures pictures.zip

Numbers are composed of each writer's own digits; numbers in stroke files are read as they are.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PIL import Image

from benchmarks.pictures import LIST
from benchmarks.samples.compose import (
    CLEAR,
    JOINED,
    TOUCHING,
    by_writer,
    compose_image,
    compose_number,
    join_strokes,
    on_pad,
)
from number_recognition.core.formatting import percent
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.stroke_files import number_digits, read_digits_and_numbers
from number_recognition.digits.drawing.strokes import LabelledDrawing
from number_recognition.digits.images.image_files import read_image
from number_recognition.learning.evaluation.number_metrics import NumberEvaluation
from Recognition import SHIPPED, Recognizer

Labelled = tuple[Image.Image | Drawing, str]


@dataclass(frozen=True)
class Result:
    """One row of the table; `split` is the share of single digits that are read as several."""

    name: str
    numbers: NumberEvaluation
    split: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The values as JSON has them."""
        values = {"name": self.name, **self.numbers.as_dict()}
        return values if self.split is None else {**values, "split": self.split}

    def __str__(self) -> str:
        accuracy, digits = self.numbers.accuracy or 0.0, self.numbers.digit_accuracy or 0.0
        text = f"{self.name:44} {len(self.numbers.labels):6,}  whole {percent(accuracy):>7}"
        text += f"  digits {percent(digits):>7}"
        return text if self.split is None else f"{text}  split {percent(self.split)}"


def measure(recognizer: Recognizer, name: str, items: Iterable[Labelled]) -> Result:
    """Read each and compare; `split` is given where all labels have one digit."""
    read = [(label, recognizer.read(written)) for written, label in items]
    labels, readings = [label for label, _ in read], [reading for _, reading in read]
    single = all(len(label) == 1 for label in labels)
    split = sum(len(reading.digits) > 1 for reading in readings) / max(1, len(readings))
    texts = [reading.text for reading in readings]
    return Result(name, NumberEvaluation(labels, texts), split if single else None)


def of_strokes(
    recognizer: Recognizer, path: Path, count: int, rng: np.random.Generator
) -> Iterator[Result]:
    """The rows of one stroke file."""
    drawings, numbers = read_digits_and_numbers([path])
    if numbers:
        written = ((on_pad(entry.drawing), entry.digits) for entry in numbers)
        yield measure(recognizer, f"{path.stem}, as written", written)
    groups = list(by_writer(drawings).values())
    if not groups:
        return
    for name, spacing in (("clear gaps", CLEAR), ("touching", TOUCHING)):
        chosen = [groups[rng.integers(len(groups))] for _ in range(count)]
        composed = [compose_number(group, spacing, rng) for group in chosen]
        several: list[Labelled] = [(entry.drawing, entry.digits) for entry in composed]
        yield measure(recognizer, f"{path.stem}, {name}", several)
    digits = [entry for group in groups for entry in group]
    singles = [digits[i] for i in rng.permutation(len(digits))[: 4 * count]]
    items: list[Labelled] = [(on_pad(entry.drawing), str(entry.label)) for entry in singles]
    yield measure(recognizer, f"{path.stem}, single digits", items)
    items = joined_numbers(groups, count, rng)
    if items:
        yield measure(recognizer, f"{path.stem}, pen not lifted", items)


def joined_numbers(
    groups: list[list[LabelledDrawing]], count: int, rng: np.random.Generator
) -> list[Labelled]:
    """Numbers of two and three digits of one stroke each, all of them written as one stroke."""
    single = [[each for each in group if len(each.drawing.strokes) == 1] for group in groups]
    usable = [group for group in single if group]
    chosen = [usable[rng.integers(len(usable))] for _ in range(count if usable else 0)]
    composed = [join_strokes(compose_number(group, JOINED, rng)) for group in chosen]
    return [(entry.drawing, entry.digits) for entry in composed]


def of_mnist(
    recognizer: Recognizer, path: Path, count: int, rng: np.random.Generator
) -> Iterator[Result]:
    """The rows of MNIST's training set: rows of digits, and single ones."""
    pixels, labels, _, _ = mnist.load(path)
    rows = [compose_image(pixels, labels, rng) for _ in range(count)]
    yield measure(recognizer, "MNIST, rows of 2 to 4", rows)
    singles = rng.permutation(len(labels))[: 4 * count]
    items = [(Image.fromarray(pixels[i]), str(labels[i])) for i in singles]
    yield measure(recognizer, "MNIST, single digits", items)


def labelled_pictures(path: Path) -> list[tuple[Image.Image, str]]:
    """The pictures of digits in a zip with their digits.

    Raises:
        ValueError: it is no zip with a list of labels.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            rows = list(csv.DictReader(io.StringIO(archive.read(LIST).decode("utf-8"))))
            labelled = [(row["file"], number_digits(row["label"])) for row in rows]
            return [
                (read_image(io.BytesIO(archive.read(name)), name), digits)
                for name, digits in labelled
                if digits is not None
            ]
    except (KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path}: expected a zip with {LIST} (file, label), {error}") from error


def of_pictures(recognizer: Recognizer, path: Path) -> Iterator[Result]:
    """The rows of a zip of pictures: those of several digits, and of one."""
    items = labelled_pictures(path)
    several = [item for item in items if len(item[1]) > 1]
    yield measure(recognizer, "pictures of several digits", several)
    single = [item for item in items if len(item[1]) == 1]
    yield measure(recognizer, "pictures of one digit", single)


def results(options: argparse.Namespace) -> Iterator[Result]:
    """Every row that is asked for."""
    recognizer = Recognizer.load(options.model)
    for path in options.strokes:
        rng = np.random.default_rng(options.seed)
        yield from of_strokes(recognizer, path, options.count, rng)
    if options.mnist:
        rng = np.random.default_rng(options.seed)
        yield from of_mnist(recognizer, options.mnist, options.count, rng)
    if options.pictures:
        yield from of_pictures(recognizer, options.pictures)


def main(arguments: list[str] | None = None) -> int:
    """Print the table, or JSON; 0, or 1 where a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.numbers", description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="the network (.keras)")
    parser.add_argument("--strokes", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    parser.add_argument("--pictures", type=Path, metavar="FILE", help="labelled pictures (.zip)")
    parser.add_argument("--count", type=int, default=300, help="numbers to compose for a row")
    parser.add_argument("--seed", type=int, default=0, help="draws the numbers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        found = []
        for result in results(options):
            found.append(result)
            if not options.json:
                print(result, flush=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        rows = [result.as_dict() for result in found]
        print(json.dumps({"seed": options.seed, "rows": rows}, indent=2))
    else:
        print(f"seed {options.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
