"""Counterfactuals: a small change to a drawing after which another digit is predicted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from number_recognition.learning.explanation.gradients import backward, forward
from number_recognition.learning.explanation.smoothing import gaussian_blur
from number_recognition.learning.models.activations import ACTIVATIONS
from number_recognition.learning.models.numpy_network import NumpyNetwork

_TARGET_PROBABILITY = 0.6
"""The search ends when the wanted digit is more probable than this."""
_STEP_SIZE = 0.4
"""The largest change of a pixel in one step."""
_THRESHOLD = 0.04
"""Changes are reduced by this at the first step, by less later: faint changes disappear."""


@dataclass(frozen=True)
class Counterfactual:
    """A drawing changed so that the network predicts another digit.

    `pixels` (28, 28) float32; `succeeded` where the network now predicts `digit`, with
    `confidence`.
    """

    digit: int
    pixels: np.ndarray
    succeeded: bool
    confidence: float


def find_counterfactual(
    network: NumpyNetwork, pixels: np.ndarray, digit: int, steps: int = 40
) -> Counterfactual:
    """Find a small change to a drawing after which the network predicts another digit.

    Each step moves along the smoothed gradient of the wanted digit's logit minus the strongest
    other one, in which few strong changes count more than many faint ones. Pixels stay between 0
    and 1. The change is then scaled down as far as the prediction allows.

    Args:
        network: the network.
        pixels: (28, 28) float32, ink 1 on paper 0.
        digit: the digit to be predicted.
        steps: the largest number of steps.

    Source: S.-M. Moosavi-Dezfooli, A. Fawzi, P. Frossard, "DeepFool", 2016; here towards one
    digit, smoothed, and within 0 to 1.
    """
    changed = pixels.astype(np.float32)
    for step in range(steps):
        sums = forward(network, changed[None])
        if _probability(sums[-1], digit) > _TARGET_PROBABILITY:
            break
        threshold = _THRESHOLD * (1 - step / steps)
        change = _take_step(network, changed, sums, digit) - pixels
        changed = pixels + np.sign(change) * np.maximum(np.abs(change) - threshold, 0)
    return _scale_down(network, pixels, changed, digit)


def _take_step(
    network: NumpyNetwork, changed: np.ndarray, sums: list[np.ndarray], digit: int
) -> np.ndarray:
    logits = sums[-1][0]
    rival = int(np.where(np.arange(len(logits)) == digit, -np.inf, logits).argmax())
    weights = np.zeros((1, len(logits)), np.float32)
    weights[0, [digit, rival]] = 1, -1
    direction = gaussian_blur(backward(network, sums, weights), 1.2)[0]
    margin = np.where(direction > 0, 1 - changed, changed)  # how far each pixel can still go
    direction = np.sign(direction) * np.abs(direction) ** 3 * margin
    direction = gaussian_blur(direction[None], 0.6)[0] * (margin > 0.02)
    step = _STEP_SIZE / (np.abs(direction).max() + 1e-12) * direction
    moved: np.ndarray = np.clip(changed + step, 0, 1)
    return moved


def _scale_down(
    network: NumpyNetwork, pixels: np.ndarray, changed: np.ndarray, digit: int
) -> Counterfactual:
    """Keep the smallest part of a change, in steps of 1/32, that suffices for the prediction."""
    fractions = np.linspace(0, 1, 33, dtype=np.float32)[:, None, None]
    path = pixels + fractions * (changed - pixels)
    probabilities = network(path)
    suffices = probabilities[:, digit] >= min(_TARGET_PROBABILITY, probabilities[-1, digit])
    best = int(suffices.argmax())
    succeeded = int(probabilities[best].argmax()) == digit
    return Counterfactual(digit, path[best], succeeded, float(probabilities[best, digit]))


def _probability(logits: np.ndarray, digit: int) -> float:
    return float(ACTIVATIONS["softmax"](logits)[0, digit])
