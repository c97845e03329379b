"""Brings ink to the size of MNIST's digits, and places it as they are placed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

SIZE = 28
BOX = 20
_PLACES = np.arange(BOX)
_WORK = 6 * BOX
"""Thin lines are widened at this size of the digit, before it is scaled down to the box."""
_MIN_LINE_WIDTH = 1 / 14
"""Thinner lines, as a part of the digit's size, would be lost in scaling down."""


def line_width(ink: np.ndarray) -> float:
    """Return the mean width of the lines of an image in pixels; see `line_widths`."""
    return float(line_widths(ink[None])[0])


def line_widths(inks: np.ndarray) -> np.ndarray:
    """Return the mean width of the lines of each image in pixels, (n,) float.

    A line of width w and length l has the area w·l and the outline 2·l. The outline is measured
    as the total variation of the ink, which counts a slanted line √2 times at the most and 4/π
    times on average.

    Args:
        inks: (n, height, width) uint8, ink 255 on paper 0; some ink in each.
    """
    count, height, width = inks.shape
    framed = np.zeros((count, height + 2, width + 2), np.int32)  # quicker than np.pad and np.diff
    framed[:, 1:-1, 1:-1] = inks
    variation = np.abs(framed[:, 1:] - framed[:, :-1]).sum(axis=(1, 2))
    variation += np.abs(framed[:, :, 1:] - framed[:, :, :-1]).sum(axis=(1, 2))
    return np.asarray(2 * framed.sum(axis=(1, 2)) / (variation * np.pi / 4))


def scaled_to_box(cropped: Image.Image, width: float) -> Image.Image:
    """Scale ink with its aspect ratio into a box of 20 × 20; thin lines are thickened first.

    Args:
        cropped: the ink without paper around it, 8-bit grey, ink 255.
        width: that of its lines in pixels, see `line_width`.
    """
    return _fit(_thickened(cropped, width), BOX)


def _fit(image: Image.Image, side: int) -> Image.Image:
    """Scale an image so that its longer side is `side` pixels."""
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.HAMMING)


def _thickened(image: Image.Image, width: float) -> Image.Image:
    """Widen lines of this width if it is below `_MIN_LINE_WIDTH`; wider ones stay as they are."""
    radius = round((_MIN_LINE_WIDTH - width / max(image.size)) * _WORK / 2)
    if radius < 1:
        return image
    thin = _fit(image, _WORK)
    wide = Image.new("L", (thin.width + 2 * radius, thin.height + 2 * radius))
    wide.paste(thin, (radius, radius))
    return wide.filter(ImageFilter.MaxFilter(2 * radius + 1))


def centred(boxed: Sequence[Image.Image]) -> np.ndarray:
    """Place ink of at most 20 × 20 into 28 × 28 with its centre of mass at the centre.

    Args:
        boxed: n 8-bit grey images, ink 255.

    Returns:
        (n, 28, 28) float32, the strongest ink of each 1 on paper 0.
    """
    inks = np.zeros((len(boxed), BOX, BOX), np.uint8)
    for ink, image in zip(inks, boxed, strict=True):
        ink[: image.height, : image.width] = np.asarray(image)
    tops = _starts(inks.sum(axis=2), [image.height for image in boxed])
    lefts = _starts(inks.sum(axis=1), [image.width for image in boxed])
    amounts = inks.astype(np.float32) / 255
    amounts /= np.maximum(amounts.max(axis=(1, 2)), 1 / 255)[:, None, None]
    pixels = np.zeros((len(boxed), SIZE, SIZE), np.float32)
    for number, image in enumerate(boxed):
        rows = slice(tops[number], tops[number] + image.height)
        columns = slice(lefts[number], lefts[number] + image.width)
        pixels[number, rows, columns] = amounts[number, : image.height, : image.width]
    return pixels


def _starts(sums: np.ndarray, lengths: Sequence[int]) -> list[int]:
    """The first rows or columns of inks whose centres of mass come to pixel 14, as in MNIST.

    Args:
        sums: the ink of each row, or column, (n, 20).
        lengths: of the rows or columns that each ink has.
    """
    centres = (sums * _PLACES).sum(axis=1) / np.maximum(sums.sum(axis=1), 1)
    starts: list[int] = (
        np.clip(np.rint(SIZE / 2 - centres), 0, SIZE - np.array(lengths)).astype(int).tolist()
    )
    return starts
