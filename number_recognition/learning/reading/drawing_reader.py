"""Reads every digit of a drawing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.frame_drawing import frame_drawing_in_steps
from number_recognition.digits.images.frame import Frame
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.groups import Groups, Parts
from number_recognition.learning.reading.reader import PartReader, is_one_digit
from number_recognition.learning.reading.reading import ReadDigit, Reading
from number_recognition.learning.reading.scores import stroke_splits
from number_recognition.learning.reading.stroke_parts import StrokePieces

FramingDrawing = Callable[[Drawing], Generator[None, None, Frame | None]]


@dataclass
class DrawingReader:
    """Reads drawings that grow: groups of strokes that were read before are not read again.

    Attributes:
        network: scores the groups.
        framing: brings the strokes of a group to 28 × 28 pixels, in short steps.
        refuse_above: see `learning.models.prediction.is_refused`.
    """

    network: NumpyNetwork
    framing: FramingDrawing = frame_drawing_in_steps
    refuse_above: float | None = None
    _groups: Groups = field(init=False)
    _pieces: StrokePieces = field(default_factory=StrokePieces)

    def __post_init__(self) -> None:
        self._groups = Groups(self.network)

    def read_in_steps(self, drawing: Drawing, whole: Prediction) -> Generator[None, None, Reading]:
        """Read every digit of a drawing, in steps of a few milliseconds; returns the reading.

        Args:
            drawing: the strokes, in the order in which they were drawn.
            whole: the prediction for the whole drawing, the answer where it is one digit.
        """
        if whole.is_blank:
            return Reading()
        boxes = [stroke.box for stroke in drawing.strokes]
        if not self.network.can_refuse or is_one_digit(boxes, whole):
            numbers = tuple(range(len(boxes)))
            return Reading(((ReadDigit(whole, drawing.box(), numbers, drawing),),))
        strokes = yield from self._pieces.parts_of(drawing)

        def framing(parts: Parts) -> Generator[None, None, Frame | None]:
            return (yield from self.framing(strokes.drawing_of(parts)))

        def splits(parts: Parts) -> Sequence[float]:
            return stroke_splits(parts, list(map(strokes.number, parts)))

        reader = PartReader(
            self._groups, framing, splits, strokes.are_pieces, self.refuse_above, strokes
        )
        reading = yield from reader.read_in_steps(reader.orders(strokes.strokes, whole), whole)
        self._groups.forget_unused()
        return reading
