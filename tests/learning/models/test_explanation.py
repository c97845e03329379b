"""Explanations: gradients against finite differences, sums that add up, changes that change."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from number_recognition.learning.models import explanation
from number_recognition.learning.models.explanation import (
    contributions,
    find_counterfactual,
    maximize_activation,
    most_activating,
)
from number_recognition.learning.models.numpy_network import ACTIVATIONS, Layer, NumpyNetwork


def network_of(activation: str, widths: tuple[int, ...] = (24, 16), seed: int = 1) -> NumpyNetwork:
    """A network with random weights, (784, *widths, 10)."""
    rng = np.random.default_rng(seed)
    sizes = (784, *widths, 10)
    layers = []
    for number, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        name = "softmax" if number == len(widths) else activation
        weights = rng.normal(0, 1.5 / np.sqrt(inputs), (inputs, units)).astype(np.float32)
        bias = rng.normal(0, 0.2, units).astype(np.float32)
        layers.append(Layer(weights, bias, name))
    return NumpyNetwork(tuple(layers))


def places() -> np.ndarray:
    """Ten spots of ink, each at a place of its own, (10, 28, 28) float32."""
    spots = np.zeros((10, 28, 28), np.float32)
    for digit in range(10):
        spots[digit, 7 + 12 * (digit // 5), 4 + 5 * (digit % 5)] = 12
    return np.clip(explanation.blur(spots, 1.3), 0, 1)


def places_network() -> NumpyNetwork:
    """A network that reads the digit whose place has the most ink."""
    looks_there = places().reshape(10, 784).T
    return NumpyNetwork(
        (
            Layer(looks_there, np.zeros(10, np.float32), "relu"),
            Layer(np.eye(10, dtype=np.float32), np.zeros(10, np.float32), "softmax"),
        )
    )


def digits(count: int = 3, seed: int = 2) -> np.ndarray:
    """Smooth random drawings, (count, 28, 28) float32."""
    noise = np.random.default_rng(seed).uniform(0, 1, (count, 28, 28)).astype(np.float32)
    pictures = explanation.blur(noise, 1.5)
    return np.clip(4 * (pictures - pictures.mean()), 0, 1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_derivative_of_each_activation_is_that_of_finite_differences(activation):
    layer = Layer(np.eye(6), np.zeros(6), activation)
    reached = np.random.default_rng(3).normal(0, 2, (5, 6))
    slope = np.random.default_rng(4).normal(size=(5, 6))
    step = 1e-3
    expected = np.empty_like(reached)
    for unit in range(6):
        aside = step * np.eye(6)[unit]
        change = ACTIVATIONS[activation](reached + aside) - ACTIVATIONS[activation](reached - aside)
        expected[:, unit] = (slope * change).sum(axis=1) / (2 * step)
    assert np.allclose(explanation.backward(layer, reached, slope), expected, atol=2e-3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_gradients_through_the_network_are_those_of_finite_differences(activation, layer):
    network, pixels = network_of(activation), digits()
    units = len(network.layers[layer].bias)
    weights = np.random.default_rng(5).normal(size=units).astype(np.float32)
    found = explanation.gradient(network, pixels, weights, layer)
    assert found.shape == (3, 28, 28) and found.dtype == np.float32
    for way in np.random.default_rng(6).normal(size=(4, 28, 28)).astype(np.float32):
        step = 2e-3
        there, back = (
            explanation.pre_activations(network, pixels + side * step * way, layer).astype(float)
            @ weights
            for side in (1, -1)
        )
        expected = (there - back) / (2 * step)
        assert np.allclose((found * way).sum(axis=(1, 2)), expected, rtol=0.03, atol=0.03)


def test_a_slope_set_for_leaky_relu_is_used():
    layer = Layer(np.eye(2), np.zeros(2), "leaky_relu", {"negative_slope": 0.5})
    slope = explanation.backward(layer, np.array([[-1.0, 1.0]]), np.array([[1.0, 1.0]]))
    assert slope.tolist() == [[0.5, 1.0]]


@pytest.mark.parametrize("activation", ["relu", "gelu", "tanh"])
def test_contributions_add_up_to_the_score(activation):
    network, pixels = network_of(activation), digits(1)[0]
    for digit in range(10):
        found = contributions(network, pixels, digit)
        logits = explanation.pre_activations(network, pixels[None])[0]
        assert found.score == pytest.approx(
            logits[digit] - np.delete(logits, digit).mean(), abs=1e-4
        )
        assert found.pixels.sum() == pytest.approx(found.score - found.typical, abs=0.05)


def test_contributions_of_a_linear_network_are_exact():
    network, pixels = network_of("linear"), digits(1)[0]
    found = contributions(network, pixels, 3)
    assert found.pixels.sum() == pytest.approx(found.score - found.typical, abs=1e-3)


def test_what_would_make_it_changes_the_answer_by_a_drawing():
    network, pixels, before = places_network(), places()[4], 4
    for digit in range(10):
        change = find_counterfactual(network, pixels, digit)
        assert change.pixels.min() >= 0 and change.pixels.max() <= 1
        answer = network(change.pixels[None])[0]
        assert change.confidence == pytest.approx(answer[digit], abs=1e-4)
        assert change.succeeded == (int(answer.argmax()) == digit)
        assert change.succeeded
        assert np.array_equal(change.pixels, pixels) == (digit == before)


def test_what_cannot_be_made_says_so():
    layer = Layer(np.zeros((784, 10), np.float32), np.eye(10, dtype=np.float32)[4] * 9, "softmax")
    change = find_counterfactual(NumpyNetwork((layer,)), digits(1)[0], 7)
    assert not change.succeeded


def test_an_exciting_input_excites_more_than_samples_do():
    network, samples = network_of("relu"), digits(50)
    pictures = list(maximize_activation(network, 1, 5))
    assert all(picture.min() >= 0 and picture.max() <= 1 for picture in pictures)
    best = explanation.pre_activations(network, pictures[-1][None], 1)[0, 5]
    assert best > explanation.pre_activations(network, pictures[0][None], 1)[0, 5]
    assert best > explanation.pre_activations(network, samples, 1)[:, 5].max()


def test_the_same_seed_gives_the_same_exciting_input():
    network = network_of("relu")
    first, again = (explanation.activation_ascent_step(network, 1, 2, seed=7) for _ in range(2))
    assert np.array_equal(first, again)


def test_the_samples_that_excite_a_unit_most_come_first():
    network, samples = network_of("tanh"), digits(40)
    numbers, values = most_activating(network, 1, 3, samples, 5)
    reached = explanation.pre_activations(network, samples, 1)[:, 3]
    assert numbers.tolist() == np.argsort(-reached)[:5].tolist()
    assert np.allclose(values, np.sort(reached)[::-1][:5], atol=1e-5)
