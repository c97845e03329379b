"""Strokes as pixels: round, antialiased, the same shape at every size."""

from __future__ import annotations

import numpy as np
import pytest
from digit_images import drawing
from PIL import Image

from digits.drawing import Drawing, Stroke
from digits.painter import paint, smooth
from digits.strokes import fitted


def ink(image: Image.Image) -> np.ndarray:
    return 1 - np.asarray(image, dtype=float) / 255


def test_an_empty_drawing_is_white_paper() -> None:
    assert paint(Drawing(), 30).tobytes() == b"\xff" * 900


def test_a_dot_is_a_disc_as_wide_as_the_pen() -> None:
    image = ink(paint(Drawing((Stroke(((140.0, 140.0),), 40),))))
    assert image.sum() == pytest.approx(np.pi * 20**2, rel=0.02)
    assert image[140, 140] == 1 and image[140, 115] == 0


def test_a_line_is_as_wide_as_the_pen_and_has_grey_edges() -> None:
    image = ink(paint(Drawing((Stroke(((50.0, 60.0), (230.0, 200.0)), 18),))))
    area = 18 * np.hypot(180, 140) + np.pi * 9**2
    assert image.sum() == pytest.approx(area, rel=0.03)
    assert ((image > 0.1) & (image < 0.9)).sum() > 200


def test_the_picture_has_the_same_shape_at_every_size() -> None:
    digit = fitted(drawing(3).drawing, 182, 18)
    small = ink(paint(digit, 140))
    large = ink(paint(digit, 560).reduce(4))
    assert np.abs(small - large).sum() < 0.1 * small.sum()


def test_a_pen_partly_or_wholly_off_the_pad_paints_what_is_on_it() -> None:
    assert ink(paint(Drawing((Stroke(((0.0, 0.0),), 40),)))).sum() == pytest.approx(
        np.pi * 20**2 / 4, rel=0.05
    )
    assert ink(paint(Drawing((Stroke(((900.0, -900.0),), 40),)))).sum() == 0


def test_painting_on_an_image_keeps_what_is_there() -> None:
    under = Image.new("L", (100, 100), 200)
    image = paint(Drawing((Stroke(((140.0, 140.0),), 18),)), 100, under)
    assert image.getpixel((2, 2)) == 200 and image.getpixel((50, 50)) == 0
    assert under.getpixel((50, 50)) == 200


def test_a_smooth_path_goes_through_the_points_of_the_pen() -> None:
    points = np.array([[0.0, 0], [40, 10], [40, 10], [60, 60], [10, 90]])
    path = smooth(points)
    nearest = np.abs(path[:, None] - points[None]).sum(axis=2).min(axis=0)
    assert nearest == pytest.approx(0)
    assert len(path) > 20 and np.hypot(*np.diff(path, axis=0).T).max() < 4


@pytest.mark.parametrize(("size", "under"), [(0, None), (10, Image.new("L", (9, 10)))])
def test_wrong_sizes_are_refused(size: int, under: Image.Image | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        paint(Drawing(), size, under)
