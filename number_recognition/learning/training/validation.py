"""The loss and the accuracy of a network on validation samples."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from number_recognition.learning.data.samples import Samples

_BATCH_SIZE = 2048


class Validator:
    """Evaluates one network, whose graph is built once."""

    def __init__(self, network: keras.Model) -> None:
        self.network = network
        self._predict = tf.function(
            lambda pixels: network(pixels, training=False),
            input_signature=[tf.TensorSpec((None, 28, 28))],
            autograph=False,
        )

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Return `val_loss` and `val_accuracy`; nothing where there are no samples."""
        if not len(samples):
            return {}
        loss, correct = 0.0, 0
        for start in range(0, len(samples), _BATCH_SIZE):
            pixels = samples.pixels[start : start + _BATCH_SIZE].astype(np.float32) / 255
            labels = samples.labels[start : start + _BATCH_SIZE]
            probabilities = self._predict(pixels).numpy()
            label_probabilities = probabilities[np.arange(len(labels)), labels]
            loss -= float(np.log(np.maximum(label_probabilities, 1e-7)).sum())
            correct += int((probabilities.argmax(axis=1) == labels).sum())
        return {"val_loss": loss / len(samples), "val_accuracy": correct / len(samples)}
