"""What fine-tuning rehearses and is judged by."""

from __future__ import annotations

import numpy as np
import pytest
from digit_images import synthetic_samples

from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.fine_tuning_data import (
    rehearsal_features,
    validation_features,
)
from number_recognition.learning.fine_tuning.split_network import SplitNetwork, no_check
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings

SETTINGS = FineTuningSettings()


@pytest.fixture(scope="module")
def halves() -> SplitNetwork:
    from number_recognition.learning.models.keras_network import build

    return SplitNetwork(build(TrainingSettings(hidden_layers=(16, 8))), layers=1)


def test_a_rehearsal_tells_the_truth_as_much_as_what_the_network_answers(
    halves: SplitNetwork,
) -> None:
    digits = synthetic_samples(12, 3)
    digits = digits.select(np.flatnonzero(digits.labels != 0))
    blank = Samples(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    known = rehearsal_features(halves, digits + blank, SETTINGS, no_check)
    truth = 2 * known.targets - halves.predictions(known.values)
    assert np.allclose(truth, np.eye(truth.shape[1])[truth.argmax(axis=1)], atol=1e-5)
    is_blank = (known.values == halves.features(blank.pixels)[0]).all(axis=1)
    assert is_blank.sum() == 4
    assert ((truth.argmax(axis=1) == 0) == is_blank).all()


def test_what_it_is_least_sure_of_is_rehearsed_first(halves: SplitNetwork) -> None:
    known = rehearsal_features(halves, synthetic_samples(12, 3), SETTINGS, no_check)
    second, best = np.partition(halves.predictions(known.values), -2, axis=1)[:, -2:].T
    assert (np.diff(best - second) >= 0).all()


def test_each_set_judges_as_it_is_and_in_two_forms_of_each_sample(halves: SplitNetwork) -> None:
    sets = synthetic_samples(3, 4), synthetic_samples(5, 5)
    plain, distorted = validation_features(halves, sets, seed=1)
    for samples, once, twice in zip(sets, plain, distorted, strict=True):
        assert list(once.targets.argmax(axis=1)) == list(samples.labels)
        assert list(twice.targets.argmax(axis=1)) == list(np.repeat(samples.labels, 2))
        assert np.array_equal(once.values, halves.features(samples.pixels))
