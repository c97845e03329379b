"""What is on a picture and no ink of its digit: boxes, ruled lines, bars, cut-off neighbours."""

from __future__ import annotations

import numpy as np

_LONG = 0.55
"""Of the picture's side: straight runs of ink at least this long may be printed lines."""
_STEPS = 40
"""A line may lean by one of so many steps of the picture's height, and is then still found."""
_GAPS = 0.04
"""Of the picture's side: the gaps of a dotted line are smaller."""
_BEYOND = 0.02
"""Of the picture's side: a printed line is longer than the digit by this much on both sides."""
_THICK = 0.2
"""Of the picture's side: what is thicker is no printed line."""
_LEAST_DIGIT = 0.12
"""Of the shorter side: what is smaller in both directions is no digit."""
_SMALL = 0.04
"""Of the digit's ink: a component with less that stands apart is a speck."""


def may_have_clutter(ink: np.ndarray) -> bool:
    """Whether ink touches the picture's edge or runs straight through most of it.

    Args:
        ink: (height, width) bool.
    """
    if ink[[0, -1]].any() or ink[:, [0, -1]].any():
        return True
    return _longest_cover(ink) >= _LONG or _longest_cover(ink.T) >= _LONG


def _longest_cover(ink: np.ndarray) -> float:
    """How much of the width ink covers in the fullest band of rows, from 0 to 1."""
    starts = np.unique(np.arange(_STEPS) * len(ink) // _STEPS)
    bands: np.ndarray = np.logical_or.reduceat(ink, starts, axis=0)
    return float(bands.mean(1).max())


def find_clutter(ink: np.ndarray) -> np.ndarray:
    """Where there is ink that is none of the digit's: (height, width) bool.

    Args:
        ink: (height, width) bool.
    """
    lines = _find_lines(ink)
    digit_and_rest = ink & ~lines
    return lines | _find_loose_parts(digit_and_rest)


def _find_lines(ink: np.ndarray) -> np.ndarray:
    """The printed lines among the ink, but where the digit crosses them."""
    across, down = _runs(ink), _runs(np.ascontiguousarray(ink.T)).T
    rest = ink & ~(across | down)
    digit = main_part(rest)
    if digit is None:
        several = across.any() and down.any()
        return (across | down) if several else np.zeros_like(ink)
    left, top, right, bottom = digit
    lines = _longer_than(across, left, right, ink) | _longer_than(down.T, top, bottom, ink.T).T
    rest = ink & ~lines
    crossed = _bridged(rest, across & lines, 1) | _bridged(rest, down & lines, 0)
    return np.asarray(lines & ~crossed)


def _runs(ink: np.ndarray) -> np.ndarray:
    """Ink in long horizontal runs, dotted and leaning ones too."""
    import cv2

    height, width = ink.shape
    lean = max(1, round(height / 150))
    wide = cv2.dilate(ink.astype(np.uint8), np.ones((2 * lean + 1, 1), np.uint8))
    gap = max(1, round(_GAPS * width))
    joined = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    length = max(3, round(_LONG * width))
    padded = cv2.copyMakeBorder(joined, 0, 0, 0, 0, cv2.BORDER_CONSTANT, value=0)
    runs = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.asarray((runs > 0) & ink)


def _longer_than(runs: np.ndarray, start: int, stop: int, ink: np.ndarray) -> np.ndarray:
    """The horizontal runs that reach beyond columns `start` to `stop` on both sides."""
    import cv2

    height, width = runs.shape
    gap = max(1, round(_GAPS * width))
    joined = cv2.morphologyEx(runs.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, gap), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    beyond = _BEYOND * width
    kept = np.zeros(count, bool)
    for i in range(1, count):
        left, top, long, thick, _ = stats[i]
        at_edge = top == 0 or top + thick == height
        first, last = left, left + long
        reaches = (first <= start - beyond or first == 0) and (
            last >= stop + beyond or last == width
        )
        kept[i] = reaches and (thick <= _THICK * height or at_edge)
    return np.asarray(kept[labels] & runs)


def _bridged(rest: np.ndarray, lines: np.ndarray, axis: int) -> np.ndarray:
    """Parts of lines with ink of the rest on both sides: the digit crosses there."""
    import cv2

    if not lines.any():
        return lines
    along = lines if axis == 1 else lines.T
    thickness = _thickness(along)
    reach = 2 * (thickness + 2) + 1
    shape = (reach, 3) if axis == 1 else (3, reach)
    padded = cv2.copyMakeBorder(
        rest.astype(np.uint8), reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0
    )
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones(shape, np.uint8))
    return np.asarray((closed[reach:-reach, reach:-reach] > 0) & lines)


def _thickness(lines: np.ndarray) -> int:
    """How thick horizontal lines mostly are, in pixels."""
    changes = np.abs(np.diff(np.pad(lines, ((1, 1), (0, 0))).astype(np.int8), axis=0)).sum()
    return max(1, round(2 * lines.sum() / max(1, changes)))


def main_part(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the component with the most ink near the middle.

    None where no component is as large as a digit.
    """
    import cv2

    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    i = _main_component(stats, centres, ink.shape)
    if i is None:
        return None
    left, top, width, height, _ = stats[i]
    return int(left), int(top), int(left + width), int(top + height)


def _main_component(stats: np.ndarray, centres: np.ndarray, shape: tuple[int, ...]) -> int | None:
    """The number of the component with the most ink, counted less towards the edges."""
    least = _LEAST_DIGIT * min(shape)
    middle = np.array(shape[::-1]) / 2
    best, best_weight = None, 0.0
    for i in range(1, len(stats)):
        if max(stats[i][2:4]) < least:
            continue
        distance = np.abs((centres[i] - middle) / middle).max()
        weight = stats[i][4] * max(0.05, 1.1 - distance)
        if weight > best_weight:
            best, best_weight = i, weight
    return best


def _find_loose_parts(ink: np.ndarray) -> np.ndarray:
    """What stands apart from the digit: cut off by the picture's edge, or a speck."""
    import cv2

    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        ink.astype(np.uint8), connectivity=8
    )
    main = _main_component(stats, centres, ink.shape)
    loose = np.zeros(count, bool)
    if main is None:
        return np.zeros_like(ink)
    for i in range(1, count):
        loose[i] = i != main and _is_loose(stats[i], stats[main], ink.shape)
    return np.asarray(loose[labels] & ink)


def _is_loose(part: np.ndarray, digit: np.ndarray, shape: tuple[int, ...]) -> bool:
    """Whether a part beside the digit is none of it."""
    height, width = shape
    left, top, right, bottom = part[0], part[1], part[0] + part[2], part[1] + part[3]
    aside = max(digit[0] - right, left - (digit[0] + digit[2]))
    above = max(digit[1] - bottom, top - (digit[1] + digit[3]))
    if left == 0 or top == 0 or right == width or bottom == height:
        return bool(max(aside, above) >= 0)
    apart = max(aside / max(1, digit[2]), above / digit[3])
    return bool(part[4] < _SMALL * digit[4] and max(aside, above) > 0 and apart > 0.1)
