"""Distortion moves digits as far as it says, and the compiled form as the plain one."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.learning.tensorflow_setup import import_keras

NONE = (0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def dots() -> np.ndarray:
    """A dot of 3 × 3 in the middle of each image, (64, 28, 28) float32."""
    images = np.zeros((64, 28, 28), np.float32)
    images[:, 13:16, 13:16] = 1
    return images


def distorted(
    images: np.ndarray, amounts: tuple[float, ...], images_per_warp: int = 1
) -> np.ndarray:
    import_keras()
    from number_recognition.learning.data.augmentation import Augmentation, compiled_augment

    return compiled_augment()(
        images, np.array([1, 2], np.int32), Augmentation(*amounts), images_per_warp
    ).numpy()


def centres(images: np.ndarray) -> np.ndarray:
    """The centre of mass of each image, (n, 2): row and column."""
    axis = np.arange(28)
    weight = images.sum(axis=(1, 2))
    rows = (images.sum(axis=2) * axis).sum(axis=1) / weight
    columns = (images.sum(axis=1) * axis).sum(axis=1) / weight
    return np.stack([rows, columns], axis=1)


def test_without_an_amount_nothing_moves(dots: np.ndarray) -> None:
    assert np.allclose(distorted(dots, NONE, images_per_warp=4), dots, atol=1e-4)


def test_a_shift_moves_by_up_to_so_many_pixels(dots: np.ndarray) -> None:
    moved = centres(distorted(dots, (0.0, 0.0, 0.0, 3.0, 0.0))) - 14
    assert 2.5 < np.abs(moved).max() <= 3.01 and np.abs(moved.mean(axis=0)).max() < 0.6


def test_bending_moves_by_up_to_about_so_many_pixels(dots: np.ndarray) -> None:
    moved = np.hypot(*(centres(distorted(dots, (0.0, 0.0, 0.0, 0.0, 1.0))) - 14).T)
    most = np.sort(moved)[-16:]
    assert 0.6 < most.mean() < 2.0 and most.max() < 4


def test_a_fifth_stays_as_it_is(dots: np.ndarray) -> None:
    images = np.concatenate([dots] * 16)
    as_it_was = np.isclose(distorted(images, (30.0, 0.2, 0.2, 3.0, 1.0)), images, atol=1e-4)
    assert 0.15 < as_it_was.all(axis=(1, 2)).mean() < 0.25


def test_those_that_share_a_warp_are_n_by_alike_apart(dots: np.ndarray) -> None:
    moved = centres(distorted(dots, (0.0, 0.0, 0.0, 3.0, 0.0), images_per_warp=4))
    assert np.allclose(moved[:16], moved[16:32], atol=1e-3)
    assert len(np.unique(moved[:16].round(2), axis=0)) == 16
