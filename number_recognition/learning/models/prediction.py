"""The prediction for one drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.images.frame import Frame
from number_recognition.learning.models.layers import DIGITS

_MIN_PROBABILITY = np.float32(1e-30)
"""Keeps the sum of the digits' probabilities above 0, which it is divided by."""


def is_refused(probabilities: np.ndarray, refuse_above: float | None = None) -> np.ndarray:
    """Return which samples are refused as no digit, (n,) bool; the one rule for it.

    Args:
        probabilities: (n, 10), of which none is refused, or (n, 11) with that of "no digit" last.
        refuse_above: refuse where "no digit" is more probable than this; None: where it is more
            probable than each digit.
    """
    if probabilities.shape[1] == DIGITS:
        return np.zeros(len(probabilities), bool)
    limit = probabilities[:, :DIGITS].max(axis=1) if refuse_above is None else refuse_above
    refused: np.ndarray = probabilities[:, NO_DIGIT] > limit
    return refused


def predicted_labels(probabilities: np.ndarray, refuse_above: float | None = None) -> np.ndarray:
    """Return the label predicted for each sample, (n,) int: a digit, or `NO_DIGIT` if refused.

    Args:
        probabilities: (n, 10), or (n, 11) with that of "no digit" last. A row of zeros stands for a
            blank sample, whose label is `NO_DIGIT`.
        refuse_above: see `is_refused`.
    """
    labels: np.ndarray = probabilities[:, :DIGITS].argmax(axis=1)
    labels[is_refused(probabilities, refuse_above) | ~probabilities.any(axis=1)] = NO_DIGIT
    return labels


@dataclass(frozen=True)
class Prediction:
    """The digit predicted for one image, and the probabilities.

    `confidence` and `probabilities` are conditional on a drawing that is not refused being a digit;
    `outputs` and `probability` are not.

    Attributes:
        digit: None where the image is blank, or refused as no digit.
        confidence: the probability of the answer, 0 for a blank image.
        probabilities: those of the ten digits given that it is a digit, (10,) float32: their sum is
            1, or all are 0 for a blank image.
        frame: the steps of preprocessing.
        no_digit: the probability of "no digit", 0 where the network has no such output.
    """

    digit: int | None
    confidence: float
    probabilities: np.ndarray
    frame: Frame | None = field(default=None, repr=False, compare=False)
    no_digit: float = 0.0

    @classmethod
    def blank(cls) -> Prediction:
        """Return the prediction for a blank image."""
        return cls(None, 0.0, np.zeros(DIGITS, np.float32))

    @classmethod
    def of(
        cls, outputs: np.ndarray, frame: Frame | None = None, refuse_above: float | None = None
    ) -> Prediction:
        """Return the prediction for a network's outputs, (10,) or (11,) float32.

        `refuse_above`: see `is_refused`.
        """
        probabilities = digit_probabilities(outputs[None])[0]
        no_digit = float(outputs[NO_DIGIT]) if len(outputs) > DIGITS else 0.0
        if is_refused(outputs[None], refuse_above)[0]:
            return cls(None, no_digit, probabilities, frame, no_digit)
        digit = int(probabilities.argmax())
        return cls(digit, float(probabilities[digit]), probabilities, frame, no_digit)

    @property
    def is_blank(self) -> bool:
        """Whether the image was blank."""
        return not self.probabilities.any()

    @property
    def refused(self) -> bool:
        """Whether the image was not blank, and predicted to be no digit."""
        return self.digit is None and not self.is_blank

    @property
    def best_guess(self) -> int | None:
        """The most probable digit, even of a refused image; None for a blank one."""
        return None if self.is_blank else int(self.probabilities.argmax())

    @property
    def outputs(self) -> np.ndarray:
        """The probabilities of the ten digits and "no digit", (11,) float32; zeros if blank."""
        digits = self.probabilities * np.float32(1 - self.no_digit)
        return np.append(digits, np.float32(self.no_digit))

    @property
    def probability(self) -> float:
        """The probability of the answer among all outputs, 0 for a blank image."""
        return self.no_digit if self.refused else self.confidence * (1 - self.no_digit)

    @property
    def second_guess(self) -> int | None:
        """The most probable other answer, a digit or `NO_DIGIT`; None for a blank image."""
        if self.is_blank:
            return None
        others = self.outputs
        others[NO_DIGIT if self.digit is None else self.digit] = -1
        return int(others.argmax())

    def ranking(self) -> list[tuple[int, float]]:
        """Return the ten digits with their probabilities, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(int(digit), float(self.probabilities[digit])) for digit in order]


def digit_probabilities(outputs: np.ndarray) -> np.ndarray:
    """Return the probabilities of the ten digits given that it is a digit.

    Args:
        outputs: (n, 10) or (n, 11) float32; a row of zeros stands for a blank sample.

    Returns:
        (n, 10) float32, zeros for a blank sample.
    """
    if outputs.shape[1] == DIGITS:
        return outputs
    digits = np.maximum(outputs[:, :DIGITS], _MIN_PROBABILITY) * outputs.any(axis=1, keepdims=True)
    probabilities: np.ndarray = digits / np.maximum(
        digits.sum(axis=1, keepdims=True), _MIN_PROBABILITY
    )
    return probabilities
