"""The content of the pad as an image, and the file types of the file dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.image_formats import EXTENSIONS
from number_recognition.storage.files import atomic_write

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.session.pad_content import PadContent

IMAGE_TYPES = (("Images", EXTENSIONS), ("All files", "*"))
"""File types in the format of Tk's file dialogs."""
_SIDE = 560


def render_image(content: PadContent) -> Image.Image:
    """Return the image on the pad, or the drawing as an image, black ink on white."""
    return content.image if content.image is not None else rasterize(content.drawing, _SIDE)


def save_image(content: PadContent, path: Path) -> None:
    """Save the content of the pad as an image file, completely or not at all.

    Raises:
        OSError: the file cannot be written.
        ValueError: Pillow does not know the ending of the file's name.
    """
    atomic_write(path, render_image(content).save)
