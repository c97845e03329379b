"""The inputs and the samples that activate a unit most."""

from __future__ import annotations

import numpy as np
from network_files import smooth_network
from small_networks import random_weights_network, smooth_images

from number_recognition.learning.explanation.activation_maximization import (
    maximize_activation,
    most_activating,
    response_images,
    weight_image,
)
from number_recognition.learning.explanation.gradients import gradient, pre_activations
from number_recognition.learning.explanation.typical_digits import typical_digits


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


def test_what_a_unit_responds_to_are_its_weights_pulled_back_to_the_pixels() -> None:
    network = smooth_network((6, 5))
    samples = typical_digits()
    assert samples.shape == (10, 28, 28) and samples.max() > 0.5
    first = response_images(network, 0, samples)
    assert np.array_equal(first[2], weight_image(network, 2))
    second = response_images(network, 1, samples)
    one = np.zeros(5, np.float32)
    one[3] = 1
    expected = gradient(network, samples, one, layer=1).mean(axis=0)
    assert second.shape == (5, 28, 28)
    assert np.allclose(second[3], expected, atol=1e-5)
