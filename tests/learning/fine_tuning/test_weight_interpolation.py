"""Weights just learnt go back as far as the original task demands and the lesson allows."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.learning.fine_tuning.split_network import Features, SplitNetwork
from number_recognition.learning.fine_tuning.weight_interpolation import choose_mix

ONE_HOT = np.eye(10, dtype=np.float32)


def seen(unit: float, label: int, count: int = 10) -> Features:
    values = np.zeros((count, 2), np.float32)
    values[:, 0] = unit
    return Features(values, np.repeat(ONE_HOT[[label]], count, axis=0))


def both(one: Features, other: Features) -> Features:
    return Features(
        np.concatenate([one.values, other.values]), np.concatenate([one.targets, other.targets])
    )


@pytest.fixture
def halves() -> SplitNetwork:
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
    halves = SplitNetwork(network, 1)
    kernel[0, 1] = 4.0
    halves.upper.set_weights([kernel, bias])
    return halves


def test_it_goes_no_further_than_the_lesson_needs(halves: SplitNetwork) -> None:
    assert choose_mix(halves, seen(1.0, 1), [], max_drop=0.1, give_up=0.05) == pytest.approx(0.3)
    assert halves.predictions(seen(1.0, 1).values).argmax(axis=1).tolist() == [1] * 10


@pytest.mark.parametrize(("give_up", "mix"), [(0.05, 0.9), (0.15, 0.3)])
def test_a_small_part_of_the_lesson_is_given_up_for_a_smaller_change(
    halves: SplitNetwork, give_up: float, mix: float
) -> None:
    lesson = both(seen(0.3, 1, count=2), seen(1.0, 1, count=18))
    assert choose_mix(halves, lesson, [], max_drop=0.1, give_up=give_up) == pytest.approx(mix)


def test_it_goes_no_further_than_the_original_task_allows(halves: SplitNetwork) -> None:
    lesson, judges = both(seen(0.3, 1), seen(1.0, 1)), seen(0.5, 0)
    assert choose_mix(halves, lesson, [[judges]], max_drop=0.1, give_up=0.05) == pytest.approx(0.3)


def test_without_judges_it_goes_as_far_as_the_whole_lesson_needs(halves: SplitNetwork) -> None:
    lesson = both(seen(0.3, 1), seen(1.0, 1))
    assert choose_mix(halves, lesson, [], max_drop=0.1, give_up=0.05) == pytest.approx(0.9)


def test_where_all_would_forget_it_stays_where_it_was(halves: SplitNetwork) -> None:
    old = halves.predictions(seen(1.0, 1).values[:1] * 0)
    assert choose_mix(halves, seen(1.0, 1), [[seen(1.0, 0)]], max_drop=0.1, give_up=0.05) == 0
    assert np.array_equal(halves.predictions(seen(1.0, 1).values[:1] * 0), old)


@pytest.mark.parametrize(("max_drop", "mix"), [(49.0, 0.0), (50.0, 0.3)])
def test_what_may_be_lost_is_lost(halves: SplitNetwork, max_drop: float, mix: float) -> None:
    judges = both(seen(1.0, 0), seen(0.0, 0))
    assert choose_mix(halves, seen(1.0, 1), [[judges]], max_drop, give_up=0.05) == pytest.approx(
        mix
    )


@pytest.mark.parametrize(("last", "mix"), [("lost", 0.0), ("won", 0.3)])
def test_what_is_won_on_other_sets_does_not_hide_what_the_last_one_loses(
    halves: SplitNetwork, last: str, mix: float
) -> None:
    won, lost = seen(1.0, 1, count=20), seen(1.0, 0, count=10)
    judges = [won, lost] if last == "lost" else [lost, won]
    found = choose_mix(halves, seen(1.0, 1), [judges], max_drop=0.1, give_up=0.05)
    assert found == pytest.approx(mix)
