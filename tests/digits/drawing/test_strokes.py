"""A drawing as a list of strokes: scaling, normalizing, erasing, undo and redo."""

from __future__ import annotations

import pytest
from digit_images import drawing

from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.digits.drawing.strokes import (
    erase,
    fit_to_canvas,
    normalize_strokes,
)

LINE = Drawing((Stroke(((0.0, 100.0), (200.0, 100.0)), 10),))


def test_fit_to_canvas_gives_the_size_including_the_pen() -> None:
    result = fit_to_canvas(drawing(3).drawing, 182, 18)
    left, top, right, bottom = result.box()
    assert max(right - left, bottom - top) + 18 == pytest.approx(182)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((PAD / 2, PAD / 2))
    assert {stroke.width for stroke in result.strokes} == {18}


def test_fit_to_canvas_in_the_corner_stays_on_the_pad() -> None:
    left, top, right, bottom = fit_to_canvas(drawing(3).drawing, 70, 18, "corner").box()
    assert left - 9 >= 0 and top - 9 >= 0 and right + 9 <= 80 and bottom + 9 <= 80


@pytest.mark.parametrize(
    ("size", "pen", "place"), [(20, 20, "middle"), (20, 0, "middle"), (100, 10, "left")]
)
def test_fit_to_canvas_rejects_wrong_values(size: float, pen: float, place: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        fit_to_canvas(LINE, size, pen, place)


def test_normalized_strokes_do_not_depend_on_size_position_or_pen() -> None:
    written = drawing(5).drawing
    small = normalize_strokes(fit_to_canvas(written, 56, 32, "corner"))
    large = normalize_strokes(fit_to_canvas(written, 250, 4))
    for one, other in zip(small.strokes, large.strokes, strict=True):
        assert one.width == other.width
        for point, same in zip(one.points, other.points, strict=True):
            assert point == pytest.approx(same, abs=1e-6)


def test_normalized_strokes_preserve_the_proportions_of_a_dot() -> None:
    dot = normalize_strokes(Drawing((Stroke(((30.0, 30.0), (31.0, 30.0)), 40),)))
    left, _, right, _ = dot.box()
    assert (right - left) / dot.strokes[0].width == pytest.approx(1 / 40)


def test_the_eraser_cuts_a_stroke_in_two() -> None:
    left, right = erase(LINE, [(100, 60), (100, 140)], radius=15).strokes
    assert left.points[0] == (0, 100) and left.points[-1][0] == pytest.approx(85, abs=1.5)
    assert right.points[0][0] == pytest.approx(115, abs=1.5) and right.points[-1] == (200, 100)
    assert left.width == right.width == 10


def test_the_eraser_preserves_what_it_does_not_touch() -> None:
    assert erase(LINE, [(100, 130)], radius=15) is LINE


def test_the_eraser_can_erase_everything() -> None:
    assert erase(LINE, [(-10, 100), (210, 100)], radius=5) == Drawing()
