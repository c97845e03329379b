"""Why a dense network answers as it does: gradients by backpropagation, and what follows from them.

    evidence = contributions(network, pixels, digit)
    change = what_would_make_it(network, pixels, 4)

NumPy alone; exact gradients through every activation that a network can have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from number_recognition.learning.models.numpy_network import (
    ACTIVATIONS,
    Layer,
    NumpyNetwork,
    activate,
)

SIZE = 28
STEPS = 24
"""Points on the way from the typical digit to the drawing at which the gradient is taken."""
_NORM = 9.2
"""Length of a digit as a vector of 784 pixels: the mean over MNIST's training set."""
_PROBABLE = 0.6
"""What a changed drawing is read as is to be more probable than this."""
_STRIDE = 0.4
"""The strongest change of a pixel in one step."""
_FAINT = 0.04
"""So much of every change is taken back at a first step: what remains is ink, and no haze."""


def pre_activations(network: NumpyNetwork, pixels: np.ndarray, layer: int = -1) -> np.ndarray:
    """What reaches the units of a layer, before its activation: (n, 28, 28) -> (n, units).

    Of the last layer these are the logits.
    """
    return _forward(network, pixels, layer)[-1]


def gradient(
    network: NumpyNetwork, pixels: np.ndarray, weights: np.ndarray, layer: int = -1
) -> np.ndarray:
    """The gradient, by the pixels, of a weighted sum of what reaches the units of a layer.

    Args:
        network: the network.
        pixels: (n, 28, 28), ink 1 on paper 0.
        weights: of the units in that sum, (units,) or (n, units).
        layer: its number from 0; the last by default, whose sums are the logits.

    Returns:
        (n, 28, 28).

    Source: D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating
    errors", 1986.
    """
    reached = _forward(network, pixels, layer)
    return _backward(network, reached, np.broadcast_to(weights, reached[-1].shape))


def _forward(network: NumpyNetwork, pixels: np.ndarray, layer: int) -> list[np.ndarray]:
    """The sums of every layer up to one, each (n, units)."""
    layers = network.layers[: layer % len(network.layers) + 1]
    values = pixels.reshape(len(pixels), -1)
    reached = []
    for part in layers:
        reached.append(part.sums(values))
        if part is not layers[-1]:
            values = activate(part.activation, reached[-1], part.options)
    return reached


def _backward(network: NumpyNetwork, reached: list[np.ndarray], slope: np.ndarray) -> np.ndarray:
    """From the gradient by the sums reached last, (n, units), to that by the pixels."""
    slope = slope.astype(reached[-1].dtype, copy=False)
    for number in range(len(reached) - 1, -1, -1):
        layer = network.layers[number]
        slope = slope @ layer.weights.T
        if number:
            slope = backward(network.layers[number - 1], reached[number - 1], slope)
    return slope.reshape(-1, SIZE, SIZE)


def backward(layer: Layer, reached: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """From the gradient by what a layer answers to that by its sums, each (n, units)."""
    if layer.activation == "softmax":
        answers = ACTIVATIONS["softmax"](reached)
        product: np.ndarray = answers * (slope - (slope * answers).sum(axis=1, keepdims=True))
        return product
    if layer.activation == "leaky_relu":
        return np.where(reached > 0, slope, layer.options.get("negative_slope", 0.2) * slope)
    slopes: np.ndarray = slope * _DERIVATIVES[layer.activation](reached)
    # A derivative in float64 would have all the weights that come next converted to it.
    return slopes.astype(slope.dtype, copy=False)


def _of_gelu(x: np.ndarray) -> np.ndarray:
    """Φ(x) + x φ(x), Φ and φ the normal distribution and its density."""
    small = np.abs(x) < 1e-4
    below = np.where(small, 0.5, ACTIVATIONS["gelu"](x) / np.where(small, 1, x))
    derivative: np.ndarray = below + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return derivative


def _of_selu(x: np.ndarray) -> np.ndarray:
    selu = ACTIVATIONS["selu"]
    one, least = selu(np.ones(())), selu(np.full((), -np.inf))
    return np.where(x > 0, one, selu(np.minimum(x, 0)) - least)


_DERIVATIVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": np.ones_like,
    "relu": lambda x: (x > 0).astype(x.dtype),
    "gelu": _of_gelu,
    "silu": lambda x: ACTIVATIONS["sigmoid"](x) * (1 + x * (1 - ACTIVATIONS["sigmoid"](x))),
    "elu": lambda x: np.where(x > 0, 1, np.exp(np.minimum(x, 0))),
    "selu": _of_selu,
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "sigmoid": lambda x: ACTIVATIONS["sigmoid"](x) * (1 - ACTIVATIONS["sigmoid"](x)),
}
"""Derivatives of the activations that treat each unit alone, (n, units) -> (n, units)."""


