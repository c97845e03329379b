"""Printed lines on a level page of digits of any size: ruled lines, and the sides of cells."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.cleaning.lines import crossed, each_component

_LONG = 0.3
"""Of the page's width: printed lines are at least so long, and strokes of digits are shorter."""
_GAP = 0.01
"""Of the page's width: gaps in a printed line are smaller."""
_LEAST_CELL = 8
"""Pixels: cells are at least so high."""
_ROW_OF_CELLS = 1.4
"""Of the height of a cell: the lines of a row of two cells are longer, and digits are narrower."""
_SIDE = 0.9
"""Of the height of a cell: its sides are at least so long."""


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
