"""Places at which one stroke may go from one digit to the next, the pen not lifted between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from number_recognition.digits.drawing.drawing import Stroke

_CUT_FROM = 0.9
"""A stroke at least this wide by its height may be several digits."""
_FLAT = 6.0
"""A stroke wider than this by its height is a line or a bar."""
_SPACING = 1 / 40
"""Distance of the points that are looked at, by the height of the stroke, as all that follows."""
_OVERLAP = 0.12
"""What is left of a cut may reach this far beyond what is right of it."""
_APART = 0.3
"""Length of the path between two cuts, and before the first and after the last, at least."""
_MOST_CUTS = 15
_CONNECTION = (2.5, 0.25)
"""The longest and the shortest way between two digits."""
_STRAIGHT = 0.985
"""The ends of a straight way are at least this far apart, by its length."""
_STEEP = 0.5
"""A way down that goes less than this to the right, by how far it goes down, is steep."""

Span = tuple[int, int]
"""The first and the last point of a way."""


@dataclass(frozen=True)
class Piece:
    """A piece of a stroke; a connection may lead from one digit to the next and be of neither."""

    stroke: Stroke
    is_connection: bool = False


def cut_stroke(stroke: Stroke) -> list[Piece]:
    """Return a stroke in pieces between its possible cuts; the stroke itself where there are none.

    A stroke is cut where all that was drawn before lies to the left of all that is drawn after, but
    for a small overlap: in the middle of such a way, at its ends, and where it turns up or down. It
    is cut at both ends of a straight way, too, where this holds for what is before and after it.
    """
    left, top, right, bottom = stroke.box
    height = bottom - top
    is_wide = _CUT_FROM * height <= right - left <= _FLAT * height
    if not height or not is_wide or len(stroke.points) < 3:
        return [Piece(stroke)]
    points = _resampled(np.asarray(stroke.points, float) / height, _SPACING)
    x = points[:, 0]
    rightmost = np.maximum.accumulate(x)
    leftmost = np.minimum.accumulate(x[::-1])[::-1]
    connections = _connections(points, rightmost, leftmost)
    candidates = _candidates(points, rightmost - leftmost <= _OVERLAP)
    cuts = _chosen(candidates, connections, len(points))
    if not cuts:
        return [Piece(stroke)]
    return [
        Piece(
            replace(stroke, points=tuple(map(tuple, (points[start : end + 1] * height).tolist()))),
            (start, end) in connections,
        )
        for start, end in pairwise([0, *cuts, len(points) - 1])
    ]


def _connections(points: np.ndarray, rightmost: np.ndarray, leftmost: np.ndarray) -> list[Span]:
    """The straight ways from what lies to the left to what lies to the right, the longest first.

    Args:
        points: (n, 2), `_SPACING` apart.
        rightmost: the right end of all points up to each, (n,).
        leftmost: the left end of all points from each on, (n,).
    """
    apart = round(_APART / _SPACING)
    x, y = np.ascontiguousarray(points.T)
    found: list[Span] = []
    longest, shortest = (round(length / _SPACING) for length in _CONNECTION)
    for length in range(min(longest, len(points) - 2 * apart - 1), shortest - 1, -1):
        starts, ends = slice(apart, len(points) - apart - length), slice(apart + length, -apart)
        is_one = rightmost[starts] - leftmost[ends] <= _OVERLAP
        if not is_one.any():
            break  # nor is there a shorter one
        for way in found:
            is_one[_overlapping(way, length, apart)] = False
        if not is_one.any():
            continue
        across, down = x[ends] - x[starts], y[ends] - y[starts]
        straightness = np.hypot(across, down) / (length * _SPACING)
        is_one &= straightness >= _STRAIGHT
        is_one &= across >= _STEEP * down  # a steep way down is part of a digit
        while is_one.any():
            start = apart + int(np.where(is_one, straightness, 0).argmax())
            found.append((start, start + length))
            is_one[_overlapping(found[-1], length, apart)] = False
    return found


def _overlapping(way: Span, length: int, apart: int) -> slice:
    """Which ways of a length have points in common with a way; the first starts at `apart`."""
    first, last = way
    return slice(max(0, first - length + 1 - apart), max(0, last - apart))


def _resampled(points: np.ndarray, spacing: float) -> np.ndarray:
    """Points at equal distances along a path."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(2, round(along[-1] / spacing) + 1)
    at = np.linspace(0, along[-1], count)
    return np.column_stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)])


def _candidates(points: np.ndarray, is_free: np.ndarray) -> list[int]:
    """Where to cut, the best places first: middles, then turns, then ends of free ways."""
    changes = np.flatnonzero(np.diff(is_free)) + 1
    edges = [0, *changes.tolist(), len(points)]
    middles, turns, ends = [], [], []
    y = points[:, 1]
    for start, end in pairwise(edges):
        if not is_free[start]:
            continue
        middles.append((start + end - 1) // 2)
        ends += [start, end - 1]
        inside = np.sign(np.diff(y[start:end]))
        turns += (np.flatnonzero(np.diff(inside)) + start + 1).tolist()
    return [*turns, *middles, *ends]


def _chosen(candidates: list[int], connections: list[Span], count: int) -> list[int]:
    """The ends of connections, and the candidates that are far enough from others, in order."""
    apart = round(_APART / _SPACING)
    chosen = list(dict.fromkeys(edge for way in connections for edge in way))
    for cut in candidates:
        is_inside = apart <= cut < count - apart
        is_in_connection = any(start < cut < end for start, end in connections)
        if is_inside and not is_in_connection and all(abs(cut - i) >= apart for i in chosen):
            chosen.append(cut)
    return sorted(chosen[:_MOST_CUTS])
