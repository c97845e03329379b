"""Builds the layers that NumPy computes from those of a trained Keras network.

What only scales and shifts (batch normalisation, rescaling) is folded into the layers beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from number_recognition.learning.models.activations import ACTIVATIONS
from number_recognition.learning.models.layers import DIGITS, Layer
from number_recognition.learning.models.network_config import (
    UNUSED_AFTER_TRAINING,
    WHAT_WORKS,
    LayerConfig,
    NetworkConfig,
    refuse,
)
from number_recognition.storage.values import is_number, short_repr

ReadWeights = Callable[[LayerConfig, int, tuple[int, ...]], np.ndarray]
"""Reads the weights of a layer that have this number and this shape, as float32."""

_FOR_BYTES = 1 / 50
"""A network that first rescales by less expects pixels from 0 to 255, not from 0 to 1."""
_MOST_ADDED_UNITS = 1024
"""With more units, no layer is added only to apply an activation."""


def build_layers(config: NetworkConfig, read: ReadWeights) -> tuple[list[Layer], bool]:
    """Build the layers, which give probabilities for pixels from 0 to 1.

    A last layer without activation gives logits, and gets a softmax.

    Args:
        config: the layers of the network.
        read: reads their weights.

    Returns:
        the layers, and whether the network itself ends in a softmax.

    Raises:
        UnsupportedNetworkError: the network is of another kind.
    """
    builder = _LayerBuilder(config.input_shape, read)
    for layer in config.layers[1:] if config.layers[0].kind == "InputLayer" else config.layers:
        builder.add(layer)
    return builder.finish()


class _LayerBuilder:
    """Goes through the layers in order."""

    def __init__(self, shape: tuple[int, ...], read: ReadWeights) -> None:
        self._read = read
        self._shape = shape
        """Of the values that the next layer gets, of one image."""
        self._layers: list[Layer] = []
        self._pending: tuple[np.ndarray, np.ndarray] | None = None
        """A factor and an offset of these values that no layer applies yet."""

    def add(self, layer: LayerConfig) -> None:
        """Add the next layer."""
        if layer.kind in UNUSED_AFTER_TRAINING:
            return
        adders: dict[str, Callable[[LayerConfig], None]] = {
            "Flatten": self._add_flatten,
            "Reshape": self._add_reshape,
            "Dense": self._add_dense,
            "BatchNormalization": self._add_batch_normalization,
            "Rescaling": self._add_rescaling,
            "Activation": lambda layer: self._activate(*_activation(layer.config["activation"])),
            "ReLU": self._add_relu,
            "LeakyReLU": self._add_leaky_relu,
            "ELU": self._add_elu,
            "Softmax": self._add_softmax,
        }
        if layer.kind not in adders:
            refuse(f"layers of the kinds {', '.join(adders)}", layer.kind)
        adders[layer.kind](layer)

    @property
    def _units(self) -> int:
        return math.prod(self._shape)

    def _add_flatten(self, layer: LayerConfig) -> None:
        self._shape = (self._units,)

    def _add_reshape(self, layer: LayerConfig) -> None:
        shape = tuple(layer.config["target_shape"])
        if shape == (-1,):
            shape = (self._units,)
        if not all(type(length) is int for length in shape) or math.prod(shape) != self._units:
            refuse(f"a Reshape of {self._units} values", short_repr(shape))
        self._shape = shape

    def _add_dense(self, layer: LayerConfig) -> None:
        config, units = layer.config, layer.config["units"]
        if len(self._shape) != 1:
            refuse("a Flatten layer before the first Dense layer", "none")
        kernel = self._read(layer, 0, (self._units, units))
        use_bias = config.get("use_bias", True)
        bias = self._read(layer, 1, (units,)) if use_bias else np.zeros(units, np.float32)
        if self._pending is not None:
            factor, offset = self._pending
            bias = bias + offset.astype(np.float32) @ kernel
            kernel = kernel * factor[:, None].astype(np.float32)
            self._pending = None
        self._layers.append(Layer(kernel, bias.astype(np.float32), "linear"))
        self._shape = (units,)
        self._activate(*_activation(config.get("activation", "linear")))

    def _add_batch_normalization(self, layer: LayerConfig) -> None:
        """Scale and shift each unit.

        Source: S. Ioffe, C. Szegedy, "Batch normalization", 2015, section 3.1.
        """
        config, length = layer.config, self._shape[-1]
        axis = config.get("axis", -1)
        axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
        if axis not in (-1, len(self._shape)):
            refuse("batch normalisation of the last axis", f"one of axis {short_repr(axis)}")
        parts = [config.get("scale", True), config.get("center", True), True, True]
        numbers = [sum(parts[:index]) for index in range(4)]
        gamma, beta, mean, variance = (
            self._read(layer, number, (length,)).astype(np.float64) if part else default
            for part, number, default in zip(parts, numbers, (1.0, 0.0, 0.0, 0.0), strict=True)
        )
        factor = gamma / np.sqrt(variance + _number(config, "epsilon"))
        repeats = self._units // length
        self._scale(np.tile(factor, repeats), np.tile(beta - mean * factor, repeats))

    def _add_rescaling(self, layer: LayerConfig) -> None:
        scale, offset = _number(layer.config, "scale"), _number(layer.config, "offset")
        if not self._layers and self._pending is None and 0 < scale <= _FOR_BYTES:
            scale *= 255
        self._scale(np.full(self._units, scale), np.full(self._units, offset))

    def _scale(self, factor: np.ndarray, offset: np.ndarray) -> None:
        """Scale and shift the values, by the layer before or else by the one after."""
        if self._pending is not None:
            self._pending = (self._pending[0] * factor, self._pending[1] * factor + offset)
        elif self._layers and self._layers[-1].activation == "linear":
            self._scale_last(factor, offset)
        else:
            self._pending = (factor, offset)

    def _scale_last(self, factor: np.ndarray, offset: np.ndarray) -> None:
        last = self._layers[-1]
        # A product in float64 and a copy of it would take several times as long.
        weights = np.multiply(
            last.weights, factor, out=np.empty_like(last.weights), casting="same_kind"
        )
        bias = (last.bias * factor + offset).astype(np.float32)
        self._layers[-1] = Layer(weights, bias, "linear")

    def _add_relu(self, layer: LayerConfig) -> None:
        config = layer.config
        if config.get("max_value") is not None or config.get("threshold"):
            refuse("a ReLU without maximum and threshold", short_repr(config))
        slope = _number(config, "negative_slope", 0.0)
        self._activate(*(("leaky_relu", {"negative_slope": slope}) if slope else ("relu", {})))

    def _add_leaky_relu(self, layer: LayerConfig) -> None:
        # Keras 2 calls it alpha.
        name = "alpha" if "alpha" in layer.config else "negative_slope"
        self._activate("leaky_relu", {"negative_slope": _number(layer.config, name)})

    def _add_elu(self, layer: LayerConfig) -> None:
        if _number(layer.config, "alpha", 1.0) != 1:
            refuse("an ELU with alpha 1", short_repr(layer.config["alpha"]))
        self._activate("elu", {})

    def _add_softmax(self, layer: LayerConfig) -> None:
        if layer.config.get("axis", -1) not in (-1, 1, [-1]):
            refuse("a softmax of the last axis", f"axis {short_repr(layer.config['axis'])}")
        self._activate("softmax", {})

    def _activate(self, name: str, options: dict[str, float]) -> None:
        """Apply an activation to the values, in the last layer or in one added for it."""
        if name == "linear":
            return
        if not self._layers:
            refuse(f"a Dense layer before {name}", "none")
        last = self._layers[-1]
        if last.activation != "linear" or self._pending is not None:
            if self._units > _MOST_ADDED_UNITS:
                refuse(f"an activation after a linear Dense layer, not {name} after another", name)
            factor, offset = self._pending or (np.ones(self._units), np.zeros(self._units))
            last = Layer(np.diag(factor).astype(np.float32), offset.astype(np.float32), "linear")
            self._layers.append(last)
            self._pending = None
        self._layers[-1] = Layer(last.weights, last.bias, name, options)

    def finish(self) -> tuple[list[Layer], bool]:
        """The layers, once the last one and all weights have been checked; see `build_layers`."""
        found = f"{self._units} outputs" if self._layers else "no Dense layer"
        if not self._layers or self._units not in (DIGITS, DIGITS + 1):
            refuse(f"ten outputs, or eleven with that of no digit ({WHAT_WORKS})", found)
        activation = self._layers[-1].activation
        if activation not in ("softmax", "linear") or self._pending is not None:
            refuse("softmax as the last activation, or none", activation)
        if activation == "linear":
            self._activate("softmax", {})
        arrays = [array for layer in self._layers for array in (layer.weights, layer.bias)]
        if not all(np.isfinite(array).all() for array in arrays):
            refuse("finite weights", "infinite ones or NaN")
        return self._layers, activation == "softmax"


def _activation(activation: object) -> tuple[str, dict[str, float]]:
    """The name and options of an activation, which Keras writes as a string or an object."""
    options: dict[str, float] = {}
    if isinstance(activation, dict):
        config = activation.get("config") or {}
        if isinstance(config, dict) and "negative_slope" in config:
            options["negative_slope"] = _number(config, "negative_slope")
        name = activation["class_name"]
        activation = config if name == "function" else name
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        refuse(f"one of the activations {', '.join(ACTIVATIONS)}", short_repr(activation))
    return activation, options


def _number(config: dict[str, Any], name: str, default: float | None = None) -> float:
    """A finite number of a layer's configuration."""
    value: Any = config.get(name, default)
    if not is_number(value):
        refuse(f"{name!r} to be a number", short_repr(value))
    return float(value)
