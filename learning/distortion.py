"""Random distortion of digits, made fresh for every batch inside the graph."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from storage.settings import TrainingSettings

_SIDE = 28
_GRID = 7


@dataclass(frozen=True)
class Distortion:
    """How strongly digits are distorted: every amount as in `TrainingSettings`."""

    rotation: float
    scaling: float
    slant: float
    shift: float
    elastic: float

    @classmethod
    def of(cls, settings: TrainingSettings) -> Distortion:
        """The amounts of the settings times their `distortion`."""
        strength = settings.distortion
        return cls(
            settings.rotation * strength,
            settings.scaling * strength,
            settings.slant * strength,
            settings.shift * strength,
            settings.elastic * strength,
        )

    def __bool__(self) -> bool:
        return any((self.rotation, self.scaling, self.slant, self.shift, self.elastic))


def distort(pixels: tf.Tensor, seed: tf.Tensor, amount: Distortion) -> tf.Tensor:
    """Turn, scale, slant, move and bend each image, each in its own way.

    One warp does it all: where each pixel of the result comes from is an affine map (about the
    centre) plus a smooth random field, and the image is read there bilinearly.

    Args:
        pixels: (n, 28, 28) float32.
        seed: (2,) int; the same seed distorts in the same way.
        amount: rotation, slant, scaling and shift are drawn evenly up to it, the field is normal.

    Returns:
        (n, 28, 28) float32.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks
    applied to visual document analysis", 2003; the smooth field here is a coarse grid of noise,
    interpolated, in place of a convolved fine one.
    """
    count = tf.shape(pixels)[0]
    x, y = _affine(count, seed, amount)
    if amount.elastic:
        noise = tf.random.stateless_normal((2, count, _GRID, _GRID), tf.add(seed, [0, 1]))
        smooth = tf.constant(_interpolation())  # (28, 7)
        field = amount.elastic * tf.einsum("ij,dnjk,lk->dnil", smooth, noise, smooth)
        x, y = x + field[0], y + field[1]
    return _read(pixels, x, y)


def _affine(count: tf.Tensor, seed: tf.Tensor, amount: Distortion) -> tuple[tf.Tensor, tf.Tensor]:
    """Where each pixel comes from, x and y, each (n, 28, 28)."""
    draws = tf.random.stateless_uniform((6, count, 1, 1), seed, -1.0, 1.0)
    angle = draws[0] * math.radians(amount.rotation)
    slant = draws[1] * amount.slant
    width = 1 + draws[2] * amount.scaling
    height = 1 + draws[3] * amount.scaling
    centre = (_SIDE - 1) / 2
    axis = tf.range(_SIDE, dtype=tf.float32) - centre
    right, down = axis[None, None, :], axis[None, :, None]
    turned_x = tf.cos(angle) * right - tf.sin(angle) * down
    turned_y = tf.sin(angle) * right + tf.cos(angle) * down
    x = (turned_x + slant * turned_y) / width + centre + draws[4] * amount.shift
    y = turned_y / height + centre + draws[5] * amount.shift
    return x, y


def _interpolation() -> np.ndarray:
    """Cubic interpolation from a grid of 7 to 28 pixels as a matrix, (28, 7) float32."""
    at = (np.arange(_SIDE) + 0.5) / _SIDE * (_GRID - 3) + 1.0
    distance = np.abs(at[:, None] - np.arange(_GRID))
    spline = np.where(
        distance < 1, 2 / 3 - distance**2 + distance**3 / 2, np.maximum(2 - distance, 0) ** 3 / 6
    )
    # Scaled so that the field has the variance of the noise, on average.
    return (spline / np.sqrt((spline**2).sum(axis=1).mean())).astype(np.float32)


def _read(pixels: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Read images at points between their pixels, bilinearly; outside them lies paper."""
    side = _SIDE + 2
    padded = tf.reshape(tf.pad(pixels, ((0, 0), (1, 1), (1, 1))), (-1, side * side))
    x = tf.clip_by_value(x + 1, 0.0, side - 1.001)
    y = tf.clip_by_value(y + 1, 0.0, side - 1.001)
    left, top = tf.floor(x), tf.floor(y)
    across, down = x - left, y - top
    corner = tf.cast(top * side + left, tf.int32)

    def at(offset: int) -> tf.Tensor:
        flat = tf.reshape(corner + offset, (-1, _SIDE * _SIDE))
        return tf.reshape(tf.gather(padded, flat, batch_dims=1), tf.shape(x))

    above = at(0) * (1 - across) + at(1) * across
    below = at(side) * (1 - across) + at(side + 1) * across
    return above * (1 - down) + below * down
