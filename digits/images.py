"""Image files in: read whole, framed, or refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from digits.frame import SIZE, frame

LABELS = [str(digit) for digit in range(10)]
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm")
"""What the name of an image ends in, in small letters."""


class BlankImage(ValueError):
    """An image on which there is nothing."""


def read_labelled_folder(folder: str | Path) -> tuple[list[Path], list[int]]:
    """The images below `<folder>/0` … `<folder>/9` with their labels.

    Raises:
        ValueError: there is none.
    """
    folder = Path(folder)
    paths, labels = [], []
    for label in LABELS:
        for path in sorted((folder / label).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                paths.append(path)
                labels.append(int(label))
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
