"""One typical drawing of each digit, at which networks are looked at where there is no drawing."""

from __future__ import annotations

from functools import cache

import numpy as np

from number_recognition.digits.datasets.synthetic import draw_digit
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.frame import frame


@cache
def typical_digits() -> np.ndarray:
    """Return a drawing of each digit as a network sees it, (10, 28, 28) float32."""
    rng = np.random.default_rng(0)
    frames = [frame(rasterize(draw_digit(digit, rng))) for digit in range(10)]
    return np.array([each.pixels for each in frames if each is not None])
