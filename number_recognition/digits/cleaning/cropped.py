"""Pictures that are cropped to their digit: its ink comes to all edges, nothing else is there."""

from __future__ import annotations

import numpy as np

_MOST_OF_EDGES = 0.7
"""Of the picture's edges: a box or a dark table has more of them."""
_MOST_CONTACTS = 2
"""Ink of a digit comes to an edge of the picture at so many places; squared paper at more."""
_MOST_BETWEEN = 0.25
"""Of the pixels: in uneven light, more are neither nearly as dark as ink nor as light as paper."""
_WHOLE = 0.97
"""Of the ink: so much of a digit is connected."""


def cropped_digit(grey: np.ndarray) -> np.ndarray | None:
    """A picture cropped to its digit, with dark ink on white paper; None for any other.

    Args:
        grey: brightness, (height, width) float from 0 to 1.
    """
    step = max(1, min(grey.shape) // 128)
    sample = np.sort(grey[::step, ::step], axis=None)
    dark, light = float(sample[len(sample) // 50]), float(sample[-1 - len(sample) // 50])
    between = np.abs(sample - (dark + light) / 2) < (light - dark) / 4
    if between.mean() > _MOST_BETWEEN:
        return None
    for ink, paper in ((dark, light), (light, dark)):
        amount: np.ndarray = np.clip((grey - paper) / (ink - paper or 1.0), 0, 1)
        if _comes_to_all_edges(amount > 0.5) and _is_one_digit(amount > 0.5):
            return np.asarray(1 - amount, np.float32)
    return None


def _comes_to_all_edges(ink: np.ndarray) -> bool:
    """Whether ink comes to each edge at few places, and to no whole row and column at once."""
    edges = ink[0], ink[-1], ink[:, 0], ink[:, -1]
    if not all(1 <= _contacts(edge) <= _MOST_CONTACTS for edge in edges):
        return False
    share = sum(np.count_nonzero(edge) for edge in edges) / sum(map(len, edges))
    return bool(share <= _MOST_OF_EDGES and not (ink.all(0).any() and ink.all(1).any()))


def _contacts(edge: np.ndarray) -> int:
    return int(edge[0]) + int(np.count_nonzero(edge[1:] & ~edge[:-1]))


def _is_one_digit(ink: np.ndarray) -> bool:
    """Whether nearly all ink is connected, and comes to all four edges of the picture."""
    import cv2

    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2][1:]
    left, top, width, height, area = stats[stats[:, 4].argmax()]
    return bool(
        (left, top) == (0, 0)
        and (height, width) == ink.shape
        and area >= _WHOLE * np.count_nonzero(ink)
    )