@dataclass(frozen=True)
class Contributions:
    """What each pixel adds to the score of a digit: its logit less the mean of the others.

    `pixels` (28, 28) float32: positive speaks for the digit, negative against it. Their sum is
    `score - typical`, the score of the drawing less that of the typical digit they start from.
    """

    digit: int
    pixels: np.ndarray
    score: float
    typical: float


def contributions(
    network: NumpyNetwork, pixels: np.ndarray, digit: int, steps: int = STEPS
) -> Contributions:
    """Which pixels speak for and against a digit: integrated gradients from the typical digit.

    Starting from a blank paper, only ink could speak; starting from where ink lies on average, so
    does ink that is missing. The gradient is taken at `steps` points of the straight way, at the
    middles of equal parts of it.

    Args:
        network: the network.
        pixels: (28, 28) float32, ink 1 on paper 0.
        digit: the digit to be explained, the answer or another.
        steps: fewer are faster and less exact.

    Source: M. Sundararajan, A. Taly, Q. Yan, "Axiomatic attribution for deep networks", 2017.
    """
    start = typical_digit()
    parts = ((np.arange(steps) + 0.5) / steps).astype(np.float32)[:, None, None]
    way = start + parts * (pixels - start)
    weights = np.full(network.outputs, -1 / (network.outputs - 1), np.float32)
    weights[digit] = 1
    # The ends go the same way: reading the weights of the network takes longer than a few sums.
    reached = _forward(network, np.concatenate([way, pixels[None], start[None]]), -1)
    score, typical = reached[-1][-2:] @ weights
    on_way = [pre_activations[:-2] for pre_activations in reached]
    slope = _backward(network, on_way, np.broadcast_to(weights, on_way[-1].shape)).mean(axis=0)
    return Contributions(digit, (pixels - start) * slope, float(score), float(typical))


def typical_digit() -> np.ndarray:
    """Where ink lies on average, (28, 28) float32: a bell fitted to the mean of MNIST's digits."""
    rows, columns = np.indices((SIZE, SIZE)) - SIZE / 2
    ink: np.ndarray = 0.6 * np.exp(-((rows / 6.5) ** 2 + (columns / 4.5) ** 2) / 2)
    return ink.astype(np.float32)


def activation_ascent_step(
    network: NumpyNetwork, layer: int, unit: int, seed: int = 0
) -> np.ndarray:
    """The input that excites a unit most, (28, 28) float32, ink 1 on paper 0 (see `maximize_activation`)."""
    *_, picture = maximize_activation(network, layer, unit, seed)
    return picture


def maximize_activation(
    network: NumpyNetwork, layer: int, unit: int, seed: int = 0, steps: int = 24
) -> Iterator[np.ndarray]:
    """Step by step, the input of a digit's length that excites a unit most, each (28, 28).

    Gradient ascent from a few faint random drawings at once, of which the best is given. Each
    step is smoothed, so that pictures and not noise come about, and the picture is brought back
    between paper and ink and to the length of a digit.

    Source: D. Erhan, Y. Bengio, A. Courville, P. Vincent, "Visualizing higher-layer features of a
    deep network", 2009.
    """
    rng = np.random.default_rng(seed)
    noise = rng.uniform(0, 1, (4, SIZE, SIZE)).astype(np.float32)
    pictures = _as_long_as_a_digit(blur(noise * typical_digit(), 1.5))
    wanted = np.zeros(network.layers[layer].bias.shape, np.float32)
    wanted[unit] = 1
    for step in range(steps):
        reached = _forward(network, pictures, layer)
        yield pictures[reached[-1][:, unit].argmax()]
        slope = blur(_backward(network, reached, np.tile(wanted, (4, 1))), 0.8)
        length = np.sqrt((slope**2).sum(axis=(1, 2), keepdims=True)) + 1e-12
        stride = _NORM * 0.6 * (1 - step / steps)
        pictures = _as_long_as_a_digit(np.clip(pictures + stride * slope / length, 0, 1))
    yield pictures[pre_activations(network, pictures, layer)[:, unit].argmax()]


def _as_long_as_a_digit(pictures: np.ndarray) -> np.ndarray:
    length = np.sqrt((pictures**2).sum(axis=(1, 2), keepdims=True)) + 1e-12
    scaled: np.ndarray = np.clip(pictures * (_NORM / length), 0, 1)
    return scaled


