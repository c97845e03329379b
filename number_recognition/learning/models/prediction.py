"""What the network says of one drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.images.frame import Frame
from number_recognition.learning.models.numpy_network import DIGITS

_LEAST = np.float32(1e-30)
"""Below it a probability cannot be divided."""


def is_refused(probabilities: np.ndarray, refuse_above: float | None = None) -> np.ndarray:
    """Which samples are refused as no digit, (n,) bool; the one rule for it.

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


def answers(probabilities: np.ndarray, refuse_above: float | None = None) -> np.ndarray:
    """The answer to each sample, (n,) int: a digit, or `NO_DIGIT` where it is refused or blank.

    `probabilities` (n, 10), or (n, 11) with that of "no digit" last; all 0 for a blank sample.
    `refuse_above`: see `is_refused`.
    """
    predicted: np.ndarray = probabilities[:, :DIGITS].argmax(axis=1)
    predicted[is_refused(probabilities, refuse_above) | ~probabilities.any(axis=1)] = NO_DIGIT
    return predicted


@dataclass(frozen=True)
class Prediction:
    """The digit read, how sure the network is of it, and of each of the ten.

    `digit` is None where there was nothing to read (a blank image) or what was drawn is refused as
    no digit. `probabilities`, (10,) float32, are those of the ten digits if it is a digit at all:
    their sum is 1, or all are 0 where it is blank. `no_digit` is the probability that it is none, 0
    where the network cannot answer so. `confidence` is the probability of the answer, 0 where it is
    blank. `frame` holds the steps from the image to the network.

    `confidence` and `probabilities` take for granted that a drawing which is answered is a digit;
    `outputs` and `probability` do not.
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
    def of(
        cls, outputs: np.ndarray, frame: Frame | None = None, refuse_above: float | None = None
    ) -> Prediction:
        """The prediction that the outputs of a network, (10,) or (11,) float32, stand for.

        `refuse_above`: see `is_refused`.
        """
        probabilities = of_digits(outputs[None])[0]
        no_digit = float(outputs[NO_DIGIT]) if len(outputs) > DIGITS else 0.0
        if is_refused(outputs[None], refuse_above)[0]:
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

    @property
    def outputs(self) -> np.ndarray:
        """The probabilities of the ten digits and of "no digit", (11,) float32; all 0 if blank."""
        digits = self.probabilities * np.float32(1 - self.no_digit)
        return np.append(digits, np.float32(self.no_digit))

    @property
    def probability(self) -> float:
        """The probability of the answer among all the outputs, 0 for a blank image."""
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
