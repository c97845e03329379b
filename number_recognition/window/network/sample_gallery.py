"""The samples that a view of the network may show: kept drawings, and MNIST where it is here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np

from number_recognition.core.formatting import digit_name
from number_recognition.digits.datasets import mnist
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.models.explanation import most_activating
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.session.session import Session
from number_recognition.storage.settings import resolve_path

_MOST_KEPT, _MOST_MNIST = 300, 3000
_TOGETHER = 50
"""So many samples pass through the network in one piece of work."""


class SampleGallery:
    """Samples with the names of where they come from; both are empty until `gather` has run.

    Attributes:
        pixels: (n, 28, 28) uint8, ink 255.
        names: what each is, for people: "kept as a 7", "MNIST test 12, a 4".
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.forget()

    def forget(self) -> None:
        """Gather anew the next time: kept drawings came or went."""
        self.pixels = np.empty((0, 28, 28), np.uint8)
        self.names: list[str] = []
        self._gathered = False

    def gather(self) -> Iterator[None]:
        """Read the samples once, in pieces."""
        if self._gathered:
            return
        kept, names = [], []
        listed, _ = self._session.corrections.list_kept()  # the desk tells what cannot be listed
        drawings = [entry for entry in listed if entry.label is not None]
        for correction in drawings[:_MOST_KEPT]:
            with contextlib.suppress(OSError, ValueError):
                kept.append(read_pixels(correction.path))
                names.append(f"kept as {digit_name(correction.label)}")
            yield
        pixels, labels = self._mnist()
        names += [f"MNIST test {i}, {digit_name(label)}" for i, label in enumerate(labels.tolist())]
        self.pixels = np.concatenate([np.array(kept, np.uint8).reshape(-1, 28, 28), pixels])
        self.names = names
        self._gathered = True
        yield

    def _mnist(self) -> tuple[np.ndarray, np.ndarray]:
        """The first of MNIST's test set where its file is here; no samples where it is not."""
        path = self._session.config.places.mnist
        path = resolve_path(path, self._session.config_path) if path else mnist.cache_file()
        try:
            with np.load(path, allow_pickle=False) as arrays:
                # One array of the file: reading them all would hold the window up.
                pixels, labels = arrays["x_test"][:_MOST_MNIST], arrays["y_test"][:_MOST_MNIST]
        except mnist.BROKEN:
            return np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8)
        if pixels.shape[1:] != (28, 28) or pixels.dtype != np.uint8 or len(pixels) != len(labels):
            return np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8)
        return pixels, labels

    def most_activating(
        self, network: NumpyNetwork, layer: int, unit: int, count: int
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The samples that excite a unit most, better with each piece: numbers and sums."""
        numbers, values = np.empty(0, np.intp), np.empty(0, np.float32)
        for start in range(0, len(self.pixels), _TOGETHER):
            part = self.pixels[start : start + _TOGETHER].astype(np.float32) / 255
            found, reached = most_activating(network, layer, unit, part, count)
            numbers = np.concatenate([numbers, found + start])
            values = np.concatenate([values, reached])
            best = np.argsort(-values, kind="stable")[:count]
            numbers, values = numbers[best], values[best]
            yield numbers, values
