"""Small dense networks with known weights, and images to feed them."""

from __future__ import annotations

import itertools

import numpy as np

from number_recognition.learning.explanation.smoothing import gaussian_blur
from number_recognition.learning.models.numpy_network import Layer, NumpyNetwork


def random_weights_network(activation: str, units: tuple[int, ...] = (24, 16)) -> NumpyNetwork:
    """A network with random weights: 784 inputs, hidden layers of so many units, ten outputs."""
    rng = np.random.default_rng(1)
    layers = []
    for index, (inputs, outputs) in enumerate(itertools.pairwise((784, *units, 10))):
        weights = rng.normal(0, 1.5 / np.sqrt(inputs), (inputs, outputs)).astype(np.float32)
        bias = rng.normal(0, 0.2, outputs).astype(np.float32)
        layers.append(Layer(weights, bias, "softmax" if index == len(units) else activation))
    return NumpyNetwork(tuple(layers))


def blobs() -> np.ndarray:
    """Ten blobs of ink, each at another position, (10, 28, 28) float32."""
    images = np.zeros((10, 28, 28), np.float32)
    for digit in range(10):
        images[digit, 7 + 12 * (digit // 5), 4 + 5 * (digit % 5)] = 12
    return np.clip(gaussian_blur(images, 1.3), 0, 1)


def blob_network() -> NumpyNetwork:
    """A network that predicts the digit whose blob has the most ink."""
    templates = blobs().reshape(10, 784).T
    return NumpyNetwork(
        (
            Layer(templates, np.zeros(10, np.float32), "relu"),
            Layer(np.eye(10, dtype=np.float32), np.zeros(10, np.float32), "softmax"),
        )
    )


def smooth_images(count: int = 3) -> np.ndarray:
    """Smooth random images, (count, 28, 28) float32."""
    noise = np.random.default_rng(2).uniform(0, 1, (count, 28, 28)).astype(np.float32)
    images = gaussian_blur(noise, 1.5)
    return np.clip(4 * (images - images.mean()), 0, 1)
