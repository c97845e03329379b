"""Initial weights for the dense network from a convolutional one, which is trained before it.

A convolution is a dense layer with shared weights: it detects the same strokes at every position.
Each sample trains all positions at once. Converted to dense layers, the network gives the same
answers, and training continues without the sharing.

Source: S. d'Ascoli, L. Sagun, J. Bruna, G. Biroli, "Finding the needle in the haystack with
convolutions: on the benefits of architectural bias", 2019.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

import keras
import numpy as np

from number_recognition.learning.models.keras_network import (
    assemble,
    count_outputs,
    draw_seed,
    hidden_layer,
)
from number_recognition.learning.models.layers import IMAGE_SIZE
from number_recognition.learning.models.settings_checks import (
    KERNEL_SIZES,
    STRIDE,
    count_feature_maps,
    output_size,
)
from number_recognition.storage.settings import TrainingSettings

_TEACHER_CONVOLUTIONS = (
    *((32, 3, 1), (32, 3, 1), (32, 5, 2)),
    *((64, 3, 1), (64, 3, 1), (64, 5, 2)),
)
"""Feature maps, kernel size and stride of each convolution of a teacher."""
_TEACHER_UNITS = 256
_SPATIAL_DROPOUT, _DENSE_DROPOUT = 0.1, 0.3
"""Dropout of a teacher: of feature maps after a stride, and of units before the output."""


def build(
    settings: TrainingSettings, precision: str = "float32", seed: int | None = None
) -> keras.Sequential:
    """Build the network of `keras_network.build` with convolutions as its first hidden layers.

    Raises:
        ValueError: the layers' units cannot be arranged in feature maps.
    """
    seed = settings.seed if seed is None else seed
    return assemble(seed, precision, partial(_layers, settings), count_outputs(settings))


def build_teacher(
    settings: TrainingSettings, precision: str = "float32", seed: int | None = None
) -> keras.Sequential:
    """Build a deeper convolutional network, a teacher for distillation.

    Of the settings, only dropout and batch normalisation are used: its activation is always relu.
    """
    seed = settings.seed if seed is None else seed
    settings = replace(settings, activation="relu")
    return assemble(seed, precision, partial(_teacher_layers, settings), count_outputs(settings))


def _teacher_layers(settings: TrainingSettings, seeds: random.Random) -> list[keras.Layer]:
    layers: list[keras.Layer] = [keras.layers.Reshape((IMAGE_SIZE, IMAGE_SIZE, 1))]
    for filters, kernel_size, stride in _TEACHER_CONVOLUTIONS:
        layers += hidden_layer(
            settings,
            seeds,
            keras.layers.Conv2D,
            filters,
            kernel_size=kernel_size,
            strides=stride,
            padding="same",
        )
        if stride > 1:
            layers.append(keras.layers.SpatialDropout2D(_SPATIAL_DROPOUT, seed=draw_seed(seeds)))
    layers.append(keras.layers.Flatten())
    layers += hidden_layer(settings, seeds, keras.layers.Dense, _TEACHER_UNITS)
    return [*layers, keras.layers.Dropout(_DENSE_DROPOUT, seed=draw_seed(seeds))]


def _layers(settings: TrainingSettings, seeds: random.Random) -> list[keras.Layer]:
    layers: list[keras.Layer] = [keras.layers.Reshape((IMAGE_SIZE, IMAGE_SIZE, 1))]
    filters = count_feature_maps(settings.hidden_layers)
    for count, kernel_size in zip(filters, KERNEL_SIZES, strict=False):
        layers += hidden_layer(
            settings, seeds, keras.layers.Conv2D, count, kernel_size=kernel_size, strides=STRIDE
        )
    layers.append(keras.layers.Flatten())
    for units in settings.hidden_layers[len(filters) :]:
        layers += hidden_layer(settings, seeds, keras.layers.Dense, units)
    return layers


def dense_weights(network: keras.Model, weights: list[np.ndarray]) -> list[np.ndarray]:
    """Convert weights so that the dense network of the same settings gives the same answers.

    Args:
        network: a network built by `build`.
        weights: the weights of such a network, in the order of its `get_weights()`.

    Returns:
        in the order of `get_weights()` of the dense network.
    """
    size, kernel_sizes, dense = IMAGE_SIZE, iter(KERNEL_SIZES), []
    by_path = dict(zip((variable.path for variable in network.weights), weights, strict=True))
    for layer in network.layers:
        arrays = [by_path[variable.path] for variable in layer.weights]
        if isinstance(layer, keras.layers.Conv2D):
            input_size, size = size, output_size(size, next(kernel_sizes))
            dense.append(_dense_kernel(arrays[0], input_size))
            arrays = arrays[1:]
        if len(layer.output.shape) == 4:
            # One value a feature map, shared by all its positions.
            arrays = [np.tile(array, size**2) for array in arrays]
        dense += arrays
    return dense


def _dense_kernel(kernel: np.ndarray, input_size: int) -> np.ndarray:
    """Convert the kernel of a convolution to that of a dense layer.

    Args:
        kernel: (height, width, channels, filters).
        input_size: height and width of the convolution's input.

    Returns:
        (input_size² · channels, size² · filters) float32, where size is that of the output.
    """
    kernel_size, _, channels, filters = kernel.shape
    size = output_size(input_size, kernel_size)
    dense = np.zeros((input_size, input_size, channels, size, size, filters), np.float32)
    for row in range(size):
        for column in range(size):
            top, left = row * STRIDE, column * STRIDE
            dense[top : top + kernel_size, left : left + kernel_size, :, row, column] = kernel
    return dense.reshape(input_size * input_size * channels, size * size * filters)
