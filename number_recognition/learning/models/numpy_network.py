"""A dense network read from a `.keras` file and computed with NumPy: no TensorFlow, no waiting."""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from number_recognition.storage.values import is_number, short_repr

INPUTS = 28 * 28
DIGITS = 10
LARGEST_WIDTH = 16384
LARGEST_FILE = 512 * 1024 * 1024
"""A network with wider layers, or a file that unpacks to more bytes, is refused unread."""

_BROKEN = (
    *(OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError),
    *(RuntimeError, ArithmeticError, MemoryError, zlib.error),
)
"""What broken files make zipfile, json and h5py raise."""


@dataclass(frozen=True)
class Layer:
    """One layer of the network as computed: `activation(inputs @ weights + bias)`.

    `weights` (inputs, units) and `bias` (units,) float32, the batch normalisation that may stand
    between sum and activation worked in; `activation` is Keras's name of it.
    """

    weights: np.ndarray
    bias: np.ndarray
    activation: str
    options: dict[str, float] = field(default_factory=dict)

    def sums(self, inputs: np.ndarray) -> np.ndarray:
        """(n, inputs) -> (n, units), before the activation."""
        sums: np.ndarray = inputs @ self.weights + self.bias
        return sums

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, inputs) -> (n, units) float32."""
        return activate(self.activation, self.sums(inputs), self.options)


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
        """Ten, or eleven where the network can answer "no digit"."""
        return len(self.layers[-1].bias)

    @classmethod
    def load(cls, path: str | Path) -> NumpyNetwork:
        """Read a dense network from a `.keras` file.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: the file is no `.keras` file, or the network in it is not a dense one from
                28 × 28 pixels to ten or eleven probabilities; says what was expected and found.
        """
        path = Path(path)
        if not path.is_file():
            raise FileNotFoundError(f"{path}: expected a network (.keras), found no such file")
        try:
            with zipfile.ZipFile(path) as archive:
                _check_size(archive, path)
                config = json.loads(archive.read("config.json"))
                with archive.open("model.weights.h5") as file, h5py.File(file, "r") as weights:
                    network = cls(tuple(_read_layers(config, weights, path)))
        except zipfile.BadZipFile as error:
            raise ValueError(f"{path}: expected a network (.keras), found another file") from error
        except _Unsuitable:
            raise
        except _BROKEN as error:
            raise ValueError(
                f"{path}: expected a dense network saved by Keras, found a broken or foreign file "
                f"({type(error).__name__}: {error})"
            ) from error
        return network

    def activations(self, pixels: np.ndarray) -> list[np.ndarray]:
        """What every layer answers: (n, 28, 28) -> a list of (n, units), the last (n, outputs)."""
        values = pixels.reshape(len(pixels), INPUTS)
        answers = []
        for layer in self.layers:
            values = layer(values)
            answers.append(values)
        return answers

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Probabilities of the answers: (n, 28, 28) float32 -> (n, outputs) float32."""
        values = pixels.reshape(len(pixels), INPUTS)
        for layer in self.layers:
            values = layer(values)
        return values

    def in_parts(self, pixels: np.ndarray) -> np.ndarray:
        """Probabilities of any number of samples, (n, 28, 28) uint8 -> (n, outputs) float32."""
        parts = [
            self(pixels[start : start + 4096].astype(np.float32) / 255)
            for start in range(0, len(pixels), 4096)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.outputs), np.float32)


class _Unsuitable(ValueError):
    """A sound file with a network that this program cannot use."""


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    size = sum(entry.file_size for entry in archive.infolist())
    if size > LARGEST_FILE:
        raise _Unsuitable(
            f"{path}: expected at most {LARGEST_FILE >> 20} MiB unpacked, found {size >> 20} MiB"
        )


def _read_layers(config: dict[str, Any], weights: h5py.File, path: Path) -> list[Layer]:
    """Fold the layers that Keras lists into as many `Layer`s as there are Dense ones."""
    read = _Reader(path, weights)
    if config.get("class_name") != "Sequential":
        read.refuse("a Sequential network", config.get("class_name"))
    for entry in config["config"]["layers"]:
        read.add(entry["class_name"], entry["config"])
    return read.finished()


