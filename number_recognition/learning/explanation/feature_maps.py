"""Which layers of a dense network are convolutions: their units form feature maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from number_recognition.learning.models.numpy_network import IMAGE_SIZE, NumpyNetwork
from number_recognition.learning.models.settings_checks import KERNEL_SIZES, STRIDE, output_size

_LEAST_SHARE = 0.5
"""Of the squares of a unit's weights, this part lies where its kernel is. Without a convolution it
is a few per cent."""


@dataclass(frozen=True)
class FeatureMaps:
    """A layer of `count` maps of `size` × `size` units; see `learning.models.convolution`.

    Unit `n` belongs to map `n % count` and is at position `n // count` in it, row by row.
    """

    count: int
    size: int


def find_feature_maps(network: NumpyNetwork) -> list[FeatureMaps | None]:
    """Return the feature maps of each hidden layer, None for a layer that has none.

    A layer has them if its units are as many as a convolution has, and if their weights lie where
    its kernel does. That a layer after one without maps has some is not looked for.
    """
    found: list[FeatureMaps | None] = []
    size, channels = IMAGE_SIZE, 1
    for layer, kernel_size in zip(network.layers[:-1], KERNEL_SIZES, strict=False):
        input_size, size = size, output_size(size, kernel_size)
        count, rest = divmod(len(layer.bias), size**2)
        if rest or not count:
            break
        shape = (input_size, input_size, channels, size, size, count)
        if _kernel_share(layer.weights.reshape(shape), kernel_size) < _LEAST_SHARE:
            break
        found.append(FeatureMaps(count, size))
        channels = count
    return found + [None] * (len(network.layers) - 1 - len(found))


def _kernel_share(weights: np.ndarray, kernel_size: int) -> float:
    """The part of the squares of weights that lies in the kernels.

    Args:
        weights: (height, width, channels, rows, columns, maps).
        kernel_size: height and width of the kernel.
    """
    squares = weights**2
    _, _, _, rows, columns, _ = weights.shape
    inside = 0.0
    for row in range(rows):
        for column in range(columns):
            top, left = row * STRIDE, column * STRIDE
            window = squares[top : top + kernel_size, left : left + kernel_size, :, row, column]
            inside += float(window.sum())
    return inside / (float(squares.sum()) or 1.0)
