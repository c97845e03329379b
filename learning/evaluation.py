"""Judges answers against the truth: accuracy, confusion, calibration. NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Evaluation:
    """The answers of a network to labelled samples.

    `labels` (n,) and `predictions` (n,) int, `probabilities` (n, 10) float32.
    """

    labels: np.ndarray
    predictions: np.ndarray
    probabilities: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, probabilities: np.ndarray) -> Evaluation:
        """Judge probabilities (n, 10) against labels (n,).

        Raises:
            ValueError: there are none, or their numbers differ.
        """
        if not len(labels):
            raise ValueError("expected samples to evaluate on, found none")
        if probabilities.shape != (len(labels), 10):
            raise ValueError(
                f"expected probabilities of shape {(len(labels), 10)}, found {probabilities.shape}"
            )
        return cls(labels.astype(np.int64), probabilities.argmax(axis=1), probabilities)

    @property
    def accuracy(self) -> float:
        """The part of the answers that are right."""
        return float((self.predictions == self.labels).mean())

    @property
    def confusion(self) -> np.ndarray:
        """The confusion matrix, (10, 10) int: rows true, columns predicted."""
        pairs = self.labels * 10 + self.predictions
        return np.bincount(pairs, minlength=100).reshape(10, 10)

    @property
    def recall(self) -> list[float | None]:
        """Of each digit, the part that was read right; None where there is no such digit."""
        matrix = self.confusion
        return [_ratio(matrix[i, i], matrix[i].sum()) for i in range(10)]

    @property
    def precision(self) -> list[float | None]:
        """Of the answers of each digit, the part that is right; None where it never answers so."""
        matrix = self.confusion
        return [_ratio(matrix[i, i], matrix[:, i].sum()) for i in range(10)]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over 15 bins of confidence, from 0 to 1.

        Source: C. Guo et al., "On calibration of modern neural networks", 2017.
        """
        bins = self.reliability()
        return float(sum(count * abs(right - sure) for _, sure, right, count in bins if count)) / (
            len(self.labels)
        )

    def reliability(self, bins: int = 15) -> list[tuple[float, float, float, int]]:
        """For each bin of confidence: upper end, mean confidence, part right, count."""
        confidence = self.probabilities.max(axis=1)
        right = self.predictions == self.labels
        place = np.minimum((confidence * bins).astype(int), bins - 1)
        table = []
        for i in range(bins):
            inside = place == i
            count = int(inside.sum())
            sure = float(confidence[inside].mean()) if count else 0.0
            table.append(
                ((i + 1) / bins, sure, float(right[inside].mean()) if count else 0.0, count)
            )
        return table

    def mistakes(self, true: int | None = None, predicted: int | None = None) -> np.ndarray:
        """Numbers of the samples misread, the surest first; of one cell of the matrix if given.

        A cell on the diagonal gives the samples read right.
        """
        chosen = self.labels != self.predictions
        if true is not None and true == predicted:
            chosen = ~chosen
        if true is not None:
            chosen &= self.labels == true
        if predicted is not None:
            chosen &= self.predictions == predicted
        numbers = np.flatnonzero(chosen)
        return numbers[np.argsort(-self.probabilities[numbers].max(axis=1), kind="stable")]

    def as_dict(self) -> dict[str, Any]:
        """`n`, `accuracy`, `per_digit` (recall), `confusion`, `calibration_error`: plain values."""
        return {
            "n": len(self.labels),
            "accuracy": self.accuracy,
            "per_digit": self.recall,
            "confusion": self.confusion.tolist(),
            "calibration_error": self.calibration_error,
        }


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
