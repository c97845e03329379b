"""First weights from a convolution: what a small one learns is written out as dense layers.

A convolution is a dense layer whose weights are tied: it looks for the same few strokes everywhere.
A network that begins so learns from each sample for all places at once; written out as dense
layers, it answers the same, and is free to go on where the ties would hold it back.

Source: S. d'Ascoli, L. Sagun, J. Bruna, G. Biroli, "Finding the needle in the haystack with
convolutions: on the benefits of architectural bias", 2019.
"""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np

from number_recognition.learning.models.keras_network import assemble, hidden, outputs
from number_recognition.learning.models.settings_checks import (
    KERNELS,
    SIDE,
    STRIDE,
    feature_maps,
    positions_along,
)
from number_recognition.storage.settings import TrainingSettings

_TEACHER = ((32, 3, 1), (32, 3, 1), (32, 5, 2), (64, 3, 1), (64, 3, 1), (64, 5, 2))
"""Maps, side of the kernel and stride of each convolution of a teacher."""
_TEACHER_UNITS = 256
_MAPS_OFF, _UNITS_OFF = 0.1, 0.3
"""Parts that are switched off at random while a teacher learns: of its maps where they become
smaller, and of its units."""


def build(
    settings: TrainingSettings, precision: str = "float32", seed: int | None = None
) -> keras.Sequential:
    """Build a network like `learning.models.keras_network.build`, the first hidden layers convolutions.

    Raises:
        ValueError: these layers have too few or other units than maps of places make.
    """
    seed = settings.seed if seed is None else seed
    return assemble(seed, precision, lambda: _layers(settings), outputs(settings))


def build_teacher(
    settings: TrainingSettings, precision: str = "float32", seed: int | None = None
) -> keras.Sequential:
    """Build a deeper convolutional network, which no dense one could begin as, to be learnt from.

    Of the settings, only dropout and normalisation matter here: its units are rectifiers, whatever
    the network's own are.
    """
    seed = settings.seed if seed is None else seed
    settings = replace(settings, activation="relu")
    return assemble(seed, precision, lambda: _teacher_layers(settings), outputs(settings))


def _teacher_layers(settings: TrainingSettings) -> list[keras.Layer]:
    layers: list[keras.Layer] = [keras.layers.Reshape((SIDE, SIDE, 1))]
    for count, kernel, stride in _TEACHER:
        layers += hidden(
            settings,
            keras.layers.Conv2D,
            count,
            kernel_size=kernel,
            strides=stride,
            padding="same",
        )
        if stride > 1:
            layers.append(keras.layers.SpatialDropout2D(_MAPS_OFF))
    layers.append(keras.layers.Flatten())
    layers += hidden(settings, keras.layers.Dense, _TEACHER_UNITS)
    return [*layers, keras.layers.Dropout(_UNITS_OFF)]


def _layers(settings: TrainingSettings) -> list[keras.Layer]:
    layers: list[keras.Layer] = [keras.layers.Reshape((SIDE, SIDE, 1))]
    counts = feature_maps(settings.hidden_layers)
    for number, units in enumerate(settings.hidden_layers):
        if number < len(counts):
            layers += hidden(
                settings,
                keras.layers.Conv2D,
                counts[number],
                kernel_size=KERNELS[number],
                strides=STRIDE,
            )
            continue
        if number == len(counts):
            layers.append(keras.layers.Flatten())
        layers += hidden(settings, keras.layers.Dense, units)
    if len(counts) == len(settings.hidden_layers):
        layers.append(keras.layers.Flatten())
    return layers


def dense_weights(network: keras.Model, weights: list[np.ndarray]) -> list[np.ndarray]:
    """The weights with which the dense network of the same settings answers the same.

    Args:
        network: as `build` makes it.
        weights: of such a network, in the order of its `get_weights()`.

    Returns:
        in the order of `get_weights()` of the dense network.
    """
    side, kernels, dense = SIDE, iter(KERNELS), []
    own = dict(zip((variable.path for variable in network.weights), weights, strict=True))
    for layer in network.layers:
        parts = [own[variable.path] for variable in layer.weights]
        if isinstance(layer, keras.layers.Conv2D):
            inputs, side = side, positions_along(side, next(kernels))
            dense.append(_unfolded(parts[0], inputs))
            parts = parts[1:]
        if len(layer.output.shape) == 4:
            # One value a map: it is the same at each of its places.
            parts = [np.tile(part, side**2) for part in parts]
        dense += parts
    return dense


def _unfolded(kernel: np.ndarray, side: int) -> np.ndarray:
    """A kernel (height, width, channels, maps) as a matrix (side² channels, places² maps)."""
    size, _, channels, feature_maps = kernel.shape
    places = positions_along(side, size)
    matrix = np.zeros((side, side, channels, places, places, feature_maps), np.float32)
    for row in range(places):
        for column in range(places):
            top, left = row * STRIDE, column * STRIDE
            matrix[top : top + size, left : left + size, :, row, column] = kernel
    return matrix.reshape(side * side * channels, places * places * feature_maps)
