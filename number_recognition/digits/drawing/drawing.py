"""What a drawing is: the strokes of a pen, and the steps that led to it. It knows no NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np

PAD = 280.0
"""The side of the pad, in units of its own; a drawing does not know the size of its window."""

DEFAULT_PEN = 18.0

NO_DIGIT = 10
"""The label of a sample that is no digit, and the number of the answer "no digit"."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """One path of the pen, from where it touched the pad to where it was lifted."""

    points: tuple[Point, ...]
    width: float = DEFAULT_PEN

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its points, the width of the pen left out."""
        xs, ys = zip(*self.points, strict=True)
        return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


@dataclass(frozen=True)
class Drawing:
    """Strokes on a square pad, x to the right and y downwards, in units of `PAD`."""

    strokes: tuple[Stroke, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.strokes)

    def with_stroke(self, stroke: Stroke) -> Drawing:
        """This drawing and one more stroke on top."""
        return Drawing((*self.strokes, stroke))

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the path, the width of the pen left out.

        Raises:
            ValueError: the drawing is empty.
        """
        if not self.strokes:
            raise ValueError("an empty drawing has no box")
        lefts, tops, rights, bottoms = zip(*(stroke.box for stroke in self.strokes), strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def mapped(self, change: Callable[[np.ndarray], np.ndarray], pen: float = 1.0) -> Drawing:
        """Every path through `change`, (n, 2) -> (n, 2), in order; pen widths times `pen`."""
        import numpy as np  # a pad on which nothing was drawn yet opens without it

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
        """The same paths, drawn with a pen of another width."""
        return Drawing(tuple(replace(stroke, width=width) for stroke in self.strokes))


def clip_line(start: Point, end: Point, side: float = PAD) -> tuple[Point, Point] | None:
    """The part of a straight line that lies on a square from (0, 0), its edges included, or None.

    Source: Y.-D. Liang, B. Barsky, "A new concept and method for line clipping", 1984.
    """
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        if step == 0:
            if not 0 <= start[axis] <= side:
                return None
            continue
        enters, leaves = sorted((-start[axis] / step, (side - start[axis]) / step))
        first, last = max(first, enters), min(last, leaves)
    if first > last:
        return None
    return _along(start, end, first, side), _along(start, end, last, side)


def _along(start: Point, end: Point, part: float, side: float) -> Point:
    """A point of a line; the ends are given exactly, and no rounding leads off the square."""
    if part in (0.0, 1.0):
        return end if part else start
    x, y = (a + part * (b - a) for a, b in zip(start, end, strict=True))
    return min(side, max(0.0, x)), min(side, max(0.0, y))


Page = TypeVar("Page")


@dataclass
class History(Generic[Page]):
    """A drawing, or whatever lies on the pad, with its past and, after undo, its future.

    The oldest steps are forgotten beyond `most`, and where what lies in the past is larger than
    `room` together, by whatever measure `size` has. The last step can always be taken back.
    """

    drawing: Page
    past: list[Page] = field(default_factory=list)
    future: list[Page] = field(default_factory=list)
    max_steps: int = 200
    max_size: int = 0
    size: Callable[[Page], int] = lambda page: 0

    def change(self, drawing: Page) -> None:
        """Go on to another drawing; what was undone can no longer be redone."""
        if drawing is not self.drawing:
            self.past.append(self.drawing)
            self._forget()
            self.future.clear()
            self.drawing = drawing

    def _forget(self) -> None:
        del self.past[: -self.max_steps]
        while len(self.past) > 1 and sum(map(self.size, self.past)) > self.max_size:
            del self.past[0]

    def undo(self) -> bool:
        """Go one change back; False where there is none."""
        return self._step(self.past, self.future)

    def redo(self) -> bool:
        """Go one undone change forward; False where there is none."""
        return self._step(self.future, self.past)

    def _step(self, source: list[Page], target: list[Page]) -> bool:
        if not source:
            return False
        target.append(self.drawing)
        self.drawing = source.pop()
        return True
