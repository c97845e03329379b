"""Morphs lie between two similar digits and have their label."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.digits.datasets.morphing import morphs, outline_distances


def bar(left: int, width: int = 4) -> np.ndarray:
    """An upright bar of ink, (28, 28) uint8."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:24, left : left + width] = 255
    return pixels


def middle(pixels: np.ndarray) -> np.ndarray:
    """Where the ink of each image is, from left to right."""
    ink = pixels.astype(float).sum(axis=1)
    return (ink * np.arange(28)).sum(axis=1) / ink.sum(axis=1)


def test_distances_to_an_outline_are_in_pixels_and_below_zero_in_the_ink() -> None:
    [distances] = outline_distances(bar(12)[None])
    row = distances[28]  # across the bar, which reaches from place 24 to place 31
    assert row[23] == 0.5 and row[24] == -0.5
    assert row[19] == 2.5 and row[27] == -2.0
    assert row.min() == -2.0 and row.max() == 6.0
    [corner] = outline_distances(np.pad(np.full((14, 14), 255, np.uint8), (0, 14))[None])
    assert corner[30, 31] == pytest.approx(np.hypot(3, 4) / 2)


def test_a_morph_lies_between_its_two() -> None:
    pixels = np.stack([bar(10), bar(12)])
    made, labels = morphs(pixels, np.array([1, 1], np.uint8), 40, seed=1)
    assert made.shape == (40, 28, 28) and made.dtype == np.uint8 and (labels == 1).all()
    left, right = middle(pixels)
    assert (middle(made) > left + 0.2).all() and (middle(made) < right - 0.2).all()
    assert np.ptp(middle(made)) > 0.5
    assert (made.max(axis=(1, 2)) > 128).all()


def test_only_digits_of_one_label_are_morphed() -> None:
    pixels = np.stack([bar(4), bar(6), bar(18), bar(20), bar(12)])
    made, labels = morphs(pixels, np.array([1, 1, 7, 7, 5], np.uint8), 60, seed=1)
    # Each image has its turn but the only 5, which has none to be shaped with.
    assert np.bincount(labels, minlength=8).tolist() == [0, 30, 0, 0, 0, 0, 0, 30]
    assert (middle(made[labels == 1]) < 10).all() and (middle(made[labels == 7]) > 17).all()


def test_the_same_seed_makes_the_same_digits() -> None:
    pixels = np.stack([bar(left, width) for left in (8, 10, 12) for width in (3, 5)])
    labels = np.ones(6, np.uint8)
    on_progress: list[int] = []
    first, _ = morphs(pixels, labels, 12, 3, on_progress.append)
    again, _ = morphs(pixels, labels, 12, 3)
    other, _ = morphs(pixels, labels, 12, 4)
    assert (first == again).all() and (first != other).any()
    assert on_progress[-1] == 6


@pytest.mark.parametrize(("labels", "count"), [([1, 1], 0), ([1, 2], 5)])
def test_without_neighbours_or_a_count_no_morph_is_made(labels: list[int], count: int) -> None:
    made, of = morphs(np.stack([bar(8), bar(12)]), np.array(labels, np.uint8), count, seed=1)
    assert made.shape == (0, 28, 28) and made.dtype == np.uint8 and len(of) == 0
