"""Squared paper: even printed lines in both directions go, the strokes across them stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_DEPTHS = (0, 0.02, 0.04)
"""Of the shorter side: so far from the picture's edges, lines that come to them are counted."""
_BESIDE = 0.04
"""Of the shorter side: there is paper so far beside lines."""
_LEAST = 0.06
"""Of white: lines are darker than their paper by more."""
_LEAST_LINES = 3
"""In each direction there are at least so many lines."""
_LEANS = tuple(step / 100 for step in range(-6, 7))
"""Of its length: so much lines may lean; …"""
_BETWEEN = tuple(step / 400 for step in range(-2, 3))
"""… and so much more or less."""
_COLUMNS = 64
"""The lean of lines is told from about so many columns."""
_BEND = 0.006
"""Of the picture's shorter side: lines bend by no more than this, or by a pixel."""
_PALE = 0.12
"""Of the length of a printed line: so much of it at most is paler than the rest, …"""
_STROKES = 0.7
"""… and so much of it at least is no darker than the rest by strokes across it."""
_MOST_LINE = 0.035
"""Of the picture's shorter side: printed lines are no thicker."""
_THICKER = 2
"""Times as thick as most lines: what is thicker is the side of a box."""
_STRONG = 0.4
"""Of the darkness of most lines: all are at least so dark."""
_BLUR = 0.15
"""Of the darkness of most lines: the blurred edges of lines are darker."""
_UNEVEN = 0.12
"""Of the distance of two lines: even ones differ by no more than this …"""
_UNEVEN_PIXELS = 1.5
"""… and so many pixels."""
_EVEN = 0.5
"""Of the distances: at least so many are even; those from a box may not be."""
_DARKER = 0.2
"""Of the darkness of a line: what is darker by this is a stroke across it, …"""
_LEAST_DARKER = 0.1
"""… if this is also so much of white."""
_SLOPES = (-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4)
"""Columns in a row: so strokes that cross a horizontal line may go on."""


@dataclass(frozen=True)
class _Lines:
    """Even printed lines that are nearly horizontal.

    Attributes:
        shifts: how many rows further down than in the middle lines are in each column, (width,).
        bands: the first row of each line in the middle, and the row after its last.
        darkness: of the lines in each row, (height + 2 × the largest shift,).
    """

    shifts: np.ndarray
    bands: list[tuple[int, int]]
    darkness: np.ndarray


def may_be_squared(light: np.ndarray) -> bool:
    """Whether dark lines come to each edge of the picture at two places or more.

    Args:
        light: dark ink on light paper in any light, (height, width) from 0 to 1.
    """
    depths = [round(depth * min(light.shape)) for depth in _DEPTHS]
    reach = max(2, round(_BESIDE * min(light.shape)))
    for side in (light, light[::-1], light.T, light.T[::-1]):
        edges = side[depths]
        beside = np.minimum(edges[:, : -2 * reach], edges[:, 2 * reach :])
        lines = beside - edges[:, reach:-reach] > _LEAST
        # The outermost line may have no paper beside it to be told from.
        if np.count_nonzero(lines[:, 1:] & ~lines[:, :-1], axis=1).max() < _LEAST_LINES - 1:
            return False
    return True


def without_squares(dark: np.ndarray) -> np.ndarray | None:
    """How dark the digit is without the lines of squared paper; None where there are none.

    Args:
        dark: how much darker than its paper each pixel is, (height, width) from 0 to 1.
    """
    turned = np.ascontiguousarray(dark.T)
    across = _find_lines(dark)
    down = _find_lines(turned) if across is not None else None
    if across is None or down is None:
        return None
    off_down = np.where(_on_lines(down, turned.shape).T, 0, dark)
    off_across = np.where(_on_lines(across, dark.shape), 0, dark)
    without_across = _crossed(off_down, off_down, across)
    return np.asarray(_crossed(without_across.T, off_across.T, down).T)


def _find_lines(dark: np.ndarray) -> _Lines | None:
    """The nearly horizontal lines at even distances; None where there are too few."""
    shifts = _shifts(dark)
    least, most = int(shifts.any()), max(1, round(_BEND * min(dark.shape)))
    found = [_bent_lines(dark, shifts, bend) for bend in range(least, least + most + 1)]
    return max(found, key=lambda lines: len(lines.bands) if lines else 0)


