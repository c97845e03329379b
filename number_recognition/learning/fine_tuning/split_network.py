"""A network in two parts: frozen lower layers, and a copy of the upper layers to train."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from number_recognition.learning.models.batches import CancelCheck, in_batches, no_check


@dataclass(frozen=True)
class Features:
    """Inputs of the upper layers (n, units) and their targets (n, outputs), float32."""

    values: np.ndarray
    targets: np.ndarray


class SplitNetwork:
    """A network whose upper layers can be trained on features computed once.

    Attributes:
        network: the whole network, unchanged.
        upper: a copy of its upper layers, a Keras model.
    """

    def __init__(self, network: keras.Model, layers: int) -> None:
        """Split a network below its last `layers` dense layers."""
        self.network = network
        dense = [
            index
            for index, layer in enumerate(network.layers)
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
        self._lower_count = len(self._lower.weights)
        self._old = weights[self._lower_count :]
        self.upper.set_weights(self._old)

    def features(self, pixels: np.ndarray, check_cancelled: CancelCheck = no_check) -> np.ndarray:
        """Output of the lower layers for uint8 pixels, (n, 28, 28) -> (n, units)."""
        return in_batches(
            lambda batch: self._lower(batch.astype(np.float32) / 255), pixels, check_cancelled
        )

    def predictions(
        self, features: np.ndarray, check_cancelled: CancelCheck = no_check
    ) -> np.ndarray:
        """Output of the upper layers, (n, units) -> (n, outputs)."""
        return in_batches(
            lambda batch: self.upper(batch, training=False), features, check_cancelled
        )

    def targets(self, labels: np.ndarray) -> np.ndarray:
        """One-hot targets of labels, (n,) -> (n, outputs)."""
        targets: np.ndarray = np.eye(self.upper.output_shape[-1], dtype=np.float32)[labels]
        return targets

    def trained_weights(self) -> list[np.ndarray]:
        """The current weights of the upper layers."""
        weights: list[np.ndarray] = self.upper.get_weights()
        return weights

    def mix(self, trained_weights: list[np.ndarray], part: float) -> None:
        """Set the weights between the old ones (part 0) and the trained ones (part 1)."""
        pairs = zip(self._old, trained_weights, strict=True)
        self.upper.set_weights([old + part * (new - old) for old, new in pairs])

    def merged(self) -> keras.Model:
        """A new network with the current weights of the upper layers."""
        network = keras.models.clone_model(self.network)
        network.set_weights(
            [*self.network.get_weights()[: self._lower_count], *self.upper.get_weights()]
        )
        return network


def margin(probabilities: np.ndarray) -> np.ndarray:
    """Difference between the two largest probabilities, (n, outputs) -> (n,)."""
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    difference: np.ndarray = first - second
    return difference
