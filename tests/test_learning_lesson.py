"""What fine-tuning rehearses and is judged by."""

from __future__ import annotations

import numpy as np
import pytest
from digit_images import written

from learning.halves import Halves, unheeding
from learning.lesson import judges_seen, rehearsal_seen
from learning.samples import Samples
from storage.settings import FineTuningSettings, TrainingSettings

SETTINGS = FineTuningSettings()


@pytest.fixture(scope="module")
def halves() -> Halves:
    from learning.network import build

    return Halves(build(TrainingSettings(hidden_layers=(16, 8))), layers=1)


def test_a_rehearsal_tells_the_truth_as_much_as_what_the_network_answers(halves: Halves) -> None:
    digits = written(12, 3)
    digits = digits.chosen(np.flatnonzero(digits.labels != 0))
    blank = Samples(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    known = rehearsal_seen(halves, digits + blank, SETTINGS, unheeding)
    truth = 2 * known.targets - halves.answers(known.values)
    assert np.allclose(truth, np.eye(truth.shape[1])[truth.argmax(axis=1)], atol=1e-5)
    is_blank = (known.values == halves.seen(blank.pixels)[0]).all(axis=1)
    assert is_blank.sum() == 4
    assert ((truth.argmax(axis=1) == 0) == is_blank).all()


def test_what_it_is_least_sure_of_is_rehearsed_first(halves: Halves) -> None:
    known = rehearsal_seen(halves, written(12, 3), SETTINGS, unheeding)
    second, best = np.partition(halves.answers(known.values), -2, axis=1)[:, -2:].T
    assert (np.diff(best - second) >= 0).all()


def test_each_set_judges_as_it_is_and_in_two_forms_of_each_sample(halves: Halves) -> None:
    sets = written(3, 4), written(5, 5)
    plain, distorted = judges_seen(halves, sets, seed=1)
    for samples, once, twice in zip(sets, plain, distorted, strict=True):
        assert list(once.targets.argmax(axis=1)) == list(samples.labels)
        assert list(twice.targets.argmax(axis=1)) == list(np.repeat(samples.labels, 2))
        assert np.array_equal(once.values, halves.seen(samples.pixels))
