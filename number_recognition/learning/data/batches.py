"""The batches of an epoch; the next ones are augmented while the network trains on the last."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf

from number_recognition.learning.data.augmentation import Augmentation, choose_augment
from number_recognition.learning.data.samples import Samples
from number_recognition.storage.settings import TrainingSettings

_MAX_IMAGES_PER_WARP = 16
_MIN_WARPS = 16
"""A batch has at least so many different warps."""


class Batches:
    """Training samples in batches of random order, augmented as set.

    Attributes:
        samples: the number of samples.
        batch_size: the number of samples in each batch.
        steps: the number of batches in an epoch; samples that fill no batch are left out of it.
        dtype: of the images: uint8 with ink 255, or if augmented float32 with ink 1.
    """

    def __init__(self, samples: Samples, settings: TrainingSettings) -> None:
        self.samples = len(samples)
        self.batch_size = min(settings.batch_size, self.samples)
        self.steps = self.samples // self.batch_size
        self._seed = settings.seed
        augmentation = Augmentation.of(settings)
        self.dtype = tf.float32 if augmentation else tf.uint8
        self._augmented_images = settings.epochs * self.steps * self.batch_size
        self._prepare = self._build_graph(samples, augmentation)
        self._thread = ThreadPoolExecutor(1)

    def epoch(
        self, epoch: int, batches_per_call: Callable[[], int]
    ) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
        """Yield the batches of an epoch, several at a time.

        Args:
            epoch: its number, which decides on the order and the augmentation.
            batches_per_call: returns the number of batches to yield at a time; the first is alone.

        Yields:
            images (n, batch_size, 28, 28) of `dtype`, and labels (n, batch_size) int32.
        """
        entropy = [self._seed, epoch]
        order = np.random.default_rng(entropy).permutation(self.samples)
        order = order[: self.steps * self.batch_size].reshape(self.steps, self.batch_size)
        order = order.astype(np.int32)
        seed = int(np.random.SeedSequence(entropy).generate_state(1)[0] >> 1)
        step = 0
        future = self._submit(order[:1], seed, step)
        while step < self.steps:
            images, labels = future.result()
            step += len(labels)
            if step < self.steps:
                future = self._submit(order[step : step + batches_per_call()], seed, step)
            yield images, labels

    def _submit(self, order: np.ndarray, seed: int, step: int) -> Future[Any]:
        return self._thread.submit(self._prepare, tf.constant(order), tf.constant([seed, step]))

    def _build_graph(
        self, samples: Samples, augmentation: Augmentation
    ) -> tf.types.experimental.PolymorphicFunction:
        pixels = tf.constant(samples.pixels)
        labels = tf.constant(samples.labels.astype(np.int32))
        augment = choose_augment(self._augmented_images) if augmentation else None
        shared = images_per_warp(self.batch_size)
        shape = (self.batch_size, 28, 28)

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, self.batch_size), tf.int32),
                tf.TensorSpec((2,), tf.int32),
            ],
            autograph=False,
        )
        def prepare(order: tf.Tensor, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            if augment is None:
                return tf.gather(pixels, order), tf.gather(labels, order)

            def augment_batch(i: tf.Tensor) -> tf.Tensor:
                images = tf.cast(tf.gather(pixels, order[i]), tf.float32) / 255.0
                step_seed = tf.stack([seed[0], seed[1] + i])
                return augment(images, step_seed, augmentation, shared)

            images = tf.map_fn(
                augment_batch,
                tf.range(tf.shape(order)[0]),
                fn_output_signature=tf.TensorSpec(shape, tf.float32),
                parallel_iterations=1,
            )
            return images, tf.gather(labels, order)

        return prepare


def images_per_warp(batch_size: int) -> int:
    """Return how many images of a batch share a warp, a divisor of the batch size."""
    return math.gcd(batch_size, max(1, min(_MAX_IMAGES_PER_WARP, batch_size // _MIN_WARPS)))
