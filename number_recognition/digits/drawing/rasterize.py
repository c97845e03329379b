"""Rasterizes drawings, antialiased: for the screen, for files and for the network."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.digits.drawing.viewport import Viewport

INK, PAPER = 0, 255
_FINE = 4
"""Supersampling: each pixel is the mean of this many by this many finer ones."""
_DISCS_PER_STEP = 50
Result = TypeVar("Result")


def rasterize(
    drawing: Drawing, size: int | Viewport = int(PAD), background: Image.Image | None = None
) -> Image.Image:
    """Rasterize a drawing: ink 0 on paper 255, 8-bit grey.

    Args:
        drawing: strokes in units of the pad.
        size: the side of an image of the square pad in pixels, or what of the pad is shown.
        background: an image of that size to draw on; it is not changed.

    Raises:
        ValueError: `size` is less than 1, or `background` has another size.
    """
    return run_to_end(rasterize_in_steps(drawing, size, background))


def rasterize_in_steps(
    drawing: Drawing, size: int | Viewport = int(PAD), background: Image.Image | None = None
) -> Generator[None, None, Image.Image]:
    """Rasterize as `rasterize` does; yields between steps of a few milliseconds."""
    view = size if isinstance(size, Viewport) else Viewport.square(size)
    shape = view.width, view.height
    if min(shape) < 1:
        raise ValueError(f"expected a size of at least 1 pixel, found {min(shape)}")
    if background is not None and background.size != shape:
        raise ValueError(
            f"expected an image of {view.width} × {view.height} to draw on, found {background.size}"
        )
    image = background.copy() if background is not None else Image.new("L", shape, PAPER)
    if drawing.strokes:
        yield from _draw_strokes(image, drawing.strokes, view)
    return image


def run_to_end(steps: Generator[object, None, Result]) -> Result:
    """Run a generator to its end and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def _draw_strokes(
    image: Image.Image, strokes: tuple[Stroke, ...], view: Viewport
) -> Generator[None, None, None]:
    """Draw strokes, changing only the part of the image that they cover."""
    scale, paths = view.scale, []
    for stroke in strokes:
        paths.append(_path(stroke, scale, view.box[:2]))
        yield
    margin = max(stroke.width for stroke in strokes) * scale / 2 + 2
    points = np.concatenate(paths)
    left, top = np.maximum(np.floor(points.min(axis=0) - margin), 0).astype(int)
    right, bottom = np.minimum(np.ceil(points.max(axis=0) + margin), image.size).astype(int)
    if left >= right or top >= bottom:
        return
    fine = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE), PAPER)
    pen = ImageDraw.Draw(fine)
    for path, stroke in zip(paths, strokes, strict=True):
        yield from _draw_path(pen, (path - (left, top)) * _FINE, stroke.width * scale * _FINE)
    patch = downsample(fine)
    box = (int(left), int(top), int(right), int(bottom))
    image.paste(ImageChops.darker(image.crop(box), patch), box)


def supersampled_canvas(size: int) -> Image.Image:
    """Return a blank image for `draw_supersampled`; downsampled, its side is `size` pixels."""
    return Image.new("L", (size * _FINE, size * _FINE), PAPER)


def draw_supersampled(
    fine: Image.Image, strokes: tuple[Stroke, ...]
) -> Generator[None, None, None]:
    """Draw strokes on a supersampled canvas; yields between steps of a few milliseconds."""
    pen, scale = ImageDraw.Draw(fine), fine.width / _FINE / PAD
    for stroke in strokes:
        yield from _draw_path(pen, _path(stroke, scale) * _FINE, stroke.width * scale * _FINE)


def downsample(fine: Image.Image) -> Image.Image:
    """Return a supersampled canvas at its true size, antialiased."""
    return fine.reduce(_FINE)


def _path(stroke: Stroke, scale: float, corner: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    return smooth((np.asarray(stroke.points) - corner) * scale, reach=stroke.width * scale / 2)


def _draw_path(
    pen: ImageDraw.ImageDraw, path: np.ndarray, width: float
) -> Generator[None, None, None]:
    """Draw a path with a round pen: each of its segments, and a disc at each of its points."""
    radius = max(width, 1.0) / 2
    corners = path - 0.5
    pen.line(corners.ravel().tolist(), fill=INK, width=max(1, round(width)))
    for number, (x, y) in enumerate(corners.tolist()):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=INK)
        if number % _DISCS_PER_STEP == 0:
            yield


def smooth(points: np.ndarray, reach: float, spacing: float = 3.0) -> np.ndarray:
    """Return a smooth path through points: a Catmull-Rom spline that does not overshoot.

    Args:
        points: (n, 2) float, in pen order.
        reach: the largest distance of the path from the polyline of the points, in their unit.
        spacing: the approximate distance of two points of the result, in the same unit.

    Returns:
        (m, 2) float, with every point given.

    Source: E. Catmull and R. Rom, "A class of local interpolating splines", 1974.
    """
    points = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
    if len(points) < 3:
        return points
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    start, end = points[:-1], points[1:]
    tangents = (padded[2:] - padded[:-2]) / 6
    # The spline as Bézier curves: two control points between each point and the next.
    first = _within(start, end, tangents[:-1], reach)
    second = _within(end, start, -tangents[1:], reach)
    longest = np.hypot(*(end - start).T).max()
    parts = int(np.clip(np.ceil(longest / spacing), 1, 32))
    t = (np.arange(parts) / parts)[:, None, None]
    curve = (
        (1 - t) ** 3 * start
        + 3 * (1 - t) ** 2 * t * first
        + 3 * (1 - t) * t**2 * second
        + t**3 * end
    )  # (parts, n - 1, 2)
    return np.concatenate([curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])


def _within(start: np.ndarray, end: np.ndarray, tangents: np.ndarray, reach: float) -> np.ndarray:
    """The control points at these tangents, (n, 2), moved so that no curve is beyond `reach`.

    Both control points together weigh at most 3/4 anywhere on a Bézier curve, and the distance to
    a segment is convex: the curve is at most 3/4 of their distance away from the segment.
    """
    step = end - start
    along = (tangents * step).sum(axis=1) / (step**2).sum(axis=1)
    aside = np.hypot(*(tangents - np.clip(along, 0, 1)[:, None] * step).T)
    allowed = np.minimum(1, reach / 0.75 / np.maximum(aside, 1e-12))
    points: np.ndarray = start + allowed[:, None] * tangents
    return points
