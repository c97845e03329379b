"""The layers of a network as its configuration lists them: their kinds, their order, their sizes.

Nothing here reads weights: a configuration is checked before they are opened.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NoReturn

from number_recognition.learning.models.layers import INPUTS
from number_recognition.storage.values import short_repr

MAX_UNITS = 16384
MAX_BYTES = 512 * 1024 * 1024
"""A network with wider layers, or with weights of more bytes, is refused unread."""
MAX_LAYERS = 256

UNUSED_AFTER_TRAINING = frozenset(
    (
        *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout", "GaussianDropout"),
        *("GaussianNoise", "ActivityRegularization", "Identity", "RandomRotation"),
        *("RandomTranslation", "RandomZoom", "RandomShear", "RandomFlip", "RandomBrightness"),
        "RandomContrast",
    )
)
"""The layers that pass on what they get once a network is trained."""
_OWN_KINDS = frozenset(
    (
        *("InputLayer", "Flatten", "Dense", "BatchNormalization", "Activation", "LeakyReLU"),
        "Dropout",
    )
)
KINDS = _OWN_KINDS | {"Reshape", "Rescaling", "ReLU", "ELU", "Softmax"}
"""The layers that are read, by Keras's names, besides `UNUSED_AFTER_TRAINING`."""
_CONVOLUTIONAL = ("Conv", "Depthwise", "Separable", "MaxPool", "Average", "Global", "ZeroPad")
WHAT_WORKS = (
    "an input of 28 × 28 (or 784) pixels, Flatten, then Dense layers of which the last has 10 units"
)


class UnsupportedNetworkError(ValueError):
    """The file is sound, but the network in it is of another kind."""


def refuse(expected: str, found: object) -> NoReturn:
    """Refuse a network.

    Raises:
        UnsupportedNetworkError: always; says what was expected and found.
    """
    raise UnsupportedNetworkError(f"expected {expected}, found {found}")


@dataclass(frozen=True)
class LayerConfig:
    """One layer.

    Attributes:
        kind: Keras's name of its class.
        config: its settings.
        name: the name that its author or Keras gave it.
        group: the name of its weights in a `.keras` file: Keras numbers the layers of each class.
    """

    kind: str
    config: dict[str, Any]
    name: str
    group: str


@dataclass(frozen=True)
class NetworkConfig:
    """The layers of a network in the order in which they are computed.

    Attributes:
        layers: the first is the input.
        input_shape: of one image, without the number of images.
        is_own: whether the program builds such networks itself: Keras loads them as they are.
    """

    layers: tuple[LayerConfig, ...]
    input_shape: tuple[int, ...]
    is_own: bool

    @classmethod
    def parse(cls, config: dict[str, Any]) -> NetworkConfig:
        """Parse the configuration of a Sequential network, or of a Functional one without branches.

        Raises:
            UnsupportedNetworkError: it is another network.
            KeyError, TypeError, …: the configuration is damaged.
        """
        kind = config.get("class_name")
        if kind not in ("Sequential", "Functional", "Model"):
            refuse("a Sequential or Functional network", short_repr(kind))
        inner = config["config"]
        listed = inner if isinstance(inner, list) else inner["layers"]  # a list in Keras before 2.2
        if len(listed) > MAX_LAYERS:
            refuse(f"at most {MAX_LAYERS} layers", len(listed))
        layers = _named_layers(listed)
        for layer in layers:
            _check_kind(layer)
        if kind != "Sequential":
            layers = _chain(inner, listed, layers)
        shape = _input_shape(layers)
        own_kinds = kind == "Sequential" and {layer.kind for layer in layers} <= _OWN_KINDS
        return cls(tuple(layers), shape, own_kinds and len(shape) == 2 and _is_of_keras(config))

    @property
    def weight_bytes(self) -> int:
        """The size of the weights of the Dense layers as float32, in bytes.

        Raises:
            UnsupportedNetworkError: a layer is too wide, or all together are too large.
        """
        inputs, total = INPUTS, 0
        for layer in self.layers:
            if layer.kind == "Dense":
                units = layer.config["units"]
                if type(units) is not int or not 1 <= units <= MAX_UNITS:
                    refuse(f"layers of 1 to {MAX_UNITS} units", short_repr(units))
                total, inputs = total + 4 * (inputs + 1) * units, units
        if total > MAX_BYTES:
            refuse(f"weights of at most {MAX_BYTES >> 20} MiB", f"{total >> 20} MiB")
        return total


