"""Writer transforms: digits of a person that are rotated or slanted as a whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.images.frame import frame
from number_recognition.learning.data.samples import Samples

_SIDE = 56
"""Images are rotated at twice their size, so that their lines stay smooth."""
_LEAST_MISREAD = 12
"""With fewer misread samples, no transform is estimated."""
_FIRST_SAMPLES, _FINAL_SAMPLES = 8, 24
"""Misread samples on which all transforms are ranked, and on which the best of them are."""
_BEST = 8
_LEAST_ACCURACY = 0.6
"""Of the misread samples, after the transform is undone."""

Probabilities = Callable[[np.ndarray], np.ndarray]
"""(n, 28, 28) uint8 -> (n, outputs)"""


@dataclass(frozen=True)
class WriterTransform:
    """Rotation clockwise in degrees, then slant to the right as a part of the height."""

    rotation: float
    slant: float

    def matrix(self) -> np.ndarray:
        """The matrix that maps points of upright digits, (2, 2), x to the right, y downwards."""
        angle = math.radians(self.rotation)
        rotation = np.array(
            [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
        )
        product: np.ndarray = np.array([[1.0, -self.slant], [0.0, 1.0]]) @ rotation
        return product

    def __str__(self) -> str:
        parts = []
        if self.rotation:
            parts.append(f"rotated by {self.rotation:.0f}° clockwise")
        if self.slant:
            side = "right" if self.slant > 0 else "left"
            parts.append(
                f"slanted to the {side} by {math.degrees(math.atan(abs(self.slant))):.0f}°"
            )
        return " and ".join(parts) or "unchanged"


_TRANSFORMS = [
    WriterTransform(rotation, slant)
    for rotation in (0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180)
    for slant in (0.0, 0.5, -0.5, 1.0, -1.0)
    if rotation or slant
]


def estimate_transform(predict: Probabilities, samples: Samples) -> WriterTransform | None:
    """The rotation and slant that explain most of the misread samples; None without any.

    Args:
        predict: the probabilities of the network that misreads them.
        samples: corrections, also those read correctly.
    """
    samples = samples.select(np.flatnonzero(samples.labels != NO_DIGIT))
    if len(samples) < _LEAST_MISREAD:
        return None
    misread = np.flatnonzero(predict(samples.pixels).argmax(axis=1) != samples.labels)
    if len(misread) < _LEAST_MISREAD:
        return None
    first = samples.select(misread[np.linspace(0, len(misread) - 1, _FIRST_SAMPLES).astype(int)])
    best = [transform for *_, transform in _rank_transforms(predict, first, _TRANSFORMS)[:_BEST]]
    final = samples.select(misread[:: -(-len(misread) // _FINAL_SAMPLES)])
    _, accuracy, transform = _rank_transforms(predict, final, best)[0]
    return transform if accuracy >= _LEAST_ACCURACY else None


def _rank_transforms(
    predict: Probabilities, samples: Samples, transforms: list[WriterTransform]
) -> list[tuple[float, float, WriterTransform]]:
    """Log-likelihood and accuracy on the samples with each transform undone, and the transform.

    The highest likelihood comes first.
    """
    images = [_enlarge(pixels) for pixels in samples.pixels]
    undone = [_map_and_frame(images, np.linalg.inv(each.matrix())) for each in transforms]
    predictions = predict(np.concatenate(undone)).reshape(len(transforms), len(samples), -1)
    of_label = predictions[:, np.arange(len(samples)), samples.labels]
    likelihood = np.log(np.maximum(of_label, 1e-6)).mean(axis=1)
    accuracy = (predictions.argmax(axis=2) == samples.labels).mean(axis=1)
    ranked = zip(likelihood.tolist(), accuracy.tolist(), transforms, strict=True)
    return sorted(ranked, key=lambda entry: -entry[0])


def apply_transform(samples: Samples, transform: WriterTransform) -> Samples:
    """The samples after the transform, framed again."""
    images = [_enlarge(pixels) for pixels in samples.pixels]
    return Samples(_map_and_frame(images, transform.matrix()), samples.labels)


def _enlarge(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)


def _map_and_frame(images: list[Image.Image], matrix: np.ndarray) -> np.ndarray:
    """Map each image about its centre and frame it, (n, 28, 28) uint8."""
    side = 2 * _SIDE
    inverse = np.linalg.inv(matrix)
    offset = np.full(2, _SIDE / 2) - inverse @ np.full(2, side / 2)
    data = (*inverse[0], offset[0], *inverse[1], offset[1])
    pixels = np.zeros((len(images), 28, 28), np.uint8)
    for index, image in enumerate(images):
        mapped = image.transform(
            (side, side), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
        )
        framed = frame(mapped)
        if framed is not None:
            pixels[index] = np.round(framed.pixels * 255)
    return pixels
