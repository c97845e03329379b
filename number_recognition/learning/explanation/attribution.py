"""Which pixels count for and against a digit: integrated gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from number_recognition.learning.explanation.gradients import backward, forward
from number_recognition.learning.models.numpy_network import IMAGE_SIZE, NumpyNetwork


@dataclass(frozen=True)
class Contributions:
    """What each pixel contributes to the score of a digit.

    The score is the digit's logit minus the mean of the other logits.

    Attributes:
        digit: the digit.
        pixels: (28, 28) float32, positive for the digit and negative against it. They add up to
            `score - baseline_score`, up to the error of the integration.
        score: the score of the drawing.
        baseline_score: the score of `mean_digit()`.
    """

    digit: int
    pixels: np.ndarray
    score: float
    baseline_score: float


def contributions(
    network: NumpyNetwork, pixels: np.ndarray, digit: int, steps: int = 24
) -> Contributions:
    """Compute what each pixel contributes to the score of a digit, by integrated gradients.

    The baseline is `mean_digit()`: with a blank baseline, only ink could contribute; with the mean,
    missing ink does, too. The integral is a midpoint sum over `steps` points.

    Args:
        network: the network.
        pixels: (28, 28) float32, ink 1 on paper 0.
        digit: the digit to explain, the predicted one or another.
        steps: number of points; fewer are faster and less exact.

    Source: M. Sundararajan, A. Taly, Q. Yan, "Axiomatic attribution for deep networks", 2017.
    """
    baseline = mean_digit()
    fractions = ((np.arange(steps) + 0.5) / steps).astype(np.float32)[:, None, None]
    path = baseline + fractions * (pixels - baseline)
    weights = np.full(network.outputs, -1 / (network.outputs - 1), np.float32)
    weights[digit] = 1
    # The two ends share the forward pass: reading the weights takes longer than two more rows.
    sums = forward(network, np.concatenate([path, pixels[None], baseline[None]]))
    score, baseline_score = sums[-1][-2:] @ weights
    path_sums = [layer_sums[:-2] for layer_sums in sums]
    grad = backward(network, path_sums, np.broadcast_to(weights, path_sums[-1].shape)).mean(axis=0)
    return Contributions(digit, (pixels - baseline) * grad, float(score), float(baseline_score))


def mean_digit() -> np.ndarray:
    """Return a Gaussian fitted to the mean of MNIST's digits, (28, 28) float32."""
    rows, columns = np.indices((IMAGE_SIZE, IMAGE_SIZE)) - IMAGE_SIZE / 2
    ink: np.ndarray = 0.6 * np.exp(-((rows / 6.5) ** 2 + (columns / 4.5) ** 2) / 2)
    return ink.astype(np.float32)
