"""Judges answers against the truth: accuracy, confusion, calibration. NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from digits.drawing import NOT_A_DIGIT
from learning.numpy_network import DIGITS
from learning.prediction import of_digits


@dataclass(frozen=True)
class Evaluation:
    """The answers of a network to labelled samples.

    `labels` (n,) and `predictions` (n,) int, `probabilities` (n, 10) float32, or (n, 11) where the
    network can answer "no digit": that is label and prediction 10.
    """

    labels: np.ndarray
    predictions: np.ndarray
    probabilities: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, probabilities: np.ndarray) -> Evaluation:
        """Judge probabilities, (n, 10) or (n, 11), against labels (n,).

        Raises:
            ValueError: there are none, or their numbers differ.
        """
        if not len(labels):
            raise ValueError("expected samples to evaluate on, found none")
        if probabilities.shape not in ((len(labels), DIGITS), (len(labels), DIGITS + 1)):
            raise ValueError(
                f"expected probabilities of shape {(len(labels), DIGITS)} or "
                f"{(len(labels), DIGITS + 1)}, found {probabilities.shape}"
            )
        return cls(labels.astype(np.int64), probabilities.argmax(axis=1), probabilities)

    @property
    def accuracy(self) -> float:
        """The part of the answers that are right."""
        return float((self.predictions == self.labels).mean())

    @property
    def answered(self) -> np.ndarray:
        """Which samples were read as a digit and not refused, (n,) bool."""
        return self.predictions != NOT_A_DIGIT

    @property
    def refused(self) -> float | None:
        """Of the digits, the part that was refused; None where there are no digits."""
        digits = self.labels != NOT_A_DIGIT
        return _ratio((~self.answered & digits).sum(), digits.sum())

    @property
    def confusion(self) -> np.ndarray:
        """The confusion matrix, (10, 10) int: digits read as digits, rows true."""
        among = self.answered & (self.labels != NOT_A_DIGIT)
        pairs = self.labels[among] * 10 + self.predictions[among]
        return np.bincount(pairs, minlength=100).reshape(10, 10)

    @property
    def recall(self) -> list[float | None]:
        """Of each digit, the part that was read right; None where there is no such digit."""
        matrix = self.confusion
        counts = np.bincount(self.labels, minlength=10)
        return [_ratio(matrix[i, i], counts[i]) for i in range(10)]

    @property
    def precision(self) -> list[float | None]:
        """Of the answers of each digit, the part that is right; None where it never answers so."""
        matrix = self.confusion
        return [_ratio(matrix[i, i], matrix[:, i].sum()) for i in range(10)]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over 15 bins of confidence, from 0 to 1, of what is answered.

        Source: C. Guo et al., "On calibration of modern neural networks", 2017.
        """
        bins = self.reliability()
        error = sum(count * abs(right - sure) for _, sure, right, count in bins if count)
        return float(error) / max(1, sum(count for *_, count in bins))

    def reliability(self, bins: int = 15) -> list[tuple[float, float, float, int]]:
        """For each bin of confidence: upper end, mean confidence, part right, count answered."""
        among = self.answered
        confidence = self.confidence[among]
        right = (self.predictions == self.labels)[among]
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
        return numbers[np.argsort(-self.confidence[numbers], kind="stable")]

    @property
    def confidence(self) -> np.ndarray:
        """How sure each answer is, (n,) float32; see `learning.prediction.Prediction`."""
        sure = of_digits(self.probabilities).max(axis=1)
        if self.probabilities.shape[1] == DIGITS:
            return sure
        return np.where(self.answered, sure, self.probabilities[:, NOT_A_DIGIT])

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
