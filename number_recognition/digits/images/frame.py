"""Turns any image into the input of a network: 28 × 28 pixels, framed like MNIST's digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from number_recognition.digits.cleaning.picture import clean_picture, even_light
from number_recognition.digits.images.box import centred, line_width, scaled_to_box
from number_recognition.digits.images.grain import (
    FAINTEST,
    MIN_CONTRAST,
    as_bytes,
    ink_image,
    without_grain,
)
from number_recognition.digits.images.image_limits import scaled_down

_MAX_SIDE = 1024
"""Larger images are scaled down first, see `scaled_down`."""
_MAX_LIGHTING = 0.35
"""Edges that differ by more than this differ by ink, not by uneven lighting."""


@dataclass(frozen=True)
class Frame:
    """The steps of preprocessing an image for the network.

    Attributes:
        ink: the ink of the image, (height, width) uint8; ink 255 on paper 0.
        cropped: the ink cropped to its bounding box, 8-bit grey.
        boxed: the same scaled to a box of 20 × 20.
        pixels: the input of the network, (28, 28) float32, ink 1 on paper 0.
    """

    ink: np.ndarray
    cropped: Image.Image
    boxed: Image.Image
    pixels: np.ndarray

    @property
    def drawn(self) -> Image.Image:
        """The ink as an image, 8-bit grey."""
        return Image.fromarray(self.ink)

    def as_image(self) -> Image.Image:
        """Return the pixels as an image, 8-bit grey, 28 × 28, ink 255 on paper 0."""
        return ink_image(self.pixels)

    def as_bytes(self) -> np.ndarray:
        """Return the pixels as (28, 28) uint8, ink 255 on paper 0."""
        return as_bytes(self.pixels)


def frame(image: Image.Image, *, clean: bool = True) -> Frame | None:
    """Frame an image like MNIST's digits; None where it is blank.

    The ink is cropped, scaled with its aspect ratio into a box of 20 × 20 and placed with its
    centre of mass at the centre of 28 × 28. Lines too thin to survive the scaling are thickened
    first.

    Args:
        image: any Pillow image of at least one pixel: any mode, either polarity.
        clean: see `extract_ink`.

    Raises:
        ValueError: its pixels are infinite or NaN (mode F).

    Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
    """
    return _framed(extract_ink(image, clean=clean))


def frame_ink(ink: np.ndarray) -> Frame | None:
    """Frame ink on paper 0, (height, width) uint8, like the image of it, without cleaning."""
    return _framed(_ink_of(ink.astype(np.float32) / np.float32(255)))


def _framed(ink: np.ndarray | None) -> Frame | None:
    """The frame of ink from 0 to 1; None for None."""
    if ink is None:
        return None
    drawn = as_bytes(ink)
    cropped = drawn[_ink_box(ink)]
    image = Image.fromarray(cropped)
    boxed = scaled_to_box(image, line_width(cropped))
    return Frame(drawn, image, boxed, centred([boxed])[0])


def extract_ink(image: Image.Image, *, clean: bool = True) -> np.ndarray | None:
    """Return the ink of an image, (height, width) float32 from 0 to 1; None where it is blank.

    The brightness of the paper is the median of the image's border, so dark ink on light paper and
    light ink on dark paper are both found. The variation of the border is the level of noise.

    Args:
        image: any Pillow image of at least one pixel.
        clean: even the light and take out what is not the digit (see `digits.cleaning`).
            What the program itself has painted needs none of that.
    """
    grey = _grey(image)
    cleaned = clean_picture(grey) if clean else grey
    return _ink_of(grey) if cleaned is grey else _ink_on_white(cleaned)


def extract_all_ink(image: Image.Image) -> np.ndarray | None:
    """Return the ink of an image like `extract_ink`, printed lines and the like among it."""
    return _ink_of(even_light(_grey(image)))


def _ink_of(grey: np.ndarray) -> np.ndarray | None:
    """The ink of a picture with dark or light ink, (height, width) float32; None for a blank."""
    border = np.concatenate(_edges(grey))
    paper, noise = float(border[0]), 0.0
    if border.min() != border.max():  # or else these are its medians, and the light is even
        grey = grey - _lighting_of(grey)
        border = np.concatenate(_edges(grey))
        paper = _median(border)
        noise = 4 * _median(np.abs(border - paper))
    contrast = np.abs(grey - paper)
    strongest = contrast.max()
    if strongest < MIN_CONTRAST:
        return None
    if noise >= strongest:
        return contrast.astype(np.float32)
    ink = np.maximum(contrast - noise, 0) / (strongest - noise)
    return without_grain(ink, noise)


def _ink_on_white(cleaned: np.ndarray) -> np.ndarray | None:
    """The dark ink on the white paper of a cleaned picture, like `_ink_of`."""
    ink = 1 - cleaned.astype(np.float32)
    strongest = float(ink.max())
    return None if strongest < MIN_CONTRAST else without_grain(ink / strongest, 0)


def _edges(grey: np.ndarray) -> list[np.ndarray]:
    """The left, right, upper and lower edge of an image."""
    return [grey[:, 0], grey[:, -1], grey[0], grey[-1]]


def _lighting_of(grey: np.ndarray) -> np.ndarray | float:
    """The gradient of the lighting: how much brighter than the middle each pixel is; 0 for none.

    Two edges that differ as much as ink and paper do not differ by lighting.
    """
    left, right, top, bottom = map(_median, _edges(grey))
    across, down = right - left, bottom - top
    if max(abs(across), abs(down)) > _MAX_LIGHTING or across == down == 0:
        return 0.0
    rows, columns = (np.linspace(-0.5, 0.5, length) for length in grey.shape)
    return across * columns[None, :] + down * rows[:, None]


def _median(values: np.ndarray) -> float:
    """The median; np.median would first import masked arrays, half of the time of a prediction."""
    return float(np.sort(values)[len(values) // 2])


def _grey(image: Image.Image) -> np.ndarray:
    """The brightness of an image of any mode, (height, width) float from 0 to 1."""
    image = scaled_down(_scalable(image), _MAX_SIDE)
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError("expected finite pixels, found infinite ones or NaN")
        if image.mode == "F":
            scaled: np.ndarray = values / max(1.0, np.abs(values).max())
            return scaled
        # Pillow stores both 8 and 16 bits as 32-bit integers.
        return values / (255.0 if image.mode == "I" and values.max() <= 255 else 65535.0)
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        on_white = _brightness(_over(colours, "white"))
        # White ink on transparent paper can be seen on a dark background only.
        return (
            on_white if np.ptp(on_white) >= MIN_CONTRAST else _brightness(_over(colours, "black"))
        )
    return _brightness(image)


def _scalable(image: Image.Image) -> Image.Image:
    """The same image in a mode whose pixels can be averaged: palette indices cannot."""
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    if image.mode == "LAB":
        return image.getchannel("L")
    as_colours = "RGBA" if image.has_transparency_data else "RGB"
    modes = {"1": "L", "P": as_colours, "PA": "RGBA", "La": "LA", "RGBa": "RGBA"}
    return image.convert(modes[image.mode]) if image.mode in modes else image


def _over(image: Image.Image, colour: str) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", image.size, colour), image)


def _brightness(image: Image.Image) -> np.ndarray:
    grey = image if image.mode == "L" else image.convert("L")
    brightness: np.ndarray = np.asarray(grey, np.float32) / np.float32(255)
    return brightness


def _ink_box(ink: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns of the ink; of ink that is faint everywhere, all of them."""
    has_ink = ink > FAINTEST
    rows, columns = has_ink.any(axis=1).nonzero()[0], has_ink.any(axis=0).nonzero()[0]
    if not len(rows):
        return slice(None), slice(None)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
