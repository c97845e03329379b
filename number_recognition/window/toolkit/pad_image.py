"""The content of the pad as an image, and the file types of the file dialogs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import PAD
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.viewport import Viewport
from number_recognition.digits.images.image_formats import EXTENSIONS
from number_recognition.storage.files import atomic_write

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.session.pad_content import PadContent

IMAGE_TYPES = (("Images", EXTENSIONS), ("All files", "*"))
"""File types in the format of Tk's file dialogs."""
_SCALE = 2.0
"""Pixels in a unit of the pad."""
_MARGIN = PAD / 20
"""To the left and to the right of a drawing wider than the square pad."""


def render_image(content: PadContent) -> Image.Image:
    """Return the image on the pad, or the drawing as an image, black ink on white.

    A drawing wider than the square pad makes a wider image.
    """
    if content.image is not None:
        return content.image
    left, _, right, _ = content.box or (0.0, 0.0, PAD, PAD)
    width = max(PAD, PAD - 2 * left, 2 * right - PAD)
    if width > PAD:
        width += max(stroke.width for stroke in content.drawing.strokes) + _MARGIN
    view = Viewport(math.ceil(_SCALE * width), round(_SCALE * PAD), _SCALE)
    return rasterize(content.drawing, view)


def save_image(content: PadContent, path: Path) -> None:
    """Save the content of the pad as an image file, completely or not at all.

    Raises:
        OSError: the file cannot be written.
        ValueError: Pillow does not know the ending of the file's name.
    """
    atomic_write(path, render_image(content).save)
