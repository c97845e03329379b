"""Weights are interpolated as far as the original task demands and the corrections allow."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.learning.fine_tuning.split_network import Features, SplitNetwork
from number_recognition.learning.fine_tuning.weight_interpolation import choose_mix

ONE_HOT = np.eye(10, dtype=np.float32)


def features(unit: float, label: int, count: int = 10) -> Features:
    values = np.zeros((count, 2), np.float32)
    values[:, 0] = unit
    return Features(values, np.repeat(ONE_HOT[[label]], count, axis=0))


def both(one: Features, other: Features) -> Features:
    return Features(
        np.concatenate([one.values, other.values]), np.concatenate([one.targets, other.targets])
    )


@pytest.fixture
def split_network() -> SplitNetwork:
    """The old network always predicts 0; the new one predicts 1 for a first unit above a quarter.

    With the weights mixed, it predicts 1 for a first unit above 0.25 / mix.
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
    split_network = SplitNetwork(network, 1)
    kernel[0, 1] = 4.0
    split_network.upper.set_weights([kernel, bias])
    return split_network


def test_the_mix_is_no_larger_than_the_corrections_need(split_network: SplitNetwork) -> None:
    assert choose_mix(
        split_network, features(1.0, 1), [], max_drop=0.1, tolerance=0.05
    ) == pytest.approx(0.3)
    assert split_network.predictions(features(1.0, 1).values).argmax(axis=1).tolist() == [1] * 10


@pytest.mark.parametrize(("tolerance", "mix"), [(0.05, 0.9), (0.15, 0.3)])
def test_a_small_part_of_the_gain_is_lost_for_a_smaller_change(
    split_network: SplitNetwork, tolerance: float, mix: float
) -> None:
    correction_set = both(features(0.3, 1, count=2), features(1.0, 1, count=18))
    assert choose_mix(
        split_network, correction_set, [], max_drop=0.1, tolerance=tolerance
    ) == pytest.approx(mix)


def test_the_mix_is_no_larger_than_the_original_task_allows(split_network: SplitNetwork) -> None:
    correction_set, validation = both(features(0.3, 1), features(1.0, 1)), features(0.5, 0)
    assert choose_mix(
        split_network, correction_set, [[validation]], max_drop=0.1, tolerance=0.05
    ) == pytest.approx(0.3)


def test_without_validation_sets_the_corrections_alone_decide(split_network: SplitNetwork) -> None:
    correction_set = both(features(0.3, 1), features(1.0, 1))
    assert choose_mix(
        split_network, correction_set, [], max_drop=0.1, tolerance=0.05
    ) == pytest.approx(0.9)


def test_the_weights_stay_where_every_mix_would_lose_too_much(split_network: SplitNetwork) -> None:
    old = split_network.predictions(features(1.0, 1).values[:1] * 0)
    assert (
        choose_mix(
            split_network, features(1.0, 1), [[features(1.0, 0)]], max_drop=0.1, tolerance=0.05
        )
        == 0
    )
    assert np.array_equal(split_network.predictions(features(1.0, 1).values[:1] * 0), old)


@pytest.mark.parametrize(("max_drop", "mix"), [(49.0, 0.0), (50.0, 0.3)])
def test_the_original_task_may_lose_max_drop(
    split_network: SplitNetwork, max_drop: float, mix: float
) -> None:
    validation = both(features(1.0, 0), features(0.0, 0))
    assert choose_mix(
        split_network, features(1.0, 1), [[validation]], max_drop, tolerance=0.05
    ) == pytest.approx(mix)


@pytest.mark.parametrize(("last", "mix"), [("loses", 0.0), ("gains", 0.3)])
def test_a_gain_on_another_set_does_not_hide_a_loss_on_the_last(
    split_network: SplitNetwork, last: str, mix: float
) -> None:
    gains, loses = features(1.0, 1, count=20), features(1.0, 0, count=10)
    validation = [gains, loses] if last == "loses" else [loses, gains]
    result = choose_mix(split_network, features(1.0, 1), [validation], max_drop=0.1, tolerance=0.05)
    assert result == pytest.approx(mix)
