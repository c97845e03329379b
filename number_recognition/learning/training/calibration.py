"""Makes confidence true, and decides how often a network refuses."""

from __future__ import annotations

import keras
import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.split_network import predict_in_batches
from number_recognition.learning.models.numpy_network import DIGITS

REFUSED = 0.003
"""Part of the digits of validation that a network may refuse: what is no digit costs that much."""


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The divisor of the logits (n, 10) under which the labels (n,) are most probable.

    Source: C. Guo et al., "On calibration of modern neural networks", 2017, section 4.2.
    """

    def loss(divisor: float) -> float:
        scaled = logits / divisor
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        own = scaled[np.arange(len(labels)), labels]
        return float((np.log(np.exp(scaled).sum(axis=1)) - own).mean())

    exponents = np.linspace(np.log(0.2), np.log(5), 161)
    # Coarse, then fine: the loss has one valley.
    middle = 10 * min(range(17), key=lambda i: loss(float(np.exp(exponents[10 * i]))))
    near = range(max(0, middle - 9), min(161, middle + 10))
    return float(np.exp(exponents[min(near, key=lambda i: loss(float(np.exp(exponents[i]))))]))


def calibrate(network: keras.Model, validation: Samples) -> dict[str, float]:
    """Make the confidence of a network true, and let it refuse as few digits as it shall.

    The logits are divided by the temperature that suits people's strokes, where there are any, else
    all of the samples. Where the network can answer "no digit", the bias of that answer is then set
    so that `REFUSED` of the digits are refused, each source of digits counting the same.

    Args:
        network: its last Dense layer is named "logits"; its weights are changed.
        validation: samples that it was not trained on.

    Returns:
        the `temperature`, and `no_digit_bias`, what was added to that bias, where there is one.
    """
    # Called as it is: `predict` would first build a graph, and a stop has to wait for it.
    judged = {name: _judged(network, validation.from_source(name)) for name in validation.sources}
    judged = {name: found for name, found in judged.items() if len(found[1])}
    if not judged:
        judged = {"": _judged(network, validation)}
    fair = [judged["strokes"]] if "strokes" in judged else list(judged.values())
    logits = np.concatenate([logits[:, :DIGITS] for logits, _ in fair])
    divisor = temperature(logits, np.concatenate([labels for _, labels in fair]))
    last = network.get_layer("logits")
    kernel, bias = (weight / divisor for weight in last.get_weights())
    figures = {"temperature": divisor}
    if len(bias) > DIGITS:
        margins = [_margins(logits / divisor) for logits, _ in judged.values()]
        figures["no_digit_bias"] = bias_of_refusals(margins, REFUSED)
        bias[NO_DIGIT] += figures["no_digit_bias"]
    last.set_weights([kernel, bias])
    return figures


def _judged(network: keras.Model, samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """Logits, up to a constant each, and labels of the digits among samples."""
    digits = samples.select(np.flatnonzero(samples.labels != NO_DIGIT))
    if not len(digits):
        return np.empty((0, DIGITS)), digits.labels
    probabilities = predict_in_batches(network, digits.pixels).astype(np.float64)
    return np.log(np.maximum(probabilities, 1e-12)), digits.labels


def _margins(logits: np.ndarray) -> np.ndarray:
    """By how much the best digit is more probable than "no digit", (n, 11) -> (n,)."""
    return logits[:, :DIGITS].max(axis=1) - logits[:, NO_DIGIT]


def bias_of_refusals(margins: list[np.ndarray], share: float) -> float:
    """What must be added to the logit of "no digit" so that a share of the digits is refused.

    Args:
        margins: of several sets, each (n,): by how much the best digit is ahead of "no digit".
        share: the part of the digits that may be refused, the mean over the sets.
    """
    weights = np.concatenate([np.full(len(m), 1 / len(m) / len(margins)) for m in margins])
    every = np.concatenate(margins)
    order = np.argsort(every)
    reached = int(np.searchsorted(np.cumsum(weights[order]), share, side="right"))
    return float(every[order[min(reached, len(every) - 1)]] - 1e-6)
