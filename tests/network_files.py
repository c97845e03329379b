"""Networks in Keras's file format, written without Keras: small, unusual and malicious ones."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from number_recognition.learning.models.numpy_network import Layer, NumpyNetwork

Arrays = dict[str, np.ndarray | tuple[int, ...]]
"""Arrays by name in the file; a shape means an array that is declared but not written."""


def layer(kind: str, **config: Any) -> dict[str, Any]:
    """Return a layer as in the `config.json` of a `.keras` file."""
    return {"class_name": kind, "config": config}


def dense(units: int, activation: str = "relu") -> dict[str, Any]:
    """Return a Dense layer as in `config.json`."""
    return layer("Dense", units=units, activation=activation, use_bias=True)


INPUT = (layer("InputLayer", batch_shape=[None, 28, 28]), layer("Flatten"))


def write(path: Path, layers: list[dict[str, Any]], arrays: Arrays) -> Path:
    """Write a network with these layers and weights."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, array in arrays.items():
            if isinstance(array, tuple):
                file.create_dataset(f"layers/{name}", array, "f4", chunks=True)
            else:
                file[f"layers/{name}"] = array
    config = {"class_name": "Sequential", "config": {"name": "digits", "layers": layers}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", content.getvalue())
    return path


def constant_network(path: Path, outputs: list[float]) -> Path:
    """Write a sound network that answers these probabilities to whatever is drawn.

    Ten of them, or eleven with that of "no digit" last.
    """
    units, logits = 4, np.log(np.asarray(outputs, "f4"))
    return write(
        path,
        [*INPUT, dense(units), dense(len(outputs), "softmax")],
        {
            "dense/vars/0": np.zeros((784, units), "f4"),
            "dense/vars/1": np.zeros(units, "f4"),
            "dense_1/vars/0": np.zeros((units, len(outputs)), "f4"),
            "dense_1/vars/1": logits,
        },
    )


def answering(path: Path, **parts: float) -> Path:
    """A `constant_network` with these probabilities: `d4` of a 4, `none` of no digit.

    The rest is shared by the other digits. It has eleven outputs where `none` is given.
    """
    chosen = {int(name[1:]): part for name, part in parts.items() if name != "none"}
    rest = (1 - sum(parts.values())) / (10 - len(chosen))
    digits = [chosen.get(digit, rest) for digit in range(10)]
    return constant_network(path, [*digits, *([parts["none"]] if "none" in parts else [])])


def random_network(path: Path, units: int = 12) -> Path:
    """Write a valid, untrained network with one hidden layer."""
    rng = np.random.default_rng(1)
    return write(
        path,
        [*INPUT, dense(units), dense(10, "softmax")],
        {
            "dense/vars/0": rng.normal(0, 0.2, (784, units)).astype("f4"),
            "dense/vars/1": np.zeros(units, "f4"),
            "dense_1/vars/0": rng.normal(0, 1, (units, 10)).astype("f4"),
            "dense_1/vars/1": np.zeros(10, "f4"),
        },
    )


def smooth_network(widths: tuple[int, ...] = (30, 20)) -> NumpyNetwork:
    """Return an untrained network with hidden layers of these widths and random weights."""
    rng = np.random.default_rng(1)
    sizes = (784, *widths, 10)
    layers = []
    for index, units in enumerate(sizes[1:]):
        weights = rng.normal(0, 1, (sizes[index], units)) / np.sqrt(sizes[index] / 9)
        activation = "softmax" if index == len(widths) else "relu"
        bias = np.zeros(units, np.float32)
        layers.append(Layer(weights.astype(np.float32), bias, activation))
    return NumpyNetwork(tuple(layers))


def write_legacy(path: Path, outputs: list[float]) -> Path:
    """Write a network in Keras's older format (HDF5) that answers these probabilities."""
    layers = [INPUT[0], layer("Flatten", name="flatten"), dense(len(outputs), "softmax")]
    layers[-1]["config"]["name"] = "answer"
    config = {"class_name": "Sequential", "config": {"name": "digits", "layers": layers}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        group = file.create_group("model_weights/answer")
        group.attrs["weight_names"] = ["answer/kernel:0", "answer/bias:0"]
        group["answer/kernel:0"] = np.zeros((784, len(outputs)), "f4")
        group["answer/bias:0"] = np.log(np.asarray(outputs, "f4"))
    return path