def _named_layers(listed: list[dict[str, Any]]) -> list[LayerConfig]:
    counts: dict[str, int] = {}
    layers = []
    for layer in listed:
        kind = str(layer["class_name"])
        number = counts.get(kind, 0)
        counts[kind] = number + 1
        group = _GROUPS.get(kind, kind) + (f"_{number}" if number else "")
        name = str(layer["config"].get("name", ""))
        layers.append(LayerConfig(kind, layer["config"], name, group))
    return layers


_GROUPS = {"Dense": "dense", "BatchNormalization": "batch_normalization"}


def _check_kind(layer: LayerConfig) -> None:
    if layer.kind in KINDS or layer.kind in UNUSED_AFTER_TRAINING:
        return
    if layer.kind.startswith(_CONVOLUTIONAL):
        refuse(
            f"a dense network ({WHAT_WORKS}; Main.py train makes one, and --convolution-epochs "
            "lets it begin as a convolutional one)",
            f"a convolutional one ({layer.kind})",
        )
    if layer.kind in ("Sequential", "Functional", "Model"):
        refuse("the layers one after another", "a network within the network")
    refuse(f"layers of the kinds {', '.join(sorted(KINDS))}", layer.kind[:60])


def _chain(
    config: dict[str, Any], listed: list[dict[str, Any]], layers: list[LayerConfig]
) -> list[LayerConfig]:
    """The layers of a Functional network from its input to its output.

    Raises:
        UnsupportedNetworkError: it has branches.
    """
    by_name = {layer.get("name") or layer["config"]["name"]: i for i, layer in enumerate(listed)}
    ends = _sources(config["output_layers"])
    chain: list[int] = []
    while len(ends) == 1 and len(chain) < len(listed):
        chain.append(by_name[ends[0]])
        nodes = listed[chain[-1]].get("inbound_nodes") or []
        ends = _sources(nodes) if len(nodes) <= 1 else ["", ""]
    if ends or sorted(chain) != list(range(len(listed))):
        refuse("one input, one output and the layers between them one after another", "branches")
    return [layers[index] for index in reversed(chain)]


def _sources(nodes: object) -> list[str]:
    """The names of the layers that nodes come from, as Keras 2 and 3 write them."""
    if isinstance(nodes, dict):
        history = nodes.get("config", {}).get("keras_history") if "config" in nodes else None
        if isinstance(history, list):
            return [str(history[0])]
        return [name for value in nodes.values() for name in _sources(value)]
    if not isinstance(nodes, list):
        return []
    if len(nodes) >= 3 and isinstance(nodes[0], str):
        return [nodes[0]]
    return [name for value in nodes for name in _sources(value)]


def _input_shape(layers: list[LayerConfig]) -> tuple[int, ...]:
    """The shape of one image."""
    config = layers[0].config if layers else {}
    batch_shape = config.get("batch_shape") or config.get("batch_input_shape")
    if not batch_shape:
        refuse("an input of 28 × 28 pixels", "no input shape; save the network once it is built")
    shape = tuple(batch_shape[1:])
    if not all(type(length) is int for length in shape) or math.prod(shape) != INPUTS:
        refuse("an input of 28 × 28 pixels", f"one of shape {short_repr(shape)}")
    return shape


def _is_of_keras(config: object) -> bool:
    """Whether every object in a configuration is one of Keras's own."""
    if isinstance(config, dict):
        module = config.get("module")
        is_own = (
            module is None
            or module in ("keras", "builtins")
            or (isinstance(module, str) and module.startswith("keras."))
        )
        return is_own and not config.get("registered_name") and _is_of_keras(list(config.values()))
    return not isinstance(config, list) or all(_is_of_keras(value) for value in config)