class _Reader:
    """Goes through the layers of a Sequential network in order."""

    def __init__(self, path: Path, weights: h5py.File) -> None:
        self.path = path
        self.weights = weights
        self.layers: list[Layer] = []
        self.width = INPUTS
        self.bytes = 0
        self.counts: dict[str, int] = {}
        self.flat = False
        self._activated = True

    def refuse(self, expected: str, found: object) -> None:
        raise _Unsuitable(f"{self.path}: expected {expected}, found {found}")

    def add(self, kind: str, config: dict[str, Any]) -> None:
        adders: dict[str, Callable[[dict[str, Any], h5py.Group | None], None]] = {
            "InputLayer": self._input,
            "Flatten": self._flatten,
            "Dense": self._dense,
            "BatchNormalization": self._normalization,
            "Activation": self._activation,
            "LeakyReLU": self._leaky,
            "Dropout": lambda config, group: None,
        }
        if kind not in adders:
            self.refuse(f"layers of the kinds {', '.join(adders)}", kind)
        adders[kind](config, self._group(kind))

    def _group(self, kind: str) -> h5py.Group | None:
        """The weights of the next layer of its kind; Keras numbers each kind from the start."""
        names = {"BatchNormalization": "batch_normalization", "Dense": "dense"}
        if kind not in names:
            return None
        number = self.counts.get(kind, 0)
        self.counts[kind] = number + 1
        name = names[kind] + (f"_{number}" if number else "")
        return self.weights["layers"][name]["vars"]

    def _input(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        shape = tuple((config.get("batch_shape") or config["batch_input_shape"])[1:])
        if math.prod(shape) != INPUTS:
            self.refuse("an input of 28 × 28 pixels", f"one of shape {shape}")
        self.flat = len(shape) == 1

    def _flatten(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        self.flat = True

    def _dense(self, config: dict[str, Any], group: h5py.Group) -> None:
        units = config["units"]
        if not self.flat:
            self.refuse("a Flatten layer before the first Dense layer", "none")
        if type(units) is not int or not 1 <= units <= LARGEST_WIDTH:
            self.refuse(f"layers of 1 to {LARGEST_WIDTH} units", short_repr(units))
        if group["0"].shape != (self.width, units):
            self.refuse(f"weights of shape {(self.width, units)}", f"shape {group['0'].shape}")
        self.bytes += 4 * self.width * units
        if self.bytes > LARGEST_FILE:
            self.refuse(f"weights of at most {LARGEST_FILE >> 20} MiB", f"{self.bytes >> 20} MiB")
        matrix = group["0"][()].astype(np.float32)
        self.width = units
        bias = self._vector(group, 1) if config["use_bias"] else np.zeros(units)
        name, options = self._named(config["activation"])
        self.layers.append(Layer(matrix, bias.astype(np.float32), name, options))
        self._activated = name != "linear"

    def _vector(self, group: h5py.Group, number: int) -> np.ndarray:
        """A number for each unit, (units,); what is declared longer is not even read."""
        values = group[str(number)]
        if values.shape != (self.width,):
            self.refuse(f"weights of shape {(self.width,)}", f"shape {values.shape}")
        read: np.ndarray = values[()].astype(np.float64)
        return read

    def _normalization(self, config: dict[str, Any], group: h5py.Group) -> None:
        """Work a batch normalisation into the layer before it, of which it scales each unit.

        Source: S. Ioffe, C. Szegedy, "Batch normalization", 2015, section 3.1.
        """
        if self._activated:
            self.refuse("batch normalisation right after a linear Dense layer", "it elsewhere")
        values = [self._vector(group, i) for i in range(len(group))]
        ones, zeros = np.ones(self.width), np.zeros(self.width)
        gamma = values.pop(0) if config.get("scale", True) else ones
        beta = values.pop(0) if config.get("center", True) else zeros
        mean, variance = values
        factor = gamma / np.sqrt(variance + config["epsilon"])
        last = self.layers[-1]
        self.layers[-1] = Layer(
            (last.weights * factor).astype(np.float32),
            ((last.bias - mean) * factor + beta).astype(np.float32),
            "linear",
        )

    def _activation(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        self._set_activation(*self._named(config["activation"]))

    def _leaky(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        slope = {"negative_slope": config["negative_slope"]}
        self._set_activation("leaky_relu", self._numbers(slope, "negative_slope"))

    def _set_activation(self, name: str, options: dict[str, float]) -> None:
        if self._activated:
            self.refuse("an activation after a linear Dense layer", f"{name} elsewhere")
        last = self.layers[-1]
        self.layers[-1] = Layer(last.weights, last.bias, name, options)
        self._activated = True

    def _named(self, activation: object) -> tuple[str, dict[str, float]]:
        """The name of an activation as Keras writes it: text, or an object with its options."""
        options: dict[str, float] = {}
        if isinstance(activation, dict):
            options = self._numbers(activation.get("config") or {}, "negative_slope")
            activation = activation["class_name"]
        if activation not in ACTIVATIONS:
            self.refuse(f"one of the activations {', '.join(ACTIVATIONS)}", repr(activation))
        return str(activation), options

    def _numbers(self, config: dict[str, Any], *names: str) -> dict[str, float]:
        """Those options of a layer that are there, each a finite number."""
        found = {name: config[name] for name in names if name in config}
        for name, value in found.items():
            if not is_number(value):
                self.refuse(f"{name!r} to be a number", short_repr(value))
        return found

    def finished(self) -> list[Layer]:
        if not self.layers or self.width not in (DIGITS, DIGITS + 1):
            self.refuse(
                "ten outputs, or eleven with that of no digit",
                self.width if self.layers else "no Dense layer",
            )
        if self.layers[-1].activation != "softmax":
            self.refuse("softmax as the last activation", self.layers[-1].activation)
        parts = [part for layer in self.layers for part in (layer.weights, layer.bias)]
        if not all(np.isfinite(part).all() for part in parts):
            self.refuse("weights that are numbers", "infinite ones or NaN")
        return self.layers


def _softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    parts: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return parts


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return (0.5 * (1 + np.tanh(0.5 * x))).astype(x.dtype)


def _erf(x: np.ndarray) -> np.ndarray:
    """The error function to 1.5e-7 (Abramowitz and Stegun, 1964, formula 7.1.26)."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t
    erf: np.ndarray = np.sign(x) * (1 - (series + 0.254829592) * t * np.exp(-(x**2)))
    return erf


def _elu(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "gelu": lambda x: x * (0.5 * (1 + _erf(x / math.sqrt(2)))),
    "silu": lambda x: x * _sigmoid(x),
    "elu": _elu,
    "selu": lambda x: _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "softmax": _softmax,
}
"""Keras's activations by Keras's names, each (n, units) -> (n, units)."""


def activate(name: str, sums: np.ndarray, options: dict[str, float] | None = None) -> np.ndarray:
    """Apply Keras's activation of that name, (n, units) float32 -> (n, units) float32."""
    if name == "leaky_relu" and options and "negative_slope" in options:
        return np.where(sums > 0, sums, np.float32(options["negative_slope"]) * sums)
    return ACTIVATIONS[name](sums).astype(np.float32, copy=False)
