"""Grain and dirt of paper that a threshold leaves among the ink of a picture."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from number_recognition.digits.cleaning.components import large_parts, largest_part, with_any

FAINTEST = 12.5 / 255
"""Ink that is fainter does not belong to the digit."""
MIN_CONTRAST = 0.08
"""An image, or what a filter leaves of one, is blank with less contrast than this."""
_MIN_GRAIN = 0.02
"""Noise of the paper above this is that of a photo or a scan."""
_SPECK = 1 / 128
"""The size of specks as a part of the image's shorter side; lines are wider."""
_MAX_RADIUS = 2
_LINE = 0.35
"""From this strength on a pixel belongs to a line; fainter ones are its edge."""
_LITTLE_INK = 0.005
"""Of the pixels: where fewer belong to lines, there is a small digit, or specks alone."""
_SPECK_SIZE = 1 / 40
"""Of the shorter side: connected ink that is no larger is a speck, …"""
_LARGEST_SPECK = 7
"""… and that of more pixels is none."""
_GRAIN = 0.01
"""Fainter ink is not even grain."""
_MOST_FAINT = 4
"""Where so many times as many pixels as those of lines have ink, most of it is grain."""
_SMALL_DIGIT = 32
"""Pixels: a filter would remove lines of smaller digits."""
_PART_OF_DIGIT = 1 / 4
"""Of the largest connected ink of a small digit: smaller ink is grain."""
_LINE_SHARE = 3 / 9
"""Of 3 × 3 pixels, the thinnest line covers three, and a speck covers one."""


def without_grain(ink: np.ndarray, noise: float) -> np.ndarray | None:
    """The ink of a picture without grain, (height, width) float32; None where nothing is left.

    Args:
        ink: (height, width) from 0 to 1.
        noise: of the paper, from 0 to 1: ink differs more from its median.
    """
    if may_be_small_and_grainy(ink, noise):
        size = largest_part(ink > _LINE)
        if size <= min(_LARGEST_SPECK, min(ink.shape) * _SPECK_SIZE):
            return None
        if size <= _SMALL_DIGIT:
            return _small_digit(ink, size)
    return _without_specks(ink) if noise > _MIN_GRAIN else ink.astype(np.float32)


def may_be_small_and_grainy(ink: np.ndarray, noise: float) -> np.ndarray:
    """Whether there is little ink, and grain: black or white paper hides half of it.

    Args:
        ink: that of an image, or of several: (…, height, width) from 0 to 1.
        noise: see `without_grain`.

    Returns:
        (…) bool.
    """
    lines = np.count_nonzero(ink > _LINE, axis=(-2, -1))
    has_faint = np.count_nonzero(ink > _GRAIN, axis=(-2, -1)) > _MOST_FAINT * lines
    is_little = lines <= _LITTLE_INK * ink.shape[-2] * ink.shape[-1]
    return np.asarray(((noise > 0) | has_faint) & is_little)


def _small_digit(ink: np.ndarray, size: int) -> np.ndarray:
    """The ink of a grainy image with a digit so small that a filter would remove its lines.

    Grain holds together over far less than the largest connected ink, which is of this size.
    """
    lines = large_parts(ink > _LINE, size * _PART_OF_DIGIT)
    return np.where(with_any(ink > FAINTEST, lines), ink, 0).astype(np.float32)


def _without_specks(ink: np.ndarray) -> np.ndarray | None:
    """The ink of a grainy image without the specks that the threshold left.

    A median filter removes specks, but also lines that are no wider than its radius, which is
    therefore smaller for smaller images. In an image too small for it, specks are single pixels.
    """
    image = ink_image(ink)
    radius = min(_MAX_RADIUS, int(min(ink.shape) * _SPECK))
    if radius:
        cleaned = np.asarray(image.filter(ImageFilter.MedianFilter(2 * radius + 1)), np.float32)
        return cleaned / cleaned.max() if cleaned.max() >= 255 * MIN_CONTRAST else None
    blurred = image.filter(ImageFilter.BoxBlur(1))
    if np.asarray(blurred).max() < 255 * _LINE_SHARE:
        return None
    lines = blurred.point(lambda value: 255 * (value > 255 * _LINE_SHARE / 2))
    cleaned_lines = np.where(np.asarray(lines.filter(ImageFilter.MaxFilter(3))), ink, 0)
    return cleaned_lines.astype(np.float32)


def ink_image(ink: np.ndarray) -> Image.Image:
    """Ink from 0 to 1 as an 8-bit grey image, ink 255."""
    return Image.fromarray(as_bytes(ink))


def as_bytes(ink: np.ndarray) -> np.ndarray:
    """Ink from 0 to 1 as (height, width) uint8, ink 255."""
    return np.asarray((ink * 255).round().astype(np.uint8))
