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
    assert [piece.stroke for piece in cut_stroke(stroke)] == [stroke]


def test_a_dot_and_a_straight_bar_survive() -> None:
    dot = Stroke(((5.0, 5.0),))
    assert [piece.stroke for piece in cut_stroke(dot)] == [dot]
    for height in (0.0, 1e-9, 3.0):
        bar = Stroke(((5.0, 5.0), (50.0, 5.0 + height), (99.0, 5.0)))
        assert [piece.stroke for piece in cut_stroke(bar)] == [bar]


def test_two_circles_of_one_stroke_are_cut_between_them() -> None:
    pieces = cut_stroke(Stroke((*zero(0), *zero(120)), 7.0))
    strokes = [piece.stroke for piece in pieces]
    assert all(before.points[-1] == after.points[0] for before, after in pairwise(strokes))
    assert {stroke.width for stroke in strokes} == {7.0}
    for piece in pieces:
        left, _, right, _ = piece.stroke.box
        assert piece.is_connection or right <= 90 or left >= 110


def test_the_straight_way_from_one_digit_to_the_next_is_a_connection() -> None:
    left, right = zero(0), zero(120)
    bottom = left[:-19]  # it ends where it has come around to the bottom
    pieces = cut_stroke(Stroke((*left, *bottom, *right)))
    [connection] = [piece.stroke for piece in pieces if piece.is_connection]
    start, end = connection.points[0], connection.points[-1]
    assert np.hypot(start[0] - bottom[-1][0], start[1] - bottom[-1][1]) < 20
    assert np.hypot(end[0] - right[0][0], end[1] - right[0][1]) < 20
