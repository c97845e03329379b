"""Gradients of a dense network by its input pixels, by backpropagation in NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from number_recognition.learning.models.activations import ACTIVATIONS, activate
from number_recognition.learning.models.numpy_network import IMAGE_SIZE, Layer, NumpyNetwork


def pre_activations(network: NumpyNetwork, pixels: np.ndarray, layer: int = -1) -> np.ndarray:
    """Return the inputs of a layer's activation: (n, 28, 28) -> (n, units).

    Those of the last layer are the logits.
    """
    return forward(network, pixels, layer)[-1]


def gradient(
    network: NumpyNetwork, pixels: np.ndarray, weights: np.ndarray, layer: int = -1
) -> np.ndarray:
    """Return the gradient, by the pixels, of a weighted sum of a layer's pre-activations.

    Args:
        network: the network.
        pixels: (n, 28, 28), ink 1 on paper 0.
        weights: the weight of each unit in the sum, (units,) or (n, units).
        layer: index of the layer; by default the last, whose pre-activations are the logits.

    Returns:
        (n, 28, 28).

    Source: D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating
    errors", 1986.
    """
    sums = forward(network, pixels, layer)
    return backward(network, sums, np.broadcast_to(weights, sums[-1].shape))


def forward(network: NumpyNetwork, pixels: np.ndarray, layer: int = -1) -> list[np.ndarray]:
    """Return the pre-activations of all layers up to `layer`, a list of (n, units) each."""
    layers = network.layers[: layer % len(network.layers) + 1]
    values = pixels.reshape(len(pixels), -1)
    sums = []
    for current in layers:
        sums.append(current.pre_activation(values))
        if current is not layers[-1]:
            values = activate(current.activation, sums[-1], current.options)
    return sums


def backward(network: NumpyNetwork, sums: list[np.ndarray], grad: np.ndarray) -> np.ndarray:
    """Propagate a gradient back to the pixels.

    Args:
        network: the network.
        sums: the pre-activations that `forward` returned.
        grad: the gradient by the last of them, (n, units).

    Returns:
        (n, 28, 28).
    """
    grad = grad.astype(sums[-1].dtype, copy=False)
    for index in range(len(sums) - 1, -1, -1):
        grad = grad @ network.layers[index].weights.T
        if index:
            grad = activation_backward(network.layers[index - 1], sums[index - 1], grad)
    return grad.reshape(-1, IMAGE_SIZE, IMAGE_SIZE)


def activation_backward(layer: Layer, sums: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """Propagate a gradient back through a layer's activation: (n, units) -> (n, units)."""
    if layer.activation == "softmax":
        outputs = ACTIVATIONS["softmax"](sums)
        product: np.ndarray = outputs * (grad - (grad * outputs).sum(axis=1, keepdims=True))
        return product
    if layer.activation == "leaky_relu":
        return np.where(sums > 0, grad, layer.options.get("negative_slope", 0.2) * grad)
    result: np.ndarray = grad * _DERIVATIVES[layer.activation](sums)
    # A float64 derivative would convert the weights of all earlier layers to float64.
    return result.astype(grad.dtype, copy=False)


def _gelu_derivative(x: np.ndarray) -> np.ndarray:
    """Φ(x) + x φ(x), where Φ and φ are the normal distribution and its density."""
    is_small = np.abs(x) < 1e-4
    distribution = np.where(is_small, 0.5, ACTIVATIONS["gelu"](x) / np.where(is_small, 1, x))
    derivative: np.ndarray = distribution + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return derivative


def _selu_derivative(x: np.ndarray) -> np.ndarray:
    selu = ACTIVATIONS["selu"]
    scale, minimum = selu(np.ones(())), selu(np.full((), -np.inf))
    return np.where(x > 0, scale, selu(np.minimum(x, 0)) - minimum)


_DERIVATIVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": np.ones_like,
    "relu": lambda x: (x > 0).astype(x.dtype),
    "gelu": _gelu_derivative,
    "silu": lambda x: ACTIVATIONS["sigmoid"](x) * (1 + x * (1 - ACTIVATIONS["sigmoid"](x))),
    "elu": lambda x: np.where(x > 0, 1, np.exp(np.minimum(x, 0))),
    "selu": _selu_derivative,
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "sigmoid": lambda x: ACTIVATIONS["sigmoid"](x) * (1 - ACTIVATIONS["sigmoid"](x)),
}
"""Derivatives of the elementwise activations, (n, units) -> (n, units)."""
