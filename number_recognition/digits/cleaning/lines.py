"""Printed lines on a picture: of boxes, tables, ruled and squared paper, dotted ones too."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.cleaning.components import largest_part, main_part
from number_recognition.digits.cleaning.plain import LONG

_GAPS = 0.04
"""Of the picture's side: the gaps of a broken line are smaller."""
_LEAN = 0.05
"""Of its length: a line leans or bends by no more than this."""
_THROUGH = 0.9
"""Of the picture's side: a line that bends goes through at least so much of the picture."""
_BEYOND = 0.02
"""Of the picture's side: a printed line is longer than the digit by this much on both sides."""
_SHARE = 0.95
"""Of a component: a line that is more of it is alone."""
_NEAR = 3
"""What is so many pixels from an edge is at it."""
_EDGE = 0.04
"""Of the picture's side: what is nearer to its edge is at it."""
_ASIDE = 0.2
"""Of the picture's side: a line alone on it that is nearer to its edge is the side of a box."""
_THICK_LINE = 0.045
"""Of the picture's side: a line through the picture that is thicker is no ruled line."""
_THICK = 0.2
"""Of the picture's side: what is thicker is no printed line."""
_LEAST_PIECE = 0.05
"""Of the shorter side: between printed lines smaller pieces are what is left of the lines."""
_BOLD = 0.03
"""Of the picture's shorter side: what is thicker is a bold stroke."""
_STRONG = 0.25
"""Of connected ink: as much is darker than the lines where it is the digit's."""
_PALER = 0.7
"""Of the darkness of the digit: lines that are paler are told from it by that alone."""


