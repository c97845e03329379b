"""What is on a picture and no ink of its digit: boxes, ruled lines, bars, cut-off neighbours."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.cleaning.components import main_component
from number_recognition.digits.cleaning.lines import find_lines

_EDGE = 0.04
"""Of the picture's side: a part so near its edge is cut off there."""
_WHOLE = 0.6
"""Of the size of the largest digit: what is as large may be a whole digit."""
_FLAT = 0.15
"""Of the picture's side: what is no further from its edge lies flat along it."""
_SPANS = 0.8
"""Of the picture's other side: so long is the side of a box that is near the edge at least."""
_APART = 0.1
"""Of the digit's size: a speck is at least this far away."""
_SMALL = 0.04
"""Of the digit's ink: a component with less that stands apart is a speck."""


def find_clutter(ink: np.ndarray) -> np.ndarray:
    """Where there is ink that is none of the digit's: (height, width) bool.

    Args:
        ink: (height, width) bool.
    """
    lines = find_lines(ink)
    return np.asarray(lines | _find_loose_parts(ink & ~lines, lines))


def _find_loose_parts(ink: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """What stands apart from the digit: cut off by the picture's edge, or a speck."""
    import cv2

    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        ink.astype(np.uint8), connectivity=8
    )
    main = main_component(stats, centres, ink.shape)
    loose = np.zeros(count, bool)
    if main is None:
        return np.zeros_like(ink)
    beside = cv2.dilate(lines.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    cut_off = np.bincount(labels[beside], minlength=count) > 0
    # A 1 near the edge may be as long as a side; one that stands alone runs through the picture.
    loose[main] = _is_side(stats[main], ink.shape, _SPANS if count > 2 else 1.0)
    for i in range(1, count):
        loose[i] |= i != main and _is_loose(stats[i], stats[main], ink.shape, bool(cut_off[i]))
    return np.asarray(loose[labels] & ink)


def _is_loose(part: np.ndarray, digit: np.ndarray, shape: tuple[int, ...], cut_off: bool) -> bool:
    """Whether a part beside the digit is none of it; `cut_off`: a printed line touches it."""
    aside = max(digit[0] - part[0] - part[2], part[0] - digit[0] - digit[2])
    above = max(digit[1] - part[1] - part[3], part[1] - digit[1] - digit[3])
    # A whole digit near the edge is the next of a number; a part of one may end just before it.
    is_part = cut_off or max(part[2:4]) < _WHOLE * max(digit[2:4])
    near = _EDGE * min(shape) if is_part else 0
    if _to_edge(part, shape) <= (near if _to_edge(digit, shape) > near else 0):
        return bool(max(aside, above) >= 0)
    apart = max(aside / digit[2], above / digit[3])
    return bool(part[4] < _SMALL * digit[4] and max(aside, above) > 0 and apart > _APART)


def _is_side(part: np.ndarray, shape: tuple[int, ...], spans_part: float) -> bool:
    """Whether a part lies flat along an edge of the picture: the side of a box, cut off there.

    `spans_part`: it is at least so long, as a part of the picture, where it touches no edge.
    """
    for side in (0, 1):
        first, length, size = part[side], part[2 + side], shape[1 - side]
        depth = min(first, size - first - length) + length
        touches = depth - length <= 1 and depth <= _FLAT * size
        spans = part[3 - side] >= spans_part * shape[side] and depth <= _FLAT * size
        if touches or spans:
            return True
    return False


def _to_edge(part: np.ndarray, shape: tuple[int, ...]) -> int:
    """How far a part is from the nearest edge of the picture."""
    left, top, width, height = part[:4]
    return int(min(left, top, shape[1] - left - width, shape[0] - top - height))
