"""The pages of an image file: all of a TIFF, the first image of any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageOps

from number_recognition.digits.images.image_limits import limit_size, reduced

_SUBFILE_TYPE = 254
_NO_PAGE = 1 | 4
"""Bits of a TIFF's subfile type: a preview of another page, and a mask."""
_MAX_8_BIT, _MAX_12_BIT = 255, 4095


@dataclass(frozen=True)
class Page:
    """One page of an image file.

    Attributes:
        image: the page, upright.
        number: its number, from 1; None in a file with one page.
        left_out: what of the file is not read, for people; empty where all of it is.
    """

    image: Image.Image
    number: int | None = None
    left_out: str = ""

    def name(self, file: object) -> str:
        """The name of the page in a file: "scan.tif[2]", or that of the file alone."""
        return page_name(file, self.number)


def page_name(file: object, number: int | None) -> str:
    """The name of a page: "scan.tif[2]"; number None: that of the file alone."""
    return str(file) if number is None else f"{file}[{number}]"


def find_pages(image: Image.Image) -> Iterator[tuple[int, int | None]]:
    """Return the frames of an open image file that are pages, each with the page's number.

    Only a TIFF has pages; of other files the first frame is the image. Previews and masks in a TIFF
    are no pages. The number is None where there is one page.
    """
    if image.format != "TIFF":
        yield image.tell(), None
        return
    frame, number = _next_page(image, 0), 0
    while frame is not None:
        following, number = _next_page(image, frame + 1), number + 1
        yield frame, number if number > 1 or following is not None else None
        frame = following


def _next_page(image: Image.Image, frame: int) -> int | None:
    """The first frame from this one on that is a page; None where there is none."""
    while True:
        try:
            image.seek(frame)
        except EOFError:
            return None
        kind = image.tag_v2.get(_SUBFILE_TYPE, 0)  # type: ignore[attr-defined]
        if not (isinstance(kind, int) and kind & _NO_PAGE):
            return frame
        frame += 1


def read_page(image: Image.Image, frame: int, number: int | None) -> Page:
    """Read one page of an open image file.

    Args:
        image: the open file.
        frame: the frame that is the page.
        number: the number of the page.

    Raises:
        ValueError: some pixels are infinite or NaN, or it is too large (ImageTooLargeError).
        Exception: what the decoder raises for a damaged file.
    """
    if image.tell() != frame:
        image.seek(frame)
    limit_size(image)
    image.load()
    left_out = _left_out(image)
    small = reduced(image)  # first: a large image is turned in memory as a second one
    ImageOps.exif_transpose(small, in_place=True)
    return Page(_checked(small), number, left_out)


def upright(image: Image.Image) -> Image.Image:
    """The image as it would be read from its file: upright, 12-bit values stretched to 16 bits.

    Raises:
        TypeError: it is no image.
        ValueError: it has no pixels, or some are infinite or NaN.
    """
    if not isinstance(image, Image.Image):
        raise TypeError(f"expected a Pillow image, found {type(image).__name__}")
    if 0 in image.size:
        raise ValueError(f"expected an image with pixels, found {image.width} × {image.height}")
    is_turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
    return _checked(ImageOps.exif_transpose(image) if is_turned else image)


def _left_out(image: Image.Image) -> str:
    if image.format in ("TIFF", "MPO") or getattr(image, "n_frames", 1) < 2:
        return ""  # the further images of a JPEG are previews
    if image.format == "HEIF":
        return "of several images in this file, the main one is read"
    return "of an animation, the first image is read"


def _checked(image: Image.Image) -> Image.Image:
    """The image with finite pixels, and 12-bit values stretched to 16 bits.

    Raises:
        ValueError: some pixels are infinite or NaN.
    """
    if image.mode == "F" and not np.isfinite(np.asarray(image)).all():
        raise ValueError("some of its pixels are infinite or NaN")
    if image.mode.startswith("I"):
        values = np.asarray(image)
        if values.min() >= 0 and _MAX_8_BIT < values.max() <= _MAX_12_BIT:
            return Image.fromarray(values.astype(np.uint16) * 16)
    return image