def weights_picture(network: NumpyNetwork, unit: int) -> np.ndarray:
    """The weights of a unit of the first layer, (28, 28) float32: what it is for and against."""
    return network.layers[0].weights[:, unit].reshape(SIZE, SIZE)


def most_activating(
    network: NumpyNetwork, layer: int, unit: int, pixels: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The samples that excite a unit most, the most first.

    Args:
        network: the network.
        layer: number of the layer from 0.
        unit: number of the unit from 0.
        pixels: (n, 28, 28) float32, ink 1 on paper 0.
        count: how many are wanted.

    Returns:
        their numbers (at most count,) and what reaches the unit for each, before its activation.
    """
    values = pixels.reshape(len(pixels), -1)
    for part in network.layers[:layer]:
        values = part(values)
    last = network.layers[layer]
    reached = values @ last.weights[:, unit] + last.bias[unit]
    best = np.argsort(-reached, kind="stable")[:count]
    return best, reached[best]


@dataclass(frozen=True)
class Counterfactual:
    """A drawing changed until the network reads a certain digit in it.

    `pixels` (28, 28) float32; `succeeded` where the network now reads `digit`, with `confidence`.
    """

    digit: int
    pixels: np.ndarray
    succeeded: bool
    confidence: float


def find_counterfactual(
    network: NumpyNetwork, pixels: np.ndarray, digit: int, steps: int = 40
) -> Counterfactual:
    """A small change to a drawing that makes the network read another digit in it.

    Each step goes towards the border that the strongest other digit has with the wanted one, along
    a smoothed gradient in which few strong changes count more than many faint ones, and stays
    between paper and ink; the way is then walked back as far as the answer allows.

    Args:
        network: the network.
        pixels: (28, 28) float32, ink 1 on paper 0.
        digit: what it is to be read as.
        steps: the most that are taken.

    Source: S.-M. Moosavi-Dezfooli, A. Fawzi, P. Frossard, "DeepFool", 2016; here towards one
    digit, smoothed, and within 0 to 1.
    """
    changed = pixels.astype(np.float32)
    for step in range(steps):
        reached = _forward(network, changed[None], -1)
        if _probability(reached[-1], digit) > _PROBABLE:
            break
        faint = _FAINT * (1 - step / steps)
        change = _stepped(network, changed, reached, digit) - pixels
        changed = pixels + np.sign(change) * np.maximum(np.abs(change) - faint, 0)
    return _shortened(network, pixels, changed, digit)


def _stepped(
    network: NumpyNetwork, changed: np.ndarray, reached: list[np.ndarray], digit: int
) -> np.ndarray:
    logits = reached[-1][0]
    others = np.where(np.arange(len(logits)) == digit, -np.inf, logits)
    rival = int(others.argmax())
    weights = np.zeros((1, len(logits)), np.float32)
    weights[0, [digit, rival]] = 1, -1
    slope = _backward(network, reached, weights)
    way = blur(slope, 1.2)[0]
    room = np.where(way > 0, 1 - changed, changed)
    way = blur((np.sign(way) * np.abs(way) ** 3 * room)[None], 0.6)[0] * (room > 0.02)
    moved: np.ndarray = np.clip(changed + _STRIDE / (np.abs(way).max() + 1e-12) * way, 0, 1)
    return moved


def _shortened(
    network: NumpyNetwork, pixels: np.ndarray, changed: np.ndarray, digit: int
) -> Counterfactual:
    """The part of a change, to a thirty-second of it, that is enough for the answer."""
    parts = np.linspace(0, 1, 33, dtype=np.float32)[:, None, None]
    way = pixels + parts * (changed - pixels)
    probabilities = network(way)
    enough = probabilities[:, digit] >= min(_PROBABLE, probabilities[-1, digit])
    best = int(enough.argmax())
    succeeded = int(probabilities[best].argmax()) == digit
    return Counterfactual(digit, way[best], succeeded, float(probabilities[best, digit]))


def _probability(logits: np.ndarray, digit: int) -> float:
    return float(ACTIVATIONS["softmax"](logits)[0, digit])


def blur(pictures: np.ndarray, radius: float) -> np.ndarray:
    """Pictures (n, 28, 28) smoothed by a normal density of that standard deviation, in pixels."""
    matrix = _blur_matrix(radius).astype(pictures.dtype)
    smoothed: np.ndarray = matrix @ pictures @ matrix.T
    return smoothed


def _blur_matrix(radius: float) -> np.ndarray:
    distance = np.subtract.outer(np.arange(SIZE), np.arange(SIZE))
    weights: np.ndarray = np.exp(-((distance / radius) ** 2) / 2) / (radius * np.sqrt(2 * np.pi))
    return weights
