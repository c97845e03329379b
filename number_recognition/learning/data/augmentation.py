"""Random augmentation of digits by smooth warps, computed in TensorFlow's graph."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from number_recognition.learning.tensorflow_setup import xla_available
from number_recognition.storage.settings import TrainingSettings

MIN_IMAGES_FOR_XLA = 200_000
"""Of fewer images in all, compiling takes longer than it saves: about two seconds."""
_SIZE = 28
_KNOTS = 7
_CENTRE = (_SIZE - 1) / 2
_MIN_STRENGTH = -0.25
"""Strengths are drawn from here to 1, and negative ones set to 0: a fifth of the images stays as it
is."""
_CORNERS = _SIZE + 1
"""Corners between pixels in a row, with one pixel of paper around the image: each has four
neighbours."""


@dataclass(frozen=True)
class Augmentation:
    """The amounts of augmentation, as in `TrainingSettings`."""

    rotation: float
    scaling: float
    slant: float
    shift: float
    elastic: float

    @classmethod
    def of(cls, settings: TrainingSettings) -> Augmentation:
        """Return the amounts of the settings times their `distortion`."""
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


def augment(
    pixels: tf.Tensor, seed: tf.Tensor, amount: Augmentation, images_per_warp: int = 1
) -> tf.Tensor:
    """Rotate, scale, slant, shift and bend each image at random.

    The position in the original of each pixel of the result is an affine map about the centre plus
    a smooth random field; the original is interpolated there bilinearly.

    Args:
        pixels: (n, 28, 28) float32 from 0 to 1, in steps of 1/255.
        seed: (2,) int; the same seed gives the same result.
        amount: the largest rotation, slant, scaling and shift, which are drawn uniformly, and the
            standard deviation of the field. All are multiplied by a strength drawn for each image,
            which is 0 for a fifth of them.
        images_per_warp: so many images share one warp, n / images_per_warp apart. This is several
            times faster, and as good where the order of the images is random. It must divide n.

    Returns:
        (n, 28, 28) float32.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks
    applied to visual document analysis", 2003; here, the smooth field is a coarse grid of noise,
    interpolated, instead of a fine one convolved with a Gaussian.
    """
    warps = tf.shape(pixels)[0] // images_per_warp
    spline = tf.constant(_spline_matrix())  # (28, 7)
    knots = _draw_knots(warps, seed, amount)  # (2, warps, 7, 7)
    x, y = tf.unstack(tf.einsum("ij,dnjk,lk->dnil", spline, knots, spline))
    return _interpolate(pixels, x, y, images_per_warp)


@functools.cache
def compiled_augment() -> Callable[..., tf.Tensor]:
    """Return `augment` compiled with XLA where available; the shapes must be known."""
    return tf.function(augment, jit_compile=True, autograph=False) if xla_available() else augment


def choose_augment(images: int) -> Callable[..., tf.Tensor]:
    """Return `augment`, compiled where that pays for so many images in all."""
    return compiled_augment() if images >= MIN_IMAGES_FOR_XLA else augment


def _draw_knots(count: tf.Tensor, seed: tf.Tensor, amount: Augmentation) -> tf.Tensor:
    """The knots of the warp's splines, x and y, (2, n, 7, 7).

    A spline whose knots lie on an affine map is that map: it needs no computation of its own.
    """
    draws = tf.random.stateless_uniform((7, count, 1, 1), seed, -1.0, 1.0)
    # Interpolation blurs, and the images in use are sharp: some stay as they are.
    strength = tf.maximum(0.0, _MIN_STRENGTH + (1 - _MIN_STRENGTH) * (draws[6] + 1) / 2)
    draws = strength * draws
    angle = draws[0] * math.radians(amount.rotation)
    slant = draws[1] * amount.slant
    width = 1 + draws[2] * amount.scaling
    # Less than the width: preprocessing scales most digits to the same height.
    height = 1 + draws[3] * amount.scaling / 3
    axis = (tf.range(_KNOTS, dtype=tf.float32) - _KNOTS // 2) * (_SIZE / (_KNOTS - 3))
    right, down = axis[None, None, :], axis[None, :, None]
    turned_x = tf.cos(angle) * right - tf.sin(angle) * down
    turned_y = tf.sin(angle) * right + tf.cos(angle) * down
    x = (turned_x + slant * turned_y) / width + _CENTRE + draws[4] * amount.shift
    y = turned_y / height + _CENTRE + draws[5] * amount.shift
    knots = tf.stack([x, y])
    if amount.elastic:
        noise = tf.random.stateless_normal((2, count, _KNOTS, _KNOTS), tf.add(seed, [0, 1]))
        # With it, the interpolated field has the variance of the noise, on average.
        gain = 1 / float((_spline_matrix() ** 2).sum(axis=1).mean())
        knots += strength * amount.elastic * gain * noise
    return knots


def _spline_matrix() -> np.ndarray:
    """Cubic B-spline interpolation from 7 knots to 28 pixels, (28, 7) float32."""
    positions = (np.arange(_SIZE) + 0.5) / _SIZE * (_KNOTS - 3) + 1.0
    distance = np.abs(positions[:, None] - np.arange(_KNOTS))
    spline = np.where(
        distance < 1, 2 / 3 - distance**2 + distance**3 / 2, np.maximum(2 - distance, 0) ** 3 / 6
    )
    return spline.astype(np.float32)


def _interpolate(pixels: tf.Tensor, x: tf.Tensor, y: tf.Tensor, images_per_warp: int) -> tf.Tensor:
    """Interpolate images bilinearly; outside of them is paper.

    Args:
        pixels: (images_per_warp * n, 28, 28) float32.
        x: (n, 28, 28), with y the positions.
        y: (n, 28, 28).
        images_per_warp: how many images share the positions.

    Returns:
        (images_per_warp * n, 28, 28) float32.
    """
    count = tf.shape(x)[0]
    x = tf.clip_by_value(x + 1, 0.0, _CORNERS - 0.001)
    y = tf.clip_by_value(y + 1, 0.0, _CORNERS - 0.001)
    left, top = tf.floor(x), tf.floor(y)
    corner = tf.cast(top * _CORNERS + left, tf.int32) + tf.range(count)[:, None, None] * _CORNERS**2
    # One gather for the four neighbours in all images that share the positions.
    packed = tf.gather(_pack_neighbours(pixels, count, images_per_warp), corner)
    across, down = (x - left)[..., None], (y - top)[..., None]
    above = _unpack(packed, 0) * (1 - across) + _unpack(packed, 1) * across
    below = _unpack(packed, 2) * (1 - across) + _unpack(packed, 3) * across
    values = (above * (1 - down) + below * down) / 255  # (n, 28, 28, images_per_warp)
    return tf.reshape(tf.transpose(values, (3, 0, 1, 2)), (-1, _SIZE, _SIZE))


def _pack_neighbours(pixels: tf.Tensor, count: tf.Tensor, images_per_warp: int) -> tf.Tensor:
    """The four pixels around each corner in one number, (n * 29 * 29, images_per_warp) int32."""
    paper = tf.cast(tf.round(tf.pad(pixels, ((0, 0), (1, 1), (1, 1))) * 255), tf.int32)
    packed = (
        paper[:, :-1, :-1]
        + paper[:, :-1, 1:] * 2**8
        + paper[:, 1:, :-1] * 2**16
        + paper[:, 1:, 1:] * 2**24
    )  # (images_per_warp * n, 29, 29)
    packed = tf.reshape(packed, (images_per_warp, count * _CORNERS**2))
    return tf.transpose(packed)


def _unpack(packed: tf.Tensor, index: int) -> tf.Tensor:
    """One of the four pixels, 0 to 255."""
    shifted = tf.bitwise.right_shift(packed, 8 * index)
    return tf.cast(tf.bitwise.bitwise_and(shifted, 255), tf.float32)
