"""Image files in: read whole, framed, or refused by name. Every picture is opened here."""

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

LABELS = [str(digit) for digit in range(10)]


def list_images(folder: Path) -> list[Path]:
    """The files of a folder that count as images, sorted; none where there is no such folder.

    They are known by their ending or their content. A name that starts with a dot is a file that
    is still written.

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
        with os.scandir(folder) as entries:
            for entry in entries:
                if _counts_as_image(entry):
                    yield entry.name
    except FileNotFoundError:
        return
    except OSError as error:
        raise OSError(f"{folder}: cannot be listed ({error.strerror or error})") from error


def find_images(folder: Path, on_error: Callable[[OSError], object]) -> list[Path]:
    """The images of a folder and of the folders in it, sorted; none in hidden folders.

    Args:
        folder: where to look.
        on_error: hears of each folder that cannot be listed.
    """
    found: list[Path] = []
    folders = [folder]
    while folders:
        place = folders.pop()
        try:
            found += list_images(place)
            folders += [path for path in place.iterdir() if _is_open_folder(path)]
        except FileNotFoundError:  # it is gone, or never was
            continue
        except OSError as error:
            on_error(error)
    return sorted(found)


def _is_open_folder(path: Path) -> bool:
    """Whether it is a folder to look into: no hidden one, and no link, which could lead back."""
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _counts_as_image(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or _is_folder(entry):
        return False
    return is_image(Path(entry.path))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere: whoever reads it says so
        return False


class BlankImage(ValueError):
    """An image on which there is nothing."""


def read_labelled_folder(folder: str | Path) -> tuple[list[Path], list[int]]:
    """The images in `<folder>/0` … `<folder>/9` with their labels; other files are left out.

    Raises:
        ValueError: there is none.
        OSError: one of these folders cannot be listed.
    """
    folder = Path(folder)
    paths, labels = [], []
    for label in LABELS:
        found = list_images(folder / label)
        paths += found
        labels += [int(label)] * len(found)
    if not paths:
        raise ValueError(f"{folder}: expected images in subfolders 0 to 9, found none")
    return paths, labels


def open_image(path: str | Path) -> Image.Image:
    """Read an image file whole, upright: a photo says itself how the camera was held.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: it cannot be read.
        ValueError: it is no image, or a broken or far too large one.
    """
    path = Path(path)
    try:
        _check_regular(path)
        with path.open("rb") as file:
            return read_image(file, path)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"{path}: expected an image, found no such file") from None
    except OSError as error:
        reason = error.strerror or error
        raise OSError(f"{path}: expected an image, the file cannot be read ({reason})") from error


def _check_regular(path: Path) -> None:
    """Refuse what is no regular file: to open a pipe waits, and to open a device acts.

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
    """Read an image from an open file whole, upright.

    Pillow is asked for the format that the content shows, and for no other: some of its decoders
    run programs.

    Args:
        file: open for reading, at its beginning.
        name: what errors call it.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no image, or a broken or far too large one.
    """
    head = file.read(HEADER_SIZE)
    image_format = detect_format(head)
    if image_format is None:
        found = f"another file (what is read: {FORMAT_NAMES})" if head else "an empty file"
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
    """Let one decoder read a file.

    Raises:
        ValueError: the image is broken or far too large.
    """
    try:
        with warnings.catch_warnings():
            # Of large pictures and odd metadata; what cannot be read is an error anyway.
            warnings.simplefilter("ignore")
            file.seek(0)
            with Image.open(file, formats=[image_format.name]) as image:
                image.load()
                return _checked(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise ValueError(f"{name}: expected an image of a sensible size: {error}") from error
    except Exception as error:  # a decoder raises what it likes: KeyError, struct.error, …
        unknown = isinstance(error, UnidentifiedImageError)
        reason = "its header is damaged" if unknown else str(error) or type(error).__name__
        raise ValueError(
            f"{name}: expected an image, found a broken {image_format.name} ({reason})"
        ) from error


def _checked(image: Image.Image) -> Image.Image:
    """The image, if its pixels are numbers."""
    if image.mode == "F" and not np.isfinite(np.asarray(image)).all():
        raise ValueError("some of its pixels are infinite or no numbers")
    return image


def read_pixels(path: Path) -> np.ndarray:
    """One image file as the network reads it, (28, 28) uint8 with ink 255.

    Raises:
        FileNotFoundError: there is no such file.
        BlankImage: there is nothing on it.
        ValueError: it is no image.
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
