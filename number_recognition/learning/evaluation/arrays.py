"""Arrays of framed images and labels that a program passes in, checked."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT


def as_float(pixels: np.ndarray) -> np.ndarray:
    """Check pixels, and convert them to (n, 28, 28) float32 from 0 to 1.

    Raises:
        ValueError: they have another shape, or are not numbers from 0 to 1 (uint8: to 255).
    """
    pixels = check_shape(pixels)
    if pixels.dtype == np.uint8:
        return pixels.astype(np.float32) / 255
    pixels = pixels.astype(np.float32)
    if pixels.size and not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(
            f"expected floats from 0 to 1 (or uint8 from 0 to 255), found {pixels.dtype} from "
            f"{pixels.min():g} to {pixels.max():g}"
        )
    return pixels


def check_shape(pixels: np.ndarray) -> np.ndarray:
    """Check that pixels have the shape (n, 28, 28), and return them as an array.

    Raises:
        ValueError: they have another shape.
    """
    pixels = np.asarray(pixels)
    if pixels.ndim != 3 or pixels.shape[1:] != (28, 28):
        raise ValueError(f"expected pixels of shape (n, 28, 28), found {pixels.shape}")
    return pixels


def as_labels(labels: np.ndarray, count: int) -> np.ndarray:
    """Check the labels of `count` images, and return them as an array, (count,) int.

    Raises:
        ValueError: they have another shape, or are neither digits nor `NO_DIGIT`, 10.
    """
    labels = np.asarray(labels)
    if labels.shape != (count,):
        raise ValueError(f"expected labels of shape ({count},), found {labels.shape}")
    is_digit = np.isin(labels, np.arange(NO_DIGIT + 1))
    if not is_digit.all():
        raise ValueError(
            f"expected labels from 0 to 9 (no digit: 10), found {labels[~is_digit][0]}"
        )
    return labels.astype(int)
