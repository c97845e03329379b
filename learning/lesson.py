"""What fine-tuning learns from: corrections in many forms, and what must not be forgotten."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from learning.distortion import Distortion, distort
from learning.halves import Halves, Heed, Seen, read_by, unheeding
from learning.hand import Hand, in_hand
from learning.samples import Samples
from storage.settings import FineTuningSettings

_HAND = Distortion(rotation=10.0, scaling=0.15, slant=0.18, shift=1.0, elastic=1.4)
_KNOWN = Distortion(rotation=8.0, scaling=0.12, slant=0.15, shift=0.7, elastic=1.0)
"""Corrections are distorted as one hand varies, and what is known a little less."""
_MOST = 6000
"""Distorted corrections; of many corrections, each is seen in fewer forms."""
_IN_HAND = 700
"""Samples of the rehearsal that are written anew in a hand that was found out."""
_PART = 200
_ALIKE = 4
"""Samples of what is known that share a warp; copies of one correction never do."""


def corrections_seen(
    halves: Halves,
    corrections: Samples,
    rehearsal: Samples,
    hand: Hand | None,
    settings: FineTuningSettings,
    heed: Heed,
) -> Seen:
    """The corrections in many forms, and where a hand was found out, known digits written in it.

    Args:
        halves: the network; what its lower half makes of each image is what the upper one sees.
        corrections: at least one.
        rehearsal: samples of the original task.
        hand: how the corrections differ from the usual as a whole.
        settings: how many forms of each correction, and the seed.
        heed: called between two parts of the work.
    """
    times = max(1, min(settings.correction_renderings, _MOST // len(corrections)))
    pixels = _distorted(np.repeat(corrections.pixels, times, axis=0), settings.seed, _HAND, heed)
    targets = halves.targets(np.repeat(corrections.labels, times))
    if hand is not None:
        known = rehearsal.chosen(np.arange(min(_IN_HAND, len(rehearsal))))
        pixels = np.concatenate([pixels, _written_in(hand, known, heed)])
        own = (read_by(halves.network, known.pixels, heed) + halves.targets(known.labels)) / 2
        targets = np.concatenate([targets, own])
    return Seen(halves.seen(pixels, heed), targets)


def rehearsal_seen(
    halves: Halves, rehearsal: Samples, settings: FineTuningSettings, heed: Heed
) -> Seen:
    """What the network knows, the least sure of it first; targets are half its answers, half truth.

    All samples are distorted: of those that it has learnt by heart, it forgets nothing while it
    forgets others like them. Its own answers alone would teach its mistakes on them again, the
    truth alone would make it another network. See `corrections_seen` for the arguments.
    """
    pixels = _distorted(rehearsal.pixels, settings.seed, _KNOWN, heed, _ALIKE)
    seen = halves.seen(pixels, heed)
    answers = halves.answers(seen, heed)
    second, best = np.partition(answers, -2, axis=1)[:, -2:].T
    order = np.argsort(best - second)
    targets = (answers + halves.targets(rehearsal.labels)) / 2
    return Seen(seen[order], targets[order])


def judges_seen(halves: Halves, judges: Sequence[Samples], seed: int) -> list[list[Seen]]:
    """Sets that judge what was forgotten: all as they are, and all in two forms of each sample."""
    plain, distorted = [], []
    for samples in judges:
        targets = halves.targets(samples.labels)
        forms = _distorted(np.repeat(samples.pixels, 2, axis=0), seed, _KNOWN, alike=_ALIKE)
        plain.append(Seen(halves.seen(samples.pixels), targets))
        distorted.append(Seen(halves.seen(forms), np.repeat(targets, 2, axis=0)))
    return [plain, distorted]


def _written_in(hand: Hand, samples: Samples, heed: Heed) -> np.ndarray:
    parts = []
    for start in range(0, len(samples), _PART):
        heed()
        numbers = np.arange(start, min(start + _PART, len(samples)))
        parts.append(in_hand(samples.chosen(numbers), hand).pixels)
    return np.concatenate(parts) if parts else samples.pixels


def _distorted(
    pixels: np.ndarray,
    seed: int,
    amount: Distortion,
    heed: Heed = unheeding,
    alike: int = 1,
) -> np.ndarray:
    """Each image in a form of its own, (n, 28, 28) uint8; so many images may share a warp."""
    distorted: np.ndarray = pixels.copy()
    for start in range(0, len(pixels), 1000):
        heed()
        part = tf.constant(pixels[start : start + 1000].astype(np.float32) / 255)
        shared = math.gcd(len(part), alike)
        warped = distort(part, tf.constant([seed, start]), amount, shared)
        distorted[start : start + 1000] = np.round(255 * np.asarray(warped))
    return distorted
