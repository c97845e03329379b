"""How well pages of people's digits are read when they lean, or are turned by a quarter.

python -m benchmarks.turned_pages --strokes people.jsonl --pictures pictures.zip

Pages are scans and photos of plain and ruled paper and of form cells, composed of the digits of
writers that the bundled network has not seen. Single digits are turned as well: none may be set
right, since a hand's digits may lean.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PIL import Image

from benchmarks.accuracy import RECIPE
from benchmarks.numbers import Result, labelled_pictures, measure
from benchmarks.samples.compose import by_writer
from benchmarks.samples.sample_images import Paper, photographed
from benchmarks.tables.row import Row, as_text
from number_recognition.digits.drawing.drawing import PAD
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import read_strokes
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.learning.runs.recipes import load_recipe
from Recognition import SHIPPED, Recognizer

KINDS = ("plain", "ruled", "cells", "photo", "on a table")
"""Plain, ruled and form paper that fills the picture, scanned; ruled paper photographed; a sheet
on a dark table."""
TURNS = {
    "upright": (0.0, 0.0),
    "leaning by 3 to 20 degrees": (0.0, 20.0),
    "turned by a quarter": (90.0, 0.0),
    "turned by a quarter, leaning": (90.0, 20.0),
    "upside down": (180.0, 0.0),
}
"""Degrees to the left or to the right, and by how many more the page may lean."""
_LEAST_LEAN = 3.0
_LINES = 1, 4
_DIGITS = 2, 6
_LONE_LINE = 4
"""A page of one line has so many digits at least."""
_HEIGHT = 36.0, 60.0
_PITCH = 1.6
"""From line to line, by the height of the digits."""
_MARGIN = 0.5


@dataclass(frozen=True)
class PageOfDigits:
    """A page: its sheet, larger than what is written on it, and the digits of its lines."""

    sheet: Paper
    size: tuple[int, int]
    lines: tuple[str, ...]
    kind: str

    def turned(self, angle: float) -> Image.Image:
        """The page turned to the left by an angle in degrees, as a picture; 8-bit grey."""
        width, height = self.size
        if self.kind == "on a table":
            return photographed(self._alone(), angle)
        turn = np.deg2rad(angle)
        across, down = abs(np.cos(turn)), abs(np.sin(turn))
        size = width * across + height * down, width * down + height * across
        grey = self.sheet.grey.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
        middle = grey.width / 2, grey.height / 2
        box = [middle[0] - size[0] / 2, middle[1] - size[1] / 2]
        box += [middle[0] + size[0] / 2, middle[1] + size[1] / 2]
        grey = grey.crop(tuple(map(round, box)))
        if self.kind != "photo":
            return grey
        return photographed(self._with(grey))

    def _alone(self) -> Paper:
        """The part of the sheet that is written on."""
        left, top = (
            (whole - part) // 2 for whole, part in zip(self.sheet.grey.size, self.size, strict=True)
        )
        return self._with(
            self.sheet.grey.crop((left, top, left + self.size[0], top + self.size[1]))
        )

    def _with(self, grey: Image.Image) -> Paper:
        paper = Paper(1, 1, 0)
        paper.grey, paper.rng = grey, self.sheet.rng
        return paper


def page_of_digits(group: Sequence[LabelledDrawing], kind: str, seed: int) -> PageOfDigits:
    """A page with one to four lines of digits of one writer.

    Args:
        group: the writer's digits.
        kind: one of `KINDS`.
        seed: equal seeds give equal pages.
    """
    rng = np.random.default_rng(seed)
    count = int(rng.integers(_LINES[0], _LINES[1] + 1))
    least = _LONE_LINE if count == 1 else _DIGITS[0]
    chosen = [
        [group[int(i)] for i in rng.integers(len(group), size=rng.integers(least, _DIGITS[1] + 1))]
        for _ in range(count)
    ]
    high = rng.uniform(*_HEIGHT)
    pitch, step = round(_PITCH * high), round(high * rng.uniform(1.0, 1.25))
    size = round((max(map(len, chosen)) + 2 * _MARGIN) * step), round(count * pitch + high)
    margin = round(float(np.hypot(*size)) / 2)
    sheet = Paper(size[0] + 2 * margin, size[1] + 2 * margin, seed)
    first = margin + round(_MARGIN * step), margin + round(0.6 * high)
    if kind in ("ruled", "photo"):
        _rule(sheet, first[1] + 1.1 * high, pitch, rng)
    pen = rng.uniform(0.07, 0.13) * high
    for row, digits in enumerate(chosen):
        for column, entry in enumerate(digits):
            left, top = first[0] + column * step, first[1] + row * pitch
            if kind == "cells":
                box = left, top - 0.15 * high, left + step, top + 1.15 * high
                sheet.pen.rectangle(box, outline=110, width=2)
            place = left + rng.uniform(0.1, 0.2) * step, top + rng.uniform(-0.05, 0.05) * high
            sheet.write_drawing(entry.drawing, place, high * rng.uniform(0.85, 1.0), pen)
    lines = tuple("".join(str(entry.label) for entry in digits) for digits in chosen)
    return PageOfDigits(sheet, size, lines, kind)


def _rule(sheet: Paper, first: float, pitch: int, rng: np.random.Generator) -> None:
    shade = int(rng.integers(130, 200))
    for y in np.arange(first % pitch, sheet.grey.height, pitch):
        sheet.pen.line((0, y, sheet.grey.width, y), fill=shade, width=2)


def _angle(turn: str, rng: np.random.Generator) -> float:
    """An angle of one of `TURNS`, at random."""
    turned, lean = TURNS[turn]
    angle = turned * rng.choice([-1, 1])
    return float(angle + (rng.uniform(_LEAST_LEAN, lean) * rng.choice([-1, 1]) if lean else 0))


def page_rows(
    recognizer: Recognizer, groups: Sequence[list[LabelledDrawing]], count: int, seed: int
) -> Iterator[Result]:
    """So many pages of each kind, as they are and turned."""
    for turn in TURNS:
        for kind in KINDS:
            rng = np.random.default_rng(seed)
            pages = [
                page_of_digits(groups[int(rng.integers(len(groups)))], kind, seed + i)
                for i in range(count)
            ]
            images = [(page.turned(_angle(turn, rng)), "".join(page.lines)) for page in pages]
            yield measure(recognizer, f"{kind}, {turn}", images)


def picture_rows(recognizer: Recognizer, path: Path, seed: int) -> Iterator[Result]:
    """People's pictures of three and more digits, as they are and turned."""
    pictures = [item for item in labelled_pictures(path) if len(item[1]) > 2]
    for turn in TURNS:
        rng = np.random.default_rng(seed)
        turned = [(_turned(image, _angle(turn, rng)), digits) for image, digits in pictures]
        yield measure(recognizer, f"pictures, {turn}", turned)


