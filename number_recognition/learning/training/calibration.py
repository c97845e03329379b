"""Calibrate the confidence of a network, and how often it refuses a digit."""

from __future__ import annotations

import keras
import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.models.batches import predict_in_batches
from number_recognition.learning.models.numpy_network import DIGITS

REFUSED = 0.003
"""The part of the validation digits that a network may refuse."""


def temperature(sets: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the divisor of the logits that minimises the loss on the labels.

    Args:
        sets: logits (n, 10) and labels (n,) of several sets; each set has the same weight.

    Source: C. Guo et al., "On calibration of modern neural networks", 2017, section 4.2.
    """

    def loss(divisor: float) -> float:
        return sum(_cross_entropy(logits / divisor, labels) for logits, labels in sets)

    exponents = np.linspace(np.log(0.2), np.log(5), 161)
    # A coarse search, then a fine one: the loss has one minimum.
    middle = 10 * min(range(17), key=lambda i: loss(float(np.exp(exponents[10 * i]))))
    near = range(max(0, middle - 9), min(161, middle + 10))
    return float(np.exp(exponents[min(near, key=lambda i: loss(float(np.exp(exponents[i]))))]))


def _cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    label_logits = logits[np.arange(len(labels)), labels]
    return float((np.log(np.exp(logits).sum(axis=1)) - label_logits).mean())


def calibrate(network: keras.Model, validation: Samples) -> dict[str, float]:
    """Calibrate the confidence of a network, and the part of the digits that it refuses.

    The logits are divided by the best temperature for the digits; each source has the same weight
    in it, since some have many more samples than others. Where the network can answer "no digit",
    the bias of that output is then set so that it refuses `REFUSED` of all digits together. With
    the same weight for each source, those of which none is refused would let it refuse several
    times as many of another: with three seeds, 0.3 to 1.0 % of MNIST's.

    Args:
        network: its last Dense layer is named "logits"; its weights are changed.
        validation: samples that it was not trained on.

    Returns:
        the `temperature`, and with an eleventh output `no_digit_bias`, what was added to its bias.
    """
    # Not `predict`, which would build a graph first: a stop has to wait for it.
    by_source = {
        name: _digit_logits(network, validation.from_source(name)) for name in validation.sources
    }
    by_source = {name: pair for name, pair in by_source.items() if len(pair[1])}
    if not by_source:
        by_source = {"": _digit_logits(network, validation)}
    divisor = temperature([(logits[:, :DIGITS], labels) for logits, labels in by_source.values()])
    last = network.get_layer("logits")
    kernel, bias = (weight / divisor for weight in last.get_weights())
    metrics = {"temperature": divisor}
    if len(bias) > DIGITS:
        margins = np.concatenate([_margins(logits / divisor) for logits, _ in by_source.values()])
        metrics["no_digit_bias"] = bias_of_refusals(margins, REFUSED)
        bias[NO_DIGIT] += metrics["no_digit_bias"]
    last.set_weights([kernel, bias])
    return metrics


def _digit_logits(network: keras.Model, samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """The logits, up to a constant for each sample, and the labels of the digits among samples."""
    digits = samples.select(np.flatnonzero(samples.labels != NO_DIGIT))
    if not len(digits):
        return np.empty((0, DIGITS)), digits.labels
    probabilities = predict_in_batches(network, digits.pixels).astype(np.float64)
    return np.log(np.maximum(probabilities, 1e-12)), digits.labels


def _margins(logits: np.ndarray) -> np.ndarray:
    """The best digit's logit minus that of "no digit": (n, 11) -> (n,)."""
    margins: np.ndarray = logits[:, :DIGITS].max(axis=1) - logits[:, NO_DIGIT]
    return margins


def bias_of_refusals(margins: np.ndarray, share: float) -> float:
    """Return what to add to the logit of "no digit" so that a share of the digits is refused.

    Args:
        margins: the best digit's logit minus that of "no digit", (n,).
        share: the part of the digits that may be refused.
    """
    most = min(int(share * len(margins)), len(margins) - 1)
    return float(np.sort(margins)[most] - 1e-6)
