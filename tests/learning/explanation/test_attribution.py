"""Contributions of the pixels add up to the score."""

from __future__ import annotations

import numpy as np
import pytest
from small_networks import random_weights_network, smooth_images

from number_recognition.learning.explanation.attribution import contributions
from number_recognition.learning.explanation.gradients import pre_activations


@pytest.mark.parametrize("activation", ["relu", "gelu", "tanh"])
def test_contributions_add_up_to_the_score(activation: str) -> None:
    network, pixels = random_weights_network(activation), smooth_images(1)[0]
    for digit in range(10):
        result = contributions(network, pixels, digit)
        logits = pre_activations(network, pixels[None])[0]
        assert result.score == pytest.approx(
            logits[digit] - np.delete(logits, digit).mean(), abs=1e-4
        )
        assert result.pixels.sum() == pytest.approx(result.score - result.baseline_score, abs=0.05)


def test_contributions_of_a_linear_network_are_exact() -> None:
    network, pixels = random_weights_network("linear"), smooth_images(1)[0]
    result = contributions(network, pixels, 3)
    assert result.pixels.sum() == pytest.approx(result.score - result.baseline_score, abs=1e-3)
