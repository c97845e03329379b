"""Connected ink of a picture: the main part of a digit, and how large parts are."""

from __future__ import annotations

import numpy as np

_LEAST_DIGIT = 0.12
"""Of the shorter side: what is smaller in both directions is no digit."""
_SHAPELESS = 10
"""In pixels: no shape can be told of what is smaller."""
_FILLED = 0.55
"""Of the box around it: a dot fills more, and three digits in four fill less, with any pen."""
_DASH = 3
"""A dash is so many times as long as it is thick."""


def main_part(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the component with the most ink near the middle.

    None where no component is as large as a digit.
    """
    import cv2

    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    i = main_component(stats, centres, ink.shape)
    if i is None:
        return None
    left, top, width, height, _ = stats[i]
    return int(left), int(top), int(left + width), int(top + height)


def largest_part(ink: np.ndarray) -> int:
    """Width or height, whichever is more, of the largest component in pixels; 0 without ink."""
    import cv2

    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2]
    return int(stats[1:, 2:4].max()) if len(stats) > 1 else 0


def large_parts(ink: np.ndarray, least: float) -> np.ndarray:
    """Those components of the ink that are at least so many pixels wide or high."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    large = stats[:, 2:4].max(1) >= least
    large[0] = False
    return np.asarray(large[labels])


def have_shape_of_dots(stats: np.ndarray) -> np.ndarray:
    """Which components fill the box around them, or are long and thin: digits do neither.

    Args:
        stats: of n components, as OpenCV gives them, (n, 5) int.

    Returns:
        (n,) bool; true for components of a few pixels, whose shape cannot be told.
    """
    sides, inked = stats[:, 2:4], stats[:, 4]
    return np.asarray(
        (sides.max(1) < _SHAPELESS)
        | (inked >= _FILLED * sides.prod(axis=1))
        | (sides.max(1) >= _DASH * sides.min(1))
    )


def main_component(stats: np.ndarray, centres: np.ndarray, shape: tuple[int, ...]) -> int | None:
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


def with_any(ink: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Those components of the ink that hold any of the seeds; all (height, width) bool."""
    import cv2

    count, labels = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)
    found = np.bincount(labels[seeds], minlength=count) > 0
    found[0] = False
    return np.asarray(found[labels])


def widened(mask: np.ndarray, part: float = 0) -> np.ndarray:
    """A mask grown by this part of its shorter side, at least by two pixels; for 0 by one."""
    import cv2

    reach = max(1 if part == 0 else 2, round(part * min(mask.shape)))
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)
