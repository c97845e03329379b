"""What the network says of one drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from digits.frame import Frame

NO_DIGIT = 10
"""The label, the output and the answer that stand for "no digit"."""


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

    `digit` is None where there was nothing to read (a blank image); `confidence` is then 0 and so
    are the probabilities, (10,) float32. `frame` holds the steps from the image to the network.
    """

    digit: int | None
    confidence: float
    probabilities: np.ndarray
    frame: Frame | None = field(default=None, repr=False, compare=False)

    @classmethod
    def blank(cls) -> Prediction:
        """What is said of a blank image."""
        return cls(None, 0.0, np.zeros(10, np.float32))

    @classmethod
    def of(cls, probabilities: np.ndarray, frame: Frame | None = None) -> Prediction:
        """The prediction that ten probabilities, (10,) float32, stand for."""
        digit = int(probabilities.argmax())
        return cls(digit, float(probabilities[digit]), probabilities, frame)

    @property
    def best_guess(self) -> int | None:
        """The most probable digit, even where it was refused; None for a blank image."""
        digits = self.probabilities[:10]
        return int(digits.argmax()) if digits.any() else None

    def ranking(self) -> list[tuple[int, float]]:
        """The ten digits with their probabilities, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(int(digit), float(self.probabilities[digit])) for digit in order]
