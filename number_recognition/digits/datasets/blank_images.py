"""Images without a digit: plain, ruled or shaded paper, and noise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.frame import frame


def pictures(seed: int) -> Iterator[Image.Image]:
    """Yield 8-bit grey images without end; equal seeds give equal images."""
    rng = np.random.default_rng(seed)
    while True:
        side = int(rng.integers(60, 140))
        grey = _light(side, rng)
        if rng.random() < 0.5:
            grey = _ruled(grey, rng)
        if rng.random() < 0.7:
            grey = grey + rng.normal(0, rng.uniform(0, 60), grey.shape)
        yield Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _light(side: int, rng: np.random.Generator) -> np.ndarray:
    """Paper under uneven light, sometimes with a shadow; (side, side) float."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    slope = rng.normal(0, 80, 2) * (rng.random() < 0.7)
    grey = rng.uniform(90, 255) + slope[0] * x + slope[1] * y
    if rng.random() < 0.4:
        centre, size = rng.uniform(-0.6, 0.6, 2), rng.uniform(0.1, 0.7, 2)
        distance = ((x - centre[0]) / size[0]) ** 2 + ((y - centre[1]) / size[1]) ** 2
        shadow = (1 + np.tanh((1 - distance) * rng.uniform(1, 20))) / 2
        grey -= rng.uniform(20, 150) * shadow
    light: np.ndarray = grey
    return light


def _ruled(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paper ruled in one direction or both."""
    gap, width = rng.uniform(6, 50), rng.uniform(1, 4)
    y, x = np.mgrid[0 : len(grey), 0 : len(grey)]
    ink = rng.uniform(20, 160)
    slope = rng.normal(0, 0.03)
    lines = (y + slope * x + rng.uniform(0, gap)) % gap < width
    if rng.random() < 0.4:
        lines |= (x - slope * y + rng.uniform(0, gap)) % gap < width
    return np.where(lines, grey - ink, grey)


def framed(count: int, seed: int) -> np.ndarray:
    """Return framed images without a digit, every other one cleaned; blank ones are left out.

    Returns:
        (count, 28, 28) uint8 with ink 255.
    """
    pixels = np.empty((count, SIZE, SIZE), np.uint8)
    done, images = 0, pictures(seed)
    while done < count:
        framed_image = frame(next(images), clean=done % 2 == 1)
        if framed_image is not None:
            pixels[done] = np.round(framed_image.pixels * 255)
            done += 1
    return pixels
