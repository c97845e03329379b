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
_SHARE = 0.95
"""Of a component: a line that is more of it is alone."""
_NEAR = 3
"""What is so many pixels from an edge is at it."""
_EDGE = 0.04
"""Of the picture's side: a part so near its edge is cut off there."""
_THICK_LINE = 0.045
"""Of the picture's side: a line through the picture that is thicker is no ruled line."""
_THICK = 0.2
"""Of the picture's side: what is thicker is no printed line."""
_LEAST_DIGIT = 0.12
"""Of the shorter side: what is smaller in both directions is no digit."""
_LEAST_PIECE = 0.05
"""Of the shorter side: between printed lines smaller pieces are what is left of the lines."""
_APART = 0.1
"""Of the digit's size: a speck is at least this far away."""
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
    return np.asarray(lines | _find_loose_parts(ink & ~lines))


def _find_lines(ink: np.ndarray) -> np.ndarray:
    """The printed lines among the ink, but where the digit crosses them."""
    none = np.zeros_like(ink)
    across, down = _runs(ink), _runs(np.ascontiguousarray(ink.T)).T
    rest = ink & ~(across | down)
    across = none if _is_digit(across, rest) else across
    down = none if _is_digit(down.T, rest.T) else down
    digit = main_part(ink & ~(across | down))
    if digit is None:
        return _frame_only(across, down, ink) if across.any() and down.any() else none
    left, top, right, bottom = digit
    rows = _longer_than(across, left, right)
    columns = [line.T for line in _longer_than(np.ascontiguousarray(down.T), top, bottom)]
    across, down = np.logical_or.reduce([none, *rows]), np.logical_or.reduce([none, *columns])
    rows = [line for line in rows if not _is_stroke(line, ink, down)]
    columns = [line for line in columns if not _is_stroke(line, ink, across)]
    across, down = np.logical_or.reduce([none, *rows]), np.logical_or.reduce([none, *columns])
    crossed = [_crossed(line, ink & ~(down & ~line)) for line in rows]
    crossed += [_crossed(line.T, (ink & ~(across & ~line)).T).T for line in columns]
    return np.asarray((across | down) & ~np.logical_or.reduce([none, *crossed]))


def _is_digit(runs: np.ndarray, rest: np.ndarray) -> bool:
    """Whether one horizontal run near the middle outweighs all that is no run: a one, lying."""
    middle = runs[len(runs) // 4 : -len(runs) // 4]
    thick = _thickness(middle) > 0.04 * len(runs) or not _spans(runs)
    return bool(thick and middle.sum() > 2 * rest.sum() and middle.sum() > 0.9 * max(1, runs.sum()))


def _spans(runs: np.ndarray) -> bool:
    """Whether horizontal runs come to both the left and the right edge of the picture."""
    return bool(runs[:, :_NEAR].any() and runs[:, -_NEAR:].any())


def _is_stroke(line: np.ndarray, ink: np.ndarray, others: np.ndarray) -> bool:
    """Whether a line is a stroke of the digit: joined to its ink, and thick or with a free end."""
    import cv2

    if _is_upright(line):
        return _is_stroke(line.T, ink.T, others.T)
    rows = np.flatnonzero(line.any(1))
    inside = min(rows[0], len(line) - 1 - rows[-1]) > _EDGE * len(line)
    thick = inside and _thickness(line) > _THICK_LINE * len(line)
    if not thick and _is_held(line, others):
        return False
    _, labels = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)
    whole = np.isin(labels, np.unique(labels[line])) & ink
    return bool(line.sum() < _SHARE * whole.sum())


def _is_upright(line: np.ndarray) -> bool:
    return int(line.any(0).sum()) < int(line.any(1).sum())


def _is_held(line: np.ndarray, others: np.ndarray) -> bool:
    """Whether both ends of a line are at the picture's edge or at a line of the other direction."""
    if _is_upright(line):
        return _is_held(line.T, others.T)
    rows, columns = np.flatnonzero(line.any(1)), np.flatnonzero(line.any(0))
    first, last = columns[0], columns[-1]
    near = max(_NEAR, line.shape[1] // 50)
    beside = others[max(0, rows[0] - near) : rows[-1] + near]
    return bool(
        (first < near or beside[:, max(0, first - near) : first + near].any())
        and (last >= line.shape[1] - near or beside[:, last - near : last + near].any())
    )


def _frame_only(across: np.ndarray, down: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """What is none of the digit where runs cut up all ink: a run with a free end is a stroke."""
    held = np.zeros_like(ink)
    runs = [(line, down) for line in _components(across)]
    runs += [(line, across) for line in _components(down)]
    for line, others in runs:
        if _is_held(line, others):
            held |= line
    blank = largest_part(ink & ~held) < _LEAST_PIECE * min(ink.shape)
    return ink if blank else held


def _components(mask: np.ndarray) -> list[np.ndarray]:
    """Each connected component of a mask, as a mask."""
    import cv2

    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return [labels == i for i in range(1, count)]


def _crossed(line: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """The parts of a horizontal line where ink goes on above or below it: the digit's."""
    import cv2

    height = 2 * _thickness(line) + 3
    tall = cv2.morphologyEx(
        np.pad(ink, height).astype(np.uint8), cv2.MORPH_OPEN, np.ones((height, 1), np.uint8)
    )
    return np.asarray((tall[height:-height, height:-height] > 0) & line)


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


def _thickness(line: np.ndarray) -> int:
    """How thick a horizontal line is where no digit crosses it, in pixels."""
    sums = np.sort(line.sum(0))
    sums = sums[sums > 0]
    return int(sums[len(sums) // 4]) if len(sums) else 1


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


def largest_part(ink: np.ndarray) -> int:
    """Width or height, whichever is more, of the largest component in pixels; 0 without ink."""
    import cv2

    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2]
    return int(stats[1:, 2:4].max()) if len(stats) > 1 else 0


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
    aside = max(digit[0] - part[0] - part[2], part[0] - digit[0] - digit[2])
    above = max(digit[1] - part[1] - part[3], part[1] - digit[1] - digit[3])
    near = _EDGE * min(shape)
    if _to_edge(part, shape) <= (near if _to_edge(digit, shape) > near else 0):
        return bool(max(aside, above) >= 0)
    apart = max(aside / digit[2], above / digit[3])
    return bool(part[4] < _SMALL * digit[4] and max(aside, above) > 0 and apart > _APART)


def _to_edge(part: np.ndarray, shape: tuple[int, ...]) -> int:
    """How far a part is from the nearest edge of the picture."""
    left, top, width, height = part[:4]
    return int(min(left, top, shape[1] - left - width, shape[0] - top - height))
