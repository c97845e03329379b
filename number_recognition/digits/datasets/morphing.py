"""Morphs: new digits whose outlines lie between those of two similar images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from number_recognition.digits.images.box import SIZE

_FINE = 2 * SIZE
"""The side of the grid of distances; at the size of the pixels, outlines would be jagged."""
_INK_THRESHOLD = 0.4
_MAX_DISTANCE = 6.0
"""Distances from an outline are clipped to this many pixels."""
_NEIGHBOURS = 32
_BATCH_SIZE = 64


def morphs(
    pixels: np.ndarray,
    labels: np.ndarray,
    count: int,
    seed: int,
    on_progress: Callable[[int], None] = lambda done: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make digits whose outlines lie between those of two images of one label.

    Each morph is one of the images, changed part of the way to one of its 32 nearest neighbours,
    with randomly thicker or thinner lines and sharper or softer edges.

    Args:
        pixels: (n, 28, 28) uint8 with ink 255.
        labels: (n,) uint8.
        count: the number of morphs; all images are used equally often.
        seed: random seed; equal seeds give equal morphs.
        on_progress: called with the number of images measured so far, of n.

    Returns:
        pixels (count, 28, 28) uint8 with ink 255, and labels (count,) uint8. A label with
        only one image is left out.

    Source of interpolating distances to outlines: B. Payne, A. Toga, "Distance field manipulation
    of surface models", 1992.
    """
    rng = np.random.default_rng(seed)
    neighbours = _neighbours(pixels, labels)
    if not count or not (neighbours >= 0).any():
        return np.empty((0, SIZE, SIZE), np.uint8), np.empty(0, np.uint8)
    plan = _plan(neighbours, count, rng)
    distances = _all_distances(pixels, on_progress)
    morphed = np.empty((count, SIZE, SIZE), np.uint8)
    for start in range(0, count, _BATCH_SIZE):
        batch = slice(start, start + _BATCH_SIZE)
        morphed[batch] = _interpolated(distances, plan.part(batch))
        on_progress(len(pixels))
    return morphed, labels[plan.first]


@dataclass(frozen=True)
class _Plan:
    """The random values of n morphs, each (n,).

    Attributes:
        first: indices of the images that are changed.
        second: indices of the neighbours that they are changed towards.
        share: how far, from 0 to 1.
        thickness: added to half the width of the lines, in pixels.
        softness: the width of the edges, in pixels.
    """

    first: np.ndarray
    second: np.ndarray
    share: np.ndarray
    thickness: np.ndarray
    softness: np.ndarray

    def part(self, batch: slice) -> _Plan:
        return _Plan(*(getattr(self, each.name)[batch] for each in fields(self)))


def _plan(neighbours: np.ndarray, count: int, rng: np.random.Generator) -> _Plan:
    usable = np.flatnonzero(neighbours[:, 0] >= 0)
    rounds = -(-count // len(usable))
    first = np.concatenate([rng.permutation(usable) for _ in range(rounds)])[:count]
    ranks = (rng.random(count) * (neighbours[first] >= 0).sum(axis=1)).astype(int)
    return _Plan(
        first,
        second=neighbours[first, ranks],
        share=rng.uniform(0.2, 0.8, count),
        thickness=rng.normal(0, 0.3, count),
        softness=rng.uniform(0.25, 0.55, count),
    )


def _interpolated(distances: np.ndarray, plan: _Plan) -> np.ndarray:
    """The morphs of a plan, (n, 28, 28) float from 0 to 255, rounded."""
    first, second = (distances[each].astype(np.float32) for each in (plan.first, plan.second))
    share, thickness, softness = (
        each[:, None, None] for each in (plan.share, plan.thickness, plan.softness)
    )
    outline = (1 - share) * first + share * second - thickness
    ink = 1 / (1 + np.exp(outline / softness))
    pixels: np.ndarray = np.rint(255 * ink.reshape(-1, SIZE, 2, SIZE, 2).mean(axis=(2, 4)))
    return pixels


def _all_distances(pixels: np.ndarray, on_progress: Callable[[int], None]) -> np.ndarray:
    """`outline_distances` of all images, computed in batches; (n, 56, 56) float16."""
    distances = np.empty((len(pixels), _FINE, _FINE), np.float16)
    for start in range(0, len(pixels), _BATCH_SIZE):
        distances[start : start + _BATCH_SIZE] = outline_distances(
            pixels[start : start + _BATCH_SIZE]
        )
        on_progress(min(start + _BATCH_SIZE, len(pixels)))
    return distances


def outline_distances(pixels: np.ndarray) -> np.ndarray:
    """Return the distance of each point from the outline of the ink, in pixels, negative inside.

    Args:
        pixels: (n, 28, 28) uint8 with ink 255.

    Returns:
        (n, 56, 56) float32, two points to a pixel, from -6 to 6.
    """
    upsampling = _upsampling()
    ink = upsampling @ (pixels.astype(np.float32) / 255) @ upsampling.T > _INK_THRESHOLD
    distance = (_to_nearest(ink) - _to_nearest(~ink)) * (SIZE / _FINE)
    clipped: np.ndarray = np.clip(distance, -_MAX_DISTANCE, _MAX_DISTANCE)
    return clipped


def _to_nearest(mask: np.ndarray) -> np.ndarray:
    """The distance of each point to the nearest one in the mask, (n, side, side); large if none."""
    import cv2  # only for morphs: the window opens without it

    outside = (~mask).astype(np.uint8)
    measured = [cv2.distanceTransform(each, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for each in outside]
    return np.stack(measured)


def _upsampling() -> np.ndarray:
    """The matrix of linear interpolation to twice as many points, (56, 28) float32."""
    at = (np.arange(_FINE) + 0.5) / 2 - 0.5
    weights = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(SIZE)))
    parts: np.ndarray = weights / weights.sum(axis=1, keepdims=True)
    return parts.astype(np.float32)


def _neighbours(pixels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Indices of the most similar images of the same label, (n, 32); -1: none.

    Images are compared slightly blurred, by cosine similarity.
    """
    neighbours = np.full((len(pixels), _NEIGHBOURS), -1)
    for label in np.unique(labels):
        indices = np.flatnonzero(labels == label)
        if len(indices) < 2:
            continue
        blurred = _blurred(pixels[indices]).reshape(len(indices), -1)
        blurred /= np.maximum(np.linalg.norm(blurred, axis=1, keepdims=True), 1e-6)
        count = min(_NEIGHBOURS, len(indices) - 1)
        for start in range(0, len(indices), 1024):
            similarity = blurred[start : start + 1024] @ blurred.T
            similarity[
                np.arange(len(similarity)), start + np.arange(len(similarity))
            ] = -1  # not itself
            order = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
            neighbours[indices[start : start + 1024], :count] = indices[order]
    return neighbours


def _blurred(pixels: np.ndarray) -> np.ndarray:
    """The mean of each pixel and its eight neighbours, float32."""
    padded = np.pad(pixels.astype(np.float32), ((0, 0), (1, 1), (1, 1)))
    shifted = [padded[:, i : i + SIZE, j : j + SIZE] for i in range(3) for j in range(3)]
    return sum(shifted[1:], shifted[0]) / 9
