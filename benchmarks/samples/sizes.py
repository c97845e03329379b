"""Pictures in which the digit is small, or as large as the whole picture."""

from __future__ import annotations

from functools import partial

import numpy as np
from PIL import Image

from benchmarks.samples.degradations import Base, Degrade, picture

_SIDE = 200
"""Pixels: digits are small on a picture with sides of so many."""
_MARGIN = 10
_AROUND = 0.1
"""Of the digit's height: so much paper goes with it."""
_GRAIN = 0.012


def small(height: int, base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """The digit shrunk to a height in pixels, anywhere on grainy paper."""
    _, top, _, bottom = base.box
    around = max(2, round(_AROUND * (bottom - top)))
    digit = picture(_cropped(base, around))
    scale = height / (bottom - top)
    size = max(3, round(digit.width * scale)), max(3, round(digit.height * scale))
    digit = digit.resize(size, Image.Resampling.BOX)
    page = np.full((_SIDE, _SIDE), base.paper)
    x, y = (int(rng.integers(_MARGIN, _SIDE - _MARGIN - length)) for length in digit.size)
    page[y : y + digit.height, x : x + digit.width] = np.asarray(digit) / 255
    return np.asarray(page + rng.normal(0, _GRAIN, page.shape))


def whole_picture(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """The digit cropped so that its ink comes to all edges of the picture."""
    return _cropped(base, 0)


def _cropped(base: Base, around: int) -> np.ndarray:
    left, top, right, bottom = base.box
    rows = slice(max(0, top - around), bottom + around)
    return base.grey[rows, max(0, left - around) : right + around]


SIZES: dict[str, Degrade] = {
    "10 pixels high": partial(small, 10),
    "14 pixels high": partial(small, 14),
    "20 pixels high": partial(small, 20),
    "cropped to its ink": whole_picture,
}
