"""Dotted and dashed printed lines on a picture."""

from __future__ import annotations

import numpy as np

_DOT = 0.035
"""Of the longer side: the dots of a dotted line are no larger."""
_DOTS_APART = 0.06
"""Of the longer side: they are no further apart."""
_LEAST_DOTS = 8
"""In so many columns at least dots of a dotted line begin."""
_DOTTED = 0.4
"""Of the picture's side: a dotted line is at least so long."""


def find_dotted_lines(ink: np.ndarray) -> np.ndarray:
    """Dots and dashes that stand by themselves in long straight rows: (height, width) bool."""
    dots = _dots(ink)
    if not dots.any():
        return dots
    return np.asarray(_rows_of(dots) | _rows_of(np.ascontiguousarray(dots.T)).T)


def _dots(ink: np.ndarray) -> np.ndarray:
    """Connected ink that is no larger than a dot."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    small = stats[:, 2:4].max(1) <= max(3, _DOT * max(ink.shape))
    small[0] = False
    return np.asarray(small[labels])


def _rows_of(dots: np.ndarray) -> np.ndarray:
    """Those of the dots that stand in long rows from side to side."""
    import cv2

    height, width = dots.shape
    lean = max(1, round(height / 150))
    wide = cv2.dilate(dots.astype(np.uint8), np.ones((2 * lean + 1, 1), np.uint8))
    gap = max(3, round(_DOTS_APART * max(dots.shape)))
    joined = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    length = max(3, round(_DOTTED * width))
    rows = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, labels = cv2.connectedComponents(rows, connectivity=8)
    starts = dots & ~np.pad(dots, ((0, 0), (1, 0)))[:, :-1]
    dotted = _columns(labels, starts, count) >= _LEAST_DOTS
    dotted[0] = False
    return np.asarray(dotted[labels] & dots)


def _columns(labels: np.ndarray, mask: np.ndarray, count: int) -> np.ndarray:
    """In how many columns each of `count` labels has pixels of the mask."""
    width = labels.shape[1]
    places = np.unique(labels[mask].astype(np.int64) * width + np.nonzero(mask)[1])
    return np.bincount(places // width, minlength=count)
