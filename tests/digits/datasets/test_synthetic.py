"""Synthetic digits: endless, all ten, in many styles, reproducible."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from number_recognition.digits.datasets.synthetic import (
    Style,
    choose_style,
    draw_digit,
    draw_style,
    sample_coarsely,
    styles,
    synthetic_drawings,
)
from number_recognition.digits.drawing.drawing import PAD
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.variation import Variation, render_samples
from number_recognition.digits.images.frame import frame


def test_all_digits_are_equally_often() -> None:
    labels = [entry.label for entry in itertools.islice(synthetic_drawings(1), 100)]
    assert np.bincount(labels).tolist() == [10] * 10


def test_equal_seeds_draw_the_same_and_other_seeds_something_else() -> None:
    first, again, other = (
        list(itertools.islice(synthetic_drawings(seed), 10)) for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("label", range(10))
def test_every_digit_has_several_styles_and_stays_on_the_pad(label: int) -> None:
    assert len({style.name for style in styles()[label]}) == len(styles()[label]) >= 3
    rng = np.random.default_rng(label)
    for style in styles()[label]:
        for _ in range(3):
            drawing = draw_style(style, rng)
            left, top, right, bottom = drawing.box()
            assert min(left, top) >= 0 and max(right, bottom) <= PAD, style.name
            assert frame(rasterize(drawing)) is not None, style.name


def test_a_style_is_as_often_as_its_frequency() -> None:
    rng = np.random.default_rng(1)
    chosen = [choose_style(0, rng).name for _ in range(2000)]
    whole = sum(style.frequency for style in styles()[0])
    for style in styles()[0]:
        part = chosen.count(style.name) / len(chosen)
        assert part == pytest.approx(style.frequency / whole, abs=0.02), style.name


def test_some_zeros_are_slashed_beyond_their_outline() -> None:
    beyond = [style for style in styles()[0] if len(style.paths) == 2 and sticks_out(style)]
    whole = sum(style.frequency for style in styles()[0])
    assert len(beyond) >= 3
    assert 0.02 < sum(style.frequency for style in beyond) / whole < 0.2


def sticks_out(style: Style) -> bool:
    ring, slash = style.paths
    return bool((slash.max(axis=0) > ring.max(axis=0)).any())


def test_coarse_sampling_gives_few_points_of_the_same_path() -> None:
    turn = np.linspace(0, np.pi, 40)
    arc = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    rng = np.random.default_rng(1)
    taken = [sample_coarsely(arc, 0.3, rng) for _ in range(20)]
    assert min(len(points) for points in taken) < 15
    for points in taken:
        assert np.hypot(*points.T) == pytest.approx(1, abs=0.1)
        assert np.abs(points[[0, -1]] - arc[[0, -1]]).max() < 0.05


def test_sampling_keeps_the_corners_of_a_path() -> None:
    corner = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0)])
    points = sample_coarsely(corner, 0.1, np.random.default_rng(1))
    assert np.hypot(*(points - (1, 0)).T).min() < 0.1 and points.max() < 1.05


def test_samples_are_framed_and_repeatable() -> None:
    pixels, labels = render_samples(synthetic_drawings(3), 30, seed=3)
    again, _ = render_samples(synthetic_drawings(3), 30, seed=3)
    assert pixels.shape == (30, 28, 28) and pixels.dtype == np.uint8
    assert sorted(set(labels.tolist())) == list(range(10))
    assert (pixels.reshape(30, -1).max(axis=1) == 255).all()
    assert (pixels == again).all()


def test_variation_makes_another_image_of_the_same_digit() -> None:
    one = next(synthetic_drawings(4))
    with pytest.raises(ValueError, match="at least 3 drawings, found 2"):
        render_samples([one, one], 3, seed=1)
    pixels, labels = render_samples([one, one], 2, seed=1, amount=Variation())
    assert (pixels[0] != pixels[1]).any() and labels[0] == labels[1] == one.label


def test_there_is_no_eleventh_digit() -> None:
    with pytest.raises(ValueError, match="from 0 to 9, found 10"):
        draw_digit(10, np.random.default_rng(1))
