"""The prediction for one drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.images.frame import Frame
from number_recognition.learning.models.layers import DIGITS

_MIN_PROBABILITY = np.float32(1e-30)
"""Keeps the sum of the digits' probabilities above 0, which it is divided by."""


def predicted_labels(probabilities: np.ndarray) -> np.ndarray:
    """Return the label predicted for each sample, (n,) int: a digit, or `NO_DIGIT`.

    Args:
        probabilities: (n, 10), or (n, 11) with that of "no digit" last. A row of zeros stands for a
            blank sample, whose label is `NO_DIGIT`.
    """
    labels: np.ndarray = probabilities.argmax(axis=1)
    labels[~probabilities.any(axis=1)] = NO_DIGIT
    return labels


@dataclass(frozen=True)
class Prediction:
    """The digit predicted for one image, and the probabilities.

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
    def of(cls, outputs: np.ndarray, frame: Frame | None = None) -> Prediction:
        """Return the prediction for a network's outputs, (10,) or (11,) float32."""
        probabilities = digit_probabilities(outputs[None])[0]
        no_digit = float(outputs[NO_DIGIT]) if len(outputs) > DIGITS else 0.0
        if outputs.argmax() == NO_DIGIT:
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
