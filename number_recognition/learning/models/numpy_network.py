"""A dense network read from a `.keras` file and computed with NumPy, without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from number_recognition.learning.models.keras_file import read_network
from number_recognition.learning.models.layers import DIGITS, IMAGE_SIZE, INPUTS, Layer

__all__ = ["DIGITS", "IMAGE_SIZE", "INPUTS", "Layer", "NumpyNetwork"]

_BATCH_SIZE = 4096


@dataclass(frozen=True)
class NumpyNetwork:
    """The layers of a dense network, from 784 inputs to ten or eleven probabilities.

    The eleventh, where there is one, is that of "no digit".
    """

    layers: tuple[Layer, ...]

    @property
    def can_refuse(self) -> bool:
        """Whether there is an output for "no digit"."""
        return self.outputs > DIGITS

    @property
    def outputs(self) -> int:
        """The number of outputs: ten, or eleven where the network can answer "no digit"."""
        return len(self.layers[-1].bias)

    @classmethod
    def load(cls, path: str | Path) -> NumpyNetwork:
        """Load a dense network from a `.keras` file.

        Raises:
            FileNotFoundError: there is no such file.
            LegacyNetworkError: it is a network in Keras's older format (`.h5`).
            ValueError: the file is not a `.keras` file, or the network in it is not a dense one
                from 28 × 28 pixels to ten or eleven probabilities or logits; the message says what
                was expected and found.
        """
        return cls(tuple(read_network(Path(path)).layers))

    def activations(self, pixels: np.ndarray) -> list[np.ndarray]:
        """Return the outputs of every layer: (n, 28, 28) -> a list of (n, units)."""
        values = pixels.reshape(len(pixels), INPUTS)
        outputs = []
        for layer in self.layers:
            values = layer(values)
            outputs.append(values)
        return outputs

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Return the probabilities: (n, 28, 28) float32 -> (n, outputs) float32."""
        values = pixels.reshape(len(pixels), INPUTS)
        for layer in self.layers:
            values = layer(values)
        return values

    def predict_in_batches(self, pixels: np.ndarray) -> np.ndarray:
        """Return the probabilities of many samples: (n, 28, 28) uint8 -> (n, outputs) float32."""
        batches = [
            self(pixels[start : start + _BATCH_SIZE].astype(np.float32) / 255)
            for start in range(0, len(pixels), _BATCH_SIZE)
        ]
        return np.concatenate(batches) if batches else np.empty((0, self.outputs), np.float32)
