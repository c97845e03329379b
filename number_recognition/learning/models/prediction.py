"""What the network says of one drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.images.frame import Frame
from number_recognition.learning.models.numpy_network import DIGITS

_LEAST = np.float32(1e-30)
"""Below it a probability cannot be divided."""


def answers(probabilities: np.ndarray) -> np.ndarray:
    """The answer to each sample, (n,) int: a digit, or `NO_DIGIT` where it is refused or blank.

    `probabilities` (n, 10), or (n, 11) with that of "no digit" last; all 0 for a blank sample.
    """
    found = probabilities.argmax(axis=1)
    found[~probabilities.any(axis=1)] = NO_DIGIT
    return found


@dataclass(frozen=True)
class Prediction:
    """The digit read, how sure the network is of it, and of each of the ten.

    `digit` is None where there was nothing to read (a blank image) or what was drawn is refused as
    no digit. `probabilities`, (10,) float32, are those of the ten digits if it is a digit at all:
    their sum is 1, or all are 0 where it is blank. `no_digit` is the probability that it is none, 0
    where the network cannot answer so. `confidence` is the probability of the answer, 0 where it is
    blank. `frame` holds the steps from the image to the network.
    """

    digit: int | None
    confidence: float
    probabilities: np.ndarray
    frame: Frame | None = field(default=None, repr=False, compare=False)
    no_digit: float = 0.0

    @classmethod
    def blank(cls) -> Prediction:
        """What is said of a blank image."""
        return cls(None, 0.0, np.zeros(DIGITS, np.float32))

    @classmethod
    def of(cls, answers: np.ndarray, frame: Frame | None = None) -> Prediction:
        """The prediction that the answers of a network, (10,) or (11,) float32, stand for."""
        probabilities = of_digits(answers[None])[0]
        no_digit = float(answers[NO_DIGIT]) if len(answers) > DIGITS else 0.0
        if answers.argmax() == NO_DIGIT:
            return cls(None, no_digit, probabilities, frame, no_digit)
        digit = int(probabilities.argmax())
        return cls(digit, float(probabilities[digit]), probabilities, frame, no_digit)

    @property
    def is_blank(self) -> bool:
        """Whether there was nothing to read."""
        return not self.probabilities.any()

    @property
    def refused(self) -> bool:
        """Whether something was drawn that is no digit."""
        return self.digit is None and not self.is_blank

    @property
    def best_guess(self) -> int | None:
        """The most probable digit, even where it was refused; None for a blank image."""
        return None if self.is_blank else int(self.probabilities.argmax())

    def ranking(self) -> list[tuple[int, float]]:
        """The ten digits with their probabilities, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(int(digit), float(self.probabilities[digit])) for digit in order]


def of_digits(answers: np.ndarray) -> np.ndarray:
    """Probabilities of the ten digits if it is one: (n, 10) or (n, 11) -> (n, 10) float32.

    All are 0 where all answers are: for a blank sample.
    """
    if answers.shape[1] == DIGITS:
        return answers
    digits = np.maximum(answers[:, :DIGITS], _LEAST) * answers.any(axis=1, keepdims=True)
    return digits / np.maximum(digits.sum(axis=1, keepdims=True), _LEAST)
