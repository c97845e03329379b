"""The samples of which the Network view shows the most activating: corrections and MNIST."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np

from number_recognition.digits.datasets import mnist
from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.explanation.activation_maximization import most_activating
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.session.session import Session
from number_recognition.storage.files import check_archive
from number_recognition.storage.settings import resolve_path

_MAX_CORRECTIONS, _MAX_MNIST = 300, 3000
_BATCH_SIZE = 50
"""Samples that pass through the network in one step of the work."""


class SampleGallery:
    """Kept drawings and MNIST's test set, loaded by `load`; empty before.

    Attributes:
        pixels: (n, 28, 28) uint8, ink 255; the kept drawings first.
        has_mnist: whether those of MNIST are among them.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.clear()

    def clear(self) -> None:
        """Drop the samples; they are loaded again the next time."""
        self.pixels = _no_pixels()
        self.has_mnist = self._is_loaded = False

    def load(self) -> Iterator[None]:
        """Load the samples in steps, unless they are loaded."""
        if self._is_loaded:
            return
        corrections = []
        listed, _ = self._session.corrections.list_kept()  # the session reports the problems
        labelled = [correction for correction in listed if correction.label is not None]
        for correction in labelled[:_MAX_CORRECTIONS]:
            with contextlib.suppress(OSError, ValueError):
                corrections.append(read_pixels(correction.path))
            yield
        pixels = np.array(corrections, np.uint8).reshape(-1, SIZE, SIZE)
        of_mnist = self._load_mnist()
        self.pixels, self.has_mnist = np.concatenate([pixels, of_mnist]), len(of_mnist) > 0
        self._is_loaded = True
        yield

    def _load_mnist(self) -> np.ndarray:
        """Return the first images of MNIST's test set; none where its file is missing."""
        setting = self._session.config.paths.mnist
        path = resolve_path(setting, self._session.config_path) if setting else mnist.cache_file()
        try:
            check_archive(path, mnist.MAX_BYTES)
            with np.load(path, allow_pickle=False) as arrays:
                # Only one array of the file: reading all would block the window.
                pixels: np.ndarray = arrays["x_test"][:_MAX_MNIST]
        except mnist.READ_ERRORS:
            return _no_pixels()
        is_valid = pixels.shape[1:] == (SIZE, SIZE) and pixels.dtype == np.uint8
        return pixels if is_valid else _no_pixels()

    def most_activating(
        self, network: NumpyNetwork, layer: int, unit: int, count: int
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Find the samples with the highest pre-activations of a unit, batch by batch.

        Yields:
            indices and pre-activations, both at most (count,), of the samples so far.
        """
        indices, values = np.empty(0, np.intp), np.empty(0, np.float32)
        for start in range(0, len(self.pixels), _BATCH_SIZE):
            batch = self.pixels[start : start + _BATCH_SIZE].astype(np.float32) / 255
            batch_indices, batch_values = most_activating(network, layer, unit, batch, count)
            indices = np.concatenate([indices, batch_indices + start])
            values = np.concatenate([values, batch_values])
            best = np.argsort(-values, kind="stable")[:count]
            indices, values = indices[best], values[best]
            yield indices, values


def _no_pixels() -> np.ndarray:
    return np.empty((0, SIZE, SIZE), np.uint8)
