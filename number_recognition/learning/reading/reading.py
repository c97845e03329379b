"""What is read in a drawing or an image that may hold several digits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.segmentation.parts import Box
from number_recognition.learning.models.prediction import Prediction


@dataclass(frozen=True)
class ReadDigit:
    """One digit of a number, or something between digits that is none.

    `prediction` is what the network says of it, `box` where it lies (left, top, right, bottom; of a
    drawing in units of the pad, of an image in pixels), `parts` the numbers of its strokes in the
    drawing (none for an image), `drawing` those strokes, or what of them belongs to it (None for an
    image).
    """

    prediction: Prediction
    box: Box
    parts: tuple[int, ...] = ()
    drawing: Drawing | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The digit as text, empty for what is none."""
        return "" if self.prediction.digit is None else str(self.prediction.digit)

    def scaled(self, factor: float, offset: tuple[float, float] = (0, 0)) -> ReadDigit:
        """The same with its box multiplied by a factor, then moved."""
        left, top, right, bottom = (factor * edge for edge in self.box)
        x, y = offset
        box = left + x, top + y, right + x, bottom + y
        return ReadDigit(self.prediction, box, self.parts, self.drawing)


@dataclass(frozen=True)
class Reading:
    """All that is read: `lines` of digits and of what is none, in reading order.

    `turn` is by how many degrees the image was turned to the left for reading; boxes are those in
    the image as it is.
    """

    lines: tuple[tuple[ReadDigit, ...], ...] = ()
    turn: float = 0.0

    def scaled(self, factor: float, offset: tuple[float, float] = (0, 0)) -> Reading:
        """The same with all boxes multiplied by a factor, then moved."""
        return Reading(
            tuple(tuple(piece.scaled(factor, offset) for piece in line) for line in self.lines),
            self.turn,
        )

    @cached_property
    def pieces(self) -> tuple[ReadDigit, ...]:
        """Every piece in reading order, those that are no digit among them."""
        return tuple(piece for line in self.lines for piece in line)

    @cached_property
    def digits(self) -> tuple[ReadDigit, ...]:
        """The digits in reading order."""
        return tuple(piece for piece in self.pieces if piece.prediction.digit is not None)

    @property
    def text(self) -> str:
        """The digits as text, a line of text for each line that has any."""
        texts = ["".join(piece.text for piece in line) for line in self.lines]
        return "\n".join(text for text in texts if text)

    @property
    def confidence(self) -> float:
        """The probability that all digits are read correctly, 0 where there are none."""
        product = 1.0
        for piece in self.digits:
            product *= piece.prediction.confidence
        return product if self.digits else 0.0
