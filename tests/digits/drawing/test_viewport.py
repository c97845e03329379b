"""What of the pad is shown, square or wide."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import move_into_square
from number_recognition.digits.drawing.viewport import Viewport


def test_a_square_shows_the_square_pad() -> None:
    for side in (1, 7, 333, 561):
        assert Viewport.square(side).box == Viewport.around(side, side).box == (0, 0, PAD, PAD)


def test_a_wide_pad_has_the_square_in_its_middle_and_the_same_scale() -> None:
    view = Viewport.around(900, 300)
    assert view.scale == pytest.approx(300 / PAD)
    left, top, right, bottom = view.box
    assert (top, bottom) == pytest.approx((0, PAD)) and left == pytest.approx(PAD - right) == -PAD
    assert view.to_pixels((0, 0)) == pytest.approx((300, 0))
    assert view.to_pad(450, 150) == pytest.approx((PAD / 2, PAD / 2))


def test_what_is_wider_than_the_pad_is_shown_smaller_and_whole() -> None:
    view = Viewport.around(300, 300, (-PAD, 20, 200, 100))
    left, _, right, _ = view.box
    assert left == pytest.approx(-PAD) and right == pytest.approx(2 * PAD)


def test_a_drawing_is_painted_where_a_wide_view_shows_it() -> None:
    drawing = Drawing((Stroke(((50.0, 60.0), (70.0, 220.0), (200.0, 100.0))),))
    wide = np.asarray(rasterize(drawing, Viewport.around(840, 280)))
    assert np.array_equal(wide[:, 280:560], np.asarray(rasterize(drawing, 280)))


def test_strokes_beside_the_square_are_moved_into_it() -> None:
    inside = Drawing((Stroke(((0.0, 10.0), (280.0, 100.0))),))
    assert move_into_square(inside) is inside
    beside = move_into_square(Drawing((Stroke(((400.0, 10.0), (440.0, 90.0)), 12.0),)))
    assert beside.box() == pytest.approx((240, 10, 280, 90)) and beside.strokes[0].width == 12
    long = move_into_square(Drawing((Stroke(((-140.0, 100.0), (420.0, 140.0)), 12.0),)))
    assert long.box() == pytest.approx((0, 110, 280, 130)) and long.strokes[0].width == 6
