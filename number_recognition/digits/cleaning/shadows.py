"""Edges of shadows that look like ink: they are darker than the paper at one side alone."""

from __future__ import annotations

import numpy as np

_LEAST = 0.06
"""Of the picture's shorter side: smaller parts are not judged."""
_BLUR = 1 / 70
"""Of the shorter side: the edge of ink is blurred by no more than this and two pixels."""
_STEP = 0.35
"""Of how much darker a part is than most of the paper around it: the least at its edge."""
_AROUND = 0.75
"""Of the paper around ink, at least so much is brighter by such a step."""


def find_shadow_edges(light: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """The parts of the ink that are edges of shadows: (height, width) bool.

    Paper is brighter than ink on all sides of a stroke. Inside a shadow, it is as dark as the edge.

    Args:
        light: the picture in the light in which it was taken, (height, width) from 0 to 1.
        ink: (height, width) bool.
    """
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    smooth = cv2.blur(light.astype(np.float32), (3, 3))
    side = 2 * (2 + round(_BLUR * min(ink.shape))) + 1
    step = smooth - cv2.erode(smooth, np.ones((side, side), np.uint8))
    found = np.zeros(count, bool)
    for i in range(1, count):
        if max(stats[i][2:4]) >= _LEAST * min(ink.shape):
            found[i] = _is_edge_of_shadow(labels == i, step)
    return np.asarray(found[labels] & ink)


def _is_edge_of_shadow(part: np.ndarray, step: np.ndarray) -> bool:
    """Whether a part of the ink is darker than the paper around it on some of its sides alone.

    Args:
        part: (height, width) bool.
        step: how much brighter each pixel is than the darkest near it, (height, width).
    """
    import cv2

    edge = cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8))
    around = cv2.dilate(edge, np.ones((3, 3), np.uint8)) > edge
    steps = np.sort(step[around])
    return len(steps) > 0 and bool((steps > _STEP * steps[len(steps) * 9 // 10]).mean() < _AROUND)
