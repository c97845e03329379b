"""A network in two: lower layers that stay as they are, and a copy of the upper ones to learn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

_PART = 2048

CancelCheck = Callable[[], None]
"""Called between two parts of long work; it raises what shall end it."""


def no_check() -> None:
    """A `check_cancelled` for work that is not to be ended."""


@dataclass(frozen=True)
class Features:
    """What the upper half sees (n, units), and what it shall answer (n, outputs), float32."""

    values: np.ndarray
    targets: np.ndarray


class SplitNetwork:
    """A network whose upper half learns.

    What passes between the halves is worked out once for each sample.

    Attributes:
        upper: the half that learns, a Keras model of its own.
    """

    def __init__(self, network: keras.Model, layers: int) -> None:
        """Cut a network below its last so many dense layers; it stays as it is."""
        self.network = network
        dense = [
            number
            for number, layer in enumerate(network.layers)
            if isinstance(layer, keras.layers.Dense)
        ]
        cut = dense[max(0, len(dense) - layers)]
        self._lower = keras.Sequential([keras.layers.Input((28, 28)), *network.layers[:cut]])
        self.upper = keras.Sequential(
            [
                keras.layers.Input(self._lower.output_shape[1:]),
                *(type(layer).from_config(layer.get_config()) for layer in network.layers[cut:]),
            ]
        )
        weights = network.get_weights()
        self._below = len(self._lower.weights)
        self._old = weights[self._below :]
        self.upper.set_weights(self._old)

    def features(self, pixels: np.ndarray, check_cancelled: CancelCheck = no_check) -> np.ndarray:
        """What the upper half sees of uint8 pixels: (n, 28, 28) -> (n, units)."""
        return _in_batches(
            lambda part: self._lower(part.astype(np.float32) / 255), pixels, check_cancelled
        )

    def predictions(
        self, features: np.ndarray, check_cancelled: CancelCheck = no_check
    ) -> np.ndarray:
        """What the upper half answers: (n, units) -> (n, outputs)."""
        return _in_batches(lambda part: self.upper(part, training=False), features, check_cancelled)

    def targets(self, labels: np.ndarray) -> np.ndarray:
        """What the upper half shall answer to samples of these labels: (n,) -> (n, outputs)."""
        return np.eye(self.upper.output_shape[-1], dtype=np.float32)[labels]

    def trained_weights(self) -> list[np.ndarray]:
        """The weights of the upper half as they are now."""
        weights: list[np.ndarray] = self.upper.get_weights()
        return weights

    def mix(self, trained_weights: list[np.ndarray], part: float) -> None:
        """Stand at a part of the way from the old weights to those learnt."""
        pairs = zip(self._old, trained_weights, strict=True)
        self.upper.set_weights([old + part * (new - old) for old, new in pairs])

    def merged(self) -> keras.Model:
        """The network with what the upper half has learnt, of its own."""
        trained_weights = keras.models.clone_model(self.network)
        trained_weights.set_weights(
            [*self.network.get_weights()[: self._below], *self.upper.get_weights()]
        )
        return trained_weights


def predict_in_batches(
    network: keras.Model, pixels: np.ndarray, check_cancelled: CancelCheck = no_check
) -> np.ndarray:
    """What a network answers to uint8 pixels: (n, 28, 28) -> (n, outputs)."""
    return _in_batches(
        lambda part: network(part.astype(np.float32) / 255, training=False), pixels, check_cancelled
    )


def _in_batches(
    function: Callable[[np.ndarray], tf.Tensor], values: np.ndarray, check_cancelled: CancelCheck
) -> np.ndarray:
    """A function of many samples, some thousand at a time."""
    parts = []
    for start in range(0, max(1, len(values)), _PART):
        check_cancelled()
        parts.append(np.asarray(function(values[start : start + _PART])))
    return np.concatenate(parts)
