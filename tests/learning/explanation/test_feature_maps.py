"""Layers that are convolutions are found, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from network_files import smooth_network

from number_recognition.learning.explanation.feature_maps import FeatureMaps, find_feature_maps
from number_recognition.learning.models.layers import Layer
from number_recognition.learning.models.numpy_network import NumpyNetwork


def convolution(input_size: int, channels: int, kernel: int, size: int, count: int) -> np.ndarray:
    """The weights of a convolution with stride 2 as those of a dense layer, plus a little noise."""
    rng = np.random.default_rng(0)
    shape = (input_size, input_size, channels, size, size, count)
    weights = rng.normal(0, 0.01, shape)
    for row in range(size):
        for column in range(size):
            rows, columns = slice(2 * row, 2 * row + kernel), slice(2 * column, 2 * column + kernel)
            kernels = rng.normal(0, 1, (kernel, kernel, channels, count))
            weights[rows, columns, :, row, column] += kernels
    return weights.reshape(input_size**2 * channels, size**2 * count).astype(np.float32)


def network(*weights: np.ndarray) -> NumpyNetwork:
    return NumpyNetwork(
        tuple(Layer(each, np.zeros(each.shape[1], np.float32), "relu") for each in weights)
    )


def dense(inputs: int, units: int) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.1, (inputs, units)).astype(np.float32)


def test_convolutions_are_found() -> None:
    first, second = convolution(28, 1, 5, 12, 3), convolution(12, 3, 4, 5, 6)
    found = find_feature_maps(network(first, second, dense(150, 40), dense(40, 10)))
    assert found == [FeatureMaps(3, 12), FeatureMaps(6, 5), None]
    found = find_feature_maps(network(first, dense(432, 150), dense(150, 10)))
    assert found == [FeatureMaps(3, 12), None]


@pytest.mark.parametrize("units", [(144,), (432, 150), (64,)])
def test_dense_layers_have_none(units: tuple[int, ...]) -> None:
    assert find_feature_maps(smooth_network(units)) == [None] * len(units)
