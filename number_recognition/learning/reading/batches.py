"""Reads many images at once, which takes less time than one after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from number_recognition.digits.drawing.rasterize import run_to_end
from number_recognition.digits.images.frame import frame
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.reader import reading_image
from number_recognition.learning.reading.reading import Reading

BATCH_SIZE = 32
"""Larger batches are hardly faster: the weights are then read from memory seldom enough."""


def predict_batch(
    images: Sequence[Image.Image], network: NumpyNetwork, refuse_above: float | None = None
) -> list[Prediction]:
    """Predict the digit in each image.

    Args:
        images: any Pillow images.
        network: the network.
        refuse_above: see `learning.models.prediction.is_refused`.
    """
    frames = [frame(image) for image in images]
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
    """Read every digit of an image that was predicted as a whole; see `reading_image`."""
    return run_to_end(reading_image(image, whole, network, refuse_above))
