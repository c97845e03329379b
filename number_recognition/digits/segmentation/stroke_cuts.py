"""Places at which one stroke may go from one digit to the next, the pen not lifted between them."""

from __future__ import annotations

from dataclasses import replace
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
_MOST_CUTS = 11


def cut_stroke(stroke: Stroke) -> list[Stroke]:
    """Return a stroke in pieces between its possible cuts; the stroke itself where there are none.

    A stroke is cut where all that was drawn before lies to the left of all that is drawn after, but
    for a small overlap: in the middle of such a way, at its ends, and where it turns up or down.
    """
    left, top, right, bottom = stroke.box
    height = bottom - top
    is_wide = _CUT_FROM * height <= right - left <= _FLAT * height
    if not height or not is_wide or len(stroke.points) < 3:
        return [stroke]
    points = _resampled(np.asarray(stroke.points, float), _SPACING * height)
    x = points[:, 0]
    rightmost = np.maximum.accumulate(x)
    leftmost = np.minimum.accumulate(x[::-1])[::-1]
    is_free = rightmost - leftmost <= _OVERLAP * height
    cuts = _chosen(_candidates(points, is_free), len(points))
    edges = [0, *cuts, len(points) - 1]
    return (
        [
            replace(stroke, points=tuple(map(tuple, points[start : end + 1].tolist())))
            for start, end in pairwise(edges)
        ]
        if cuts
        else [stroke]
    )


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


def _chosen(candidates: list[int], count: int) -> list[int]:
    """The candidates that are far enough apart, from first to last."""
    apart = round(_APART / _SPACING)
    chosen: list[int] = []
    for cut in candidates:
        is_inside = apart <= cut < count - apart
        if is_inside and all(abs(cut - other) >= apart for other in chosen):
            chosen.append(cut)
    return sorted(chosen[:_MOST_CUTS])