def _bent_lines(dark: np.ndarray, shifts: np.ndarray, bend: int) -> _Lines | None:
    """The lines that lean so and bend by so many rows; None where they are few or uneven."""
    pale, strong = _darkness_of_rows(dark, shifts, bend)
    pale = pale - np.sort(pale)[len(pale) // 4]  # grain is darker than the paper's lightest
    peaks = [float(pale[start:end].max()) for start, end in _runs(pale > _LEAST)]
    if len(peaks) < _LEAST_LINES:
        return None
    most = sorted(peaks)[len(peaks) // 2]
    thickest = max(3, _MOST_LINE * min(dark.shape)) + 2 + 2 * bend
    bands = [
        (start, end)
        for start, end in _runs(pale > max(_LEAST / 2, _BLUR * most))
        if end - start <= thickest and pale[start:end].max() > max(_LEAST, _STRONG * most)
    ]
    sizes = sorted(end - start for start, end in bands) or [0]
    bands = [band for band in bands if band[1] - band[0] <= _THICKER * sizes[len(sizes) // 2]]
    is_even = len(bands) >= _LEAST_LINES and _are_even(bands)
    return _Lines(shifts, bands, strong) if is_even else None


def _are_even(bands: list[tuple[int, int]]) -> bool:
    """Whether lines are at even distances; a box around them may be at others."""
    gaps = np.diff([(start + end) / 2 for start, end in bands])
    gap = float(np.sort(gaps)[len(gaps) // 2])
    uneven = np.abs(gaps - gap * np.maximum(1, np.round(gaps / gap)))
    even = int(np.count_nonzero(uneven <= _UNEVEN * gap + _UNEVEN_PIXELS))
    return even >= max(_LEAST_LINES - 1, _EVEN * len(gaps))


def _shifts(dark: np.ndarray) -> np.ndarray:
    """How many rows lines are further down in each column: where they are sharpest together."""
    height, width = dark.shape
    step = max(1, width // _COLUMNS)
    few = _thickened(dark[:, ::step], 1)
    rows, columns = np.arange(height)[:, None], np.arange(few.shape[1])
    pale = int(_PALE * len(columns))

    def sharpness(lean: float) -> float:
        leant = few[(rows + _leaning(lean, len(columns), step)) % height, columns]
        level = np.partition(leant, pale, axis=1)[:, pale]
        return float((level * level).sum())

    # Of equally sharp leans, the smallest comes first.
    near = max(sorted(_LEANS, key=abs), key=sharpness)
    lean = max((near + more for more in sorted(_BETWEEN, key=abs)), key=sharpness)
    return _leaning(lean, width, 1)


def _leaning(lean: float, columns: int, step: int) -> np.ndarray:
    """How many rows a line is further down in each of so many columns, `step` pixels apart."""
    return np.round(lean * step * (np.arange(columns) - (columns - 1) / 2)).astype(int)


def _straightened(values: np.ndarray, shifts: np.ndarray, outside: float) -> np.ndarray:
    """A copy with each column moved up by its shift; there are more rows where any is."""
    most = int(np.abs(shifts).max())
    wide = np.pad(values, ((2 * most, 2 * most), (0, 0)), constant_values=outside)
    if not most:
        return wide
    rows = np.arange(len(values) + 2 * most)[:, None] + most + shifts
    return np.asarray(wide[rows, np.arange(len(shifts))])


def _leant(values: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """The inverse of `_straightened`."""
    most = int(np.abs(shifts).max())
    if not most:
        return values
    rows = np.arange(len(values) - 2 * most)[:, None] + most - shifts
    return np.asarray(values[rows, np.arange(len(shifts))])


def _thickened(dark: np.ndarray, reach: int) -> np.ndarray:
    """The picture with horizontal lines thicker by so many rows above and below."""
    import cv2

    return np.asarray(cv2.dilate(np.ascontiguousarray(dark), np.ones((2 * reach + 1, 1), np.uint8)))


def _darkness_of_rows(
    dark: np.ndarray, shifts: np.ndarray, bend: int
) -> tuple[np.ndarray, np.ndarray]:
    """How dark each row is but for its palest pixels, and how dark but for its darkest.

    Nothing but a printed line is dark all along a row.
    """
    step = max(1, len(shifts) // (3 * _COLUMNS))
    rows = _straightened(_thickened(dark, bend), shifts, np.inf)[:, ::step]
    rows = np.sort(rows, axis=1)
    visible, each = np.isfinite(rows).sum(axis=1), np.arange(len(rows))
    pale = rows[each, np.minimum((_PALE * visible).astype(int), rows.shape[1] - 1)]
    strong = rows[each, np.minimum((_STROKES * visible).astype(int), rows.shape[1] - 1)]
    return np.where(visible > rows.shape[1] / 2, pale, 0), strong


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Start and end of each run of a mask (n,)."""
    edges = np.flatnonzero(np.diff(np.pad(mask, 1).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _on_lines(lines: _Lines, shape: tuple[int, ...]) -> np.ndarray:
    """Where the lines are: (height, width) bool."""
    on = np.zeros(len(lines.darkness), bool)
    for start, end in lines.bands:
        on[start:end] = True
    return _leant(np.repeat(on[:, None], shape[1], axis=1), lines.shifts)


def _crossed(rest: np.ndarray, dark: np.ndarray, lines: _Lines) -> np.ndarray:
    """The picture with nothing on the lines but the strokes that cross them.

    Args:
        rest: the picture without lines of the other direction, (height, width).
        dark: the same, with nothing where they cross these lines.
    """
    straight = _straightened(rest, lines.shifts, 0)
    darker = _straightened(dark, lines.shifts, 0)
    limit = lines.darkness + np.maximum(_LEAST_DARKER, _DARKER * lines.darkness)
    for start, end in lines.bands:
        own = darker[start:end]
        straight[start:end] = np.where(own > limit[start:end, None], own, 0)
        if start > 0 and end < len(straight):
            across = _strokes_across(straight[start - 1], straight[end], end - start)
            straight[start:end] = np.maximum(straight[start:end], across)
    return _leant(straight, lines.shifts)


def _strokes_across(above: np.ndarray, below: np.ndarray, height: int) -> np.ndarray:
    """How dark strokes are between two rows of pixels, where there is ink in both: (height, n)."""
    ink = np.zeros((height, len(above)), above.dtype)
    if min(above.max(), below.max()) < _LEAST_DARKER:
        return ink
    columns, down = np.arange(len(above)), np.arange(1, height + 1)[:, None]
    for slope in _SLOPES:
        ends = (
            columns - np.round(slope * down).astype(int),
            columns + np.round(slope * down[::-1]).astype(int),
        )
        upper, lower = (np.clip(end, 0, len(above) - 1) for end in ends)
        np.maximum(ink, np.minimum(above[upper], below[lower]), out=ink)
    return ink
