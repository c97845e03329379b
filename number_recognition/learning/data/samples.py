"""Labelled samples, and the files that they are read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from number_recognition.digits.images.image_files import read_pixels
from number_recognition.storage.settings import CONFIG, PathSettings, resolve_path

SAMPLE_SETTINGS = (
    "sources",
    "no_digit",
    "counterexamples",
    "mnist_samples",
    "mnist_repeats",
    "mnist_morphs",
    "synthetic_samples",
    "stroke_renderings",
    "held_out_writers",
    "correction_renderings",
    "validation_split",
    "seed",
)
"""Trainings with the same values of these settings have the same samples."""


@dataclass(frozen=True)
class Samples:
    """Images with their labels.

    Attributes:
        pixels: (n, 28, 28) uint8 with ink 255.
        labels: (n,) uint8, 10 where there is no digit.
        sources: the number of samples from each source, in the order of the samples; empty where
            the sources are not known.
    """

    pixels: np.ndarray
    labels: np.ndarray
    sources: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def empty(cls) -> Samples:
        """Return no samples."""
        return cls(np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8))

    def __add__(self, other: Samples) -> Samples:
        """Return both, these first.

        Raises:
            ValueError: the sources of one are known and those of the other are not, or a source
                is in both: its samples would not be in a row.
        """
        if len(self) and len(other) and bool(self.sources) != bool(other.sources):
            raise ValueError(
                f"expected samples of known sources in both, found {self.sources} and "
                f"{other.sources}"
            )
        if twice := self.sources.keys() & other.sources.keys():
            raise ValueError(f"expected each source once, found twice: {', '.join(sorted(twice))}")
        sources = {**self.sources, **other.sources}
        return Samples(
            np.concatenate([self.pixels, other.pixels]),
            np.concatenate([self.labels, other.labels]),
            sources,
        )

    def from_source(self, source: str) -> Samples:
        """Return the samples of one source."""
        start = 0
        for name, count in self.sources.items():
            if name == source:
                return self.select(np.arange(start, start + count)).with_source(source)
            start += count
        return Samples.empty()

    def split(self, part: float, seed: int) -> tuple[Samples, Samples]:
        """Split the samples at random: the rest, and `part` of them."""
        order = np.random.default_rng(seed).permutation(len(self))
        count = round(len(self) * part)
        return self.select(order[count:]), self.select(order[:count])

    def with_source(self, source: str) -> Samples:
        """Return the same samples, all of one source."""
        return Samples(self.pixels, self.labels, {source: len(self)} if len(self) else {})

    def select(self, indices: np.ndarray | slice) -> Samples:
        """Return the samples at these indices (n,), without their sources."""
        return Samples(self.pixels[indices], self.labels[indices])

    def repeat(self, times: int) -> Samples:
        """Return all samples so many times over."""
        return self.select(np.tile(np.arange(len(self)), times))


@dataclass(frozen=True)
class GatheredSamples:
    """Samples for training, for validation, and MNIST's test set where MNIST is a source.

    `skipped` lists the kept drawings that could not be read, with the reason.
    """

    training: Samples
    validation: Samples
    test: Samples
    skipped: tuple[str, ...] = ()

    @classmethod
    def split(cls, samples: Samples, part: float, seed: int) -> GatheredSamples:
        """Split samples at random: `part` of them are for validation, none for testing."""
        return cls(*samples.split(part, seed), Samples.empty())


@dataclass(frozen=True)
class DataPaths:
    """The files that samples are read from; None, () or a folder without images for none."""

    mnist: Path | None = None
    images: Path | None = None
    strokes: tuple[Path, ...] = ()

    @classmethod
    def of(cls, settings: PathSettings, config: str | Path = CONFIG) -> DataPaths:
        """Return the paths set in config.json."""
        return cls(
            resolve_path(settings.mnist, config) if settings.mnist else None,
            resolve_path(settings.images, config),
            tuple(resolve_path(path, config) for path in settings.strokes),
        )


def read_labelled_images(
    images: Sequence[tuple[Path, int]],
) -> tuple[Samples, list[tuple[Path, str]]]:
    """Read and frame image files, each with its label.

    An image of 28 × 28 with ink on black is used as it is: it is framed already.

    Returns:
        the samples, and the files that were skipped, each with the reason.
    """
    pixels, labels, skipped = [], [], []
    for path, label in images:
        try:
            pixels.append(read_pixels(path))
            labels.append(label)
        except (OSError, ValueError) as error:
            skipped.append((path, str(error)))
    if not pixels:
        return Samples.empty(), skipped
    return Samples(np.stack(pixels), np.array(labels, np.uint8)), skipped
