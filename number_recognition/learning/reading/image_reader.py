"""Reads every digit of an image."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial

import numpy as np
from PIL import Image

from number_recognition.digits.images.frame import Frame, frame_ink
from number_recognition.digits.images.grain import as_bytes
from number_recognition.digits.segmentation.ink_parts import are_pieces, cut_parts, ink_parts
from number_recognition.digits.segmentation.parts import union
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.groups import Groups, Parts
from number_recognition.learning.reading.reader import Orders, PartReader, is_one_digit
from number_recognition.learning.reading.reading import Reading
from number_recognition.learning.reading.scores import ink_splits
from number_recognition.learning.reading.turned_pages import set_right

_MARGIN = 2
_FEW_PIECES = 6
"""So few pieces of ink give a batch too small to be read at the network's full speed."""


class ImageReader:
    """Reads every digit of one image; what it asks of the network first can be read with others'.

    Args:
        image: any image.
        whole: the prediction for the whole image, the answer where it is one digit.
        groups: what the network said so far, and reads the rest; of several images, they may be the
            same.
        refuse_above: see `learning.models.prediction.is_refused`.
    """

    def __init__(
        self,
        image: Image.Image,
        whole: Prediction,
        groups: Groups,
        refuse_above: float | None = None,
    ) -> None:
        self._image = image
        self._whole = whole
        self._reader = PartReader(groups, framing_ink, ink_splits, are_pieces, refuse_above)
        self._ink = None if whole.frame is None else whole.frame.ink.astype(np.float32) / 255
        parts = [] if self._ink is None else ink_parts(self._ink)
        self._orders = Orders(parts)
        if groups.network.can_refuse and not is_one_digit([part.box for part in parts], whole):
            self._orders = self._reader.orders(cut_parts(parts), whole)

    def groups_to_read(self) -> Iterator[Parts]:
        """The groups that are read first; none where there are many, which need no others'."""
        is_few = len(self._orders.parts) <= _FEW_PIECES
        return self._reader.groups_of(self._orders) if is_few else iter(())

    def read_in_steps(self) -> Generator[None, None, Reading]:
        """Read the image in steps of a few milliseconds; returns the reading."""
        if self._ink is None:
            return Reading()
        reader, network = self._reader, self._reader.groups.network
        scale = self._image.width / self._ink.shape[1]  # large images are read at a reduced size
        reading = yield from reader.read_in_steps(self._orders, self._whole)
        if network.can_refuse and (len(reading.pieces) > 1 or self._whole.digit is None):
            several = partial(_several, reader)
            reading = yield from set_right(
                self._image, self._ink, reading, several, framing_ink, network
            )
        return reading.scaled(scale)


def read_image_in_steps(
    image: Image.Image,
    whole: Prediction,
    network: NumpyNetwork,
    refuse_above: float | None = None,
) -> Generator[None, None, Reading]:
    """Read every digit of an image, in steps of a few milliseconds; returns the reading.

    Args:
        image: any image.
        whole: the prediction for the whole image, the answer where it is one digit.
        network: scores the groups.
        refuse_above: see `learning.models.prediction.is_refused`.
    """
    return (yield from ImageReader(image, whole, Groups(network), refuse_above).read_in_steps())


def _several(reader: PartReader, parts: Parts) -> Generator[None, None, Reading]:
    """What is read in parts that are several digits."""
    whole = Prediction.blank()
    return (yield from reader.read_in_steps(reader.orders(cut_parts(parts), whole), whole))


def framing_ink(parts: Parts) -> Generator[None, None, Frame | None]:
    """Frame the ink of a group, and nothing around it."""
    yield from ()
    left, top, right, bottom = (round(value) for value in union([part.box for part in parts]))
    ink = np.zeros((bottom - top + 2 * _MARGIN, right - left + 2 * _MARGIN), np.float32)
    for part in parts:
        x, y = round(part.box[0]) - left + _MARGIN, round(part.box[1]) - top + _MARGIN
        height, width = part.content.shape
        region = ink[y : y + height, x : x + width]
        np.maximum(region, part.content, out=region)
    return frame_ink(as_bytes(ink))
