"""Slashed zeros: zeros with a stroke through them, to tell them from the letter O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing

_HORIZONTAL_SHARE, _FALLING_SHARE = 0.15, 0.1
"""Shares of horizontal slashes, and of those that fall to the right; all others rise."""


def zeros(digits: Sequence[LabelledDrawing], seed: int) -> Iterator[LabelledDrawing]:
    """Yield the zeros of one stroke among people's digits, slashed, in turn and without end."""
    rng = np.random.default_rng(seed)
    plain = [each for each in digits if each.label == 0 and len(each.drawing.strokes) == 1]
    while plain:
        for digit in plain:
            yield LabelledDrawing(with_slash(digit.drawing, rng), 0, digit.writer)


def with_slash(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Return a drawing with one more stroke through its middle, inside it or a little longer."""
    left, top, right, bottom = drawing.box()
    centre = np.array([left + right, top + bottom]) / 2
    reach = np.array([right - left, bottom - top]) / 2 * rng.uniform(0.55, 1.3)
    kind = rng.random()
    if kind < _HORIZONTAL_SHARE:
        half_slash = reach * (1, rng.normal(0, 0.08))
    else:
        falls = kind < _HORIZONTAL_SHARE + _FALLING_SHARE
        half_slash = reach * (rng.uniform(0.5, 1.1), rng.uniform(0.6, 1.0) * (1 if falls else -1))
    middle = centre + rng.normal(0, 0.06, 2) * reach
    ends = [middle - half_slash, middle + rng.normal(0, 0.05, 2) * reach, middle + half_slash]
    if rng.random() < 0.3:
        ends.reverse()
    points = tuple((float(x), float(y)) for x, y in ends)
    return drawing.with_stroke(Stroke(points, drawing.strokes[0].width))
