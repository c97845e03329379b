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
_SHARE = 0.8
"""Of a component: a line that is more of it is alone."""
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
    if digit is None or _is_digit(across, rest) or _is_digit(down.T, rest.T):
        several = across.any() and down.any() and digit is None
        return (across | down) if several else np.zeros_like(ink)
    left, top, right, bottom = digit
    lines = _longer_than(across, left, right) + [
        line.T for line in _longer_than(np.ascontiguousarray(down.T), top, bottom)
    ]
    lines = [line for line in lines if len(lines) > 2 or not _is_stroke(line, ink)]
    printed = np.logical_or.reduce([np.zeros_like(ink), *lines])
    rest = ink & ~printed
    crossed = _bridged(rest, across & printed, 1) | _bridged(rest, down & printed, 0)
    return np.asarray(printed & ~crossed)


def _is_digit(runs: np.ndarray, rest: np.ndarray) -> bool:
    """Whether one horizontal run near the middle outweighs all that is no run: a one, lying."""
    middle = runs[len(runs) // 4 : -len(runs) // 4]
    return bool(middle.sum() > 2 * rest.sum() and middle.sum() > 0.9 * runs.sum())


def _is_stroke(line: np.ndarray, ink: np.ndarray) -> bool:
    """Whether a line is joined to other ink and ends within the picture, as a digit's base does."""
    import cv2

    rows, columns = np.flatnonzero(line.any(1)), np.flatnonzero(line.any(0))
    across = len(columns) > len(rows)
    along, length = (columns, line.shape[1]) if across else (rows, line.shape[0])
    if along[0] <= 2 and along[-1] >= length - 3:
        return False
    _, labels = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)
    whole = np.isin(labels, np.unique(labels[line])) & ink
    return bool(line.sum() < _SHARE * whole.sum())


def _runs(ink: np.ndarray) -> np.ndarray:
    """Ink in long horizontal runs, dotted and leaning ones too."""
    import cv2

    height, width = ink.shape
    lean = max(1, round(height / 150))
    wide = cv2.dilate(ink.astype(np.uint8), np.ones((2 * lean + 1, 1), np.uint8))
    gap = max(1, round(_GAPS * width))
    joined = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    length = max(3, round(_LONG * width))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.asarray((runs > 0) & ink)


def _longer_than(runs: np.ndarray, start: int, stop: int) -> list[np.ndarray]:
    """Each of the horizontal runs that reach beyond columns `start` to `stop` on both sides."""
    import cv2

    height, width = runs.shape
    gap = max(1, round(_GAPS * width))
    joined = cv2.morphologyEx(runs.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, gap), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    lines = []
    for i in range(1, count):
        first, top, length, thickness, _ = stats[i]
        at_edge = top == 0 or top + thickness == height
        beyond = min(start - first, first + length - stop) >= _BEYOND * width
        if beyond and (thickness <= _THICK * height or at_edge):
            lines.append((labels == i) & runs)
    return lines


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
