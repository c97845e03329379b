"""Drawings as strokes of a pen. Opens without NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PAD = 280.0
"""The side of the square pad, in units that do not depend on the size of the window.

A pad that is wider than high shows more to the left, below 0, and to the right (see `viewport`)."""

DEFAULT_PEN = 18.0

NO_DIGIT = 10
"""The label of samples that are not a digit, and the index of that network output."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """One path of the pen, from pen down to pen up."""

    points: tuple[Point, ...]
    width: float = DEFAULT_PEN

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its points, without the width of the pen."""
        xs, ys = zip(*self.points, strict=True)
        return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


@dataclass(frozen=True)
class Drawing:
    """Strokes on a square pad, x to the right and y downwards, in units of `PAD`."""

    strokes: tuple[Stroke, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.strokes)

    def with_stroke(self, stroke: Stroke) -> Drawing:
        """Return this drawing with one more stroke."""
        return Drawing((*self.strokes, stroke))

    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of its points, without the width of the pen.

        Raises:
            ValueError: the drawing is empty.
        """
        if not self.strokes:
            raise ValueError("an empty drawing has no box")
        lefts, tops, rights, bottoms = zip(*(stroke.box for stroke in self.strokes), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def mapped(self, change: Callable[[np.ndarray], np.ndarray], pen: float = 1.0) -> Drawing:
        """Apply `change`, (n, 2) -> (n, 2), to each path in order; multiply pen widths by `pen`."""
        import numpy as np  # the window opens faster without it

        return Drawing(
            tuple(
                Stroke(
                    tuple(map(tuple, change(np.asarray(stroke.points, dtype=float)).tolist())),
                    stroke.width * pen,
                )
                for stroke in self.strokes
            )
        )

    def with_pen(self, width: float) -> Drawing:
        """Return the same paths with another pen width."""
        return Drawing(tuple(replace(stroke, width=width) for stroke in self.strokes))


def clip_line(
    start: Point, end: Point, box: tuple[float, float, float, float] = (0.0, 0.0, PAD, PAD)
) -> tuple[Point, Point] | None:
    """Clip a line segment to a box, edges included; None where it is outside.

    Source: Y.-D. Liang, B. Barsky, "A new concept and method for line clipping", 1984.
    """
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        low, high = box[axis], box[axis + 2]
        if step == 0:
            if not low <= start[axis] <= high:
                return None
            continue
        enters, leaves = sorted(((low - start[axis]) / step, (high - start[axis]) / step))
        first, last = max(first, enters), min(last, leaves)
    if first > last:
        return None
    return _point_at(start, end, first, box), _point_at(start, end, last, box)


def _point_at(
    start: Point, end: Point, part: float, box: tuple[float, float, float, float]
) -> Point:
    """The point at a part of a segment; exact at its ends, and never rounded out of the box."""
    if part in (0.0, 1.0):
        return end if part else start
    left, top, right, bottom = box
    x, y = (a + part * (b - a) for a, b in zip(start, end, strict=True))
    return min(right, max(left, x)), min(bottom, max(top, y))
