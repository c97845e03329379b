"""How far to go from the old weights to those just learnt: no further than forgets nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from number_recognition.learning.fine_tuning.split_network import Features, SplitNetwork

_MIXES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Parts of the way from the old weights to the new that are tried, the boldest first."""
_SURE = 0.5
"""A sample that both ends of the way read alike, by so much surer than any other digit, is taken to
be read so all along it: then only the others need to be looked at for every mix."""
_LESSON = 1500


def choose_mix(
    split_network: SplitNetwork,
    correction_set: Features,
    validation_sets: list[list[Features]],
    max_drop: float,
    give_up: float,
) -> float:
    """Move back towards the old weights, as the original task demands and the lesson allows.

    Args:
        halves: a network whose upper half has learnt; it stands at what is returned afterwards.
        lesson: what was learnt.
        judges: sets of samples of the original task, in one form or several. In each form, neither
            all sets together nor the last alone may lose more than the limit: what a network wins
            on the others, of which it may never have seen the like, must not hide what it loses
            there.
        max_drop: points of accuracy, that limit.
        give_up: the part of what was won that a smaller change may cost.

    Returns:
        the part of the way from the old weights to the new that is left, 0 where none is good.
    """
    new = split_network.trained_weights()
    correction_set = _some(correction_set)
    doubts = [_doubts(split_network, new, form) for form in validation_sets]
    allowed = [
        max_drop / 100 * n for n in _counted(validation_sets, lambda each: len(each.targets))
    ]

    def known() -> list[int]:
        return _counted(doubts, lambda each: _right(split_network, each))

    split_network.mix(new, 0.0)
    least = [count - lost for count, lost in zip(known(), allowed, strict=True)]
    before, learnt, chosen = _right(split_network, correction_set), None, 0.0
    for mix in _MIXES:
        split_network.mix(new, mix)
        if any(count < enough for count, enough in zip(known(), least, strict=True)):
            continue
        read = _right(split_network, correction_set)
        learnt = read if learnt is None else learnt
        if learnt <= before or read < learnt - give_up * (learnt - before):
            break
        chosen = mix
    split_network.mix(new, chosen)
    return chosen


def _counted(forms: list[list[Features]], count: Callable[[Features], int]) -> list[int]:
    """In each form, the count of all sets together and that of the last alone."""
    counts = [[count(each) for each in form] for form in forms]
    return [number for form in counts for number in (sum(form), form[-1])]


def _doubts(
    split_network: SplitNetwork, new: list[np.ndarray], validation_sets: list[Features]
) -> list[Features]:
    """The samples whose answer may change on the way."""
    ends = []
    for mix in (0.0, 1.0):
        split_network.mix(new, mix)
        ends.append([split_network.predictions(each.values) for each in validation_sets])
    doubts = []
    for samples, old, late in zip(validation_sets, *ends, strict=True):
        alike = old.argmax(axis=1) == late.argmax(axis=1)
        doubtful = ~alike | (_margin(old) < _SURE) | (_margin(late) < _SURE)
        doubts.append(Features(samples.values[doubtful], samples.targets[doubtful]))
    return doubts


def _margin(answers: np.ndarray) -> np.ndarray:
    """By how much the best answer is better than the next, (n, outputs) -> (n,)."""
    second, best = np.partition(answers, -2, axis=1)[:, -2:].T
    margin: np.ndarray = best - second
    return margin


def _some(correction_set: Features) -> Features:
    """As much of the lesson as tells how well it was learnt."""
    every = -(-len(correction_set.targets) // _LESSON)
    return Features(correction_set.values[::every], correction_set.targets[::every])


def _right(split_network: SplitNetwork, samples: Features) -> int:
    """How many samples are read right."""
    if not len(samples.targets):
        return 0
    read = split_network.predictions(samples.values).argmax(axis=1)
    return int((read == samples.targets.argmax(axis=1)).sum())
