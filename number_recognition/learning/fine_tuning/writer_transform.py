"""A hand unlike all others may be a known one, turned or slanted: finds out, and writes in it."""

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
"""Images are turned at twice their size, so that their lines stay smooth."""
_ENOUGH = 12
_FEW, _MOST = 8, 24
"""Misread drawings that all hands are tried on, and those that the likeliest are."""
_BEST = 8
_CONVINCING = 0.6
"""So many misread drawings, and so large a part of them read right once undone, make a hand."""

Probabilities = Callable[[np.ndarray], np.ndarray]
"""(n, 28, 28) uint8 -> (n, outputs)"""


@dataclass(frozen=True)
class WriterTransform:
    """How a hand differs from the usual: turned clockwise by degrees, then slanted to the right."""

    rotation: float
    slant: float

    def matrix(self) -> np.ndarray:
        """What a usual digit's points are multiplied by, (2, 2), x to the right, y downwards."""
        angle = math.radians(self.rotation)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        product: np.ndarray = np.array([[1.0, -self.slant], [0.0, 1.0]]) @ turn
        return product

    def __str__(self) -> str:
        parts = []
        if self.rotation:
            parts.append(f"turned by {self.rotation:.0f}° clockwise")
        if self.slant:
            side = "right" if self.slant > 0 else "left"
            parts.append(
                f"leaning to the {side} by {math.degrees(math.atan(abs(self.slant))):.0f}°"
            )
        return " and ".join(parts) or "the usual"


_TRANSFORMS = [
    WriterTransform(rotation, slant)
    for rotation in (0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180)
    for slant in (0.0, 0.5, -0.5, 1.0, -1.0)
    if rotation or slant
]


def estimate_transform(read: Probabilities, samples: Samples) -> WriterTransform | None:
    """The turn and slant that explain most of the misread samples; None where none is convincing.

    Args:
        read: the network that misreads them.
        samples: corrections, those read right among them.
    """
    samples = samples.select(np.flatnonzero(samples.labels != NO_DIGIT))
    if len(samples) < _ENOUGH:
        return None
    misread = np.flatnonzero(read(samples.pixels).argmax(axis=1) != samples.labels)
    if len(misread) < _ENOUGH:
        return None
    few = samples.select(misread[np.linspace(0, len(misread) - 1, _FEW).astype(int)])
    likeliest = [transform for _, _, transform in _rank_transforms(read, few, _TRANSFORMS)[:_BEST]]
    more = samples.select(misread[:: -(-len(misread) // _MOST)])
    _, right, transform = _rank_transforms(read, more, likeliest)[0]
    return transform if right >= _CONVINCING else None


def _rank_transforms(
    read: Probabilities, samples: Samples, hands: list[WriterTransform]
) -> list[tuple[float, float, WriterTransform]]:
    """How surely samples are read once each hand is undone, the part read right, the hand.

    The surest come first.
    """
    images = [_enlarge(pixels) for pixels in samples.pixels]
    undone = [_map_and_frame(images, np.linalg.inv(transform.matrix())) for transform in hands]
    answers = read(np.concatenate(undone)).reshape(len(hands), len(samples), -1)
    of_label = np.log(np.maximum(answers[:, np.arange(len(samples)), samples.labels], 1e-6))
    right = (answers.argmax(axis=2) == samples.labels).mean(axis=1)
    found = zip(of_label.mean(axis=1).tolist(), right.tolist(), hands, strict=True)
    return sorted(found, key=lambda entry: -entry[0])


def apply_transform(samples: Samples, transform: WriterTransform) -> Samples:
    """The samples as that hand would have written them, framed anew."""
    images = [_enlarge(pixels) for pixels in samples.pixels]
    return Samples(_map_and_frame(images, transform.matrix()), samples.labels)


def _enlarge(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)


def _map_and_frame(images: list[Image.Image], matrix: np.ndarray) -> np.ndarray:
    """Map each image about its centre and frame it, (n, 28, 28) uint8."""
    side = 2 * _SIDE
    back = np.linalg.inv(matrix)
    offset = np.full(2, _SIDE / 2) - back @ np.full(2, side / 2)
    data = (*back[0], offset[0], *back[1], offset[1])
    pixels = np.zeros((len(images), 28, 28), np.uint8)
    for i, image in enumerate(images):
        turned = image.transform(
            (side, side), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
        )
        framed = frame(turned)
        if framed is not None:
            pixels[i] = np.round(framed.pixels * 255)
    return pixels
