"""Makes confidence true: of the answers given with 90 %, nine in ten shall be right."""

from __future__ import annotations

import keras
import numpy as np


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The divisor of the logits (n, 10) under which the labels (n,) are most probable.

    Source: C. Guo et al., "On calibration of modern neural networks", 2017, section 4.2.
    """

    def loss(divisor: float) -> float:
        scaled = logits / divisor
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        own = scaled[np.arange(len(labels)), labels]
        return float((np.log(np.exp(scaled).sum(axis=1)) - own).mean())

    candidates = np.exp(np.linspace(np.log(0.2), np.log(5), 161))
    return float(min(candidates, key=loss))


def calibrate(network: keras.Model, pixels: np.ndarray, labels: np.ndarray) -> float:
    """Divide the logits of a network by the temperature that suits these samples; it is returned.

    Args:
        network: its last Dense layer is named "logits"; its weights are changed, its answers stay.
        pixels: (n, 28, 28) uint8 that it was not trained on.
        labels: (n,).
    """
    probabilities = network.predict(pixels.astype(np.float32) / 255, batch_size=2048, verbose=0)
    divisor = temperature(np.log(np.maximum(probabilities.astype(np.float64), 1e-12)), labels)
    logits = network.get_layer("logits")
    logits.set_weights([weight / divisor for weight in logits.get_weights()])
    return divisor
