"""Digits for tests, in the program's own pen."""

from __future__ import annotations

import numpy as np
from PIL import Image

from digits import generated
from digits.painter import paint
from digits.strokes import LabelledDrawing, fitted


def drawing(label: int, seed: int = 1) -> LabelledDrawing:
    """One written digit."""
    return LabelledDrawing(generated.draw(label, np.random.default_rng(seed)), label)


def painted(entry: LabelledDrawing, size: float = 182, pen: float = 18) -> Image.Image:
    """A written digit as the pad shows it: black on white, 280 × 280."""
    return paint(fitted(entry.drawing, size, pen))
