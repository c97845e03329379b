"""Edits of an image on the pad: ink is drawn on it or erased, a part of it is cut out.

An image lies in the middle of the square pad and is as high as the square; strokes and boxes are in
units of the pad.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from number_recognition.digits.cleaning.background import estimate_background, on_light_paper
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.viewport import Box, Viewport
from number_recognition.digits.images.image_limits import scaled_down

_MAX_SIDE = 2048
"""A larger image is scaled down when it is edited; it is read at a smaller scale anyway."""
_DARKEST_SHARE = 0.005
"""This part of the pixels, the darkest ones, has the colour of the ink."""
_MIN_CONTRAST = 0.2
"""Ink that differs from its paper by less than this is none: black is drawn, or white."""


def draw_on_image(image: Image.Image, strokes: Drawing) -> Image.Image:
    """Return an image with strokes in the colour of its ink; 8 bits, grey or colour."""
    image = _editable(image)
    return Image.composite(
        image, Image.new(image.mode, image.size, _ink(image)), _mask(image, strokes)
    )


def erase_on_image(image: Image.Image, strokes: Drawing) -> Image.Image:
    """Return an image with paper in place of what is under strokes; 8 bits, grey or colour."""
    image = _editable(image)
    return Image.composite(image, _paper(image), _mask(image, strokes))


def crop_image(image: Image.Image, box: Box) -> Image.Image:
    """Return the part of an image in a box.

    Raises:
        ValueError: the box holds no pixel of the image.
    """
    view = Viewport.of_image(image.size)
    left, top = view.to_pixels(box[:2])
    right, bottom = view.to_pixels(box[2:])
    pixels = (
        max(0, round(left)),
        max(0, round(top)),
        min(image.width, round(right)),
        min(image.height, round(bottom)),
    )
    if pixels[0] >= pixels[2] or pixels[1] >= pixels[3]:
        raise ValueError("the rectangle holds nothing of the image")
    return image.crop(pixels)


def _mask(image: Image.Image, strokes: Drawing) -> Image.Image:
    """Where an image stays as it is, 0 to 255."""
    return rasterize(strokes, Viewport.of_image(image.size))


def _editable(image: Image.Image) -> Image.Image:
    """The image with 8 bits, grey or in colours on white, and not too large."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float64)
        high = 255 if values.max() <= 255 and image.mode == "I" else 65535
        scale = max(1.0, np.abs(values).max()) if image.mode == "F" else high
        image = Image.fromarray(np.clip(values / scale * 255, 0, 255).astype(np.uint8))
    elif image.has_transparency_data or image.mode not in ("L", "RGB"):
        on_white = Image.new("RGBA", image.size, "white")
        on_white.alpha_composite(image.convert("RGBA"))
        image = on_white.convert("RGB")
    return scaled_down(image, _MAX_SIDE)


def _grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"), np.float32) / 255


def _ink(image: Image.Image) -> int | tuple[int, ...]:
    """The colour of the ink of an image, black or white where it has none."""
    grey = _grey(image)
    light = on_light_paper(grey)
    order = np.argsort(light, axis=None)
    darkest = order[: max(1, int(_DARKEST_SHARE * len(order)))]
    flat = light.ravel()
    if flat[order[len(order) // 2]] - flat[darkest].mean() < _MIN_CONTRAST:
        shade = 0 if np.median(grey) > 1 / 2 else 255
        return shade if image.mode == "L" else (shade,) * 3
    pixels = np.asarray(image).reshape(len(order), -1)
    colour = [int(value) for value in np.median(pixels[darkest], axis=0)]
    return colour[0] if image.mode == "L" else tuple(colour)


def _paper(image: Image.Image) -> Image.Image:
    """The image as if nothing were written on it."""
    grey = _grey(image)
    light = on_light_paper(grey)
    background = estimate_background(light)
    if light is not grey:
        background = grey.min() + grey.max() - background
    pixels = np.asarray(image, np.float32).reshape(*grey.shape, -1) / 255
    is_paper = np.abs(grey - background) <= _MIN_CONTRAST / 2
    colour = pixels[is_paper].mean(axis=0) if is_paper.any() else np.ones(pixels.shape[2])
    colour = colour / max(1e-3, float(grey[is_paper].mean()) if is_paper.any() else 1.0)
    paper = np.clip(background[..., None] * colour * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(paper[..., 0] if image.mode == "L" else paper)
