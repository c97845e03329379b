"""Reads many images at once, which takes less time than one after another."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from number_recognition.digits.drawing.rasterize import run_to_end
from number_recognition.digits.images.small_images import frame_all_in_steps
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.groups import Groups
from number_recognition.learning.reading.image_reader import (
    ImageReader,
    framing_ink,
    read_image_in_steps,
)
from number_recognition.learning.reading.reading import Reading


@dataclass(frozen=True)
class ReadImage:
    """What is read in an image.

    `whole` is its prediction as one digit, `reading` every digit in it; empty where the image is
    read as one digit only.
    """

    whole: Prediction
    reading: Reading = field(default_factory=Reading)

    @property
    def is_number(self) -> bool:
        """Whether there are several digits."""
        return len(self.reading.digits) > 1

    @property
    def prediction(self) -> Prediction:
        """The prediction for an image with one digit, or with none."""
        pieces = self.reading.digits or self.reading.pieces[:1]
        return pieces[0].prediction if pieces else self.whole

    @property
    def text(self) -> str:
        """The digits, a line of text for each line of them; empty where there are none."""
        if self.is_number:
            return self.reading.text
        digit = self.prediction.digit
        return "" if digit is None else str(digit)

    @property
    def confidence(self) -> float:
        """The probability of the answer, all digits together; 0 for a blank image."""
        return self.reading.confidence if self.is_number else self.prediction.confidence

    @property
    def probability(self) -> float:
        """The same among all outputs, "no digit" included."""
        return math.prod(each.probability for each in self._predictions)

    def is_sure(self, unsure_below: float) -> bool:
        """Whether no digit of it, or its being none, is less probable than this."""
        return all(each.probability >= unsure_below for each in self._predictions)

    @property
    def _predictions(self) -> list[Prediction]:
        digits = [digit.prediction for digit in self.reading.digits]
        return digits if self.is_number else [self.prediction]


def read_images(
    images: Sequence[Image.Image],
    network: NumpyNetwork,
    refuse_above: float | None = None,
    *,
    single: bool = False,
) -> Iterator[ReadImage]:
    """Read every digit of each image; see `read_images_in_steps`."""
    for read in read_images_in_steps(images, network, refuse_above, single=single):
        if read is not None:
            yield read


def read_images_in_steps(
    images: Sequence[Image.Image],
    network: NumpyNetwork,
    refuse_above: float | None = None,
    *,
    single: bool = False,
) -> Iterator[ReadImage | None]:
    """Read every digit of each image, in steps; None for a step that ends within an image.

    Args:
        images: any Pillow images, a batch of them.
        network: the network.
        refuse_above: see `learning.models.prediction.is_refused`.
        single: read each image as one digit.
    """
    predictions = yield from _predict_in_steps(images, network, refuse_above)
    if single:
        yield from map(ReadImage, predictions)
        return
    groups = Groups(network)
    readers = []
    for image, whole in zip(images, predictions, strict=True):
        readers.append(ImageReader(image, whole, groups, refuse_above))
        yield None
    few = (parts for reader in readers for parts in reader.groups_to_read())
    yield from groups.read(few, framing_ink)
    for reader, whole in zip(readers, predictions, strict=True):
        yield ReadImage(whole, (yield from reader.read_in_steps()))


def predict_batch(
    images: Sequence[Image.Image], network: NumpyNetwork, refuse_above: float | None = None
) -> list[Prediction]:
    """Predict the digit in each image.

    Args:
        images: any Pillow images.
        network: the network.
        refuse_above: see `learning.models.prediction.is_refused`.
    """
    return run_to_end(_predict_in_steps(images, network, refuse_above))


def _predict_in_steps(
    images: Sequence[Image.Image], network: NumpyNetwork, refuse_above: float | None
) -> Generator[None, None, list[Prediction]]:
    """Predict like `predict_batch`, an image a step; returns the predictions."""
    frames = yield from frame_all_in_steps(images)
    pixels = [framed.pixels for framed in frames if framed is not None]
    outputs = iter(network(np.stack(pixels)) if pixels else ())
    return [
        Prediction.blank() if framed is None else Prediction.of(next(outputs), framed, refuse_above)
        for framed in frames
    ]


def read_predicted(
    image: Image.Image,
    whole: Prediction,
    network: NumpyNetwork,
    refuse_above: float | None = None,
) -> Reading:
    """Read every digit of an image that was predicted as a whole; see `read_image_in_steps`."""
    return run_to_end(read_image_in_steps(image, whole, network, refuse_above))
