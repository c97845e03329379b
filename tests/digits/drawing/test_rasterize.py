"""Strokes as pixels: round, antialiased, the same shape at every size."""

from __future__ import annotations

import numpy as np
import pytest
from digit_images import drawing
from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize, smooth
from number_recognition.digits.drawing.strokes import fit_to_canvas


def ink(image: Image.Image) -> np.ndarray:
    return 1 - np.asarray(image, dtype=float) / 255


def test_an_empty_drawing_is_white_paper() -> None:
    assert rasterize(Drawing(), 30).tobytes() == b"\xff" * 900


def test_a_dot_is_a_disc_as_wide_as_the_pen() -> None:
    image = ink(rasterize(Drawing((Stroke(((140.0, 140.0),), 40),))))
    assert image.sum() == pytest.approx(np.pi * 20**2, rel=0.02)
    assert image[140, 140] == 1 and image[140, 115] == 0


def test_a_line_is_as_wide_as_the_pen_and_has_grey_edges() -> None:
    image = ink(rasterize(Drawing((Stroke(((50.0, 60.0), (230.0, 200.0)), 18),))))
    area = 18 * np.hypot(180, 140) + np.pi * 9**2
    assert image.sum() == pytest.approx(area, rel=0.03)
    assert ((image > 0.1) & (image < 0.9)).sum() > 200


def test_the_image_has_the_same_shape_at_every_size() -> None:
    digit = fit_to_canvas(drawing(3).drawing, 182, 18)
    small = ink(rasterize(digit, 140))
    large = ink(rasterize(digit, 560).reduce(4))
    assert np.abs(small - large).sum() < 0.1 * small.sum()


def test_strokes_partly_or_wholly_off_the_pad_are_clipped() -> None:
    assert ink(rasterize(Drawing((Stroke(((0.0, 0.0),), 40),)))).sum() == pytest.approx(
        np.pi * 20**2 / 4, rel=0.05
    )
    assert ink(rasterize(Drawing((Stroke(((900.0, -900.0),), 40),)))).sum() == 0


def test_drawing_on_a_background_preserves_it() -> None:
    under = Image.new("L", (100, 100), 200)
    image = rasterize(Drawing((Stroke(((140.0, 140.0),), 18),)), 100, under)
    assert image.getpixel((2, 2)) == 200 and image.getpixel((50, 50)) == 0
    assert under.getpixel((50, 50)) == 200


def test_a_smooth_path_goes_through_the_points_of_the_pen() -> None:
    points = np.array([[0.0, 0], [40, 10], [40, 10], [60, 60], [10, 90]])
    path = smooth(points, reach=9)
    nearest = np.abs(path[:, None] - points[None]).sum(axis=2).min(axis=0)
    assert nearest == pytest.approx(0)
    assert len(path) > 20 and np.hypot(*np.diff(path, axis=0).T).max() < 4


def sharp_turns() -> list[np.ndarray]:
    """Paths at which splines overshoot: short parts beside long ones, turns back, random points."""
    rng = np.random.default_rng(5)
    far_and_back = np.array([[0.0, 0], [1, 0], [280, 0], [281, 1], [0, 140], [0, 141]])
    return [
        far_and_back,
        far_and_back[:, ::-1] * [1, -1],
        np.array([[0.0, 0], [280, 280], [0.001, 0], [280, 279]]),
        np.array([[140.0, 140], [140, 140.001], [280, 0], [140, 0.001], [140, 0]]),
        *(rng.uniform(0, 280, (rng.integers(3, 30), 2)) for _ in range(150)),
        *(np.cumsum(rng.standard_cauchy((20, 2)), axis=0) for _ in range(150)),
    ]


def distances(path: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Of each point of a path to the nearest part of a polygon."""
    start, step = polygon[:-1], np.diff(polygon, axis=0)
    along = ((path[:, None] - start) * step).sum(axis=2) / (step**2).sum(axis=1)
    nearest = start + np.clip(along, 0, 1)[..., None] * step
    return np.hypot(*np.moveaxis(path[:, None] - nearest, 2, 0)).min(axis=1)


@pytest.mark.parametrize("reach", [0.5, 4.0, 9.0])
def test_a_smooth_path_keeps_within_reach_of_the_polygon(reach: float) -> None:
    for points in sharp_turns():
        assert distances(smooth(points, reach=reach), points).max() <= reach * (1 + 1e-9) + 1e-9


def test_a_rasterized_stroke_stays_within_its_pen_width_of_the_polygon() -> None:
    corners = ((20.0, 20.0), (22.0, 20.0), (260.0, 140.0), (262.0, 141.0), (20.0, 260.0))
    rows, columns = np.nonzero(ink(rasterize(Drawing((Stroke(corners, 18),)))) > 0.5)
    painted = np.stack([columns, rows], axis=1) + 0.5
    assert distances(painted, np.array(corners)).max() < 18 + 1


def test_a_gentle_curve_is_as_smooth_as_ever() -> None:
    angles = np.linspace(0, np.pi, 9)
    arc = 140 + 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert np.allclose(smooth(arc, reach=9), smooth(arc, reach=np.inf))
    assert np.abs(np.hypot(*(smooth(arc, reach=9) - 140).T) - 100).max() < 1.5


@pytest.mark.parametrize(("size", "under"), [(0, None), (10, Image.new("L", (9, 10)))])
def test_wrong_sizes_are_rejected(size: int, under: Image.Image | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        rasterize(Drawing(), size, under)
