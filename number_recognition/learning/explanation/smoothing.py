"""Gaussian smoothing of 28 × 28 images."""

from __future__ import annotations

import numpy as np

from number_recognition.learning.models.numpy_network import IMAGE_SIZE


def gaussian_blur(images: np.ndarray, sigma: float) -> np.ndarray:
    """Smooth images (n, 28, 28) with a Gaussian of standard deviation `sigma`, in pixels."""
    matrix = _blur_matrix(sigma).astype(images.dtype)
    smoothed: np.ndarray = matrix @ images @ matrix.T
    return smoothed


def _blur_matrix(sigma: float) -> np.ndarray:
    distance = np.subtract.outer(np.arange(IMAGE_SIZE), np.arange(IMAGE_SIZE))
    weights: np.ndarray = np.exp(-((distance / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))
    return weights
