"""The initial weights of a network follow from the seed of its settings alone."""

from __future__ import annotations

import random

import keras
import numpy as np
import pytest

from number_recognition.learning.models import convolution, keras_network
from number_recognition.storage.settings import TrainingSettings

SETTINGS = TrainingSettings(hidden_layers=(144, 25), dropout=0.5, seed=3)
BUILDERS = [keras_network.build, convolution.build, convolution.build_teacher]


def numbers(network: keras.Model) -> list[np.ndarray]:
    """The weights, and what dropout leaves of ones."""
    dropped = [
        np.asarray(layer(np.ones((1, 2, 2, 50)), training=True))
        for layer in network.layers
        if isinstance(layer, keras.layers.Dropout)
    ]
    return [*network.get_weights(), *dropped]


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_other_users_of_random_numbers_change_nothing(
    build: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The threads of a Dask worker draw from the module `random`, too, at any moment."""
    expected = numbers(build(SETTINGS))
    for name in ("randint", "random", "getrandbits"):
        drawn = random.Random(9)
        monkeypatch.setattr(random, name, getattr(drawn, name))
    for one, other in zip(expected, numbers(build(SETTINGS)), strict=True):
        assert np.array_equal(one, other)


def test_another_seed_gives_other_weights() -> None:
    one, other = keras_network.build(SETTINGS, seed=1), keras_network.build(SETTINGS, seed=2)
    assert not np.array_equal(one.get_weights()[0], other.get_weights()[0])


def test_building_leaves_the_random_numbers_of_others_alone() -> None:
    random.seed(5)
    expected = random.random()
    random.seed(5)
    keras_network.build(SETTINGS)
    assert random.random() == expected
