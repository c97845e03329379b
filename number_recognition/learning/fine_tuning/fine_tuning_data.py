"""What fine-tuning learns from: corrections in many forms, and what must not be forgotten."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from number_recognition.learning.data.augmentation import Augmentation, augment
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.split_network import (
    CancelCheck,
    Features,
    SplitNetwork,
    no_check,
    predict_in_batches,
)
from number_recognition.learning.fine_tuning.writer_transform import (
    WriterTransform,
    apply_transform,
)
from number_recognition.storage.settings import FineTuningSettings

_CORRECTION_AUGMENTATION = Augmentation(
    rotation=10.0, scaling=0.15, slant=0.18, shift=1.0, elastic=1.4
)
_REHEARSAL_AUGMENTATION = Augmentation(
    rotation=8.0, scaling=0.12, slant=0.15, shift=0.7, elastic=1.0
)
"""Corrections are distorted as one hand varies, and what is known a little less."""
_MAX_AUGMENTED = 6000
"""Distorted corrections; of many corrections, each is seen in fewer forms."""
_TRANSFORMED = 700
"""Samples of the rehearsal that are written anew in a hand that was found out."""
_PART = 200
_SHARED_WARP = 4
"""Samples of what is known that share a warp; copies of one correction never do."""


def correction_features(
    split_network: SplitNetwork,
    corrections: Samples,
    rehearsal: Samples,
    transform: WriterTransform | None,
    settings: FineTuningSettings,
    check_cancelled: CancelCheck,
) -> Features:
    """The corrections in many forms, and where a hand was found out, known digits written in it.

    Args:
        halves: the network; what its lower half makes of each image is what the upper one sees.
        corrections: at least one.
        rehearsal: samples of the original task.
        hand: how the corrections differ from the usual as a whole.
        settings: how many forms of each correction, and the seed.
        heed: called between two parts of the work.
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
        known = rehearsal.select(np.arange(min(_TRANSFORMED, len(rehearsal))))
        pixels = np.concatenate([pixels, _apply_to_all(transform, known, check_cancelled)])
        own = (
            predict_in_batches(split_network.network, known.pixels, check_cancelled)
            + split_network.targets(known.labels)
        ) / 2
        targets = np.concatenate([targets, own])
    return Features(split_network.features(pixels, check_cancelled), targets)


def rehearsal_features(
    split_network: SplitNetwork,
    rehearsal: Samples,
    settings: FineTuningSettings,
    check_cancelled: CancelCheck,
) -> Features:
    """What the network knows, the least sure of it first; targets are half its answers, half truth.

    All samples are distorted: of those that it has learnt by heart, it forgets nothing while it
    forgets others like them. Its own answers alone would teach its mistakes on them again, the
    truth alone would make it another network. See `correction_features` for the arguments.
    """
    pixels = _augment_all(
        rehearsal.pixels, settings.seed, _REHEARSAL_AUGMENTATION, check_cancelled, _SHARED_WARP
    )
    seen = split_network.features(pixels, check_cancelled)
    answers = split_network.predictions(seen, check_cancelled)
    second, best = np.partition(answers, -2, axis=1)[:, -2:].T
    order = np.argsort(best - second)
    targets = (answers + split_network.targets(rehearsal.labels)) / 2
    return Features(seen[order], targets[order])


def validation_features(
    split_network: SplitNetwork, validation_sets: Sequence[Samples], seed: int
) -> list[list[Features]]:
    """Sets that judge what was forgotten: all as they are, and all in two forms of each sample."""
    plain, distorted = [], []
    for samples in validation_sets:
        targets = split_network.targets(samples.labels)
        forms = _augment_all(
            np.repeat(samples.pixels, 2, axis=0), seed, _REHEARSAL_AUGMENTATION, alike=_SHARED_WARP
        )
        plain.append(Features(split_network.features(samples.pixels), targets))
        distorted.append(Features(split_network.features(forms), np.repeat(targets, 2, axis=0)))
    return [plain, distorted]


def _apply_to_all(
    transform: WriterTransform, samples: Samples, check_cancelled: CancelCheck
) -> np.ndarray:
    parts = []
    for start in range(0, len(samples), _PART):
        check_cancelled()
        numbers = np.arange(start, min(start + _PART, len(samples)))
        parts.append(apply_transform(samples.select(numbers), transform).pixels)
    return np.concatenate(parts) if parts else samples.pixels


def _augment_all(
    pixels: np.ndarray,
    seed: int,
    amount: Augmentation,
    check_cancelled: CancelCheck = no_check,
    alike: int = 1,
) -> np.ndarray:
    """Each image in a form of its own, (n, 28, 28) uint8; so many images may share a warp."""
    distorted: np.ndarray = pixels.copy()
    for start in range(0, len(pixels), 1000):
        check_cancelled()
        part = tf.constant(pixels[start : start + 1000].astype(np.float32) / 255)
        shared = math.gcd(len(part), alike)
        warped = augment(part, tf.constant([seed, start]), amount, shared)
        distorted[start : start + 1000] = np.round(255 * np.asarray(warped))
    return distorted
