"""How far to go from the old weights to those just learnt: no further than forgets nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from learning.halves import Halves, Seen

_MIXES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Parts of the way from the old weights to the new that are tried, the boldest first."""
_SURE = 0.5
"""A sample that both ends of the way read alike, by so much surer than any other digit, is taken to
be read so all along it: then only the others need to be looked at for every mix."""
_LESSON = 1500


def settle(
    halves: Halves, lesson: Seen, judges: list[list[Seen]], max_drop: float, give_up: float
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
    new = halves.learnt()
    lesson = _some(lesson)
    doubts = [_doubts(halves, new, form) for form in judges]
    allowed = [max_drop / 100 * n for n in _counted(judges, lambda each: len(each.targets))]

    def known() -> list[int]:
        return _counted(doubts, lambda each: _right(halves, each))

    halves.mix(new, 0.0)
    least = [count - lost for count, lost in zip(known(), allowed, strict=True)]
    before, learnt, chosen = _right(halves, lesson), None, 0.0
    for mix in _MIXES:
        halves.mix(new, mix)
        if any(count < enough for count, enough in zip(known(), least, strict=True)):
            continue
        read = _right(halves, lesson)
        learnt = read if learnt is None else learnt
        if learnt <= before or read < learnt - give_up * (learnt - before):
            break
        chosen = mix
    halves.mix(new, chosen)
    return chosen


def _counted(forms: list[list[Seen]], count: Callable[[Seen], int]) -> list[int]:
    """In each form, the count of all sets together and that of the last alone."""
    counts = [[count(each) for each in form] for form in forms]
    return [number for form in counts for number in (sum(form), form[-1])]


def _doubts(halves: Halves, new: list[np.ndarray], judges: list[Seen]) -> list[Seen]:
    """The samples whose answer may change on the way."""
    ends = []
    for mix in (0.0, 1.0):
        halves.mix(new, mix)
        ends.append([halves.answers(each.values) for each in judges])
    doubts = []
    for samples, old, late in zip(judges, *ends, strict=True):
        alike = old.argmax(axis=1) == late.argmax(axis=1)
        doubtful = ~alike | (_margin(old) < _SURE) | (_margin(late) < _SURE)
        doubts.append(Seen(samples.values[doubtful], samples.targets[doubtful]))
    return doubts


def _margin(answers: np.ndarray) -> np.ndarray:
    """By how much the best answer is better than the next, (n, outputs) -> (n,)."""
    second, best = np.partition(answers, -2, axis=1)[:, -2:].T
    margin: np.ndarray = best - second
    return margin


def _some(lesson: Seen) -> Seen:
    """As much of the lesson as tells how well it was learnt."""
    every = -(-len(lesson.targets) // _LESSON)
    return Seen(lesson.values[::every], lesson.targets[::every])


def _right(halves: Halves, samples: Seen) -> int:
    """How many samples are read right."""
    if not len(samples.targets):
        return 0
    read = halves.answers(samples.values).argmax(axis=1)
    return int((read == samples.targets.argmax(axis=1)).sum())
