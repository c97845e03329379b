"""What the network reaches, row by row: MNIST, and people whose digits it was not trained on.

python -m benchmarks.accuracy --mnist mnist.npz --strokes strokes.jsonl --sheet errors.png
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PIL import Image

from benchmarks.pictures import picture_rows
from benchmarks.tables.row import Row, as_text
from benchmarks.tables.sheet import Error, contact_sheet
from benchmarks.trainings import trained_rows
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import read_strokes
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.digits.images.frame import frame
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.storage.files import PROJECT_DIR, atomic_write
from Recognition import SHIPPED, Recognizer, frame_drawing

RECIPE = PROJECT_DIR / "number_recognition" / "learning" / "recipes" / "shipped.json"
PENS = (4, 8, 18, 32)
SIZES = (0.20, 0.40, 0.65, 0.90)
POSITIONS = ("middle", "corner")
USUAL_SIZE = 0.65
WIDEST = 1 / 7
"""Of the digit's size: a wider pen leaves no more than a blob in a picture of it."""

Draw = Callable[[Drawing], Drawing]
Read = Callable[[Drawing], np.ndarray]


def on_pad(drawing: Drawing) -> np.ndarray:
    """A drawing as the window has it read, its strokes known: (28, 28) float32."""
    return _pixels(frame_drawing(drawing))


def as_picture(drawing: Drawing) -> np.ndarray:
    """A drawing as an image file is read, only its ink known: (28, 28) float32."""
    return _pixels(frame(rasterize(drawing)))


def _pixels(framed: Any) -> np.ndarray:
    return framed.pixels if framed is not None else np.zeros((28, 28), np.float32)


def usual(drawing: Drawing) -> Drawing:
    """Drawn as people draw: two thirds of the pad, in the middle, with the window's pen."""
    return fit_to_canvas(drawing, USUAL_SIZE * PAD, DEFAULT_PEN)


def changed(matrix: list[list[float]]) -> Draw:
    """Paths through a matrix first, y downwards, then drawn as usual."""
    return lambda drawing: usual(drawing.mapped(lambda points: points @ np.array(matrix).T))


