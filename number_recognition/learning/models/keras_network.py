"""Builds the dense network: 784 inputs, fully connected hidden layers, ten or eleven outputs."""

from __future__ import annotations

from collections.abc import Callable

import keras

from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.storage.settings import TrainingSettings


def build(
    settings: TrainingSettings, precision: str = "float32", seed: int | None = None
) -> keras.Sequential:
    """Build an untrained Keras network, (n, 28, 28) -> (n, outputs) probabilities.

    The initial weights depend on the seed alone, that of the settings or another. `precision` is
    the arithmetic of its layers, a Keras dtype policy; their weights are float32 in either.
    """
    seed = settings.seed if seed is None else seed
    return assemble(seed, precision, lambda: _layers(settings), outputs(settings))


def outputs(settings: TrainingSettings) -> int:
    """Ten digits, and "no digit" where the network shall answer that, too."""
    return DIGITS + settings.no_digit


def assemble(
    seed: int, precision: str, make: Callable[[], list[keras.Layer]], outputs: int = DIGITS
) -> keras.Sequential:
    """A network of the hidden layers that `make` makes, from 28 × 28 inputs to its outputs."""
    keras.utils.set_random_seed(seed)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        layers = [
            keras.layers.Input((28, 28)),
            *make(),
            keras.layers.Dense(outputs, name="logits"),
            keras.layers.Activation("softmax", dtype="float32", name="probabilities"),
        ]
        return keras.Sequential(layers, name="digits")
    finally:
        keras.config.set_dtype_policy(before)


def _layers(settings: TrainingSettings) -> list[keras.Layer]:
    layers: list[keras.Layer] = [keras.layers.Flatten()]
    for units in settings.hidden_layers:
        layers += hidden(settings, keras.layers.Dense, units)
    return layers


def hidden(
    settings: TrainingSettings, kind: type[keras.Layer], units: int, **options: object
) -> list[keras.Layer]:
    """One hidden layer: of that kind, then normalisation, activation and dropout as set.

    He's initialisation suits rectifiers (K. He et al., "Delving deep into rectifiers", 2015),
    Glorot's the rest.
    """
    rectifier = settings.activation in ("relu", "gelu", "silu", "elu", "leaky_relu")
    layers: list[keras.Layer] = [
        kind(
            units,
            use_bias=not settings.batch_normalization,
            kernel_initializer="he_normal" if rectifier else "glorot_uniform",
            **options,
        )
    ]
    if settings.batch_normalization:
        layers.append(keras.layers.BatchNormalization(momentum=0.95))
    layers.append(keras.layers.Activation(settings.activation))
    if settings.dropout:
        layers.append(keras.layers.Dropout(settings.dropout))
    return layers


def load(path: str) -> keras.Model:
    """Load a network that Keras saved, without its optimizer.

    Raises:
        FileNotFoundError, ValueError: as `NumpyNetwork.load`, which looks at the file first:
            Keras says little of what is wrong with one, and would unpack a hostile one.
    """
    NumpyNetwork.load(path)
    return keras.saving.load_model(path, compile=False)
