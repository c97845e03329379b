"""Judges answers against the truth: accuracy, confusion, calibration. NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.learning.models.prediction import answers, of_digits


@dataclass(frozen=True)
class Evaluation:
    """The answers of a network to labelled samples, of which some may be no digit.

    `labels` (n,) and `predictions` (n,) int: a digit, or `NO_DIGIT` for a sample that is none and
    an answer that was refused. `probabilities` (n, 10) or (n, 11) float32. `refuse_above`: see
    `learning.models.prediction.is_refused`.
    """

    labels: np.ndarray
    predictions: np.ndarray
    probabilities: np.ndarray
    refuse_above: float | None = None

    @classmethod
    def of(
        cls, labels: np.ndarray, probabilities: np.ndarray, refuse_above: float | None = None
    ) -> Evaluation:
        """Judge probabilities (n, 10) or (n, 11) against labels (n,), `NO_DIGIT` for no digit.

        Raises:
            ValueError: there are none, or their numbers differ.
        """
        if not len(labels):
            raise ValueError("expected samples to evaluate on, found none")
        n = len(labels)
        if probabilities.shape not in ((n, 10), (n, 11)):
            raise ValueError(
                f"expected probabilities of shape {(n, 10)} or {(n, 11)}, "
                f"found {probabilities.shape}"
            )
        predictions = answers(probabilities, refuse_above)
        return cls(labels.astype(np.int64), predictions, probabilities, refuse_above)

    @property
    def is_digit(self) -> np.ndarray:
        """Which samples are digits, (n,) bool."""
        return self.labels != NO_DIGIT

    @property
    def accuracy(self) -> float | None:
        """Of the digits, the part read right; one refused counts as wrong. None without digits."""
        return _mean((self.predictions == self.labels)[self.is_digit])

    @property
    def refused(self) -> float | None:
        """Of the digits, the part that was refused; None without digits."""
        return _mean((self.predictions == NO_DIGIT)[self.is_digit])

    @property
    def other_refused(self) -> float | None:
        """Of the samples that are no digit, the part that was refused; None without such."""
        return _mean((self.predictions == NO_DIGIT)[~self.is_digit])

    @property
    def confidence(self) -> np.ndarray:
        """How sure each answer is, (n,) float32; see `learning.models.prediction.Prediction`."""
        sure = of_digits(self.probabilities).max(axis=1)
        if self.probabilities.shape[1] == DIGITS:
            return sure
        refused = self.predictions == NO_DIGIT
        return np.where(refused, self.probabilities[:, NO_DIGIT], sure)

    @property
    def confusion(self) -> np.ndarray:
        """The confusion matrix of the digits answered, (10, 10) int: rows true."""
        pairs = (self.labels * 10 + self.predictions)[self._answered]
        return np.bincount(pairs, minlength=100).reshape(10, 10)

    @property
    def _answered(self) -> np.ndarray:
        return self.is_digit & (self.predictions != NO_DIGIT)

    @property
    def answer_counts(self) -> np.ndarray:
        """The confusion matrix, (10, 10) int, or (10, 11) with the refused last if `can_refuse`."""
        if not self.can_refuse:
            return self.confusion
        refused = self.labels[self.is_digit & (self.predictions == NO_DIGIT)]
        return np.column_stack([self.confusion, np.bincount(refused, minlength=10)])

    @property
    def can_refuse(self) -> bool:
        """Whether the network has an output for "no digit"."""
        return bool(self.probabilities.shape[1] > DIGITS)

    @property
    def recall(self) -> list[float | None]:
        """Of each digit, the part that was read right; None where there is no such digit."""
        matrix, counts = self.confusion, np.bincount(self.labels, minlength=10)
        return [_ratio(matrix[i, i], counts[i]) for i in range(10)]

    @property
    def precision(self) -> list[float | None]:
        """Of the answers of each digit, the part that is right; None where it never answers so."""
        matrix = self.confusion
        return [_ratio(matrix[i, i], matrix[:, i].sum()) for i in range(10)]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the digits answered, over 15 bins, from 0 to 1.

        Source: C. Guo et al., "On calibration of modern neural networks", 2017.
        """
        bins = self.reliability()
        wrong = sum(count * abs(right - sure) for _, sure, right, count in bins)
        return float(wrong) / max(1, int(self._answered.sum()))

    def reliability(self, bins: int = 15) -> list[tuple[float, float, float, int]]:
        """For each bin of confidence of the digits answered: upper end, mean, part right, count."""
        confidence = self.confidence[self._answered]
        right = (self.predictions == self.labels)[self._answered]
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

    def as_dict(self) -> dict[str, Any]:
        """`n`, `accuracy`, `refused`, `per_digit` (recall), `confusion`, `calibration_error`.

        They are of the digits; where there are samples that are no digit, `other` has their `n` and
        the part `refused`. All are plain values.
        """
        values = {
            "n": int(self.is_digit.sum()),
            "accuracy": self.accuracy,
            "refused": self.refused,
            "per_digit": self.recall,
            "confusion": self.confusion.tolist(),
            "calibration_error": self.calibration_error,
        }
        if self.other_refused is not None:
            values["other"] = {"n": int((~self.is_digit).sum()), "refused": self.other_refused}
        return values


def _mean(flags: np.ndarray) -> float | None:
    return float(flags.mean()) if len(flags) else None


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
