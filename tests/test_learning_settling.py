"""Weights just learnt go back as far as the original task demands and the lesson allows."""

from __future__ import annotations

import numpy as np
import pytest

from learning.halves import Halves, Seen
from learning.settling import settle

ONE_HOT = np.eye(10, dtype=np.float32)


def seen(unit: float, label: int, count: int = 10) -> Seen:
    values = np.zeros((count, 2), np.float32)
    values[:, 0] = unit
    return Seen(values, np.repeat(ONE_HOT[[label]], count, axis=0))


def both(one: Seen, other: Seen) -> Seen:
    return Seen(
        np.concatenate([one.values, other.values]), np.concatenate([one.targets, other.targets])
    )


@pytest.fixture
def halves() -> Halves:
    """The old network says 0 to all; the new one says 1 where the first unit is above a quarter.

    On the way between them, a part `mix` of it, to say 1 takes a first unit above 0.25 / mix.
    """
    import keras

    network = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(2, activation="relu"),
            keras.layers.Dense(10),
            keras.layers.Activation("softmax"),
        ]
    )
    kernel, bias = np.zeros((2, 10), np.float32), ONE_HOT[0]
    network.layers[-2].set_weights([kernel, bias])
    halves = Halves(network, 1)
    kernel[0, 1] = 4.0
    halves.upper.set_weights([kernel, bias])
    return halves


def test_it_goes_no_further_than_the_lesson_needs(halves: Halves) -> None:
    assert settle(halves, seen(1.0, 1), [], max_drop=0.1, give_up=0.05) == pytest.approx(0.3)
    assert halves.answers(seen(1.0, 1).values).argmax(axis=1).tolist() == [1] * 10


@pytest.mark.parametrize(("give_up", "mix"), [(0.05, 0.9), (0.15, 0.3)])
def test_a_small_part_of_the_lesson_is_given_up_for_a_smaller_change(
    halves: Halves, give_up: float, mix: float
) -> None:
    lesson = both(seen(0.3, 1, count=2), seen(1.0, 1, count=18))
    assert settle(halves, lesson, [], max_drop=0.1, give_up=give_up) == pytest.approx(mix)


def test_it_goes_no_further_than_the_original_task_allows(halves: Halves) -> None:
    lesson, judges = both(seen(0.3, 1), seen(1.0, 1)), seen(0.5, 0)
    assert settle(halves, lesson, [[judges]], max_drop=0.1, give_up=0.05) == pytest.approx(0.3)


def test_without_judges_it_goes_as_far_as_the_whole_lesson_needs(halves: Halves) -> None:
    lesson = both(seen(0.3, 1), seen(1.0, 1))
    assert settle(halves, lesson, [], max_drop=0.1, give_up=0.05) == pytest.approx(0.9)


def test_where_all_would_forget_it_stays_where_it_was(halves: Halves) -> None:
    old = halves.answers(seen(1.0, 1).values[:1] * 0)
    assert settle(halves, seen(1.0, 1), [[seen(1.0, 0)]], max_drop=0.1, give_up=0.05) == 0
    assert np.array_equal(halves.answers(seen(1.0, 1).values[:1] * 0), old)


@pytest.mark.parametrize(("max_drop", "mix"), [(49.0, 0.0), (50.0, 0.3)])
def test_what_may_be_lost_is_lost(halves: Halves, max_drop: float, mix: float) -> None:
    judges = both(seen(1.0, 0), seen(0.0, 0))
    assert settle(halves, seen(1.0, 1), [[judges]], max_drop, give_up=0.05) == pytest.approx(mix)


@pytest.mark.parametrize(("last", "mix"), [("lost", 0.0), ("won", 0.3)])
def test_what_is_won_on_other_sets_does_not_hide_what_the_last_one_loses(
    halves: Halves, last: str, mix: float
) -> None:
    won, lost = seen(1.0, 1, count=20), seen(1.0, 0, count=10)
    judges = [won, lost] if last == "lost" else [lost, won]
    found = settle(halves, seen(1.0, 1), [judges], max_drop=0.1, give_up=0.05)
    assert found == pytest.approx(mix)
