"""Image files: opened and framed. Every image of the program is opened here."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_formats import (
    HEADER_SIZE,
    ImageFormat,
    describe_other,
    detect_format,
)
from number_recognition.digits.images.image_limits import ImageTooLargeError
from number_recognition.digits.images.image_lists import OnError, list_images
from number_recognition.digits.images.pages import Page, find_pages, page_name, read_page
from number_recognition.storage.file_errors import reason
from number_recognition.storage.files import check_regular

LABELS = [str(digit) for digit in range(10)]


class BlankImage(ValueError):
    """An image without ink."""


NO_IMAGES = "expected images in subfolders 0 to 9, found none"


def list_labelled_images(folder: str | Path, missing: str = NO_IMAGES) -> list[tuple[Path, int]]:
    """Return each image in `<folder>/0` … `<folder>/9` with its label.

    Raises:
        ValueError: there is none; says `missing`.
        OSError: one of these folders cannot be listed.
    """
    folder = Path(folder)
    listed = [(path, int(label)) for label in LABELS for path in list_images(folder / label)]
    if not listed:
        raise ValueError(f"{folder}: {missing}")
    return listed


def open_image(path: str | Path) -> Image.Image:
    """Read an image file, upright by the orientation that a photo states.

    Of several pages, the first is read.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: it cannot be read.
        ValueError: it is not an image, or a broken or far too large one.
    """
    return open_first_page(path).image


def open_first_page(path: str | Path) -> Page:
    """Read the first page of an image file; raises as `open_image`."""
    path = Path(path)
    with _opened(path) as file:
        return next(_pages(file, path))


def open_pages(path: str | Path, on_error: OnError) -> Iterator[Page]:
    """Read the pages of an image file one after another, as they are asked for.

    Args:
        path: the file.
        on_error: called with the error of a file or a page that cannot be read (see `open_image`);
            the pages after it are read.
    """
    path = Path(path)
    try:
        with _opened(path) as file:
            yield from read_pages(file, path, on_error)
    except (OSError, ValueError) as error:
        on_error(error)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The open file; errors of opening and reading it say which file it is."""
    try:
        check_regular(path, expected="an image")
        with path.open("rb") as file:
            yield file
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"{path}: expected an image, found no such file") from None
    except OSError as error:
        why = reason(error)
        raise OSError(f"{path}: expected an image, the file cannot be read ({why})") from error


def read_image(file: BinaryIO, name: object) -> Image.Image:
    """Read an image from an open file, upright; of several pages, the first.

    Args:
        file: open for reading, at its start.
        name: the name in error messages.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not an image, or a broken or far too large one.
    """
    return next(_pages(file, name)).image


def read_pages(file: BinaryIO, name: object, on_error: OnError) -> Iterator[Page]:
    """Read the pages of an open file one after another; see `open_pages` and `read_image`."""
    try:
        yield from _pages(file, name, on_error)
    except (OSError, ValueError) as error:
        on_error(error)


def _raise(error: Exception) -> None:
    raise error


def _pages(file: BinaryIO, name: object, on_error: OnError = _raise) -> Iterator[Page]:
    """The pages of an open file; errors of single pages go to `on_error`.

    Pillow may use the decoder of the detected format only: others run programs.

    Raises:
        OSError, ValueError: see `read_image`.
    """
    image_format = _detect_format(file.read(HEADER_SIZE), name)
    file.seek(0)
    with _decoding(name, image_format):
        image = Image.open(file, formats=[image_format.name])
        frames = find_pages(image)
        frame, number = next(frames, (None, None))
    with image:
        while frame is not None:
            try:
                with _decoding(page_name(name, number), image_format):
                    page = read_page(image, frame, number)
            except ValueError as error:
                on_error(error)
            else:
                yield page
            with _decoding(name, image_format):
                frame, number = next(frames, (None, None))


def _detect_format(head: bytes, name: object) -> ImageFormat:
    """The format of a file by its first bytes, ready to be decoded.

    Raises:
        ValueError: it is not an image, or what reads it is not installed.
    """
    image_format = detect_format(head)
    if image_format is None:
        raise ValueError(f"{name}: expected an image, found {describe_other(head)}")
    try:
        image_format.register()
    except ImportError as error:
        raise ValueError(
            f"{name}: found a {image_format.name} image; to read it, install "
            f"{image_format.module.split('.')[0].replace('_', '-').lower()}"
        ) from error
    return image_format


@contextlib.contextmanager
def _decoding(name: object, image_format: ImageFormat) -> Iterator[None]:
    """Turn what decoders raise into a ValueError that names the file.

    Raises:
        ValueError: the image is broken or far too large.
    """
    try:
        with warnings.catch_warnings():
            # They are about large images and odd metadata; what cannot be read is an error.
            warnings.simplefilter("ignore")
            yield
    except (ImageTooLargeError, Image.DecompressionBombError) as error:
        raise ValueError(
            f"{name}: expected an image, found one that is too large: {error}"
        ) from error
    except Exception as error:  # decoders raise KeyError, struct.error, …
        unknown = isinstance(error, UnidentifiedImageError)
        reason = "its header is damaged" if unknown else str(error) or type(error).__name__
        raise ValueError(
            f"{name}: expected an image, found a broken {image_format.name} ({reason})"
        ) from error


def read_pixels(path: Path) -> np.ndarray:
    """Read and frame an image file, (28, 28) uint8 with ink 255.

    Raises:
        FileNotFoundError: there is no such file.
        BlankImage: it has no ink.
        ValueError: it is not an image.
    """
    return pixels_of(open_image(path), path)


def pixels_of(image: Image.Image, name: object) -> np.ndarray:
    """The pixels of an image, framed unless it is already, (28, 28) uint8 with ink 255.

    Raises:
        BlankImage: it has no ink; `name` names it.
    """
    pixels = framed_pixels(image)
    if pixels is not None:
        return pixels
    framed = frame(image)
    if framed is None:
        raise BlankImage(f"{name}: expected a digit, found a blank image")
    return framed.as_bytes()


def framed_pixels(image: Image.Image) -> np.ndarray | None:
    """The pixels of an image that is framed already, (28, 28) uint8; None where it is not."""
    if image.size != (SIZE, SIZE) or image.mode != "L":
        return None
    pixels = np.asarray(image)
    edges = (pixels[[0, -1]], pixels[:, [0, -1]])
    return pixels if pixels.any() and not any(edge.any() for edge in edges) else None
