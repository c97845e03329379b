"""The inputs and the samples that activate a unit most."""

from __future__ import annotations

import numpy as np
from small_networks import random_weights_network, smooth_images

from number_recognition.learning.explanation.activation_maximization import (
    maximize_activation,
    most_activating,
)
from number_recognition.learning.explanation.gradients import pre_activations


def test_the_input_found_activates_a_unit_more_than_samples_do() -> None:
    network, samples = random_weights_network("relu"), smooth_images(50)
    images = list(maximize_activation(network, 1, 5))
    assert all(image.min() >= 0 and image.max() <= 1 for image in images)
    best = pre_activations(network, images[-1][None], 1)[0, 5]
    assert best > pre_activations(network, images[0][None], 1)[0, 5]
    assert best > pre_activations(network, samples, 1)[:, 5].max()


def test_the_same_seed_gives_the_same_input() -> None:
    network = random_weights_network("relu")
    first, second = (list(maximize_activation(network, 1, 2, seed=7))[-1] for _ in range(2))
    assert np.array_equal(first, second)


def test_the_samples_that_activate_a_unit_most_come_first() -> None:
    network, samples = random_weights_network("tanh"), smooth_images(40)
    indices, values = most_activating(network, 1, 3, samples, 5)
    sums = pre_activations(network, samples, 1)[:, 3]
    assert indices.tolist() == np.argsort(-sums)[:5].tolist()
    assert np.allclose(values, np.sort(sums)[::-1][:5], atol=1e-5)
