"""Parts of a drawing or an image that belong to one digit each, and the lines they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

Content = TypeVar("Content")


_COMMON = 0.25
"""Lines beside each other have so much of the lower one's height in common at least."""
_ABOVE = 0.2
"""Parts are above each other where they have more of the narrower one's width in common, …"""
_CROSSING = 0.5
"""… but less of the lower one's height."""


@dataclass(frozen=True)
class Part(Generic[Content]):
    """A part of what was written that is never divided further: a stroke, or a piece of ink.

    `box` is where it lies, `content` the part itself.
    """

    box: Box
    content: Content

    @property
    def center(self) -> tuple[float, float]:
        """The middle of its box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all boxes, at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def height(box: Box) -> float:
    """The height of a box."""
    return box[3] - box[1]


def split_lines(parts: Sequence[Part[Content]]) -> list[list[Part[Content]]]:
    """Parts in reading order: lines from top to bottom, in each the parts from left to right.

    A part belongs to the line that it overlaps for more than half of the lower height of the two.
    Lines that stand side by side are one. Small parts, a dot or a bar, belong to the line whose
    middle is nearest.
    """
    if not parts:
        return []
    tallest = max(height(part.box) for part in parts)
    if not tallest:  # dots and bars alone
        return [from_left_to_right(parts)]
    lines: list[list[Part[Content]]] = []
    tall = [part for part in parts if height(part.box) > tallest / 3]
    for part in sorted(tall, key=lambda part: part.center[1]):
        line = max(lines, key=lambda line: _overlap(part, line), default=None)
        if line is not None and _overlap(part, line) > 1 / 2:
            line.append(part)
        else:
            lines.append([part])
    lines = _joined(lines)
    for part in parts:
        if height(part.box) <= tallest / 3:
            min(lines, key=lambda line: _distance(part, line)).append(part)
    lines.sort(key=lambda line: _middle(line))
    return [from_left_to_right(line) for line in lines]


def _joined(lines: list[list[Part[Content]]]) -> list[list[Part[Content]]]:
    """The lines with those that stand beside each other as one: digits may be small and low."""
    joined: list[list[Part[Content]]] = []
    for line in sorted(lines, key=_middle):
        if joined and _are_side_by_side(joined[-1], line):
            joined[-1] = [*joined[-1], *line]
        else:
            joined.append(line)
    return joined


def _are_side_by_side(upper: Sequence[Part[Content]], lower: Sequence[Part[Content]]) -> bool:
    """Whether lines have some height in common, and no part of one is above one of the other."""
    above, below = (union([part.box for part in line]) for line in (upper, lower))
    common = min(above[3], below[3]) - max(above[1], below[1])
    if common < _COMMON * min(height(above), height(below)):
        return False
    return not any(is_above(part.box, other.box) for part in upper for other in lower)


def is_above(box: Box, other: Box) -> bool:
    """Whether one box is above the other; not where they cross like the strokes of one digit."""
    across, down = (
        min(box[end], other[end]) - max(box[start], other[start]) for start, end in ((0, 2), (1, 3))
    )
    narrower = min(box[2] - box[0], other[2] - other[0])
    return across > _ABOVE * narrower and down < _CROSSING * min(height(box), height(other))


def from_left_to_right(parts: Sequence[Part[Content]]) -> list[Part[Content]]:
    """Parts in the order of their middles."""
    return sorted(parts, key=lambda part: (part.center[0], part.box[0]))


def _middle(line: Sequence[Part[Content]]) -> float:
    _, top, _, bottom = union([part.box for part in line])
    return (top + bottom) / 2


def _overlap(part: Part[Content], line: Sequence[Part[Content]]) -> float:
    """How much of the lower height of a part and a line both have."""
    tops, bottoms = zip(*((other.box[1], other.box[3]) for other in line), strict=True)
    top, bottom = sum(tops) / len(tops), sum(bottoms) / len(bottoms)
    common = min(part.box[3], bottom) - max(part.box[1], top)
    share: float = common / max(1e-6, min(height(part.box), bottom - top))
    return share


def _distance(part: Part[Content], line: Sequence[Part[Content]]) -> float:
    """From the part's middle to the nearest box of a line, in both directions."""
    x, y = part.center
    return min(
        max(left - x, x - right, 0.0) + max(top - y, y - bottom, 0.0)
        for left, top, right, bottom in (other.box for other in line)
    )
