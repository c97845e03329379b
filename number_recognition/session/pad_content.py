"""What is on the pad: strokes or an image in their place, and the digits of a number in it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import PAD, Drawing
from number_recognition.digits.drawing.viewport import Viewport

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from number_recognition.digits.segmentation.parts import Box
    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.learning.reading.reading import ReadDigit, Reading
    from Recognition import Recognizer

_PACKED_MODES = ("L", "RGB")
_MOST_PACKED_BYTES = 4_000_000
"""Compressing a larger image would be noticed while one draws."""
_IMAGE_SCALE = 2.0
"""Pixels in a unit of the pad, in the image of a drawing."""
_IMAGE_MARGIN = PAD / 20
"""To the left and to the right of a drawing wider than the square pad."""
_LEVEL = 1
"""zlib's quickest: paper with ink becomes a hundredth."""


@dataclass(frozen=True)
class PadContent:
    """The strokes of the pad, or the image that was opened in their place.

    `is_test_image`: whether the image is one of those that networks are compared on, so that none
    may learn it.
    """

    drawing: Drawing = field(default_factory=Drawing)
    image: Image.Image | None = None
    is_test_image: bool = False

    def __bool__(self) -> bool:
        return bool(self.drawing) or self.image is not None

    @property
    def box(self) -> Box | None:
        """Where it lies on the pad, without the width of the pen; None: nowhere."""
        if self.image is not None:
            return Viewport.of_image(self.image.size).box
        return self.drawing.box() if self.drawing else None

    @property
    def image_bytes(self) -> int:
        """About how much memory the image takes; strokes take next to none."""
        if self.image is None:
            return 0
        from number_recognition.digits.images.image_limits import bytes_per_pixel

        return self.image.width * self.image.height * bytes_per_pixel(self.image.mode)


@dataclass(frozen=True)
class Number:
    """A reading of several digits.

    Attributes:
        reading: the digits and what is none among them, boxes in units of the pad.
        index: which of its pieces is chosen.
        labels: the labels of those that were corrected, by their boxes (None: no digit).
    """

    reading: Reading
    index: int = 0
    labels: Mapping[Box, int | None] = field(default_factory=dict)

    @property
    def pieces(self) -> tuple[ReadDigit, ...]:
        """The digits and what is none among them, in reading order."""
        return self.reading.pieces

    @property
    def chosen(self) -> ReadDigit:
        """The chosen digit."""
        return self.pieces[self.index]

    @property
    def uncorrected(self) -> tuple[Prediction, ...]:
        """The predictions of the digits that stand as they were read."""
        digits = self.reading.digits
        return tuple(digit.prediction for digit in digits if digit.box not in self.labels)

    @property
    def text(self) -> str:
        """The digits as read or corrected, lines apart."""
        lines = ("".join(map(self.label_text, line)) for line in self.reading.lines)
        return " ".join(line for line in lines if line)

    def label_text(self, piece: ReadDigit) -> str:
        """A digit as read or corrected, empty where it is none."""
        if piece.box not in self.labels:
            return piece.text
        label = self.labels[piece.box]
        return "" if label is None else str(label)

    def choose(self, index: int) -> Number:
        """The same with another digit chosen, the nearest there is."""
        return replace(self, index=min(len(self.pieces) - 1, max(0, index)))

    def after(self, before: Number | None) -> Number:
        """The same with what was chosen and corrected before, where it is still there."""
        if before is None:
            return self
        index = self.index_of(before.chosen.box)
        boxes = {piece.box for piece in self.pieces}
        labels = {box: before.labels[box] for box in before.labels if box in boxes}
        return replace(self.choose(before.index if index is None else index), labels=labels)

    def marked(self, box: Box, label: int | None, corrected: bool) -> Number:
        """The same with one digit corrected and the next one chosen, or that one as it was read."""
        index = self.index_of(box)
        labels = {key: self.labels[key] for key in self.labels if key != box}
        if index is None:
            return replace(self, labels=labels)
        if corrected:
            labels[box] = label
        return replace(self, labels=labels).choose(index + corrected)

    def index_of(self, box: Box) -> int | None:
        """Which piece has this box, None where none has."""
        return next((i for i, piece in enumerate(self.pieces) if piece.box == box), None)


