"""The rehearsal and the validation sets of fine-tuning."""

from __future__ import annotations

import numpy as np
import pytest
from digit_images import synthetic_samples

from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.fine_tuning_data import (
    rehearsal_features,
    validation_features,
)
from number_recognition.learning.fine_tuning.split_network import SplitNetwork
from number_recognition.learning.models.batches import no_check
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings

SETTINGS = FineTuningSettings()


@pytest.fixture(scope="module")
def split_network() -> SplitNetwork:
    from number_recognition.learning.models.keras_network import build

    return SplitNetwork(build(TrainingSettings(hidden_layers=(16, 8))), layers=1)


def test_targets_of_the_rehearsal_are_the_mean_of_label_and_prediction(
    split_network: SplitNetwork,
) -> None:
    digits = synthetic_samples(12, 3)
    digits = digits.select(np.flatnonzero(digits.labels != 0))
    blank = Samples(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    rehearsal = rehearsal_features(split_network, digits + blank, SETTINGS, no_check)
    labels = 2 * rehearsal.targets - split_network.predictions(rehearsal.values)
    assert np.allclose(labels, np.eye(labels.shape[1])[labels.argmax(axis=1)], atol=1e-5)
    is_blank = (rehearsal.values == split_network.features(blank.pixels)[0]).all(axis=1)
    assert is_blank.sum() == 4
    assert ((labels.argmax(axis=1) == 0) == is_blank).all()


def test_rehearsal_samples_with_the_smallest_margin_come_first(split_network: SplitNetwork) -> None:
    rehearsal = rehearsal_features(split_network, synthetic_samples(12, 3), SETTINGS, no_check)
    second, best = np.partition(split_network.predictions(rehearsal.values), -2, axis=1)[:, -2:].T
    assert (np.diff(best - second) >= 0).all()


def test_each_validation_set_is_plain_and_in_two_variants_of_each_sample(
    split_network: SplitNetwork,
) -> None:
    sets = synthetic_samples(3, 4), synthetic_samples(5, 5)
    plain, augmented = validation_features(split_network, sets, seed=1)
    for samples, once, twice in zip(sets, plain, augmented, strict=True):
        assert list(once.targets.argmax(axis=1)) == list(samples.labels)
        assert list(twice.targets.argmax(axis=1)) == list(np.repeat(samples.labels, 2))
        assert np.array_equal(once.values, split_network.features(samples.pixels))
