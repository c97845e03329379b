"""Gradients agree with finite differences, for every activation and layer."""

from __future__ import annotations

import numpy as np
import pytest
from small_networks import random_weights_network, smooth_images

from number_recognition.learning.explanation.gradients import (
    activation_backward,
    gradient,
    pre_activations,
)
from number_recognition.learning.models.activations import ACTIVATIONS
from number_recognition.learning.models.numpy_network import Layer


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_derivative_of_each_activation_matches_finite_differences(activation: str) -> None:
    layer = Layer(np.eye(6), np.zeros(6), activation)
    sums = np.random.default_rng(3).normal(0, 2, (5, 6))
    grad = np.random.default_rng(4).normal(size=(5, 6))
    step = 1e-3
    expected = np.empty_like(sums)
    for unit in range(6):
        shift = step * np.eye(6)[unit]
        change = ACTIVATIONS[activation](sums + shift) - ACTIVATIONS[activation](sums - shift)
        expected[:, unit] = (grad * change).sum(axis=1) / (2 * step)
    assert np.allclose(activation_backward(layer, sums, grad), expected, atol=2e-3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_gradient_by_the_pixels_matches_finite_differences(activation: str, layer: int) -> None:
    network, pixels = random_weights_network(activation), smooth_images()
    units = len(network.layers[layer].bias)
    weights = np.random.default_rng(5).normal(size=units).astype(np.float32)
    result = gradient(network, pixels, weights, layer)
    assert result.shape == (3, 28, 28) and result.dtype == np.float32
    for direction in np.random.default_rng(6).normal(size=(4, 28, 28)).astype(np.float32):
        step = 2e-3
        above, below = (
            pre_activations(network, pixels + sign * step * direction, layer).astype(float)
            @ weights
            for sign in (1, -1)
        )
        expected = (above - below) / (2 * step)
        assert np.allclose((result * direction).sum(axis=(1, 2)), expected, rtol=0.03, atol=0.03)


def test_the_slope_of_leaky_relu_is_used() -> None:
    layer = Layer(np.eye(2), np.zeros(2), "leaky_relu", {"negative_slope": 0.5})
    grad = activation_backward(layer, np.array([[-1.0, 1.0]]), np.array([[1.0, 1.0]]))
    assert grad.tolist() == [[0.5, 1.0]]
