"""Nine regions of a 28 × 28 image with their names, to say where something is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_PARTS = (slice(0, 11), slice(11, 17), slice(17, 28))
_NAMES = (
    ("at the upper left", "at the top", "at the upper right"),
    ("on the left", "in the middle", "on the right"),
    ("at the lower left", "at the bottom", "at the lower right"),
)


class Region(NamedTuple):
    """A part of the image: `slices` select it in an array (28, 28), `name` says where it is."""

    slices: tuple[slice, slice]
    name: str


REGIONS = tuple(
    Region((rows, columns), _NAMES[i][j])
    for i, rows in enumerate(_PARTS)
    for j, columns in enumerate(_PARTS)
)


def strongest_region(values: np.ndarray) -> str:
    """Return the name of the region with the largest sum of values (28, 28)."""
    return max(REGIONS, key=lambda region: float(values[region.slices].sum())).name
