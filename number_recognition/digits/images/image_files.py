"""Image files: listed, opened and framed. Every image of the program is opened here."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from number_recognition.digits.images.frame import SIZE, frame
from number_recognition.digits.images.image_formats import (
    FORMAT_NAMES,
    HEADER_SIZE,
    ImageFormat,
    detect_format,
    is_image,
)
from number_recognition.digits.images.image_limits import ImageTooLargeError, limit_size, reduced
from number_recognition.storage.file_errors import explanation, reason

LABELS = [str(digit) for digit in range(10)]


def list_images(folder: Path) -> list[Path]:
    """Return the image files of a folder, sorted; none where there is no such folder.

    Images are detected by extension or content. Names that start with a dot are ignored: such
    files are still being written.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [folder / name for name in sorted(_image_names(folder))]


def count_images(folder: Path) -> int:
    """How many files of a folder `list_images` lists.

    Raises:
        OSError: the folder cannot be listed.
    """
    return sum(1 for _ in _image_names(folder))


def _image_names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as files:
            for file in files:
                if _is_listed(file):
                    yield file.name
    except FileNotFoundError:
        return
    except OSError as error:
        raise explanation(folder, error, "cannot be listed") from error


def find_images(folder: Path, on_error: Callable[[OSError], object]) -> list[Path]:
    """Return the images of a folder and its subfolders, sorted; hidden folders are ignored.

    Args:
        folder: the folder.
        on_error: called with the error of each folder that cannot be listed.
    """
    images: list[Path] = []
    folders = [folder]
    while folders:
        current = folders.pop()
        try:
            images += list_images(current)
            folders += [path for path in current.iterdir() if _is_visible_folder(path)]
        except FileNotFoundError:  # deleted meanwhile, or never there
            continue
        except OSError as error:
            on_error(error)
    return sorted(images)


def _is_visible_folder(path: Path) -> bool:
    """Whether it is a folder, not hidden and not a link, which could make a loop."""
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _is_listed(file: os.DirEntry[str]) -> bool:
    if file.name.startswith(".") or _is_folder(file):
        return False
    return is_image(file.path)


def _is_folder(file: os.DirEntry[str]) -> bool:
    try:
        return file.is_dir()
    except OSError:  # a broken link: reading it reports the error
        return False


class BlankImage(ValueError):
    """An image without ink."""


def read_labelled_folder(folder: str | Path) -> tuple[list[Path], list[int]]:
    """Return the images in `<folder>/0` … `<folder>/9` with their labels.

    Raises:
        ValueError: there is none.
        OSError: one of these folders cannot be listed.
    """
    folder = Path(folder)
    paths, labels = [], []
    for label in LABELS:
        images = list_images(folder / label)
        paths += images
        labels += [int(label)] * len(images)
    if not paths:
        raise ValueError(f"{folder}: expected images in subfolders 0 to 9, found none")
    return paths, labels


def open_image(path: str | Path) -> Image.Image:
    """Read an image file, upright by the orientation that a photo states.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: it cannot be read.
        ValueError: it is not an image, or a broken or far too large one.
    """
    path = Path(path)
    try:
        _check_regular(path)
        with path.open("rb") as file:
            return read_image(file, path)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"{path}: expected an image, found no such file") from None
    except OSError as error:
        why = reason(error)
        raise OSError(f"{path}: expected an image, the file cannot be read ({why})") from error


def _check_regular(path: Path) -> None:
    """Check that a path is a regular file: opening a pipe would wait, a device would act.

    Raises:
        OSError: there is no such file.
        ValueError: it is a folder, a pipe, a device, …
    """
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a name with a null character, which a CSV can hold
        raise ValueError(f"{str(path)!r}: expected the name of an image ({error})") from error
    if not stat.S_ISREG(mode):
        found = "a folder" if stat.S_ISDIR(mode) else "a pipe, a device or the like"
        raise ValueError(f"{path}: expected an image, found {found}")


def read_image(file: BinaryIO, name: object) -> Image.Image:
    """Read an image from an open file, upright.

    Pillow may use the decoder of the detected format only: others run programs.

    Args:
        file: open for reading, at its start.
        name: the name in error messages.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not an image, or a broken or far too large one.
    """
    head = file.read(HEADER_SIZE)
    image_format = detect_format(head)
    if image_format is None:
        found = f"another file (supported: {FORMAT_NAMES})" if head else "an empty file"
        raise ValueError(f"{name}: expected an image, found {found}")
    try:
        image_format.register()
    except ImportError as error:
        raise ValueError(
            f"{name}: found a {image_format.name} image; to read it, install "
            f"{image_format.module.split('.')[0].replace('_', '-').lower()}"
        ) from error
    return _decode(file, name, image_format)


def _decode(file: BinaryIO, name: object, image_format: ImageFormat) -> Image.Image:
    """Read a file with one decoder.

    Raises:
        ValueError: the image is broken or far too large.
    """
    try:
        with warnings.catch_warnings():
            # They are about large images and odd metadata; what cannot be read is an error.
            warnings.simplefilter("ignore")
            file.seek(0)
            with Image.open(file, formats=[image_format.name]) as image:
                limit_size(image)
                image.load()
                ImageOps.exif_transpose(image, in_place=True)
                return _checked(reduced(image))
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


def _checked(image: Image.Image) -> Image.Image:
    """Check that the pixels of an image are finite."""
    if image.mode == "F" and not np.isfinite(np.asarray(image)).all():
        raise ValueError("some of its pixels are infinite or NaN")
    return image


def read_pixels(path: Path) -> np.ndarray:
    """Read and frame an image file, (28, 28) uint8 with ink 255.

    Raises:
        FileNotFoundError: there is no such file.
        BlankImage: it has no ink.
        ValueError: it is not an image.
    """
    image = open_image(path)
    if image.size == (SIZE, SIZE) and image.mode == "L":
        pixels = np.asarray(image)
        if not pixels[[0, -1]].any() and not pixels[:, [0, -1]].any() and pixels.any():
            return pixels
    framed = frame(image)
    if framed is None:
        raise BlankImage(f"{path}: expected a digit, found a blank image")
    return np.round(framed.pixels * 255).astype(np.uint8)
