"""Build and load the dense network with Keras: 784 inputs, hidden layers, ten or eleven outputs."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import keras

from number_recognition.learning.models.keras_file import read_network
from number_recognition.learning.models.layers import DIGITS, IMAGE_SIZE, Layer
from number_recognition.storage.settings import TrainingSettings

_RECTIFIERS = ("relu", "gelu", "silu", "elu", "leaky_relu")


def build(
    settings: TrainingSettings, precision: str = "float32", seed: int | None = None
) -> keras.Sequential:
    """Build an untrained Keras network, (n, 28, 28) -> (n, outputs) probabilities.

    Args:
        settings: the layers, and the seed.
        precision: a Keras dtype policy for the computation; the weights are float32 in any case.
        seed: of the initial weights; by default that of the settings.
    """
    seed = settings.seed if seed is None else seed
    return assemble(seed, precision, partial(_layers, settings), count_outputs(settings))


def count_outputs(settings: TrainingSettings) -> int:
    """Return the number of outputs: ten, or eleven with that of "no digit"."""
    return DIGITS + settings.no_digit


def assemble(
    seed: int,
    precision: str,
    make_hidden_layers: Callable[[random.Random], list[keras.Layer]],
    outputs: int = DIGITS,
) -> keras.Sequential:
    """Build a network from 28 × 28 inputs through hidden layers to a softmax output.

    `make_hidden_layers` gets the generator of the seeds of its layers. Without a seed, a layer
    draws one from the module `random`, which other threads use, too.
    """
    seeds = random.Random(seed)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        layers = [
            keras.layers.Input((IMAGE_SIZE, IMAGE_SIZE)),
            *make_hidden_layers(seeds),
            keras.layers.Dense(
                outputs,
                name="logits",
                kernel_initializer=keras.initializers.GlorotUniform(seed=draw_seed(seeds)),
            ),
            keras.layers.Activation("softmax", dtype="float32", name="probabilities"),
        ]
        return keras.Sequential(layers, name="digits")
    finally:
        keras.config.set_dtype_policy(policy)


def draw_seed(seeds: random.Random) -> int:
    """Draw the seed of a layer, in the range that Keras draws from."""
    return seeds.randint(1, 10**9)


def _layers(settings: TrainingSettings, seeds: random.Random) -> list[keras.Layer]:
    layers: list[keras.Layer] = [keras.layers.Flatten()]
    for units in settings.hidden_layers:
        layers += hidden_layer(settings, seeds, keras.layers.Dense, units)
    return layers


def hidden_layer(
    settings: TrainingSettings,
    seeds: random.Random,
    layer_class: type[keras.Layer],
    units: int,
    **options: object,
) -> list[keras.Layer]:
    """Build one hidden layer, with batch normalisation, activation and dropout as set.

    He's initialisation suits rectifiers (K. He et al., "Delving deep into rectifiers", 2015),
    Glorot's the other activations.
    """
    is_rectifier = settings.activation in _RECTIFIERS
    initializer = keras.initializers.HeNormal if is_rectifier else keras.initializers.GlorotUniform
    layers: list[keras.Layer] = [
        layer_class(
            units,
            use_bias=not settings.batch_normalization,
            kernel_initializer=initializer(seed=draw_seed(seeds)),
            **options,
        )
    ]
    if settings.batch_normalization:
        layers.append(keras.layers.BatchNormalization(momentum=0.95))
    layers.append(keras.layers.Activation(settings.activation))
    if settings.dropout:
        layers.append(keras.layers.Dropout(settings.dropout, seed=draw_seed(seeds)))
    return layers


def load(path: str) -> keras.Model:
    """Load a network from a `.keras` file, without its optimizer.

    A network unlike the program's own is rebuilt from the layers that NumPy computes: it answers
    the same, and has the form that fine-tuning expects.

    Raises:
        FileNotFoundError, ValueError: as `NumpyNetwork.load`, which checks the file first: Keras's
            own errors are unclear, and it would unpack a hostile file.
    """
    found = read_network(Path(path))
    if not found.is_own:
        return from_layers(found.layers)
    return keras.saving.load_model(path, compile=False)


def from_layers(layers: Sequence[Layer]) -> keras.Sequential:
    """Build a Keras network that answers as layers computed by NumPy do."""
    network = keras.Sequential(
        [
            keras.layers.Input((IMAGE_SIZE, IMAGE_SIZE)),
            keras.layers.Flatten(),
            *(keras_layer for layer in layers for keras_layer in _as_keras(layer)),
        ],
        name="digits",
    )
    network.set_weights([array for layer in layers for array in (layer.weights, layer.bias)])
    return network


def _as_keras(layer: Layer) -> list[keras.Layer]:
    dense = keras.layers.Dense(len(layer.bias))
    if layer.activation == "linear":
        return [dense]
    if layer.activation == "leaky_relu" and "negative_slope" in layer.options:
        return [dense, keras.layers.LeakyReLU(negative_slope=layer.options["negative_slope"])]
    return [dense, keras.layers.Activation(layer.activation)]
