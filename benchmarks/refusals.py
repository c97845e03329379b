"""What is refused as no digit, of digits and of what is none, and how each style of digit is read.

python -m benchmarks.refusals --strokes strokes.jsonl
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.accuracy import RECIPE, on_pad, usual
from benchmarks.tables.row import Row, as_text
from number_recognition.digits.datasets import counterexamples
from number_recognition.digits.datasets.blank_images import pictures
from number_recognition.digits.datasets.counterexamples import KINDS, TAKEN_FOR_DIGITS
from number_recognition.digits.drawing.drawing import NO_DIGIT, Drawing
from number_recognition.digits.drawing.stroke_files import read_strokes
from number_recognition.digits.drawing.strokes import LabelledDrawing
from number_recognition.digits.images.frame import frame
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.storage.settings import RecognitionSettings
from Recognition import SHIPPED, Recognizer

SEED = 20_000
"""Of what is drawn here: another one than that of any recipe."""

Is = Callable[[LabelledDrawing], bool]


def detour(drawing: Drawing) -> float:
    """Length of a drawing's first stroke by the distance of its ends."""
    points = np.asarray(drawing.strokes[0].points)
    length = np.hypot(*np.diff(points, axis=0).T).sum() if len(points) > 1 else 0.0
    return float(length / max(1e-9, np.hypot(*(points[-1] - points[0]))))


def points(drawing: Drawing) -> int:
    """Points of all strokes."""
    return sum(len(stroke.points) for stroke in drawing.strokes)


def _several(digit: int) -> Is:
    return lambda each: each.label == digit and len(each.drawing.strokes) > 1


STYLES: dict[str, Is] = {
    "zeros of several strokes: slashed, crossed": _several(0),
    "ones of several strokes: with a foot or flag": _several(1),
    "ones of one stroke that bends: flag, hook, foot": lambda each: (
        each.label == 1 and len(each.drawing.strokes) == 1 and detour(each.drawing) > 1.12
    ),
    "fours of one stroke": lambda each: each.label == 4 and len(each.drawing.strokes) == 1,
    "fives of several strokes: a bar apart": _several(5),
    "sevens of several strokes: with a bar": _several(7),
    "coarsely sampled: at most 16 points": lambda each: points(each.drawing) <= 16,
}
"""Styles of digits by what their strokes are alone."""


def rows(recognizer: Recognizer, drawings: list[LabelledDrawing], count: int) -> Iterator[Row]:
    """Every row: people's digits, what else they wrote, and what the program draws.

    Args:
        recognizer: the network to evaluate.
        drawings: of writers that it has not seen.
        count: how many are drawn of each kind.
    """
    digits = [each for each in drawings if each.label is not None]
    if digits:
        yield from _of_digits(recognizer, digits)
    others = [
        each for each in drawings if each.label is None and each.character not in TAKEN_FOR_DIGITS
    ]
    if others:
        yield _refused("people's letters and symbols, refused", recognizer, others)
        nothing = [not recognizer.read(usual(each.drawing)).text for each in others]
        yield Row("  read as no number either", float(np.mean(nothing)), len(others))
    rng = np.random.default_rng(SEED)
    for name, kind in KINDS.items():
        made = [LabelledDrawing(kind(rng), None) for _ in range(count)]
        yield _refused(f"  {name.replace('_', ' ')}, refused", recognizer, made)
    if digits:
        made = list(itertools.islice(counterexamples.of_people(digits, SEED), count))
        yield _refused("  people's digits halved or in a row, refused", recognizer, made)
    yield _empty(recognizer, count)


def _of_digits(recognizer: Recognizer, digits: list[LabelledDrawing]) -> Iterator[Row]:
    result = _read(recognizer, digits)
    right = result.correct
    yield Row("people's digits, right", result.accuracy, len(digits))
    yield Row("  refused", result.refused, len(digits))
    yield Row("  calibration error (15 bins)", result.calibration_error, len(digits))
    yield from _of_sure_answers(result)
    for name, is_of in STYLES.items():
        among = np.array([is_of(each) for each in digits])
        if among.any():
            yield Row(f"  {name}", float(right[among].mean()), int(among.sum()))
    writers = np.array([str(each.writer) for each in digits])
    cells = {w: float(right[writers == w].mean()) for w in sorted(set(writers))}
    worst = min(cells, key=cells.__getitem__)
    yield Row(
        "  the worst writer", cells[worst], len(cells), "writers", f"writer {worst}", "", cells
    )


def _of_sure_answers(result: Evaluation) -> Iterator[Row]:
    """How many digits are answered and shown as sure, and how many of those are right."""
    answered = result.predictions != NO_DIGIT
    is_sure = answered & (result.probability >= RecognitionSettings().unsure_below)
    right = result.predictions == result.labels
    yield Row("  shown as sure", float(is_sure.mean()), len(is_sure))
    for name, among in (("sure", is_sure), ("unsure", answered & ~is_sure)):
        if among.any():
            yield Row(
                f"  of those shown as {name}, right", float(right[among].mean()), int(among.sum())
            )


def _read(recognizer: Recognizer, drawings: list[LabelledDrawing]) -> Evaluation:
    pixels = np.stack([on_pad(usual(each.drawing)) for each in drawings])
    labels = [NO_DIGIT if each.label is None else each.label for each in drawings]
    return recognizer.evaluate(pixels, np.array(labels))


def _refused(name: str, recognizer: Recognizer, drawings: list[LabelledDrawing]) -> Row:
    return Row(name, _read(recognizer, drawings).other_refused, len(drawings))


def _empty(recognizer: Recognizer, count: int) -> Row:
    """Pictures of paper and noise, called blank or no digit."""
    found = [frame(picture) for picture in itertools.islice(pictures(SEED), count)]
    inked = np.stack([each.pixels for each in found if each is not None])
    answered = (recognizer.predict_pixels(inked).argmax(axis=1) != NO_DIGIT).sum()
    return Row("paper and noise, blank or refused", float(1 - answered / count), count)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0, or 1 where something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refusals", description=__doc__)
    parser.add_argument("--strokes", type=Path, metavar="FILE", help="a stroke file (.jsonl)")
    parser.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the network")
    parser.add_argument("--count", type=int, default=400, help="drawn of each kind (400)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        recognizer = Recognizer.load(options.model)
        writers = load_recipe(RECIPE).held_out_writers
        drawings = read_strokes(options.strokes) if options.strokes else []
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if recognizer.network.outputs <= NO_DIGIT:
        print(f"{options.model}: expected eleven outputs, found ten", file=sys.stderr)
        return 1
    chosen = [each for each in drawings if each.writer in writers]
    measured = list(rows(recognizer, chosen, options.count))
    if options.json:
        values = [{**row.as_dict(), "name": row.name.strip()} for row in measured]
        print(json.dumps({"model": str(options.model), "rows": values}, indent=2))
    else:
        print("\n".join(map(as_text, measured)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