def _turned(image: Image.Image, angle: float) -> Image.Image:
    """A picture turned to the left, on paper as bright as its edges."""
    flat = Image.alpha_composite(
        Image.new("RGBA", image.size, "white"), image.convert("RGBA")
    ).convert("L")
    pixels = np.asarray(flat)
    paper = np.median(np.concatenate([*pixels[[0, -1]], *pixels[:, [0, -1]].T]))
    return flat.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=int(paper))


def single_row(
    recognizer: Recognizer, digits: Sequence[LabelledDrawing], count: int, seed: int
) -> Row:
    """How many single digits are left as they are, however they are turned."""
    rng = np.random.default_rng(seed)
    kept = 0
    for i in rng.integers(len(digits), size=count):
        image = rasterize(fit_to_canvas(digits[int(i)].drawing, 0.5 * PAD, 12), round(PAD))
        turned = image.convert("L").rotate(rng.uniform(0, 360), fillcolor=255)
        kept += not recognizer.read(turned).turn
    return Row("single digits turned by any angle, left so", kept / count, count)


def main(arguments: list[str] | None = None) -> int:
    """Print the table, or JSON; 0, or 1 where a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turned_pages", description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="the network (.keras)")
    parser.add_argument("--strokes", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--pictures", type=Path, metavar="FILE", help="labelled pictures (.zip)")
    parser.add_argument("--count", type=int, default=10, help="pages of each kind and turn")
    parser.add_argument("--seed", type=int, default=0, help="draws the pages")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    rows: list[Result | Row] = []
    try:
        for row in _rows(options):
            rows.append(row)
            if not options.json:
                print(row if isinstance(row, Result) else as_text(row), flush=True)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({"seed": options.seed, "rows": [row.as_dict() for row in rows]}, indent=2))
    return 0


def _rows(options: argparse.Namespace) -> Iterator[Result | Row]:
    recognizer = Recognizer.load(options.model)
    unseen = load_recipe(RECIPE).held_out_writers
    drawings = [each for path in options.strokes for each in read_strokes(path)]
    groups = list(by_writer([each for each in drawings if each.writer in unseen]).values())
    if groups:
        digits = [each for group in groups for each in group]
        yield single_row(recognizer, digits, 10 * options.count, options.seed)
        yield from page_rows(recognizer, groups, options.count, options.seed)
    if options.pictures:
        yield from picture_rows(recognizer, options.pictures, options.seed)


if __name__ == "__main__":
    sys.exit(main())
