"""What a unit responds to: its weights, the input and the samples that activate it most."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from number_recognition.learning.explanation.attribution import mean_digit
from number_recognition.learning.explanation.gradients import backward, forward, pre_activations
from number_recognition.learning.explanation.smoothing import gaussian_blur
from number_recognition.learning.models.numpy_network import IMAGE_SIZE, NumpyNetwork

_DIGIT_NORM = 9.2
"""Euclidean norm of a digit's 784 pixels: the mean over MNIST's training set."""
_STARTS = 4


def maximize_activation(
    network: NumpyNetwork, layer: int, unit: int, seed: int = 0, steps: int = 24
) -> Iterator[np.ndarray]:
    """Search for the input that activates a unit most; yields the best image so far, (28, 28).

    Gradient ascent from several faint random images at once. Each step is smoothed, which keeps
    noise out, and the images are limited to values from 0 to 1 and to the norm of a digit.

    Args:
        network: the network.
        layer: index of the layer.
        unit: index of the unit.
        seed: of the random images.
        steps: number of steps; one image more is yielded.

    Source: D. Erhan, Y. Bengio, A. Courville, P. Vincent, "Visualizing higher-layer features of a
    deep network", 2009.
    """
    rng = np.random.default_rng(seed)
    noise = rng.uniform(0, 1, (_STARTS, IMAGE_SIZE, IMAGE_SIZE)).astype(np.float32)
    images = _scale_to_digit_norm(gaussian_blur(noise * mean_digit(), 1.5))
    weights = np.zeros((_STARTS, len(network.layers[layer].bias)), np.float32)
    weights[:, unit] = 1
    for step in range(steps):
        sums = forward(network, images, layer)
        yield images[sums[-1][:, unit].argmax()]
        grad = gaussian_blur(backward(network, sums, weights), 0.8)
        step_size = _DIGIT_NORM * 0.6 * (1 - step / steps)
        images = _scale_to_digit_norm(np.clip(images + step_size * grad / _norm(grad), 0, 1))
    yield images[pre_activations(network, images, layer)[:, unit].argmax()]


def _scale_to_digit_norm(images: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = np.clip(images * (_DIGIT_NORM / _norm(images)), 0, 1)
    return scaled


def _norm(images: np.ndarray) -> np.ndarray:
    """Euclidean norms, never 0: (n, 28, 28) -> (n, 1, 1)."""
    norm: np.ndarray = np.sqrt((images**2).sum(axis=(1, 2), keepdims=True)) + 1e-12
    return norm


def weight_image(network: NumpyNetwork, unit: int) -> np.ndarray:
    """Return the weights of a unit of the first layer, (28, 28) float32."""
    return network.layers[0].weights[:, unit].reshape(IMAGE_SIZE, IMAGE_SIZE)


def response_images(network: NumpyNetwork, layer: int, samples: np.ndarray) -> np.ndarray:
    """Return for each unit of a layer which ink raises its sum and which lowers it.

    The weights of the unit are pulled back to the pixels through the layers before, as far as
    those let them pass: it is the mean, over samples, of the gradient of its pre-activation. In the
    first layer these are its weights.

    Args:
        network: the network.
        layer: index of the layer.
        samples: (n, 28, 28) float32, ink 1 on paper 0; at least one.

    Returns:
        (units, 28, 28) float32.
    """
    units = len(network.layers[layer].bias)
    if layer == 0:
        weights: np.ndarray = network.layers[0].weights.T
        return weights.reshape(units, IMAGE_SIZE, IMAGE_SIZE)
    each = np.eye(units, dtype=np.float32)
    total = np.zeros((units, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    for sample in samples:
        sums = forward(network, sample[None].astype(np.float32), layer)
        sums[-1] = np.repeat(sums[-1], units, axis=0)
        total += backward(network, sums, each)
    mean: np.ndarray = total / len(samples)
    return mean


def most_activating(
    network: NumpyNetwork, layer: int, unit: int, pixels: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the samples that activate a unit most.

    Args:
        network: the network.
        layer: index of the layer.
        unit: index of the unit.
        pixels: (n, 28, 28) float32, ink 1 on paper 0.
        count: the number of samples to find.

    Returns:
        the indices of the samples, the strongest first, and the unit's pre-activation for each;
        both (count,), or (n,) where there are fewer samples.
    """
    values = pixels.reshape(len(pixels), -1)
    for earlier in network.layers[:layer]:
        values = earlier(values)
    last = network.layers[layer]
    sums = values @ last.weights[:, unit] + last.bias[unit]
    best = np.argsort(-sums, kind="stable")[:count]
    return best, sums[best]
