"""Reads every digit of an image."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

import numpy as np
from PIL import Image

from number_recognition.digits.images.frame import Frame, frame
from number_recognition.digits.segmentation.ink_parts import cut_parts, ink_parts
from number_recognition.digits.segmentation.parts import union
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.groups import Groups, Parts
from number_recognition.learning.reading.reader import PartReader, are_one_digit
from number_recognition.learning.reading.reading import Reading
from number_recognition.learning.reading.scores import ink_splits
from number_recognition.learning.reading.turned_pages import set_right

_MARGIN = 2


def reading_image(
    image: Image.Image,
    whole: Prediction,
    network: NumpyNetwork,
    refuse_above: float | None = None,
) -> Generator[None, None, Reading]:
    """Read every digit of an image, in pieces of a few milliseconds; returns the reading.

    Args:
        image: any image.
        whole: the prediction for the whole image, the answer where it is one digit.
        network: scores the groups.
        refuse_above: see `learning.models.prediction.is_refused`.
    """
    if whole.frame is None:
        return Reading()
    ink = np.asarray(whole.frame.drawn, np.float32) / 255
    scale = image.width / ink.shape[1]  # large images are read at a reduced size
    parts = ink_parts(ink)
    reader = PartReader(Groups(network), _framing_ink, ink_splits, refuse_above)
    if not network.can_refuse:
        return reader.as_one(parts, whole).scaled(scale)
    if are_one_digit(parts, whole):
        reading = reader.as_one(parts, whole)
    else:
        reading = yield from reader.reading(cut_parts(parts), whole)
    if len(reading.pieces) > 1 or whole.digit is None:
        several = partial(_several, reader)
        reading = yield from set_right(image, ink, reading, several, _framing_ink, network)
    return reading.scaled(scale)


def _several(reader: PartReader, parts: Parts) -> Generator[None, None, Reading]:
    """What is read in parts that are several digits."""
    return (yield from reader.reading(cut_parts(parts), Prediction.blank()))


def _framing_ink(parts: Parts) -> Generator[None, None, Frame | None]:
    """Frame the ink of a group, and nothing around it."""
    yield from ()
    left, top, right, bottom = (round(value) for value in union([part.box for part in parts]))
    ink = np.zeros((bottom - top + 2 * _MARGIN, right - left + 2 * _MARGIN), np.float32)
    for part in parts:
        x, y = round(part.box[0]) - left + _MARGIN, round(part.box[1]) - top + _MARGIN
        height, width = part.content.shape
        region = ink[y : y + height, x : x + width]
        np.maximum(region, part.content, out=region)
    return frame(Image.fromarray(np.round(255 * ink).astype(np.uint8)), clean=False)
