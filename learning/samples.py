"""Samples to learn from and to be judged on, gathered from every source."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Samples:
    """Pixels with their labels.

    `pixels` (n, 28, 28) uint8 with ink 255, `labels` (n,) uint8, `sources` how many of them came
    from where.
    """

    pixels: np.ndarray
    labels: np.ndarray
    sources: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def none(cls) -> Samples:
        """No samples at all."""
        return cls(np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8))

    def __add__(self, other: Samples) -> Samples:
        sources = dict(self.sources)
        for name, count in other.sources.items():
            sources[name] = sources.get(name, 0) + count
        return Samples(
            np.concatenate([self.pixels, other.pixels]),
            np.concatenate([self.labels, other.labels]),
            sources,
        )

    def split(self, part: float, seed: int) -> tuple[Samples, Samples]:
        """Two sets: the larger one, and `part` of the samples chosen at random."""
        order = np.random.default_rng(seed).permutation(len(self))
        count = round(len(self) * part)
        return self.chosen(order[count:]), self.chosen(order[:count])

    def chosen(self, indices: np.ndarray) -> Samples:
        """The samples of these numbers."""
        return Samples(self.pixels[indices], self.labels[indices])
