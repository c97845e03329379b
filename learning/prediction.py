"""What the network says of one drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from digits.frame import Frame


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

    def ranking(self) -> list[tuple[int, float]]:
        """The ten digits with their probabilities, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(int(digit), float(self.probabilities[digit])) for digit in order]
