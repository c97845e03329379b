"""Pictures without a digit: paper plain, ruled or shaded, and noise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from number_recognition.digits.images.frame import SIZE, frame


def pictures(seed: int) -> Iterator[Image.Image]:
    """Such pictures without end, grey; the same seed, the same pictures."""
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
    """Paper under uneven light, perhaps with the shadow of a hand; (side, side) float."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    slope = rng.normal(0, 80, 2) * (rng.random() < 0.7)
    grey = rng.uniform(90, 255) + slope[0] * x + slope[1] * y
    if rng.random() < 0.4:
        place, size = rng.uniform(-0.6, 0.6, 2), rng.uniform(0.1, 0.7, 2)
        distance = ((x - place[0]) / size[0]) ** 2 + ((y - place[1]) / size[1]) ** 2
        soft = (1 + np.tanh((1 - distance) * rng.uniform(1, 20))) / 2
        grey -= rng.uniform(20, 150) * soft
    return grey


def _ruled(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The paper with lines, in one direction or both."""
    gap, width = rng.uniform(6, 50), rng.uniform(1, 4)
    y, x = np.mgrid[0 : len(grey), 0 : len(grey)]
    ink = rng.uniform(20, 160)
    lean = rng.normal(0, 0.03)
    lines = (y + lean * x + rng.uniform(0, gap)) % gap < width
    if rng.random() < 0.4:
        lines |= (x - lean * y + rng.uniform(0, gap)) % gap < width
    return np.where(lines, grey - ink, grey)


def framed(count: int, seed: int) -> np.ndarray:
    """What is left of such pictures once framed, those that are blank left out.

    Returns:
        (count, 28, 28) uint8 with ink 255.
    """
    pixels = np.empty((count, SIZE, SIZE), np.uint8)
    done, source = 0, pictures(seed)
    while done < count:
        found = frame(next(source), clean=False)
        if found is not None:
            pixels[done] = np.round(found.pixels * 255)
            done += 1
    return pixels
