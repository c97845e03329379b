"""What is done with the strokes of a drawing: scaled, erased, read from files and written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from number_recognition.digits.drawing.drawing import PAD, Drawing, Point, Stroke


def fit_to_canvas(drawing: Drawing, size: float, pen: float, place: str = "middle") -> Drawing:
    """The drawing scaled so that its longer side, pen included, is `size` units of the pad.

    Args:
        drawing: what to scale; its aspect is kept.
        size: longer side of the result, in units of the pad.
        pen: width of the pen in the result, in the same units, less than `size`.
        place: "middle" of the pad, or its upper left "corner".

    Raises:
        ValueError: the drawing is empty, the pen too wide, or the place unknown.
    """
    if not 0 < pen < size:
        raise ValueError(f"expected a pen between 0 and the size {size:g}, found {pen:g}")
    if place not in ("middle", "corner"):
        raise ValueError(f"expected the place 'middle' or 'corner', found {place!r}")
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top)
    scale = (size - pen) / extent if extent else 1.0
    width, height = (right - left) * scale + pen, (bottom - top) * scale + pen
    if place == "corner":
        margin = PAD / 40
        corner = np.array([margin, margin])
    else:
        corner = np.array([(PAD - width) / 2, (PAD - height) / 2])
    offset = corner + pen / 2 - np.array([left, top]) * scale
    return drawing.mapped(lambda points: points * scale + offset).with_pen(pen)


@dataclass(frozen=True)
class Normalization:
    """How paths are brought to the scale and the pen that the network reads best."""

    centre: Point
    scale: float
    pen: float

    def strokes(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        """These strokes so scaled, in units of the pad, about its middle."""
        scaled = Drawing(strokes).mapped(
            lambda points: (points - self.centre) * self.scale + PAD / 2
        )
        return scaled.with_pen(self.pen).strokes


def normalization_for(drawing: Drawing, size: float = 200.0, pen: float = 22.0) -> Normalization:
    """The scale and the pen of `normalize_strokes` for a drawing.

    Raises:
        ValueError: the drawing is empty.
    """
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top)
    widest = max(stroke.width for stroke in drawing.strokes)
    is_dot = extent < widest / 2
    scale = (size - pen) / (widest if is_dot else extent)
    centre = ((left + right) / 2, (top + bottom) / 2)
    return Normalization(centre, scale, widest * scale if is_dot else pen)


def normalize_strokes(drawing: Drawing, size: float = 200.0, pen: float = 22.0) -> Drawing:
    """The same paths at the scale and with the pen that the network reads best.

    A small digit under a thick pen is a blob on the screen, yet its path is perfectly legible.
    Where the path is shorter than half the width of the pen (a dot), the proportions of the
    screen are kept, since there the pen itself is the shape.
    """
    return Drawing(normalization_for(drawing, size, pen).strokes(drawing.strokes))


def erase(drawing: Drawing, path: Iterable[Point], radius: float) -> Drawing:
    """The drawing without the parts of its paths that lie within `radius` of `path`.

    Strokes are cut exactly where they enter and leave the eraser's round tip. The same drawing
    (the identical object) is returned where the eraser touched nothing.
    """
    tips = np.asarray(list(path), dtype=float)
    kept: list[Stroke] = []
    touched = False
    (left, top), (right, bottom) = tips.min(axis=0) - radius, tips.max(axis=0) + radius
    for stroke in drawing.strokes:
        from_x, from_y, to_x, to_y = stroke.box
        if from_x > right or to_x < left or from_y > bottom or to_y < top:
            kept.append(stroke)
            continue
        pieces = _outside(np.asarray(stroke.points, dtype=float), tips, radius)
        if pieces is None:
            kept.append(stroke)
        else:
            touched = True
            kept += [replace(stroke, points=tuple(map(tuple, piece))) for piece in pieces]
    return Drawing(tuple(kept)) if touched else drawing


def strokes_near(
    drawing: Drawing, box: tuple[float, float, float, float], margin: float
) -> Drawing:
    """The parts of a drawing's strokes that lie in a box or at most `margin` beside it."""
    low, high = np.array(box[:2]) - margin, np.array(box[2:]) + margin
    parts: list[Stroke] = []
    for stroke in drawing.strokes:
        points = np.asarray(stroke.points)
        inside = np.asarray(((points >= low) & (points <= high)).all(axis=1))
        if len(points) > 1 and np.abs(np.diff(points, axis=0)).max() > margin / 2:
            inside[:] = True
        edges = [0, *(np.flatnonzero(np.diff(inside)) + 1), len(points)]
        for start, end in pairwise(edges):
            if inside[start]:
                parts.append(replace(stroke, points=stroke.points[start:end]))
    return Drawing(tuple(parts))


def _outside(points: np.ndarray, tips: np.ndarray, radius: float) -> list[np.ndarray] | None:
    """The pieces of a path farther than `radius` from the polyline `tips`; None if it is whole."""
    dense = _dense(points, spacing=1.0)
    inside = _distance(dense, tips) < radius
    if not inside.any():
        return None
    edges = np.flatnonzero(np.diff(inside)) + 1
    pieces = np.split(dense, edges)
    flags = [inside[start] for start in (0, *edges)]
    return [piece for piece, hit in zip(pieces, flags, strict=True) if not hit and len(piece) > 1]


def _dense(points: np.ndarray, spacing: float) -> np.ndarray:
    """The polyline through `points` with further points, no two more than `spacing` apart."""
    if len(points) == 1:
        return points
    steps = np.hypot(*np.diff(points, axis=0).T)
    counts = np.maximum(1, np.ceil(steps / spacing)).astype(int)
    part = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    along = ((np.arange(len(part)) - first) / counts[part])[:, None]
    return np.concatenate([points[part] + (points[part + 1] - points[part]) * along, points[-1:]])


def _distance(points: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Distance of each of n points to a polyline, (n,) float."""
    if len(tips) == 1:
        to_tip: np.ndarray = np.hypot(*(points - tips[0]).T)
        return to_tip
    start, step = tips[:-1], np.diff(tips, axis=0)
    length = np.maximum((step**2).sum(axis=1), 1e-12)
    along = np.clip(((points[:, None] - start) * step).sum(axis=2) / length, 0, 1)
    nearest = start + along[..., None] * step
    distances: np.ndarray = np.hypot(*np.moveaxis(points[:, None] - nearest, 2, 0))
    least: np.ndarray = distances.min(axis=1)
    return least


Writer = int | float | str | None


@dataclass(frozen=True)
class LabelledDrawing:
    """A drawing, the digit it is (None: no digit), and who drew it (None: unknown).

    `character` is what was meant by a drawing that is no digit, empty where that is unknown.
    """

    drawing: Drawing
    label: int | None
    writer: Writer = None
    character: str = ""


@dataclass(frozen=True)
class LabelledNumber:
    """A drawing of several digits, the digits in reading order, and who drew it (None: unknown)."""

    drawing: Drawing
    digits: str
    writer: Writer = None


def list_writers(drawings: Iterable[LabelledDrawing]) -> list[Writer]:
    """Everyone who drew them, once and in order; numbers and text are sorted apart."""
    return sorted({entry.writer for entry in drawings}, key=lambda w: (type(w).__name__, w))