def may_be_number(recognizer: Recognizer | None, content: PadContent, whole: Prediction) -> bool:
    """Whether a content may hold several digits; `read_number_in_steps` then finds out.

    `whole` is the prediction for the content as one digit.
    """
    if recognizer is None or not content or whole.is_blank or not recognizer.network.can_refuse:
        return False
    if content.image is not None:
        return True
    from number_recognition.learning.reading.reader import is_one_digit

    return not is_one_digit([stroke.box for stroke in content.drawing.strokes], whole)


def read_number_in_steps(
    recognizer: Recognizer, content: PadContent
) -> Generator[None, None, Number | None]:
    """Read a number, in steps of a few milliseconds; returns None where there are no two digits.

    Its first digit is chosen.
    """
    if content.image is None:
        reading = yield from recognizer.read_in_steps(content.drawing)
    else:
        reading = yield from recognizer.read_in_steps(content.image)
        view = Viewport.of_image(content.image.size)
        reading = reading.scaled(1 / view.scale, view.box[:2])
    if len(reading.pieces) < 2 or not reading.digits:
        return None
    return Number(reading).choose(reading.pieces.index(reading.digits[0]))


def original_of_all(content: PadContent) -> Drawing | Image.Image:
    """What is kept of all that is on the pad: its image, or its strokes on a square."""
    if content.image is not None:
        return content.image
    from number_recognition.digits.drawing.strokes import move_into_square

    return move_into_square(content.drawing)


def render_image(content: PadContent) -> Image.Image:
    """Return the image on the pad, or the drawing as an image, black ink on white.

    A drawing wider than the square pad makes a wider image.
    """
    if content.image is not None:
        return content.image
    from number_recognition.digits.drawing.rasterize import rasterize

    left, _, right, _ = content.box or (0.0, 0.0, PAD, PAD)
    width = max(PAD, PAD - 2 * left, 2 * right - PAD)
    if width > PAD:
        width += max(stroke.width for stroke in content.drawing.strokes) + _IMAGE_MARGIN
    view = Viewport(math.ceil(_IMAGE_SCALE * width), round(_IMAGE_SCALE * PAD), _IMAGE_SCALE)
    return rasterize(content.drawing, view)


def save_image(content: PadContent, path: Path) -> None:
    """Save the content of the pad as an image file, completely or not at all.

    Raises:
        OSError: the file cannot be written.
        ValueError: Pillow does not know the ending of the file's name.
    """
    from number_recognition.storage.files import atomic_write

    atomic_write(path, render_image(content).save)


def content_of(piece: ReadDigit) -> PadContent:
    """What is kept of a piece, as if it were alone on the pad: its strokes, or its ink.

    Raises:
        ValueError: it is blank.
    """
    if piece.drawing is not None:
        return PadContent(piece.drawing)
    if piece.prediction.frame is None:
        raise ValueError("expected a digit that was read, found a blank one")
    return PadContent(image=piece.prediction.frame.drawn)


class PackedContent:
    """A content of the pad, its image compressed without loss where that is done at once.

    Attributes:
        image_bytes: about how much memory its image takes.
    """

    def __init__(self, content: PadContent) -> None:
        self._content, self._image = content, None
        self.image_bytes = content.image_bytes
        image = content.image
        if (
            image is not None
            and image.mode in _PACKED_MODES
            and self.image_bytes <= _MOST_PACKED_BYTES
        ):
            self._image = _PackedImage(image)
            self._content = replace(content, image=None)
            self.image_bytes = len(self._image.content)

    def unpack(self) -> PadContent:
        """The content as it was."""
        if self._image is None:
            return self._content
        return replace(self._content, image=self._image.unpack())


class _PackedImage:
    """The compressed pixels of an image, with all that makes it one again."""

    def __init__(self, image: Image.Image) -> None:
        self.content = zlib.compress(image.tobytes(), _LEVEL)
        self._mode, self._size, self._info = image.mode, image.size, image.info

    def unpack(self) -> Image.Image:
        from PIL import Image

        image = Image.frombytes(self._mode, self._size, zlib.decompress(self.content))
        image.info = self._info  # which colour is transparent, for example
        return image
