"""Paints a drawing from its points, antialiased: for the screen, for files and for the network."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke

INK, PAPER = 0, 255
_FINE = 4
"""Pixels are painted this many times finer along each side and then averaged."""
_DISCS = 50
"""So many discs are painted in one piece of work."""
Result = TypeVar("Result")


def rasterize(
    drawing: Drawing, size: int = int(PAD), under: Image.Image | None = None
) -> Image.Image:
    """Paint a drawing: ink 0 on paper 255, 8-bit grey, `size` × `size` pixels.

    Args:
        drawing: strokes in units of the pad.
        size: side of the image in pixels.
        under: an image of that size to paint on; it is not changed.

    Raises:
        ValueError: `size` is less than 1, or `under` has another size.
    """
    return run_to_end(rasterize_in_steps(drawing, size, under))


def rasterize_in_steps(
    drawing: Drawing, size: int = int(PAD), under: Image.Image | None = None
) -> Generator[None, None, Image.Image]:
    """Paint as `rasterize` does, in pieces of a few milliseconds; returns the image."""
    if size < 1:
        raise ValueError(f"expected a size of at least 1 pixel, found {size}")
    if under is not None and under.size != (size, size):
        raise ValueError(f"expected an image of {size} × {size} to paint on, found {under.size}")
    image = under.copy() if under is not None else Image.new("L", (size, size), PAPER)
    if drawing.strokes:
        yield from _paint_strokes(image, drawing.strokes, size / PAD)
    return image


def run_to_end(work: Generator[object, None, Result]) -> Result:
    """Do all pieces of a work at once; what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result


def _paint_strokes(
    image: Image.Image, strokes: tuple[Stroke, ...], scale: float
) -> Generator[None, None, None]:
    """Paint on the part of the image that the strokes cover, and on no more than that."""
    paths = []
    for stroke in strokes:
        paths.append(_path(stroke, scale))
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
        yield from _draw(pen, (path - (left, top)) * _FINE, stroke.width * scale * _FINE)
    patch = downsample(fine)
    place = (int(left), int(top), int(right), int(bottom))
    image.paste(ImageChops.darker(image.crop(place), patch), place)


def supersampled_canvas(size: int) -> Image.Image:
    """White paper as `draw_supersampled` takes it and `downsample` makes `size` × `size` pixels of."""
    return Image.new("L", (size * _FINE, size * _FINE), PAPER)


def draw_supersampled(
    fine: Image.Image, strokes: tuple[Stroke, ...]
) -> Generator[None, None, None]:
    """Paint strokes into such an image, in pieces of a few milliseconds."""
    pen, scale = ImageDraw.Draw(fine), fine.width / _FINE / PAD
    for stroke in strokes:
        yield from _draw(pen, _path(stroke, scale) * _FINE, stroke.width * scale * _FINE)


def downsample(fine: Image.Image) -> Image.Image:
    """A finely painted image at its true size, antialiased."""
    return fine.reduce(_FINE)


def _path(stroke: Stroke, scale: float) -> np.ndarray:
    return smooth(np.asarray(stroke.points) * scale, reach=stroke.width * scale / 2)


def _draw(pen: ImageDraw.ImageDraw, path: np.ndarray, width: float) -> Generator[None, None, None]:
    """A round pen along a path: each part of it, and a disc at each of its points."""
    radius = max(width, 1.0) / 2
    corners = path - 0.5
    pen.line(corners.ravel().tolist(), fill=INK, width=max(1, round(width)))
    for number, (x, y) in enumerate(corners.tolist()):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=INK)
        if number % _DISCS == 0:
            yield


def smooth(points: np.ndarray, reach: float, spacing: float = 3.0) -> np.ndarray:
    """A smooth path through the points of a pen: a Catmull-Rom spline that does not overshoot.

    Args:
        points: (n, 2) float, in pen order.
        reach: how far the path may be from the polygon of the points, in their unit.
        spacing: aimed at between two points of the result, in the unit of the points.

    Returns:
        (m, 2) float; every point given is among them.

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
    """The control points at these tangents, (n, 2), drawn in so far that no curve leaves `reach`.

    Together, both control points weigh at most 3/4 anywhere on a Bézier curve, and the distance to
    a straight part is convex: so far, times 3/4, is how far the curve can be from that part.
    """
    step = end - start
    along = (tangents * step).sum(axis=1) / (step**2).sum(axis=1)
    aside = np.hypot(*(tangents - np.clip(along, 0, 1)[:, None] * step).T)
    allowed = np.minimum(1, reach / 0.75 / np.maximum(aside, 1e-12))
    points: np.ndarray = start + allowed[:, None] * tangents
    return points
