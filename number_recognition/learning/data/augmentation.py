"""Random distortion of digits, made fresh for every batch inside the graph."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from number_recognition.learning.tensorflow_setup import xla_available
from number_recognition.storage.settings import TrainingSettings

_SIDE = 28
_GRID = 7
_CENTRE = (_SIDE - 1) / 2
_PLAIN = -0.25
"""Strengths are drawn from here to 1, and 0 taken for those below: a fifth stays undistorted."""
_CORNERS = _SIDE + 1
"""Of pixels with one of paper around them: places that have four neighbours, in a row."""


@dataclass(frozen=True)
class Augmentation:
    """How strongly digits are distorted: every amount as in `TrainingSettings`."""

    rotation: float
    scaling: float
    slant: float
    shift: float
    elastic: float

    @classmethod
    def of(cls, settings: TrainingSettings) -> Augmentation:
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


def augment(pixels: tf.Tensor, seed: tf.Tensor, amount: Augmentation, alike: int = 1) -> tf.Tensor:
    """Turn, scale, slant, move and bend each image, each in its own way.

    One warp does it all: where each pixel of the result comes from is an affine map (about the
    centre) plus a smooth random field, and the image is read there bilinearly.

    Args:
        pixels: (n, 28, 28) float32 from 0 to 1, in steps of 1/255.
        seed: (2,) int; the same seed distorts in the same way.
        amount: rotation, slant, scaling and shift are drawn evenly up to it, the field is normal;
            all of them by a strength that is drawn for each image, which leaves a fifth as it is.
        alike: so many images share one warp, n / alike apart; several times faster, and as good
            where the order of the images is new in each epoch. It must divide n.

    Returns:
        (n, 28, 28) float32.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks
    applied to visual document analysis", 2003; the smooth field here is a coarse grid of noise,
    interpolated, in place of a convolved fine one.
    """
    warps = tf.shape(pixels)[0] // alike
    smooth = tf.constant(_interpolation())  # (28, 7)
    knots = _knots(warps, seed, amount)  # (2, warps, 7, 7)
    x, y = tf.unstack(tf.einsum("ij,dnjk,lk->dnil", smooth, knots, smooth))
    return _read(pixels, x, y, alike)


@functools.cache
def compiled_augment() -> Callable[..., tf.Tensor]:
    """`augment` as machine code where this TensorFlow can compile it; its shapes must be known."""
    return tf.function(augment, jit_compile=True) if xla_available() else augment


def _knots(count: tf.Tensor, seed: tf.Tensor, amount: Augmentation) -> tf.Tensor:
    """Where the knots of the grid come from, x and y, (2, n, 7, 7).

    A spline through knots that lie on an affine map is that map, so it needs no pixels of its own.
    """
    draws = tf.random.stateless_uniform((7, count, 1, 1), seed, -1.0, 1.0)
    # Some stay as they are: reading between pixels blurs, and what is read in use is sharp.
    strength = tf.maximum(0.0, _PLAIN + (1 - _PLAIN) * (draws[6] + 1) / 2)
    draws = strength * draws
    angle = draws[0] * math.radians(amount.rotation)
    slant = draws[1] * amount.slant
    width = 1 + draws[2] * amount.scaling
    # Hardly so: a frame brings most digits to one height.
    height = 1 + draws[3] * amount.scaling / 3
    axis = (tf.range(_GRID, dtype=tf.float32) - _GRID // 2) * (_SIDE / (_GRID - 3))
    right, down = axis[None, None, :], axis[None, :, None]
    turned_x = tf.cos(angle) * right - tf.sin(angle) * down
    turned_y = tf.sin(angle) * right + tf.cos(angle) * down
    x = (turned_x + slant * turned_y) / width + _CENTRE + draws[4] * amount.shift
    y = turned_y / height + _CENTRE + draws[5] * amount.shift
    knots = tf.stack([x, y])
    if amount.elastic:
        noise = tf.random.stateless_normal((2, count, _GRID, _GRID), tf.add(seed, [0, 1]))
        # Interpolated, the field has the variance of the noise, on average.
        gain = 1 / float((_interpolation() ** 2).sum(axis=1).mean())
        knots += strength * amount.elastic * gain * noise
    return knots


def _interpolation() -> np.ndarray:
    """Cubic interpolation from a grid of 7 to 28 pixels as a matrix, (28, 7) float32."""
    at = (np.arange(_SIDE) + 0.5) / _SIDE * (_GRID - 3) + 1.0
    distance = np.abs(at[:, None] - np.arange(_GRID))
    spline = np.where(
        distance < 1, 2 / 3 - distance**2 + distance**3 / 2, np.maximum(2 - distance, 0) ** 3 / 6
    )
    return spline.astype(np.float32)


def _read(pixels: tf.Tensor, x: tf.Tensor, y: tf.Tensor, alike: int) -> tf.Tensor:
    """Read images at points between their pixels, bilinearly; outside them lies paper.

    Args:
        pixels: (alike * n, 28, 28) float32.
        x: (n, 28, 28), as y, the points.
        alike: how many images are read at the same points.

    Returns:
        (alike * n, 28, 28) float32.
    """
    count = tf.shape(x)[0]
    x = tf.clip_by_value(x + 1, 0.0, _CORNERS - 0.001)
    y = tf.clip_by_value(y + 1, 0.0, _CORNERS - 0.001)
    left, top = tf.floor(x), tf.floor(y)
    corner = tf.cast(top * _CORNERS + left, tf.int32) + tf.range(count)[:, None, None] * _CORNERS**2
    # One gather brings the four neighbours of a point in all images that share it.
    four = tf.gather(_neighbours(pixels, count, alike), corner)  # (n, 28, 28, alike)
    across, down = (x - left)[..., None], (y - top)[..., None]
    above = _byte(four, 0) * (1 - across) + _byte(four, 1) * across
    below = _byte(four, 2) * (1 - across) + _byte(four, 3) * across
    read = (above * (1 - down) + below * down) / 255
    return tf.reshape(tf.transpose(read, (3, 0, 1, 2)), (-1, _SIDE, _SIDE))


def _neighbours(pixels: tf.Tensor, count: tf.Tensor, alike: int) -> tf.Tensor:
    """The four pixels around each place as the bytes of one number, (n * 29 * 29, alike) int32."""
    paper = tf.cast(tf.round(tf.pad(pixels, ((0, 0), (1, 1), (1, 1))) * 255), tf.int32)
    packed = (
        paper[:, :-1, :-1]
        + paper[:, :-1, 1:] * 2**8
        + paper[:, 1:, :-1] * 2**16
        + paper[:, 1:, 1:] * 2**24
    )  # (alike * n, 29, 29)
    packed = tf.reshape(packed, (alike, count * _CORNERS**2))
    return tf.transpose(packed)


def _byte(packed: tf.Tensor, number: int) -> tf.Tensor:
    shifted = tf.bitwise.right_shift(packed, 8 * number)
    return tf.cast(tf.bitwise.bitwise_and(shifted, 255), tf.float32)
