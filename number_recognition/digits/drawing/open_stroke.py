"""The stroke that is being drawn. Opens without NumPy."""

from __future__ import annotations

from number_recognition.digits.drawing.drawing import Drawing, Point, Stroke, clip_line
from number_recognition.digits.drawing.viewport import Box


class OpenStroke:
    """The points of a pen that is still down; where it leaves a box and returns, a part begins.

    Attributes:
        width: of the pen, in units of the pad.
        parts: the points inside the box, of each part in order.
    """

    def __init__(self, width: float) -> None:
        self.width = width
        self.parts: list[list[Point]] = []

    def __bool__(self) -> bool:
        return bool(self.parts)

    def extend(self, last: Point, point: Point, box: Box) -> tuple[Point, Point] | None:
        """Add a line; return what of it lies in the box, None for nothing."""
        inside = clip_line(last, point, box)
        if inside is None:
            return None
        start, end = inside
        if not self.parts or self.parts[-1][-1] != start:
            self.parts.append([start])
        if end != start:
            self.parts[-1].append(end)
        return inside

    @property
    def drawing(self) -> Drawing:
        """Its parts as strokes."""
        return Drawing(tuple(Stroke(tuple(part), self.width) for part in self.parts))
