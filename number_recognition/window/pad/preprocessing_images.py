"""The steps of the preprocessing as images of one size."""

from __future__ import annotations

from PIL import Image

from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.frame import Frame


def step_images(frame: Frame, side: int) -> list[Image.Image]:
    """Return the drawing: as drawn, cropped, in the box, and as the network's input.

    Args:
        frame: the steps.
        side: of each image in pixels, a multiple of `SIZE`.

    Returns:
        8-bit grey images, ink 255 on paper 0.
    """
    pixel = side // SIZE
    boxed = frame.boxed.resize(
        (frame.boxed.width * pixel, frame.boxed.height * pixel), Image.Resampling.NEAREST
    )
    return [
        _centred(_fitted(frame.drawn, side), side),
        _centred(_fitted(frame.cropped, side), side),
        _centred(boxed, side),
        frame.as_image().resize((side, side), Image.Resampling.NEAREST),
    ]


def _centred(image: Image.Image, side: int) -> Image.Image:
    canvas = Image.new("L", (side, side))
    canvas.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return canvas


def _fitted(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
