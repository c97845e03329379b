"""Shapes new digits between two that are alike, as another hand might have written them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from number_recognition.digits.images.frame import SIZE

_FINE = 2 * SIZE
"""Distances are measured on a grid twice as fine, lest outlines become steps."""
_INK = 0.4
_FAR = 6.0
"""Pixels beyond which it does not matter how far an outline is."""
_NEIGHBOURS = 32
_PART = 64
"""Images measured at a time."""


def morphs(
    pixels: np.ndarray,
    labels: np.ndarray,
    count: int,
    seed: int,
    on_progress: Callable[[int], None] = lambda done: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make digits whose outlines lie between those of two digits of one label.

    Each is one of the images, drawn part of the way to one of its 32 nearest; then a little thicker
    or thinner, its edges a little sharper or softer.

    Args:
        pixels: (n, 28, 28) uint8 with ink 255.
        labels: (n,) uint8.
        count: how many to make; each image has its turn before one has another.
        seed: the same seed, the same digits.
        on_progress: hears again and again how many images are measured, of n.

    Returns:
        pixels (count, 28, 28) uint8 with ink 255, and labels (count,) uint8. A label that only one
        image has is left out.

    Source of shaping between distances to outlines: B. Payne, A. Toga, "Distance field manipulation
    of surface models", 1992.
    """
    rng = np.random.default_rng(seed)
    near = _neighbours(pixels, labels)
    able = np.flatnonzero(near[:, 0] >= 0)
    if not len(able) or not count:
        return np.empty((0, SIZE, SIZE), np.uint8), np.empty(0, np.uint8)
    rounds = -(-count // len(able))
    first = np.concatenate([rng.permutation(able) for _ in range(rounds)])[:count]
    places = (rng.random(count) * (near[first] >= 0).sum(axis=1)).astype(int)
    second = near[first, places]
    way = rng.uniform(0.2, 0.8, count)
    thicker = rng.normal(0, 0.3, count)
    softness = rng.uniform(0.25, 0.55, count)

    distances = _all_distances(pixels, on_progress)
    made = np.empty((count, SIZE, SIZE), np.uint8)
    for start in range(0, count, _PART):
        part = slice(start, start + _PART)
        a, b = (distances[each[part]].astype(np.float32) for each in (first, second))
        share = way[part, None, None]
        between = (1 - share) * a + share * b - thicker[part, None, None]
        ink = 1 / (1 + np.exp(between / softness[part, None, None]))
        made[part] = np.rint(255 * ink.reshape(-1, SIZE, 2, SIZE, 2).mean(axis=(2, 4)))
        on_progress(len(pixels))
    return made, labels[first]


def _all_distances(pixels: np.ndarray, on_progress: Callable[[int], None]) -> np.ndarray:
    """The distances of `outline_distances`, some images at a time and half as precise."""
    distances = np.empty((len(pixels), _FINE, _FINE), np.float16)
    for start in range(0, len(pixels), _PART):
        distances[start : start + _PART] = outline_distances(pixels[start : start + _PART])
        on_progress(min(start + _PART, len(pixels)))
    return distances


def outline_distances(pixels: np.ndarray) -> np.ndarray:
    """How far each place is from the outline of the ink, in pixels, inside it below zero.

    Args:
        pixels: (n, 28, 28) uint8 with ink 255.

    Returns:
        (n, 56, 56) float32, two places to a pixel, from -6 to 6.
    """
    finer = _finer()
    ink = finer @ (pixels.astype(np.float32) / 255) @ finer.T > _INK
    distance = (_to_nearest(ink) - _to_nearest(~ink)) * (SIZE / _FINE)
    clipped: np.ndarray = np.clip(distance, -_FAR, _FAR)
    return clipped


def _to_nearest(mask: np.ndarray) -> np.ndarray:
    """Distance of each place to the nearest one in the mask, (n, side, side); far where none is.

    Along the rows first, then along the columns, as squares add up.

    Source: P. Felzenszwalb, D. Huttenlocher, "Distance transforms of sampled functions", 2012.
    """
    side = mask.shape[1]
    squares = (np.arange(side)[:, None] - np.arange(side)).astype(np.float32) ** 2
    far = np.float32(2 * side**2)
    rows = np.where(mask, np.float32(0), far)
    along = (rows[:, :, None, :] + squares).min(axis=3)
    across = (along.transpose(0, 2, 1)[:, :, None, :] + squares).min(axis=3)
    distances: np.ndarray = np.sqrt(across).transpose(0, 2, 1)
    return distances


def _finer() -> np.ndarray:
    """Linear interpolation to twice as many places as a matrix, (56, 28) float32."""
    at = (np.arange(_FINE) + 0.5) / 2 - 0.5
    weights = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(SIZE)))
    parts: np.ndarray = weights / weights.sum(axis=1, keepdims=True)
    return parts.astype(np.float32)


def _neighbours(pixels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Numbers of the most alike images of the same label, (n, 32); -1: none.

    Images are compared slightly blurred, by the angle between them.
    """
    near = np.full((len(pixels), _NEIGHBOURS), -1)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        if len(own) < 2:
            continue
        blurred = _blurred(pixels[own]).reshape(len(own), -1)
        blurred /= np.maximum(np.linalg.norm(blurred, axis=1, keepdims=True), 1e-6)
        count = min(_NEIGHBOURS, len(own) - 1)
        for start in range(0, len(own), 1024):
            alike = blurred[start : start + 1024] @ blurred.T
            alike[np.arange(len(alike)), start + np.arange(len(alike))] = -1  # not itself
            order = np.argpartition(-alike, count - 1, axis=1)[:, :count]
            near[own[start : start + 1024], :count] = own[order]
    return near


def _blurred(pixels: np.ndarray) -> np.ndarray:
    """Each pixel the mean of the nine around it, float32."""
    padded = np.pad(pixels.astype(np.float32), ((0, 0), (1, 1), (1, 1)))
    nine = [padded[:, i : i + SIZE, j : j + SIZE] for i in range(3) for j in range(3)]
    return sum(nine[1:], nine[0]) / 9
