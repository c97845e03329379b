"""Strokes of drawings: labelled, scaled, normalized and erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from number_recognition.digits.drawing.drawing import PAD, Drawing, Point, Stroke


def fit_to_canvas(drawing: Drawing, size: float, pen: float, position: str = "middle") -> Drawing:
    """Scale a drawing so that its longer side, pen included, is `size` units of the pad.

    Args:
        drawing: the drawing; its aspect ratio is preserved.
        size: the longer side of the result, in units of the pad.
        pen: the pen width of the result, in the same units, less than `size`.
        position: "middle" of the pad, or its upper left "corner".

    Raises:
        ValueError: the drawing is empty, the pen too wide, or the position unknown.
    """
    if not 0 < pen < size:
        raise ValueError(f"expected a pen width between 0 and the size {size:g}, found {pen:g}")
    if position not in ("middle", "corner"):
        raise ValueError(f"expected the position 'middle' or 'corner', found {position!r}")
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top)
    scale = (size - pen) / extent if extent else 1.0
    width, height = (right - left) * scale + pen, (bottom - top) * scale + pen
    if position == "corner":
        margin = PAD / 40
        corner = np.array([margin, margin])
    else:
        corner = np.array([(PAD - width) / 2, (PAD - height) / 2])
    offset = corner + pen / 2 - np.array([left, top]) * scale
    return drawing.mapped(lambda points: points * scale + offset).with_pen(pen)


def move_into_square(drawing: Drawing) -> Drawing:
    """Return a drawing moved into the square pad, and made smaller where it is larger.

    The identical object is returned where it lies in the square.
    """
    left, top, right, bottom = drawing.box() if drawing else (0.0, 0.0, PAD, PAD)
    if min(left, top) >= 0 and max(right, bottom) <= PAD:
        return drawing
    scale = min(1.0, PAD / max(right - left, bottom - top))
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    reach = np.array([right - left, bottom - top]) * scale / 2
    target = np.clip(middle, reach, PAD - reach)
    return drawing.mapped(lambda points: (points - middle) * scale + target, scale)


@dataclass(frozen=True)
class Normalization:
    """The scale and pen width that a drawing is normalized to.

    Attributes:
        centre: the point of the drawing that comes to the middle of the pad.
        scale: the factor of its size.
        pen: the pen width of the result, in units of the pad.
    """

    centre: Point
    scale: float
    pen: float

    def apply(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        """Return normalized strokes."""
        scaled = Drawing(strokes).mapped(
            lambda points: (points - self.centre) * self.scale + PAD / 2
        )
        return scaled.with_pen(self.pen).strokes


def normalization_for(drawing: Drawing, size: float = 200.0, pen: float = 22.0) -> Normalization:
    """Return the normalization that `normalize_strokes` applies to a drawing.

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
    """Return a drawing at the scale and with the pen width that the network reads best.

    A small digit drawn with a thick pen is a blob on the screen, yet its path is legible. A path
    shorter than half the pen width (a dot) is scaled together with the pen: there the pen itself
    is the shape.
    """
    return Drawing(normalization_for(drawing, size, pen).apply(drawing.strokes))


def erase(drawing: Drawing, path: Iterable[Point], radius: float) -> Drawing:
    """Return a drawing without the parts of its paths that lie within `radius` of `path`.

    Strokes are cut where they enter and leave the eraser's round tip. The identical object is
    returned where the eraser touched nothing.
    """
    tips = np.asarray(list(path), dtype=float)
    strokes: list[Stroke] = []
    was_touched = False
    (left, top), (right, bottom) = tips.min(axis=0) - radius, tips.max(axis=0) + radius
    for stroke in drawing.strokes:
        from_x, from_y, to_x, to_y = stroke.box
        if from_x > right or to_x < left or from_y > bottom or to_y < top:
            strokes.append(stroke)
            continue
        pieces = _outside(np.asarray(stroke.points, dtype=float), tips, radius)
        if pieces is None:
            strokes.append(stroke)
        else:
            was_touched = True
            strokes += [replace(stroke, points=tuple(map(tuple, piece))) for piece in pieces]
    return Drawing(tuple(strokes)) if was_touched else drawing


def strokes_near(
    drawing: Drawing, box: tuple[float, float, float, float], margin: float
) -> Drawing:
    """Return the parts of a drawing's strokes inside a box or at most `margin` outside it."""
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
    """The parts of a path farther than `radius` from the polyline `tips`; None for all of it."""
    dense = dense_points(points, spacing=1.0)
    inside = distance_to_path(dense, tips) < radius
    if not inside.any():
        return None
    edges = np.flatnonzero(np.diff(inside)) + 1
    pieces = np.split(dense, edges)
    flags = [inside[start] for start in (0, *edges)]
    return [piece for piece, hit in zip(pieces, flags, strict=True) if not hit and len(piece) > 1]


def dense_points(points: np.ndarray, spacing: float) -> np.ndarray:
    """Return the polyline through points (n, 2) with points added, none over `spacing` apart."""
    if len(points) == 1:
        return points
    steps = np.hypot(*np.diff(points, axis=0).T)
    counts = np.maximum(1, np.ceil(steps / spacing)).astype(int)
    part = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    along = ((np.arange(len(part)) - first) / counts[part])[:, None]
    return np.concatenate([points[part] + (points[part + 1] - points[part]) * along, points[-1:]])


def distance_to_path(points: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Return the distance of each of n points (n, 2) to a polyline (m, 2), as (n,) float."""
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
    """A drawing with its label and writer.

    Attributes:
        drawing: the strokes.
        label: the digit; None: not a digit.
        writer: who drew it; None: unknown.
        character: the character that a drawing is that is not a digit; empty: unknown.
    """

    drawing: Drawing
    label: int | None
    writer: Writer = None
    character: str = field(default="", compare=False)


@dataclass(frozen=True)
class LabelledNumber:
    """A drawing of several digits, the digits in reading order, and who drew it (None: unknown)."""

    drawing: Drawing
    digits: str
    writer: Writer = None


def list_writers(drawings: Iterable[LabelledDrawing]) -> list[Writer]:
    """Return the writers of drawings, each once, sorted; numbers and text are sorted apart."""
    return sorted({drawing.writer for drawing in drawings}, key=lambda w: (type(w).__name__, w))
