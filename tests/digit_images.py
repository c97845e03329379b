"""Synthetic digits for tests, as drawings, images, samples and an MNIST file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.datasets import synthetic
from number_recognition.digits.drawing import variation
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.learning.data.samples import Samples
from number_recognition.storage.files import atomic_write


def drawing(label: int, seed: int = 1) -> LabelledDrawing:
    """Return one synthetic digit."""
    return LabelledDrawing(synthetic.draw_digit(label, np.random.default_rng(seed)), label)


def rasterized(digit: LabelledDrawing, size: float = 182, pen: float = 18) -> Image.Image:
    """Return a digit as the pad shows it: black on white, 280 × 280."""
    return rasterize(fit_to_canvas(digit.drawing, size, pen))


def synthetic_samples(count: int, seed: int) -> Samples:
    """Return framed synthetic digits in many styles: the first ones of the most rendered so far.

    They are kept in the folder RENDERED_DIGITS, for the other processes of the tests, too.
    """
    file = Path(os.environ["RENDERED_DIGITS"]) / f"{seed}.npz"
    if file.exists():
        with np.load(file) as kept:
            if len(kept["labels"]) >= count:
                return Samples(kept["pixels"][:count], kept["labels"][:count])
    drawings = synthetic.synthetic_drawings(seed)
    pixels, labels = variation.render_samples(drawings, count, seed)
    atomic_write(file, lambda path: np.savez(path, pixels=pixels, labels=labels))
    return Samples(pixels, labels)


def write_mnist(path: Path, **changes: np.ndarray) -> Path:
    """Write a small file in MNIST's format: 200 training samples, 20 test samples."""
    rng = np.random.default_rng(1)
    arrays = {
        "x_train": rng.integers(0, 256, (200, 28, 28), dtype=np.uint8),
        "y_train": np.arange(200, dtype=np.uint8) % 10,
        "x_test": rng.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        "y_test": np.arange(20, dtype=np.uint8) % 10,
    }
    np.savez(path, **{**arrays, **changes})
    return path
