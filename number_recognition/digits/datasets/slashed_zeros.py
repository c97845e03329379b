"""Zeros with a stroke through them, as many people write them beside the letter O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing

_LYING, _FALLING = 0.15, 0.1
"""Parts of the strokes that lie, or fall to the right; the others rise to the right."""


def zeros(digits: Sequence[LabelledDrawing], seed: int) -> Iterator[LabelledDrawing]:
    """People's zeros of one stroke, each in its turn with a stroke through it, without end."""
    rng = np.random.default_rng(seed)
    plain = [each for each in digits if each.label == 0 and len(each.drawing.strokes) == 1]
    while plain:
        for digit in plain:
            yield LabelledDrawing(with_slash(digit.drawing, rng), 0, digit.writer)


def with_slash(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """A drawing with one more stroke through its middle, inside it or somewhat beyond."""
    left, top, right, bottom = drawing.box()
    centre = np.array([left + right, top + bottom]) / 2
    reach = np.array([right - left, bottom - top]) / 2 * rng.uniform(0.55, 1.3)
    kind = rng.random()
    if kind < _LYING:
        way = reach * (1, rng.normal(0, 0.08))
    else:
        falls = kind < _LYING + _FALLING
        way = reach * (rng.uniform(0.5, 1.1), rng.uniform(0.6, 1.0) * (1 if falls else -1))
    middle = centre + rng.normal(0, 0.06, 2) * reach
    ends = [middle - way, middle + rng.normal(0, 0.05, 2) * reach, middle + way]
    if rng.random() < 0.3:
        ends.reverse()
    points = tuple((float(x), float(y)) for x, y in ends)
    return drawing.with_stroke(Stroke(points, drawing.strokes[0].width))
