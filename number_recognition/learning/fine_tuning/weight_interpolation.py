"""Interpolation between old and trained weights: as far as the original task allows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from number_recognition.learning.fine_tuning.split_network import Features, SplitNetwork, margin

_MIXES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Positions between the old weights (0) and the trained ones (1) that are tried, in order."""
_CERTAIN_MARGIN = 0.5
"""A sample with the same prediction at both ends, each with at least this margin, is taken to have
it in between, too; only the other samples are evaluated for every mix."""
_MOST_CORRECTIONS = 1500


def choose_mix(
    split_network: SplitNetwork,
    correction_set: Features,
    validation_sets: list[list[Features]],
    max_drop: float,
    tolerance: float,
) -> float:
    """Interpolate towards the old weights as far as the original task demands.

    Args:
        split_network: a network with trained upper layers; it has the returned mix afterwards.
        correction_set: the corrections it was trained on.
        validation_sets: variants (plain, augmented) of sets of samples of the original task. In
            each variant, neither all sets together nor the last alone may lose more than
            `max_drop`: a gain on the synthetic set must not hide a loss on MNIST.
        max_drop: points of accuracy.
        tolerance: the part of the gain on the corrections that a smaller change may cost.

    Returns:
        The position between the old weights (0) and the trained ones (1); 0 where no other is
        within the limits.
    """
    trained = split_network.trained_weights()
    correction_set = _subset(correction_set)
    is_within_limits = _limits(split_network, trained, validation_sets, max_drop)
    split_network.mix(trained, 0.0)
    before, best, result = _correct(split_network, correction_set), None, 0.0
    for mix in _MIXES:
        split_network.mix(trained, mix)
        if not is_within_limits():
            continue
        correct = _correct(split_network, correction_set)
        best = correct if best is None else best
        if best <= before or correct < best - tolerance * (best - before):
            break
        result = mix
    split_network.mix(trained, result)
    return result


def _limits(
    split_network: SplitNetwork,
    trained: list[np.ndarray],
    validation_sets: list[list[Features]],
    max_drop: float,
) -> Callable[[], bool]:
    """A check of the current mix: whether it loses no more than `max_drop` of the old weights'."""
    uncertain = [_uncertain(split_network, trained, sets) for sets in validation_sets]
    sizes = _counts(validation_sets, lambda each: len(each.targets))

    def correct_counts() -> list[int]:
        return _counts(uncertain, lambda each: _correct(split_network, each))

    split_network.mix(trained, 0.0)
    before = zip(correct_counts(), sizes, strict=True)
    least = [count - max_drop / 100 * size for count, size in before]
    return lambda: all(count >= limit for count, limit in zip(correct_counts(), least, strict=True))


def _counts(variants: list[list[Features]], count: Callable[[Features], int]) -> list[int]:
    """In each variant, the count of all sets together and that of the last alone."""
    counts = [[count(each) for each in sets] for sets in variants]
    return [number for each in counts for number in (sum(each), each[-1])]


def _uncertain(
    split_network: SplitNetwork, trained: list[np.ndarray], sets: list[Features]
) -> list[Features]:
    """The samples of each set whose prediction may differ between the mixes."""
    ends = []
    for mix in (0.0, 1.0):
        split_network.mix(trained, mix)
        ends.append([split_network.predictions(each.values) for each in sets])
    uncertain = []
    for samples, old, new in zip(sets, *ends, strict=True):
        differ = old.argmax(axis=1) != new.argmax(axis=1)
        selected = differ | (margin(old) < _CERTAIN_MARGIN) | (margin(new) < _CERTAIN_MARGIN)
        uncertain.append(Features(samples.values[selected], samples.targets[selected]))
    return uncertain


def _subset(features: Features) -> Features:
    every = -(-len(features.targets) // _MOST_CORRECTIONS)
    return Features(features.values[::every], features.targets[::every])


def _correct(split_network: SplitNetwork, samples: Features) -> int:
    """How many samples are read correctly."""
    if not len(samples.targets):
        return 0
    predicted = split_network.predictions(samples.values).argmax(axis=1)
    return int((predicted == samples.targets.argmax(axis=1)).sum())
