"""Counterexamples are not a digit, differ each time, and can be rendered."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from digit_images import drawing

from number_recognition.digits.datasets import counterexamples, slashed_zeros
from number_recognition.digits.datasets.blank_images import framed
from number_recognition.digits.datasets.counterexamples import HALVES, KINDS, TAKEN_FOR_DIGITS
from number_recognition.digits.datasets.letters import LETTERS
from number_recognition.digits.drawing.drawing import NO_DIGIT, Drawing, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing
from number_recognition.digits.drawing.variation import render_samples


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_can_be_rendered_and_differs_each_time(kind: str) -> None:
    rng = np.random.default_rng(1)
    drawn = [LabelledDrawing(KINDS[kind](rng), None) for _ in range(4)]
    pixels, labels = render_samples(drawn, 4, seed=1)
    assert (labels == NO_DIGIT).all()
    assert all(image.max() == 255 for image in pixels)
    assert len({image.tobytes() for image in pixels}) == 4


def test_the_same_seed_draws_the_same() -> None:
    first = list(itertools.islice(counterexamples.drawings(3), 20))
    assert first == list(itertools.islice(counterexamples.drawings(3), 20))
    assert first != list(itertools.islice(counterexamples.drawings(4), 20))


def test_no_letter_looks_like_a_digit() -> None:
    assert not {name[0] for name in LETTERS} & set(TAKEN_FOR_DIGITS)


def test_half_of_a_digit_is_as_wide_or_as_high_as_half_of_it() -> None:
    three = drawing(3)
    left, top, right, bottom = three.drawing.box()
    found = counterexamples.half(three, np.random.default_rng(1)).box()
    assert (found[2] - found[0] < 0.6 * (right - left)) or (
        found[3] - found[1] < 0.6 * (bottom - top)
    )


def test_every_half_of_a_one_may_be_a_one() -> None:
    assert 1 not in HALVES
    assert counterexamples.half(drawing(1), np.random.default_rng(1)) is None


def test_digits_side_by_side_do_not_touch_and_are_of_about_one_height() -> None:
    pair = [drawing(2).drawing, drawing(5).drawing]
    row = counterexamples.side_by_side(pair, np.random.default_rng(1))
    first, second = (
        Drawing(row.strokes[: len(pair[0].strokes)]),
        Drawing(row.strokes[len(pair[0].strokes) :]),
    )
    assert first.box()[2] < second.box()[0]
    heights = [part.box()[3] - part.box()[1] for part in (first, second)]
    assert 0.5 < heights[0] / heights[1] < 2


def test_rows_are_of_one_writer() -> None:
    digits = [LabelledDrawing(drawing(label, 7).drawing, label, label % 2) for label in range(10)]
    for found in itertools.islice(counterexamples.of_people(digits, 1), 20):
        assert found.label is None and found.writer in (0, 1)


def test_without_digits_there_is_nothing_to_halve() -> None:
    assert list(counterexamples.of_people([], 1)) == []


def test_images_without_a_digit_are_framed_like_any_other() -> None:
    pixels = framed(12, 1)
    assert pixels.shape == (12, 28, 28) and pixels.dtype == np.uint8
    assert (pixels.reshape(12, -1).max(axis=1) > 0).all()


def test_a_slashed_zero_has_one_stroke_more_that_goes_through_its_middle() -> None:
    ring = Drawing((Stroke(((50, 0), (0, 50), (50, 100), (100, 50), (50, 0))),))
    [found] = itertools.islice(slashed_zeros.zeros([LabelledDrawing(ring, 0, 5)], 1), 1)
    assert found.label == 0 and found.writer == 5 and len(found.drawing.strokes) == 2
    slash = np.array(found.drawing.strokes[1].points)
    assert np.abs(slash.mean(axis=0) - 50).max() < 15 and np.ptp(slash, axis=0).max() > 40