def turned(degrees: float) -> Draw:
    """Turned clockwise."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return changed([[cos, -sin], [sin, cos]])


TURNED = {
    "turned by -15°": turned(-15),
    "turned by +15°": turned(15),
    "slanted by -0.25": changed([[1, 0.25], [0, 1]]),
    "slanted by +0.25": changed([[1, -0.25], [0, 1]]),
    "20 % wider": changed([[1.2, 0], [0, 1]]),
    "20 % narrower": changed([[0.8, 0], [0, 1]]),
}


def on_canvas(sizes_and_pens: Iterable[tuple[float, float]]) -> dict[str, Draw]:
    """Drawn at these sizes with these pens, each in the middle and in the corner."""

    def draw(size: float, pen: float, position: str) -> Draw:
        return lambda drawing: fit_to_canvas(drawing, size * PAD, pen, position)

    return {
        f"pen {pen:g}, size {size:.0%}, {position}": draw(size, pen, position)
        for size, pen in sizes_and_pens
        for position in POSITIONS
    }


ON_PAD = on_canvas((size, pen) for size in SIZES for pen in PENS)
AS_PICTURE = on_canvas((s, pen) for s in SIZES for pen in PENS if pen <= s * PAD * WIDEST + 1e-9)


class Benchmark:
    """Measures one network."""

    def __init__(
        self, recognizer: Recognizer, on_progress: Callable[[str], None] = lambda text: None
    ) -> None:
        self.recognizer = recognizer
        self.errors: list[Error] = []
        self._on_progress = on_progress

    def rows(self, mnist_file: Path | None, drawings: list[LabelledDrawing]) -> Iterator[Row]:
        """Every row of the table, in its order."""
        yield self._mnist(mnist_file)
        if not drawings:
            yield Row("people's digits", None, why="no stroke file: --strokes FILE.jsonl")
            return
        yield from self._people(drawings)

    def read_right(self, mnist_file: Path, drawings: list[LabelledDrawing]) -> dict[str, float]:
        """How much it reads right of MNIST's test set and of people's digits, drawn as usual."""
        people = self._read(drawings, usual, on_pad)
        _, _, pixels, labels = mnist.load(mnist_file)
        known = self.recognizer.evaluate(pixels, labels)
        return {"MNIST test": known.accuracy, "unseen writers": people.accuracy}

    def _mnist(self, path: Path | None) -> Row:
        name = "MNIST test"
        if path is None:
            return Row(name, None, why="no MNIST: --mnist FILE.npz")
        self._on_progress(name)
        _, _, pixels, labels = mnist.load(path)
        result = self.recognizer.evaluate(pixels, labels)
        for i in result.mistakes():
            self._note("MNIST", Image.fromarray(255 - pixels[i]), result, int(i))
        return Row(name, result.accuracy, len(labels))

    def _people(self, drawings: list[LabelledDrawing]) -> Iterator[Row]:
        n = len(drawings)
        large = self._read(drawings, usual, on_pad, "pad")
        yield Row("people's digits, as the pad paints them", large.accuracy, n)
        picture = self._read(drawings, usual, as_picture, "picture")
        yield Row("  the same as pictures", picture.accuracy, n)
        yield self._worst("  worst of pen × size × place, on the pad", drawings, ON_PAD, on_pad)
        yield self._worst(
            "  the same as pictures, pen ≤ 1/7 of the size", drawings, AS_PICTURE, as_picture
        )
        yield self._worst("  worst turned, slanted, stretched", drawings, TURNED, on_pad)
        yield from self._against_usual(drawings)
        yield Row("  calibration error (15 bins)", large.calibration_error, n)

    def _against_usual(self, drawings: list[LabelledDrawing]) -> Iterator[Row]:
        """Rows of differences: how many points are lost by drawing otherwise than usual."""
        for name, size, pen, position in (
            ("small in a corner", 0.25, DEFAULT_PEN, "corner"),
            ("large with a pen of 6", USUAL_SIZE, 6.0, "middle"),
            ("large with a pen of 32", USUAL_SIZE, 32.0, "middle"),
        ):
            for words, read in (("on the pad", on_pad), ("as a picture", as_picture)):
                cell = on_canvas([(size, pen)])[f"pen {pen:g}, size {size:.0%}, {position}"]
                part = self._read(drawings, cell, read).accuracy
                yield Row(f"  {name}, {words}", part, len(drawings))

    def _worst(
        self, name: str, drawings: list[LabelledDrawing], cells: dict[str, Draw], read: Read
    ) -> Row:
        parts = {
            cell: self._read(drawings, draw, read, f"{name.strip()}: {cell}").accuracy
            for cell, draw in cells.items()
        }
        worst = min(parts, key=parts.__getitem__)
        return Row(name, parts[worst], len(drawings), worst=worst, cells=parts)

    def _read(
        self, drawings: list[LabelledDrawing], draw: Draw, read: Read, sheet: str = ""
    ) -> Evaluation:
        """Evaluate drawings, rendered and read in one way; errors go on the sheet of that name."""
        self._on_progress(sheet or "against the usual")
        drawn = [draw(each.drawing) for each in drawings]
        pixels = np.stack([read(drawing) for drawing in drawn])
        result = self.recognizer.evaluate(pixels, np.array([e.label for e in drawings]))
        if sheet in ("pad", "picture"):
            for i in result.mistakes():
                name = f"{sheet}, {drawings[i].writer}"
                self._note(name, rasterize(drawn[i], 84), result, int(i))
        return result

    def _note(self, source: str, image: Image.Image, result: Evaluation, i: int) -> None:
        read = Prediction.of(result.probabilities[i])
        self.errors.append(Error(source, image, int(result.labels[i]), read.digit, read.confidence))


def held_out(path: Path | None) -> list[LabelledDrawing]:
    """The drawings of the writers whom the shipped network has never seen."""
    if path is None:
        return []
    writers = load_recipe(RECIPE).held_out_writers
    drawings = [
        each for each in read_strokes(path) if each.writer in writers and each.label is not None
    ]
    if not drawings:
        raise ValueError(f"{path}: expected drawings of the writers {writers}, found none")
    return drawings


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and draw the contact sheet; 0, or 1 where something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    parser.add_argument("--strokes", type=Path, metavar="FILE", help="a stroke file (.jsonl)")
    parser.add_argument("--pictures", type=Path, metavar="FILE", help="labelled pictures (.zip)")
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--train",
        type=int,
        nargs="+",
        default=[],
        metavar="SEED",
        help="train with the default settings and on synthetic digits alone, too: minutes each",
    )
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw the errors (.png)")
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    def on_progress(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    if options.train and (options.mnist is None or options.strokes is None):
        raise ValueError("--train needs --mnist FILE.npz and --strokes FILE.jsonl")
    benchmark = Benchmark(Recognizer.load(options.model), on_progress)
    rows = []
    drawings = held_out(options.strokes)
    for row in itertools.chain(
        benchmark.rows(options.mnist, drawings),
        picture_rows(benchmark.recognizer, options.pictures) if options.pictures else (),
        _trainings(options, drawings, on_progress),
    ):
        on_progress("")
        rows.append(row)
        if not options.json:
            print(as_text(row), flush=True)
    if options.json:
        values = [{**row.as_dict(), "name": row.name.strip()} for row in rows]
        print(json.dumps({"model": str(options.model), "rows": values}, indent=2))
    if options.sheet is not None:
        sheet = contact_sheet(benchmark.errors)
        atomic_write(options.sheet, lambda temporary: sheet.save(temporary))
    return 0


def _trainings(
    options: argparse.Namespace, drawings: list[LabelledDrawing], on_progress: Callable[[str], None]
) -> Iterator[Row]:
    if not options.train:
        return
    yield from trained_rows(
        options.train,
        options.mnist,
        lambda recognizer: Benchmark(recognizer).read_right(options.mnist, drawings),
        on_progress,
    )


if __name__ == "__main__":
    sys.exit(main())
