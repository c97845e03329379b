"""Counterfactuals change the prediction, or say that they could not."""

from __future__ import annotations

import numpy as np
import pytest
from small_networks import blob_network, blobs, smooth_images

from number_recognition.learning.explanation.counterfactual import find_counterfactual
from number_recognition.learning.models.numpy_network import Layer, NumpyNetwork


def test_a_counterfactual_is_a_drawing_predicted_as_the_wanted_digit() -> None:
    network, pixels, predicted = blob_network(), blobs()[4], 4
    for digit in range(10):
        result = find_counterfactual(network, pixels, digit)
        assert result.pixels.min() >= 0 and result.pixels.max() <= 1
        probabilities = network(result.pixels[None])[0]
        assert result.confidence == pytest.approx(probabilities[digit], abs=1e-4)
        assert result.succeeded == (int(probabilities.argmax()) == digit)
        assert result.succeeded
        assert np.array_equal(result.pixels, pixels) == (digit == predicted)


def test_an_impossible_counterfactual_does_not_succeed() -> None:
    layer = Layer(np.zeros((784, 10), np.float32), np.eye(10, dtype=np.float32)[4] * 9, "softmax")
    assert not find_counterfactual(NumpyNetwork((layer,)), smooth_images(1)[0], 7).succeeded
