"""Tells a picture that needs no cleaning, by NumPy alone and in a fraction of a millisecond."""

from __future__ import annotations

import numpy as np

LONG = 0.55
"""Of the picture's side: straight runs of ink at least this long may be printed lines."""
_CELLS = 40
"""Runs are looked for among so many parts of the picture along each side."""
_THICK = 0.08
"""Of the picture's side: what is thicker is no printed line."""
_SIDE = 0.9
"""Of a side of a box: as much is ink."""
_EDGE = 0.06
"""Of the picture's side: printed lines end nearer to its edge."""
_STROKES = 0.02
"""Of the ink: less than this at one side of the rest is a speck."""
_FLAT = 0.02
"""Of white: plain paper differs by no more than this."""
_INK = 0.15
"""Of the strongest contrast: what differs from the paper by more is ink."""
_OTHER_SIDE = 0.1
"""Of the ink: less of it differs from the paper towards the other side, by ringing at its edges."""


def is_plain(grey: np.ndarray) -> bool:
    """Whether there is one digit's ink alone on paper of one brightness, with paper all around.

    Args:
        grey: brightness, (height, width) float from 0 to 1.
    """
    paper = float(grey[0, 0])
    for edge in (grey[0], grey[-1], grey[:, 0], grey[:, -1]):
        if edge.max() > paper + _FLAT or edge.min() < paper - _FLAT:
            return False
    # Arrays of booleans alone: one of floats would take longer than all else here.
    strongest = max(float(grey.max()) - paper, paper - float(grey.min()))
    least = max(_FLAT, _INK * strongest)
    darker, lighter = grey < paper - least, grey > paper + least
    dark, light = np.count_nonzero(darker), np.count_nonzero(lighter)
    if min(dark, light) > _OTHER_SIDE * (dark + light):
        return False
    differing = np.count_nonzero(grey < paper - _FLAT) + np.count_nonzero(grey > paper + _FLAT)
    return differing <= 2 * (dark + light) and not _may_have_lines(darker | lighter)


def may_have_clutter(ink: np.ndarray) -> bool:
    """Whether ink touches the picture's edge or runs straight through most of it.

    Args:
        ink: (height, width) bool.
    """
    if ink[[0, -1]].any() or ink[:, [0, -1]].any():
        return True
    return _longest(_coverage(ink)) >= LONG or _longest(_coverage(ink.T)) >= LONG


def _coverage(ink: np.ndarray) -> np.ndarray:
    """Which of about 40 × 40 parts of a picture hold ink, with gaps of up to two closed.

    Lines may lean by one part's height, and dots may be two parts' width apart.
    """
    height, width = (max(1, length // _CELLS) for length in ink.shape)
    rows = ink[: len(ink) // height * height].reshape(-1, height, ink.shape[1]).any(1)
    cells = np.logical_or.reduceat(rows, np.arange(0, ink.shape[1], width), axis=1)
    wide = np.pad(cells, ((0, 0), (1, 1)))
    wide[:, 1:] |= wide[:, :-1]
    wide[:, :-1] |= wide[:, 1:]
    closed = wide.copy()
    closed[:, 1:] &= wide[:, :-1]
    closed[:, :-1] &= wide[:, 1:]
    return np.asarray(closed[:, 1:-1])


def _longest(cells: np.ndarray) -> float:
    """How much of the width ink covers in the fullest row, from 0 to 1."""
    return float(cells.mean(1).max())


def _may_have_lines(ink: np.ndarray) -> bool:
    """Whether straight runs of ink are a box, or longer than the rest of the ink on both sides."""
    rows, columns = _coverage(ink), _coverage(ink.T)
    long_rows, long_columns = (np.flatnonzero(c.mean(1) >= LONG) for c in (rows, columns))
    if len(long_rows) and len(long_columns) and _is_box(rows, columns):
        return True
    return any(
        len(found) > 0 and _is_beyond(cells, mask)
        for found, cells, mask in ((long_rows, rows, ink), (long_columns, columns, ink.T))
    )


def _is_box(rows: np.ndarray, columns: np.ndarray) -> bool:
    """Whether ink goes all along three of the four sides of the box around it."""
    full = 0
    for cells in (rows, columns):
        inked, width = np.flatnonzero(cells.any(1)), int(cells.any(0).sum())
        for side in (cells[inked[0] : inked[0] + 3], cells[inked[-1] - 2 : inked[-1] + 1]):
            full += int(side.any(0).sum()) >= _SIDE * width
    return full >= 3


def _is_beyond(cells: np.ndarray, ink: np.ndarray) -> bool:
    """Whether the fullest row reaches beyond all ink above and below it on both sides.

    A row without other ink does not: it is a digit by itself, a one for example. Nor does one with
    ink joined to one side of it and paper at its ends: the foot of a two, the bar of a seven.
    """
    full = cells.sum(1)
    first = last = int(full.argmax())
    while first > 0 and full[first - 1] > full[first] / 2:
        first -= 1
    while last < len(full) - 1 and full[last + 1] > full[last] / 2:
        last += 1
    above, below = cells[:first], cells[last + 1 :]
    rest, columns = np.concatenate([above, below]), np.flatnonzero(cells[first : last + 1].any(0))
    if not rest.any() or last - first > _THICK * len(cells):
        return False
    edge = _EDGE * cells.shape[1]
    is_free = columns[0] >= edge and columns[-1] < cells.shape[1] - edge
    height = max(1, len(ink) // _CELLS)
    inked = np.flatnonzero(ink[max(0, first - 1) * height : (last + 2) * height].any(1))
    is_joined = int(np.ptp(inked)) + 1 == len(inked)
    if is_free and is_joined and above[-1:].any() != below[:1].any():
        return False
    shares = _cumulative(rest)
    left = np.searchsorted(shares, _STROKES, side="right")
    right = np.searchsorted(shares, 1 - _STROKES)
    return bool(columns[0] < left and columns[-1] > right)


def _cumulative(cells: np.ndarray) -> np.ndarray:
    """The share of the ink up to each column."""
    return np.asarray(np.cumsum(cells.sum(0)) / cells.sum())
