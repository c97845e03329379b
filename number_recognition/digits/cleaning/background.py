"""The paper of a picture under its ink: the light that falls on it, evened out."""

from __future__ import annotations

import itertools

import numpy as np

_CELLS = 12
"""The light is first judged from so many cells along each side."""
_PARTS = (1, 2, 4)
"""Ink is told from paper in the whole picture, and in so many parts along each side."""
_EDGE = 0.05
"""Of the shorter side: ink that is nearer to the picture's edge comes to it."""
_EDGE_RANGE = 0.6
"""Of the range of a picture's brightness: there is more at its edges where ink comes to them."""
_POLARITY_SIDE = 64
"""Whether ink is darker than its paper is judged by about so many pixels along each side."""
_AROUND = 0.4
"""Of the shorter side: so much of a picture is around ink or paper that is compared with it."""
_REACH = 0.3
"""Of the shorter side: what is narrower is ink, what is wider is paper or shadow."""
_MOST_SIDE = 512
"""The paper is estimated at this size; a larger picture's is enlarged."""
_UNEVEN = 0.09
"""Paper whose brightness differs by more than this is unevenly lit."""
_BAR = 0.15
"""Of its paper: an edge that is darker by more than this is that of a page or a box."""
_WHOLE_EDGE = 0.9
"""Of the picture's edge: so much is dark where a bar or a line of a box runs along it."""
_DARKEST = 0.05
"""Of white: darker paper is taken for this, since nothing shows on it."""


def on_light_paper(grey: np.ndarray) -> np.ndarray:
    """The picture with dark ink on light paper; a negative is turned round.

    Where ink comes to the picture's edge, it is what differs most from the median, of the whole
    picture and of its parts. Elsewhere, ink differs more from what is around it than the paper
    beside it does: a lamp's spot is as bright as what is around it.
    """
    if _range_at_edges(grey) < _EDGE_RANGE * np.ptp(grey):
        is_dark = _difference_from_around(grey) <= 0
    else:
        is_dark = sum(_darker_than_median(grey, parts) for parts in _PARTS) >= 0
    return grey if is_dark else grey.min() + grey.max() - grey


def _range_at_edges(grey: np.ndarray) -> float:
    """How much the brightness differs along the picture's edges, and a little inside them."""
    reach = round(_EDGE * min(grey.shape))
    height, width = grey.shape
    rows, columns = [0, reach, height - 1 - reach, -1], [0, reach, width - 1 - reach, -1]
    return float(np.ptp(np.concatenate([grey[rows].ravel(), grey[:, columns].ravel()])))


def _difference_from_around(grey: np.ndarray) -> float:
    """The sum of the cubes of the differences from what is around each pixel: < 0 for dark ink."""
    step = max(1, min(grey.shape) // _POLARITY_SIDE)
    small: np.ndarray = grey[::step, ::step].astype(np.float64)
    reach = max(1, round(_AROUND * min(small.shape) / 2))
    around = _sums_around(small, reach) / _sums_around(np.ones_like(small), reach)
    return float(((small - around) ** 3).sum())


def _sums_around(values: np.ndarray, reach: int) -> np.ndarray:
    """The sum of all values up to so many rows and columns away from each, beyond no edge."""
    sums = np.pad(values, reach).cumsum(0).cumsum(1)
    sums, side = np.pad(sums, ((1, 0), (1, 0))), 2 * reach + 1
    within = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(within)


def _darker_than_median(grey: np.ndarray, parts: int) -> float:
    """How much further the darkest is from the median than the lightest, a mean over the parts."""
    rows, columns = (np.arange(parts + 1) * length // parts for length in grey.shape)
    total = 0.0
    for top, bottom in itertools.pairwise(rows):
        for left, right in itertools.pairwise(columns):
            part = grey[top:bottom, left:right]
            step = max(1, min(part.shape) // 48)
            sample = np.sort(part[::step, ::step], axis=None)
            total += 2 * float(sample[len(sample) // 2]) - float(part.min()) - float(part.max())
    return total / parts**2


def is_uneven(light: np.ndarray) -> bool:
    """Whether the brightness of the paper under dark ink differs, a slope aside.

    Args:
        light: a picture of dark ink, or its background; (height, width) from 0 to 1.
    """
    cells = cell_maxima(light, _CELLS)
    return bool(spread(without_slope(cells)) > _UNEVEN * max(cells.max(), _DARKEST))


def has_dark_edge(background: np.ndarray) -> bool:
    """Whether the background is dark along the whole of one of the picture's edges."""
    edges = background[0], background[-1], background[:, 0], background[:, -1]
    paper = float(np.median(background))
    return any(bool((edge < (1 - _BAR) * paper).mean() > _WHOLE_EDGE) for edge in edges)


def spread(values: np.ndarray) -> float:
    """The difference between nearly the largest and nearly the smallest of the values."""
    ordered = np.sort(values, axis=None)
    edge = len(ordered) // 40
    return float(ordered[-1 - edge] - ordered[edge])


def cell_maxima(values: np.ndarray, cells: int) -> np.ndarray:
    """The maximum of each of `cells` × `cells` parts of an array, (cells, cells)."""
    rows, columns = (np.arange(cells) * length // cells for length in values.shape)
    part: np.ndarray = np.maximum.reduceat(values, columns, axis=1)
    return np.asarray(np.maximum.reduceat(part, rows, axis=0))


def without_slope(values: np.ndarray) -> np.ndarray:
    """The values less the plane that fits them best."""
    y, x = (np.linspace(-0.5, 0.5, length) for length in values.shape)
    centred = values - values.mean()
    across = (centred.mean(0) * x).sum() / (x * x).sum()
    down = (centred.mean(1) * y).sum() / (y * y).sum()
    return np.asarray(values - across * x[None, :] - down * y[:, None])


def estimate_background(light: np.ndarray) -> np.ndarray:
    """The brightness of the paper everywhere, also under the ink: (height, width) float32.

    A morphological closing fills what is dark and narrower than its reach. Shadows and corners go
    on beyond the picture's edges, or they would be filled as well.

    Args:
        light: dark ink on light paper, (height, width) from 0 to 1.
    """
    import cv2

    height, width = light.shape
    small: np.ndarray = light.astype(np.float32)
    if max(light.shape) > _MOST_SIDE:
        scale = _MOST_SIDE / max(light.shape)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_REACH * min(small.shape)) | 1)
    small = cv2.medianBlur(small, 3)
    wide = cv2.copyMakeBorder(small, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    closed: np.ndarray = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    closed = closed[reach:-reach, reach:-reach]
    return np.asarray(cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR))


def without_background(light: np.ndarray, background: np.ndarray) -> np.ndarray:
    """The picture as if its paper were white everywhere, (height, width) from 0 to 1."""
    return np.asarray(np.clip(light / np.maximum(background, _DARKEST), 0, 1))
