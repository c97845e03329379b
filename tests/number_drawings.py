"""Drawings of numbers, made of the digits that the program draws itself."""

from __future__ import annotations

import numpy as np
from digit_images import drawing

from number_recognition.digits.drawing.drawing import Drawing


def number_drawing(*digits: int, size: float = 0.25, top: float = 90) -> Drawing:
    """Digits side by side on one pad, with gaps."""
    strokes = []
    for i, digit in enumerate(digits):
        offset = np.array([15 + i * 290 * size, top])
        part = drawing(digit).drawing.mapped(
            lambda points, offset=offset: points * size + offset, size
        )
        strokes += part.strokes
    return Drawing(tuple(strokes))
