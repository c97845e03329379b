"""The steps of a drawing on its way to the network as pictures of one size."""

from __future__ import annotations

from PIL import Image

from number_recognition.digits.images.frame import SIZE, Frame


def step_images(frame: Frame, side: int) -> list[Image.Image]:
    """Drawn, cropped, in the box and as the network reads it: ink 255 on paper 0.

    Args:
        frame: the steps.
        side: of each picture in pixels, a multiple of `SIZE`.
    """
    pixel = side // SIZE
    boxed = frame.boxed.resize(
        (frame.boxed.width * pixel, frame.boxed.height * pixel), Image.Resampling.NEAREST
    )
    return [
        _placed(_shrunk(frame.drawn, side), side),
        _placed(_shrunk(frame.cropped, side), side),
        _placed(boxed, side),
        frame.as_image().resize((side, side), Image.Resampling.NEAREST),
    ]


def _placed(picture: Image.Image, side: int) -> Image.Image:
    placed = Image.new("L", (side, side))
    placed.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return placed


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    scale = side / max(picture.size)
    size = tuple(max(1, round(length * scale)) for length in picture.size)
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
