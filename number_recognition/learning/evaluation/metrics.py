"""Metrics of predictions against labels: accuracy, confusion matrix, calibration. NumPy alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.learning.models.prediction import digit_probabilities, predicted_labels


@dataclass(frozen=True)
class Evaluation:
    """The predictions of a network for labelled samples, of which some may be no digit.

    `labels` (n,) and `predictions` (n,) int: a digit, or `NO_DIGIT` for a sample that is none and
    a prediction that was refused. `probabilities` (n, 10) or (n, 11) float32. `refuse_above`: see
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
        """Compare probabilities (n, 10) or (n, 11) with labels (n,), `NO_DIGIT` for no digit.

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
        predictions = predicted_labels(probabilities, refuse_above)
        return cls(labels.astype(np.int64), predictions, probabilities, refuse_above)

    @property
    def is_digit(self) -> np.ndarray:
        """Which samples are digits, (n,) bool."""
        is_digit: np.ndarray = self.labels != NO_DIGIT
        return is_digit

    @property
    def correct(self) -> np.ndarray:
        """Which predictions equal the label, (n,) bool; `NO_DIGIT` for what is no digit, too."""
        correct: np.ndarray = self.predictions == self.labels
        return correct

    @property
    def accuracy(self) -> float:
        """Part of the digits read correctly, a refused one being wrong; NaN without digits."""
        return _mean(self.correct[self.is_digit])

    @property
    def refused(self) -> float:
        """Part of the digits that was refused; NaN without digits."""
        return _mean((self.predictions == NO_DIGIT)[self.is_digit])

    @property
    def other_refused(self) -> float:
        """Part of the samples that are no digit that was refused; NaN without such samples."""
        return _mean((self.predictions == NO_DIGIT)[~self.is_digit])

    @property
    def confidence(self) -> np.ndarray:
        """Confidence of each prediction, (n,) float32; see `prediction.Prediction`."""
        of_digit: np.ndarray = digit_probabilities(self.probabilities).max(axis=1)
        if not self.can_refuse:
            return of_digit
        refused = self.predictions == NO_DIGIT
        return np.where(refused, self.probabilities[:, NO_DIGIT], of_digit)

    @property
    def probability(self) -> np.ndarray:
        """The probability of each answer among all outputs, (n,) float32; 0 for a blank sample."""
        if not self.can_refuse:
            return self.confidence
        chosen: np.ndarray = self.probabilities[np.arange(len(self.labels)), self.predictions]
        return chosen

    @property
    def confusion(self) -> np.ndarray:
        """Confusion matrix of the digits that were not refused, (10, 10) int, rows true."""
        pairs = (self.labels * 10 + self.predictions)[self._is_answered]
        return np.bincount(pairs, minlength=100).reshape(10, 10)

    @property
    def _is_answered(self) -> np.ndarray:
        is_answered: np.ndarray = self.is_digit & (self.predictions != NO_DIGIT)
        return is_answered

    @property
    def answer_counts(self) -> np.ndarray:
        """Confusion matrix, (10, 10) int, or (10, 11) with the refused last if `can_refuse`."""
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
        """Of each digit, the part read correctly; None where there is no such digit."""
        matrix, counts = self.confusion, np.bincount(self.labels, minlength=10)
        return [_ratio(matrix[i, i], counts[i]) for i in range(10)]

    @property
    def precision(self) -> list[float | None]:
        """Of the predictions of each digit, the part that is correct; None without any."""
        matrix = self.confusion
        return [_ratio(matrix[i, i], matrix[:, i].sum()) for i in range(10)]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the digits not refused, over 15 bins, from 0 to 1.

        NaN where no digit was answered.

        Source: C. Guo et al., "On calibration of modern neural networks", 2017.
        """
        bins = self.reliability()
        error = sum(count * abs(correct - mean) for _, mean, correct, count in bins)
        count = int(self._is_answered.sum())
        return float(error) / count if count else math.nan

    def reliability(self, bins: int = 15) -> list[tuple[float, float, float, int]]:
        """Reliability diagram of the digits that were not refused.

        For each bin of confidence: its upper end, mean confidence, part correct, count.
        """
        confidence = self.confidence[self._is_answered]
        correct = self.correct[self._is_answered]
        numbers = np.minimum((confidence * bins).astype(int), bins - 1)
        table = []
        for number in range(bins):
            inside = numbers == number
            count = int(inside.sum())
            mean = float(confidence[inside].mean()) if count else 0.0
            part_correct = float(correct[inside].mean()) if count else 0.0
            table.append(((number + 1) / bins, mean, part_correct, count))
        return table

    def mistakes(self, true: int | None = None, predicted: int | None = None) -> np.ndarray:
        """Indices of the misread samples, the most probable first; those of one cell if given.

        A cell on the diagonal of the confusion matrix gives the samples read correctly.
        """
        selected = ~self.correct
        if true is not None and true == predicted:
            selected = ~selected
        if true is not None:
            selected &= self.labels == true
        if predicted is not None:
            selected &= self.predictions == predicted
        indices = np.flatnonzero(selected)
        return indices[np.argsort(-self.probability[indices], kind="stable")]

    def as_dict(self) -> dict[str, Any]:
        """`n`, `accuracy`, `refused`, `per_digit` (recall), `confusion`, `calibration_error`.

        They are of the digits, None without digits; where there are samples that are no digit,
        `other` has their `n` and the part `refused`. All are plain values.
        """
        values: dict[str, Any] = {
            "n": int(self.is_digit.sum()),
            "accuracy": _none_for_nan(self.accuracy),
            "refused": _none_for_nan(self.refused),
            "per_digit": self.recall,
            "confusion": self.confusion.tolist(),
            "calibration_error": _none_for_nan(self.calibration_error),
        }
        if not self.is_digit.all():
            values["other"] = {"n": int((~self.is_digit).sum()), "refused": self.other_refused}
        return values


def evaluate(network: NumpyNetwork, pixels: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Evaluate a network on framed samples, (n, 28, 28) uint8 with labels (n,).

    Raises:
        ValueError: there are no samples.
    """
    return Evaluation.of(labels, network.predict_in_batches(pixels))


def _mean(flags: np.ndarray) -> float:
    return float(flags.mean()) if len(flags) else math.nan


def _none_for_nan(value: float) -> float | None:
    return None if math.isnan(value) else value


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
