"""A dense layer computed with NumPy, and the sizes of the network."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from number_recognition.learning.models.activations import activate

IMAGE_SIZE = 28
"""Height and width of an input image, in pixels."""
INPUTS = IMAGE_SIZE**2
DIGITS = 10


@dataclass(frozen=True)
class Layer:
    """A dense layer: `activation(inputs @ weights + bias)`.

    Attributes:
        weights: (inputs, units) float32. A batch normalisation before the activation is folded into
            the weights and the bias.
        bias: (units,) float32.
        activation: its Keras name.
        options: the options of the activation.
    """

    weights: np.ndarray
    bias: np.ndarray
    activation: str
    options: dict[str, float] = field(default_factory=dict)

    def pre_activation(self, inputs: np.ndarray) -> np.ndarray:
        """Return `inputs @ weights + bias`: (n, inputs) -> (n, units)."""
        sums: np.ndarray = inputs @ self.weights + self.bias
        return sums

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs of the layer: (n, inputs) -> (n, units) float32."""
        return activate(self.activation, self.pre_activation(inputs), self.options)
