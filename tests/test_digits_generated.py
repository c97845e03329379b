"""Digits in the program's own pen: endless, all ten, in many styles, repeatable."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from digits.drawing import PAD
from digits.generated import STYLES, draw, drawings
from digits.variation import Variation, samples


def test_every_digit_comes_as_often_as_the_others() -> None:
    labels = [entry.label for entry in itertools.islice(drawings(1), 100)]
    assert np.bincount(labels).tolist() == [10] * 10


def test_the_same_seed_writes_the_same_and_another_seed_something_else() -> None:
    first, again, other = (list(itertools.islice(drawings(seed), 10)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("label", range(10))
def test_every_digit_has_several_styles_and_stays_on_the_pad(label: int) -> None:
    assert len(STYLES[label]) >= 3
    rng = np.random.default_rng(label)
    for _ in range(20):
        left, top, right, bottom = draw(label, rng).box()
        assert min(left, top) >= 0 and max(right, bottom) <= PAD


def test_samples_are_framed_and_repeatable() -> None:
    pixels, labels = samples(drawings(3), 30, seed=3)
    again, _ = samples(drawings(3), 30, seed=3)
    assert pixels.shape == (30, 28, 28) and pixels.dtype == np.uint8
    assert sorted(set(labels.tolist())) == list(range(10))
    assert (pixels.reshape(30, -1).max(axis=1) == 255).all()
    assert (pixels == again).all()


def test_variation_makes_another_picture_of_the_same_digit() -> None:
    one = next(drawings(4))
    pixels, labels = samples([one, one], 2, seed=1, amount=Variation())
    assert (pixels[0] != pixels[1]).any() and labels[0] == labels[1] == one.label


def test_there_is_no_eleventh_digit() -> None:
    with pytest.raises(ValueError, match="from 0 to 9, found 10"):
        draw(10, np.random.default_rng(1))
