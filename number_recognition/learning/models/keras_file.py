"""Read the layers of a dense network from a `.keras` file, without Keras.

A file may be damaged or hostile: sizes are checked before anything large is read.
"""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import h5py
import numpy as np

from number_recognition.learning.models.activations import ACTIVATIONS
from number_recognition.learning.models.layers import DIGITS, INPUTS, Layer
from number_recognition.storage.values import is_number, short_repr

MAX_UNITS = 16384
MAX_BYTES = 512 * 1024 * 1024
"""A network with wider layers, or a file that unpacks to more bytes, is refused unread."""

_DAMAGED_FILE_ERRORS = (
    *(OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError),
    *(RuntimeError, ArithmeticError, MemoryError, zlib.error),
)
"""What zipfile, json and h5py raise for damaged files."""


class UnsupportedNetworkError(ValueError):
    """The file is sound, but the network in it is of another kind."""


def read_layers(path: Path) -> list[Layer]:
    """Read the layers of a dense network from a `.keras` file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is not a `.keras` file, or its network is of another kind.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected a network (.keras), found no such file")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive, path)
            config = json.loads(archive.read("config.json"))
            with archive.open("model.weights.h5") as file, h5py.File(file, "r") as weights:
                return _build_layers(config, weights, path)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path}: expected a network (.keras), found another file") from error
    except UnsupportedNetworkError:
        raise
    except _DAMAGED_FILE_ERRORS as error:
        raise ValueError(
            f"{path}: expected a dense network saved by Keras, found a broken or foreign file "
            f"({type(error).__name__}: {error})"
        ) from error


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    size = sum(member.file_size for member in archive.infolist())
    if size > MAX_BYTES:
        raise UnsupportedNetworkError(
            f"{path}: expected at most {MAX_BYTES >> 20} MiB unpacked, found {size >> 20} MiB"
        )


def _build_layers(config: dict[str, Any], weights: h5py.File, path: Path) -> list[Layer]:
    """Build one `Layer` for each Dense layer that Keras lists, with those after it folded in."""
    builder = _LayerBuilder(path, weights)
    if config.get("class_name") != "Sequential":
        builder.refuse("a Sequential network", config.get("class_name"))
    for layer in config["config"]["layers"]:
        builder.add(layer["class_name"], layer["config"])
    return builder.finish()


class _LayerBuilder:
    """Goes through the layers of a Sequential network in order."""

    def __init__(self, path: Path, weights: h5py.File) -> None:
        self._path = path
        self._weights = weights
        self._layers: list[Layer] = []
        self._units = INPUTS
        self._total_bytes = 0
        self._counts: dict[str, int] = {}
        self._is_flat = False
        self._has_activation = True
        """Whether the last layer has its activation, after which nothing can be folded in."""

    def refuse(self, expected: str, found: object) -> NoReturn:
        raise UnsupportedNetworkError(f"{self._path}: expected {expected}, found {found}")

    def add(self, class_name: str, config: dict[str, Any]) -> None:
        """Add the next layer of Keras's list."""
        adders: dict[str, Callable[[dict[str, Any], h5py.Group | None], None]] = {
            "InputLayer": self._add_input,
            "Flatten": self._add_flatten,
            "Dense": self._add_dense,
            "BatchNormalization": self._add_batch_normalization,
            "Activation": self._add_activation,
            "LeakyReLU": self._add_leaky_relu,
            "Dropout": lambda config, group: None,
        }
        if class_name not in adders:
            self.refuse(f"layers of the kinds {', '.join(adders)}", class_name)
        adders[class_name](config, self._next_group(class_name))

    def _next_group(self, class_name: str) -> h5py.Group | None:
        """The weights of the next layer of its class; Keras numbers the layers of each class."""
        names = {"BatchNormalization": "batch_normalization", "Dense": "dense"}
        if class_name not in names:
            return None
        number = self._counts.get(class_name, 0)
        self._counts[class_name] = number + 1
        name = names[class_name] + (f"_{number}" if number else "")
        return self._weights["layers"][name]["vars"]

    def _add_input(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        shape = tuple((config.get("batch_shape") or config["batch_input_shape"])[1:])
        if math.prod(shape) != INPUTS:
            self.refuse("an input of 28 × 28 pixels", f"one of shape {shape}")
        self._is_flat = len(shape) == 1

    def _add_flatten(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        self._is_flat = True

    def _add_dense(self, config: dict[str, Any], group: h5py.Group) -> None:
        units = config["units"]
        if not self._is_flat:
            self.refuse("a Flatten layer before the first Dense layer", "none")
        if type(units) is not int or not 1 <= units <= MAX_UNITS:
            self.refuse(f"layers of 1 to {MAX_UNITS} units", short_repr(units))
        if group["0"].shape != (self._units, units):
            self.refuse(f"weights of shape {(self._units, units)}", f"shape {group['0'].shape}")
        self._total_bytes += 4 * self._units * units
        if self._total_bytes > MAX_BYTES:
            found = f"{self._total_bytes >> 20} MiB"
            self.refuse(f"weights of at most {MAX_BYTES >> 20} MiB", found)
        kernel = group["0"][()].astype(np.float32)
        self._units = units
        bias = self._read_vector(group, 1) if config["use_bias"] else np.zeros(units)
        name, options = self._read_activation(config["activation"])
        self._layers.append(Layer(kernel, bias.astype(np.float32), name, options))
        self._has_activation = name != "linear"

    def _read_vector(self, group: h5py.Group, number: int) -> np.ndarray:
        """A number for each unit, (units,); the shape is checked before reading."""
        values = group[str(number)]
        if values.shape != (self._units,):
            self.refuse(f"weights of shape {(self._units,)}", f"shape {values.shape}")
        vector: np.ndarray = values[()].astype(np.float64)
        return vector

    def _add_batch_normalization(self, config: dict[str, Any], group: h5py.Group) -> None:
        """Fold a batch normalisation into the layer before it, whose units it scales.

        Source: S. Ioffe, C. Szegedy, "Batch normalization", 2015, section 3.1.
        """
        if self._has_activation:
            self.refuse("batch normalisation right after a linear Dense layer", "it elsewhere")
        values = [self._read_vector(group, i) for i in range(len(group))]
        ones, zeros = np.ones(self._units), np.zeros(self._units)
        gamma = values.pop(0) if config.get("scale", True) else ones
        beta = values.pop(0) if config.get("center", True) else zeros
        mean, variance = values
        factor = gamma / np.sqrt(variance + config["epsilon"])
        last = self._layers[-1]
        self._layers[-1] = Layer(
            (last.weights * factor).astype(np.float32),
            ((last.bias - mean) * factor + beta).astype(np.float32),
            "linear",
        )

    def _add_activation(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        self._set_activation(*self._read_activation(config["activation"]))

    def _add_leaky_relu(self, config: dict[str, Any], group: h5py.Group | None) -> None:
        slope = {"negative_slope": config["negative_slope"]}
        self._set_activation("leaky_relu", self._read_numbers(slope, "negative_slope"))

    def _set_activation(self, name: str, options: dict[str, float]) -> None:
        if self._has_activation:
            self.refuse("an activation after a linear Dense layer", f"{name} elsewhere")
        last = self._layers[-1]
        self._layers[-1] = Layer(last.weights, last.bias, name, options)
        self._has_activation = True

    def _read_activation(self, activation: object) -> tuple[str, dict[str, float]]:
        """The name and options of an activation, which Keras writes as a string or an object."""
        options: dict[str, float] = {}
        if isinstance(activation, dict):
            options = self._read_numbers(activation.get("config") or {}, "negative_slope")
            activation = activation["class_name"]
        if activation not in ACTIVATIONS:
            self.refuse(f"one of the activations {', '.join(ACTIVATIONS)}", repr(activation))
        return str(activation), options

    def _read_numbers(self, config: dict[str, Any], *names: str) -> dict[str, float]:
        """Those of the named options that are set, each a finite number."""
        options = {name: config[name] for name in names if name in config}
        for name, value in options.items():
            if not is_number(value):
                self.refuse(f"{name!r} to be a number", short_repr(value))
        return options

    def finish(self) -> list[Layer]:
        """Return the layers, once the last one and all weights have been checked."""
        if not self._layers or self._units not in (DIGITS, DIGITS + 1):
            self.refuse(
                "ten outputs, or eleven with that of no digit",
                self._units if self._layers else "no Dense layer",
            )
        if self._layers[-1].activation != "softmax":
            self.refuse("softmax as the last activation", self._layers[-1].activation)
        arrays = [array for layer in self._layers for array in (layer.weights, layer.bias)]
        if not all(np.isfinite(array).all() for array in arrays):
            self.refuse("finite weights", "infinite ones or NaN")
        return self._layers
