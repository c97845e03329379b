"""Where a stroke that may hold several digits is cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from number_recognition.digits.drawing.drawing import Stroke
from number_recognition.digits.segmentation.stroke_cuts import cut_stroke


def zero(left: float) -> list[tuple[float, float]]:
    """A circle that begins and ends at its top."""
    angles = np.linspace(0, 2 * np.pi, 40)
    return [(left + 40 - 40 * np.sin(a), 100 - 60 * np.cos(a)) for a in angles]


def test_a_narrow_stroke_is_not_cut() -> None:
    stroke = Stroke(tuple(zero(0)))
    assert cut_stroke(stroke) == [stroke]


def test_a_dot_and_a_straight_bar_survive() -> None:
    dot = Stroke(((5.0, 5.0),))
    assert cut_stroke(dot) == [dot]
    for height in (0.0, 1e-9, 3.0):
        bar = Stroke(((5.0, 5.0), (50.0, 5.0 + height), (99.0, 5.0)))
        assert cut_stroke(bar) == [bar]


def test_two_circles_of_one_stroke_are_cut_between_them() -> None:
    pieces = cut_stroke(Stroke((*zero(0), *zero(120)), 7.0))
    assert all(before.points[-1] == after.points[0] for before, after in pairwise(pieces))
    assert any(80 <= piece.points[0][0] <= 120 for piece in pieces[1:])
    assert {piece.width for piece in pieces} == {7.0}
