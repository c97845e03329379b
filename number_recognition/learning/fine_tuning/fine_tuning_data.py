"""Training and validation data of fine-tuning: augmented corrections, rehearsal, validation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from number_recognition.learning.data.augmentation import Augmentation, augment
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.split_network import Features, SplitNetwork, margin
from number_recognition.learning.fine_tuning.writer_transform import (
    WriterTransform,
    apply_transform,
)
from number_recognition.learning.models.batches import CancelCheck, no_check, predict_in_batches
from number_recognition.storage.settings import FineTuningSettings

_CORRECTION_AUGMENTATION = Augmentation(
    rotation=10.0, scaling=0.15, slant=0.18, shift=1.0, elastic=1.4
)
_REHEARSAL_AUGMENTATION = Augmentation(
    rotation=8.0, scaling=0.12, slant=0.15, shift=0.7, elastic=1.0
)
"""Corrections vary as the digits of one person do; the rehearsal varies a little less."""
_MAX_AUGMENTED = 6000
"""Augmented corrections; the more corrections, the fewer variants of each."""
_MAX_TRANSFORMED = 700
"""Rehearsal samples to which an estimated writer transform is applied."""
_TRANSFORM_BATCH, _AUGMENT_BATCH = 200, 1000
_SHARED_WARP = 4
"""Rehearsal samples that share an elastic warp; variants of one correction never do."""


def correction_features(
    split_network: SplitNetwork,
    corrections: Samples,
    rehearsal: Samples,
    transform: WriterTransform | None,
    settings: FineTuningSettings,
    check_cancelled: CancelCheck,
) -> Features:
    """Augmented corrections; with a writer transform, also transformed rehearsal samples.

    Args:
        split_network: the network, whose lower layers compute the features.
        corrections: at least one.
        rehearsal: samples of the original task.
        transform: the writer transform that was estimated, if any.
        settings: the number of variants of each correction, and the seed.
        check_cancelled: called often.
    """
    times = max(1, min(settings.correction_renderings, _MAX_AUGMENTED // len(corrections)))
    pixels = _augment_all(
        np.repeat(corrections.pixels, times, axis=0),
        settings.seed,
        _CORRECTION_AUGMENTATION,
        check_cancelled,
    )
    targets = split_network.targets(np.repeat(corrections.labels, times))
    if transform is not None:
        digits = rehearsal.select(np.arange(min(_MAX_TRANSFORMED, len(rehearsal))))
        pixels = np.concatenate([pixels, _apply_to_all(transform, digits, check_cancelled)])
        predictions = predict_in_batches(split_network.network, digits.pixels, check_cancelled)
        mean = (predictions + split_network.targets(digits.labels)) / 2
        targets = np.concatenate([targets, mean])
    return Features(split_network.features(pixels, check_cancelled), targets)


def rehearsal_features(
    split_network: SplitNetwork,
    rehearsal: Samples,
    settings: FineTuningSettings,
    check_cancelled: CancelCheck,
) -> Features:
    """Augmented rehearsal samples, those with the smallest margin first.

    Samples it was trained on would be read correctly long after others like them are forgotten;
    that is why they are augmented. Targets are the mean of label and prediction: predictions alone
    would train its mistakes again, labels alone would change it everywhere. See
    `correction_features` for the arguments.
    """
    pixels = _augment_all(
        rehearsal.pixels, settings.seed, _REHEARSAL_AUGMENTATION, check_cancelled, _SHARED_WARP
    )
    features = split_network.features(pixels, check_cancelled)
    predictions = split_network.predictions(features, check_cancelled)
    order = np.argsort(margin(predictions))
    targets = (predictions + split_network.targets(rehearsal.labels)) / 2
    return Features(features[order], targets[order])


def validation_features(
    split_network: SplitNetwork, validation_sets: Sequence[Samples], seed: int
) -> list[list[Features]]:
    """The validation sets, plain and with two augmented variants of each sample."""
    plain, augmented = [], []
    for samples in validation_sets:
        targets = split_network.targets(samples.labels)
        variants = _augment_all(
            np.repeat(samples.pixels, 2, axis=0), seed, _REHEARSAL_AUGMENTATION, shared=_SHARED_WARP
        )
        plain.append(Features(split_network.features(samples.pixels), targets))
        augmented.append(Features(split_network.features(variants), np.repeat(targets, 2, axis=0)))
    return [plain, augmented]


def _apply_to_all(
    transform: WriterTransform, samples: Samples, check_cancelled: CancelCheck
) -> np.ndarray:
    batches = []
    for start in range(0, len(samples), _TRANSFORM_BATCH):
        check_cancelled()
        indices = np.arange(start, min(start + _TRANSFORM_BATCH, len(samples)))
        batches.append(apply_transform(samples.select(indices), transform).pixels)
    return np.concatenate(batches) if batches else samples.pixels


def _augment_all(
    pixels: np.ndarray,
    seed: int,
    amount: Augmentation,
    check_cancelled: CancelCheck = no_check,
    shared: int = 1,
) -> np.ndarray:
    """A variant of each image, (n, 28, 28) uint8; so many images share an elastic warp."""
    augmented: np.ndarray = pixels.copy()
    for start in range(0, len(pixels), _AUGMENT_BATCH):
        check_cancelled()
        batch = tf.constant(pixels[start : start + _AUGMENT_BATCH].astype(np.float32) / 255)
        group = math.gcd(len(batch), shared)
        variants = augment(batch, tf.constant([seed, start]), amount, group)
        augmented[start : start + _AUGMENT_BATCH] = np.round(255 * np.asarray(variants))
    return augmented
