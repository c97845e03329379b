"""Limits on the size of images, checked before their pixels are decoded."""

from __future__ import annotations

import math

from PIL import Image

_MAX_BYTES = 100_000_000
"""The memory of the pixels of an image; decoding and scaling need it up to three times."""
_MAX_JPEG_PIXELS = 120_000_000
"""A JPEG is decoded at a reduced scale, so that only its reading takes long."""
_MAX_PROGRESSIVE_PIXELS = 40_000_000
"""A progressive one is held in memory as a whole, with up to 6 bytes a pixel."""
_SIDE = 2048
"""Larger images are reduced to the smallest whole part of their size that is at least this."""
_MAX_REDUCED_PIXELS = 50_000_000
"""A PNG or BMP in colour is reduced at once: it needs its memory once, and A4 at 600 dpi fits."""
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
_MAX_PIXELS = {"WEBP": 18_000_000}
"""The limits of decoders that need more memory."""
_BYTES = {"1": 1, "L": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
"""The memory for one pixel by mode; 4 for those not named, also where they have less bands."""


class ImageTooLargeError(ValueError):
    """An image has more pixels than are decoded; the message says what to do."""


def bytes_per_pixel(mode: str) -> int:
    """The memory that Pillow needs for one pixel of an image of a mode."""
    return _BYTES.get(mode, 4)


def limit_size(image: Image.Image) -> None:
    """Let an opened image be decoded at a reduced scale where its format can, and check its size.

    Raises:
        ImageTooLargeError: says how large it is, and what can be read.
    """
    width, height = image.size
    pixels, most = width * height, _MAX_BYTES // bytes_per_pixel(image.mode)
    most = min(most, _MAX_PIXELS.get(image.format or "", most))
    if image.format in ("PNG", "BMP") and image.mode in ("RGB", "RGBA"):
        most = _MAX_REDUCED_PIXELS
    if image.format in ("JPEG", "MPO"):
        progressive = "progressive" in image.info
        most = _MAX_PROGRESSIVE_PIXELS if progressive else _MAX_JPEG_PIXELS
    if pixels > most:
        side = int(most**0.5) // 100 * 100
        raise ImageTooLargeError(
            f"it has {width:,} × {height:,} pixels; scale it down, to {side:,} × {side:,} for "
            "example"
        )
    image.draft("", (_SIDE, _SIDE))


def scaled_down(image: Image.Image, side: int) -> Image.Image:
    """Return an image with at most `side` pixels on its longer side; itself if it is small.

    A long and low image, such as a row of digits, keeps more: as many as leave its shorter side a
    quarter of `side`, and no more than side² pixels in all.
    """
    longest = _longest_side(image.size, side)
    if max(image.size) > longest:
        image = image.copy()
        image.thumbnail((longest, longest), reducing_gap=2.0)
    return image


def _longest_side(size: tuple[int, int], side: int) -> int:
    """The longer side that `scaled_down` leaves an image of this size."""
    shorter, longer = sorted(size)
    scale = min(side / 4 / shorter, side / math.sqrt(shorter * longer))
    return min(longer, max(side, round(scale * longer)))


def reduced(image: Image.Image) -> Image.Image:
    """A copy of a decoded image, smaller where it is large."""
    factor = max(image.size) // _longest_side(image.size, _SIDE)
    return image.reduce(factor) if factor > 1 and image.mode in _REDUCIBLE else image.copy()