def find_pale_lines(dark: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Printed lines that are much paler than the digit, and all else that is as pale.

    Args:
        dark: how much darker than its paper each pixel is, (height, width) from 0 to 1.
        ink: (height, width) bool.

    Returns:
        (height, width) bool; nothing where lines and digit cannot be told apart by this.
    """
    import cv2

    none = np.zeros_like(ink)
    runs = _runs(ink) | _runs(np.ascontiguousarray(ink.T)).T
    if not runs.any():
        return none
    bold = max(3, round(_BOLD * min(ink.shape)))
    strokes = cv2.morphologyEx(
        ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((bold, bold), np.uint8)
    )
    thin = runs & ~(cv2.dilate(strokes, np.ones((5, 5), np.uint8)) > 0)
    if not thin.any():
        return none
    # A quarter of them at most is where the digit crosses them.
    level = np.sort(dark[thin])[thin.sum() * 3 // 4]
    strong = ink & (dark > min(1.25 * level, (level + dark.max()) / 2))
    boxes = _runs(strong) | _runs(np.ascontiguousarray(strong.T)).T
    part = main_part(strong & ~boxes)
    if part is None and not strong[[0, -1]].any() and not strong[:, [0, -1]].any():
        part, boxes = main_part(strong), none  # a one is as straight as a line
    if part is None:
        return none
    left, top, right, bottom = part
    digit = dark[top:bottom, left:right][(ink & ~thin & ~boxes)[top:bottom, left:right]]
    if not len(digit) or level > _PALER * np.sort(digit)[len(digit) // 2]:
        return none
    return np.asarray(ink & ~strong & ~_strokes_of(strong, ink & ~thin))


def _strokes_of(strong: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """The connected ink of which a good part is strong: pencil is paler in places."""
    import cv2

    count, labels = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    strong_sizes = np.bincount(labels[strong], minlength=count)
    keep = strong_sizes > _STRONG * sizes
    keep[0] = False
    return np.asarray(keep[labels])


def find_lines(ink: np.ndarray) -> np.ndarray:
    """The printed lines among the ink, but where the digit crosses them."""
    none = np.zeros_like(ink)
    across, down = _runs(ink), _runs(np.ascontiguousarray(ink.T)).T
    if not down.any():  # ruled paper; the lines of squares and boxes would be joined by the digit
        across = _continued(across, ink)
    rest = ink & ~(across | down)
    is_squared = _spans(down.T) and sum(_spans(line) for line in each_component(across)) > 1
    across = none if _is_digit(across, rest) else across
    down = none if _is_digit(down.T, rest.T) and not is_squared else down
    digit = main_part(ink & ~(across | down))
    if digit is None:
        if across.any() and down.any():
            return _frame_only(across, down, ink)
        return np.asarray(_sides(across) | _sides(np.ascontiguousarray(down.T)).T)
    left, top, right, bottom = digit
    rows = _longer_than(across, left, right)
    columns = [line.T for line in _longer_than(np.ascontiguousarray(down.T), top, bottom)]
    across, down = np.logical_or.reduce([none, *rows]), np.logical_or.reduce([none, *columns])
    rows = [line for line in rows if not _is_stroke(line, ink, down)]
    columns = [line for line in columns if not _is_stroke(line, ink, across)]
    across, down = np.logical_or.reduce([none, *rows]), np.logical_or.reduce([none, *columns])
    kept = [crossed(line, ink & ~(down & ~line)) for line in rows]
    kept += [crossed(line.T, (ink & ~(across & ~line)).T).T for line in columns]
    return np.asarray((across | down) & ~np.logical_or.reduce([none, *kept]))


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
    joined = ink & ~(others & ~line)
    _, labels = cv2.connectedComponents(joined.astype(np.uint8), connectivity=8)
    whole = np.isin(labels, np.unique(labels[line])) & joined
    return bool(line.sum() < _SHARE * whole.sum())


def _is_upright(line: np.ndarray) -> bool:
    return int(line.any(0).sum()) < int(line.any(1).sum())


def _is_held(line: np.ndarray, others: np.ndarray) -> bool:
    """Whether both ends of a line are at the picture's edge or at a line of the other direction."""
    if _is_upright(line):
        return _is_held(line.T, others.T)
    rows, columns = np.flatnonzero(line.any(1)), np.flatnonzero(line.any(0))
    first, last = columns[0], columns[-1]
    near, edge = max(_NEAR, line.shape[1] // 50) + 1, max(_NEAR + 1, _EDGE * line.shape[1])
    beside = others[max(0, rows[0] - near) : rows[-1] + near + 1]
    return bool(
        (first < edge or beside[:, max(0, first - near) : first + near + 1].any())
        and (last >= line.shape[1] - edge or beside[:, last - near : last + near + 1].any())
    )


def _frame_only(across: np.ndarray, down: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """What is none of the digit where runs cut up all ink: a run with a free end is a stroke."""
    held = np.zeros_like(ink)
    runs = [(line, down) for line in each_component(across)]
    runs += [(line, across) for line in each_component(down)]
    for line, others in runs:
        if _is_held(line, others):
            held |= line
    blank = largest_part(ink & ~held) < _LEAST_PIECE * min(ink.shape)
    return ink if blank else held


def _sides(runs: np.ndarray) -> np.ndarray:
    """Horizontal runs from edge to edge of the picture near its upper or lower edge: of a box."""
    found = np.zeros_like(runs)
    height = len(runs)
    for line in each_component(runs):
        rows = np.flatnonzero(line.any(1))
        is_aside = rows[-1] < _ASIDE * height or rows[0] >= (1 - _ASIDE) * height
        if is_aside and _is_held(line, np.zeros_like(line)):
            found |= line
    return found


def each_component(mask: np.ndarray) -> list[np.ndarray]:
    """Each connected component of a mask, as a mask."""
    import cv2

    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return [labels == i for i in range(1, count)]


def crossed(line: np.ndarray, ink: np.ndarray) -> np.ndarray:
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
    length = max(3, round(LONG * width))
    runs = (cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)) > 0) & ink
    return np.asarray(runs)


def _continued(runs: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Horizontal runs with what goes on from them in nearly the same direction: bent lines."""
    import cv2

    if not runs.any():
        return runs
    tall = 2 * _thickness(runs) + 3
    strokes = cv2.morphologyEx(
        np.pad(ink, tall).astype(np.uint8), cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8)
    )
    thin = ink & ~(strokes[tall:-tall, tall:-tall] > 0)
    gap = max(1, round(2 * _GAPS * ink.shape[1]))
    joined = cv2.morphologyEx(thin.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, gap), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    top, length, lean = stats[:, 1:4].T
    height, width = ink.shape
    through = length >= _THROUGH * width
    inside = np.minimum(top, height - top - lean) > _EDGE * height
    flat = through & inside & (lean <= np.maximum(2 * tall, _LEAN * length))
    flat[0] = False
    touched = np.bincount(labels[runs & thin], minlength=count) > 0
    return np.asarray(runs | ((flat & touched)[labels] & ink))


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
