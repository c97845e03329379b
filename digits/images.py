"""Image files in: read whole, framed, or refused by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from digits.frame import SIZE, frame

LABELS = [str(digit) for digit in range(10)]
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm")
"""What the name of an image ends in, in small letters."""


def list_images(folder: Path) -> list[Path]:
    """The files of a folder that count as images, sorted; none where there is no such folder.

    They are known by their ending. A name that starts with a dot is a file that is still written.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [folder / name for name in sorted(_image_names(folder))]


def has_images(folder: Path) -> bool:
    """Whether a folder has any of the files that `list_images` lists.

    Raises:
        OSError: the folder cannot be listed.
    """
    return any(True for _ in _image_names(folder))


def _image_names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is_image_name(entry.name) and not _is_folder(entry):
                    yield entry.name
    except FileNotFoundError:
        return
    except OSError as error:
        raise OSError(f"{folder}: cannot be listed ({error.strerror or error})") from error


def _is_image_name(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in ENDINGS and not name.startswith(".")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere: whoever reads it says so
        return False


def read_labelled_folder(folder: str | Path) -> tuple[list[Path], list[int]]:
    """The images below `<folder>/0` … `<folder>/9` with their labels.

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
        ValueError: it is no image, or a broken or far too large one.
    """
    path = Path(path)
    try:
        with Image.open(path) as image:
            image.load()
            return ImageOps.exif_transpose(image)
    except (FileNotFoundError, IsADirectoryError):
        raise FileNotFoundError(f"{path}: expected an image, found no such file") from None
    except UnidentifiedImageError:
        raise ValueError(f"{path}: expected an image, found another file") from None
    except Image.DecompressionBombError as error:
        raise ValueError(f"{path}: expected an image of a sensible size: {error}") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValueError(f"{path}: expected an image, found a broken one ({error})") from error


def read_pixels(path: Path) -> np.ndarray:
    """One image file as the network reads it, (28, 28) uint8 with ink 255.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no image, or a blank one.
    """
    image = open_image(path)
    if image.size == (SIZE, SIZE) and image.mode == "L":
        pixels = np.asarray(image)
        if not pixels[[0, -1]].any() and not pixels[:, [0, -1]].any() and pixels.any():
            return pixels
    framed = frame(image)
    if framed is None:
        raise ValueError(f"{path}: expected a digit, found a blank image")
    return np.round(framed.pixels * 255).astype(np.uint8)
