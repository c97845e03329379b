"""Pages of many digits of any size, and their printed lines: ruled ones, and the sides of cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from number_recognition.digits.cleaning.components import have_shape_of_dots
from number_recognition.digits.cleaning.lines import crossed, each_component

_LONG = 0.3
"""Of the page's width: printed lines are at least so long, and strokes of digits are shorter."""
_SMALL = 0.15
"""Of the page's longer side: the digits of a page are no larger."""
_MANY = 12
"""A page has so many digits at least."""
_MOSTLY = 0.6
"""Of the ink without lines: so much is digits at least."""
_ALIKE = 2
"""The taller digits are at most so many times as high as the lower ones."""
_LARGE = 3
"""Times as high as the taller digits: no shape inside a page is as large."""
_GAP = 0.01
"""Of the page's width: gaps in a printed line are smaller."""
_LEAST_CELL = 8
"""Pixels: cells are at least so high."""
_ROW_OF_CELLS = 1.4
"""Of the height of a cell: the lines of a row of two cells are longer, and digits are narrower."""
_SIDE = 0.9
"""Of the height of a cell: its sides are at least so long, …"""
_SIDE_GAP = 0.06
"""… and gaps in them are smaller: digits do not come so near to the lines above and below."""


@dataclass(frozen=True)
class PageInk:
    """The ink of a page of many digits, each mask (height, width) bool.

    `lines` are the printed lines, `rest` is all other ink, and `digits` is what of it has the shape
    of a digit, ones among them.
    """

    lines: np.ndarray
    rest: np.ndarray
    digits: np.ndarray


def find_page_ink(ink: np.ndarray) -> PageInk | None:
    """The ink of a page, most of which is many small shapes of about one height; None elsewhere.

    Args:
        ink: (height, width) bool.
    """
    import cv2

    lines = find_page_lines(ink)
    rest = ink & ~lines
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8), connectivity=8)
    has_shape = ~have_shape_of_dots(stats) & (stats[:, 2:4].max(1) <= _SMALL * max(ink.shape))
    has_shape[0] = False  # the paper
    if np.count_nonzero(has_shape) < _MANY:
        return None
    low, high = np.percentile(stats[has_shape, 3], (25, 75))
    is_digit = has_shape | _are_ones(stats, low, high)
    inked = stats[:, 4]
    if high > _ALIKE * low or inked[is_digit].sum() < _MOSTLY * inked[1:].sum():
        return None
    if (_are_inside(stats, ink.shape) & (stats[:, 2:4].max(1) > _LARGE * high)).any():
        return None  # a digit among small print
    return PageInk(lines, rest, is_digit[labels])


def _are_inside(stats: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Which components touch no edge of the picture."""
    left, top, width, height = stats[:, :4].T
    return np.asarray(
        (left > 0) & (top > 0) & (left + width < shape[1]) & (top + height < shape[0])
    )


def _are_ones(stats: np.ndarray, low: float, high: float) -> np.ndarray:
    """Which components are upright and about as high as digits of these heights."""
    width, height = stats[:, 2], stats[:, 3]
    are_ones = (width <= height) & (height >= low / _ALIKE) & (height <= _ALIKE * high)
    are_ones[0] = False  # the paper
    return np.asarray(are_ones)


def find_page_lines(ink: np.ndarray) -> np.ndarray:
    """The printed lines among the ink, but where digits cross them: (height, width) bool.

    Args:
        ink: (height, width) bool.
    """
    gap, length = max(1, round(_GAP * ink.shape[1])), max(3, round(_LONG * ink.shape[1]))
    across = _runs(ink, length, gap)
    height = _cell_height(across)
    if height is not None and _ROW_OF_CELLS * height < length:
        across = _runs(ink, round(_ROW_OF_CELLS * height), gap)
    found = np.zeros_like(ink)
    for line in each_component(across):
        found |= line & ~crossed(line, ink)
    if height is not None:
        upright = np.ascontiguousarray((ink & ~found | across).T)
        gap = max(1, min(gap, round(_SIDE_GAP * height)))
        for side in each_component(_runs(upright, max(3, round(_SIDE * height)), gap)):
            found |= (side & ~crossed(side, upright & ~across.T)).T
    return np.asarray(found & ink)


def _runs(ink: np.ndarray, length: int, gap: int) -> np.ndarray:
    """Ink in horizontal runs of a length that lean by no more than a pixel or so."""
    import cv2

    wide = cv2.dilate(ink.astype(np.uint8), np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.asarray((runs > 0) & ink)


def _cell_height(across: np.ndarray) -> int | None:
    """The distance between two horizontal lines, the paper between cells aside; None: no two."""
    rows = np.flatnonzero(across.sum(axis=1) > _LONG / 2 * across.shape[1])
    distances = np.diff(rows)
    distances = np.sort(distances[distances >= _LEAST_CELL])
    if not len(distances):
        return None
    large = distances[distances >= distances[-1] / 2]
    return int(large[len(large) // 2])
