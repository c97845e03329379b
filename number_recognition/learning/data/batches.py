"""The batches of an epoch: the next ones are distorted while the network learns from the last."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf

from number_recognition.learning.data.augmentation import Augmentation, compiled_augment
from number_recognition.learning.data.samples import Samples
from number_recognition.storage.settings import TrainingSettings

_ALIKE = 16
_WARPS = 16
"""At most so many images of a batch are distorted alike, and at least in so many ways."""


class Batches:
    """Samples as a network learns from them, some batches at a time.

    Attributes:
        batch: how many samples there are in each.
        dtype: of the images: uint8 with ink 255, or where they are distorted float32 with ink 1.
    """

    def __init__(self, samples: Samples, settings: TrainingSettings) -> None:
        self.batch = min(settings.batch_size, len(samples))
        amount = Augmentation.of(settings)
        self.dtype = tf.float32 if amount else tf.uint8
        self._prepare = self._graph(samples, amount)
        self._thread = ThreadPoolExecutor(1)

    def taken(
        self, order: np.ndarray, seed: int, size: Callable[[], int]
    ) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
        """Go through an epoch.

        Args:
            order: (steps, batch) int32, numbers of samples.
            seed: of the distortion, with the number of the step.
            size: asked for the number of batches to be given at a time.

        Yields:
            images (n, batch, 28, 28) of `dtype`, and labels (n, batch) int32.
        """
        step = 0
        ready = self._begin(order, seed, step, 1)
        while step < len(order):
            images, labels = ready.result()
            step += len(labels)
            if step < len(order):
                ready = self._begin(order, seed, step, size())
            yield images, labels

    def _begin(self, order: np.ndarray, seed: int, step: int, size: int) -> Future[Any]:
        return self._thread.submit(
            self._prepare, tf.constant(order[step : step + size]), tf.constant([seed, step])
        )

    def _graph(
        self, samples: Samples, amount: Augmentation
    ) -> tf.types.experimental.PolymorphicFunction:
        pixels = tf.constant(samples.pixels)
        labels = tf.constant(samples.labels.astype(np.int32))
        warp, alike = compiled_augment() if amount else None, _alike(self.batch)
        shape = (self.batch, 28, 28)

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, self.batch), tf.int32),
                tf.TensorSpec((2,), tf.int32),
            ]
        )
        def prepare(order: tf.Tensor, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            if warp is None:
                return tf.gather(pixels, order), tf.gather(labels, order)
            count = tf.shape(order)[0]
            batches = tf.TensorArray(tf.float32, size=count, element_shape=shape)
            for i in tf.range(count):
                images = tf.cast(tf.gather(pixels, order[i]), tf.float32) / 255.0
                images = warp(images, tf.stack([seed[0], seed[1] + i]), amount, alike)
                batches = batches.write(i, images)
            return batches.stack(), tf.gather(labels, order)

        return prepare


def _alike(batch: int) -> int:
    """How many images of a batch share a warp: a divisor of it."""
    return math.gcd(batch, max(1, min(_ALIKE, batch // _WARPS)))
