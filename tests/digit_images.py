"""Digits for tests, in the program's own pen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.datasets import synthetic
from number_recognition.digits.drawing import variation
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.learning.data.samples import Samples


def drawing(label: int, seed: int = 1) -> LabelledDrawing:
    """One written digit."""
    return LabelledDrawing(synthetic.draw_digit(label, np.random.default_rng(seed)), label)


def painted(entry: LabelledDrawing, size: float = 182, pen: float = 18) -> Image.Image:
    """A written digit as the pad shows it: black on white, 280 × 280."""
    return rasterize(fit_to_canvas(entry.drawing, size, pen))


def written(count: int, seed: int) -> Samples:
    """Written digits in many forms, as the network reads them."""
    return Samples(*variation.render_samples(synthetic.synthetic_drawings(seed), count, seed))


def write_mnist(path: Path, **changes: np.ndarray) -> Path:
    """A small file in MNIST's form: 200 samples to learn from, 20 to be judged on."""
    rng = np.random.default_rng(1)
    arrays = {
        "x_train": rng.integers(0, 256, (200, 28, 28), dtype=np.uint8),
        "y_train": np.arange(200, dtype=np.uint8) % 10,
        "x_test": rng.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        "y_test": np.arange(20, dtype=np.uint8) % 10,
    }
    np.savez(path, **{**arrays, **changes})
    return path
