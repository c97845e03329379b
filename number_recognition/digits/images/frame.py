"""Turns any image into what the network reads: 28 × 28, framed as MNIST frames its digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

SIZE = 28
BOX = 20
_WORK = 6 * BOX
"""Thin lines are widened at this size of the digit, before it is brought down to the box."""
_LARGEST = 1024
_FAINT = 0.08
"""An image whose darkest and lightest parts differ by less than this is blank."""
_LIGHT = 0.35
"""Light that falls from one side makes the paper there brighter by no more than this."""
_GRAIN = 0.02
"""Paper whose own brightness differs by more than this is that of a photo or a scan."""
_SPECK = 1 / 128
"""Specks are this large by the shorter side of the picture; its lines are wider."""
_MOST_REACH = 2
_WHOLE_LINE = 3 / 9
"""Of nine pixels, the thinnest line covers three where it is whole, and a speck covers one."""
_THIN = 1 / 14
"""Lines thinner than this, by the size of the digit, would be lost on the way down."""


@dataclass(frozen=True)
class Frame:
    """A drawing on its way to the network, step by step.

    `drawn`, `cropped` and `boxed` are 8-bit grey images with ink 255 on paper 0, of the size of
    the image, of its ink, and of the 20 × 20 box. `pixels` is what the network reads, (28, 28)
    float32, ink 1 on paper 0.
    """

    drawn: Image.Image
    cropped: Image.Image
    boxed: Image.Image
    pixels: np.ndarray

    def as_image(self) -> Image.Image:
        """The pixels as an image, 8-bit grey, 28 × 28, ink 255 on paper 0."""
        return _image(self.pixels)


def frame(image: Image.Image) -> Frame | None:
    """Frame an image as MNIST frames its digits; None where it is blank.

    The ink is cropped, scaled with its aspect kept into a box of 20 × 20 and placed with its
    centre of mass at the centre of 28 × 28. Lines too thin to survive the scaling are thickened
    first.

    Args:
        image: any Pillow image of at least one pixel: any mode, either polarity.

    Raises:
        ValueError: its pixels are no numbers (of mode F: infinite, or NaN).

    Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
    """
    ink = extract_ink(image)
    if ink is None:
        return None
    drawn = _image(ink)
    cropped = drawn.crop(_ink_box(drawn))
    boxed = _fit(_thickened(cropped), BOX)
    return Frame(drawn, cropped, boxed, _centred(np.asarray(boxed, dtype=np.float32) / 255))


def extract_ink(image: Image.Image) -> np.ndarray | None:
    """How much ink lies where: (height, width) float32 from 0 to 1, None for a blank image.

    The paper is what the image's border mostly is, so dark ink on light paper and light ink on
    dark paper are both read; what differs from it no more than the border itself does is noise.
    """
    grey = _grey(image)
    grey = grey - _lighting(grey)
    border = np.concatenate(_edges(grey))
    paper = _median(border)
    contrast = np.abs(grey - paper)
    strongest = contrast.max()
    if strongest < _FAINT:
        return None
    noise = 4 * _median(np.abs(border - paper))
    if noise >= strongest:
        return contrast.astype(np.float32)
    ink = np.clip((contrast - noise) / (strongest - noise), 0, 1)
    return _without_specks(ink) if noise > _GRAIN else ink.astype(np.float32)


def _edges(grey: np.ndarray) -> list[np.ndarray]:
    """The left, right, upper and lower edge of an image."""
    return [grey[:, 0], grey[:, -1], grey[0], grey[-1]]


def _lighting(grey: np.ndarray) -> np.ndarray | float:
    """How much brighter than the middle the light makes each place, if evenly from side to side.

    A difference between two edges as large as that of ink and paper is none of light.
    """
    left, right, top, bottom = map(_median, _edges(grey))
    across, down = right - left, bottom - top
    if max(abs(across), abs(down)) > _LIGHT or across == down == 0:
        return 0.0
    rows, columns = (np.linspace(-0.5, 0.5, length) for length in grey.shape)
    return across * columns[None, :] + down * rows[:, None]


def _without_specks(ink: np.ndarray) -> np.ndarray | None:
    """The ink of a grainy picture, less the grains that the threshold left over.

    A median takes specks out, but lines with them that are no wider than it reaches: it reaches
    less far in a smaller picture. In one too small for any, specks are what stands alone.
    """
    image = _image(ink)
    reach = min(_MOST_REACH, int(min(ink.shape) * _SPECK))
    if reach:
        cleaned = np.asarray(image.filter(ImageFilter.MedianFilter(2 * reach + 1)), np.float32)
        return cleaned / cleaned.max() if cleaned.max() >= 255 * _FAINT else None
    around = image.filter(ImageFilter.BoxBlur(1))
    if np.asarray(around).max() < 255 * _WHOLE_LINE:
        return None
    lines = around.point(lambda value: 255 * (value > 255 * _WHOLE_LINE / 2))
    kept = np.where(np.asarray(lines.filter(ImageFilter.MaxFilter(3))), ink, 0)
    return kept.astype(np.float32)


def _median(values: np.ndarray) -> float:
    """The median; NumPy's own imports its masked arrays first, half of the time to an answer."""
    return float(np.sort(values)[len(values) // 2])


def _grey(image: Image.Image) -> np.ndarray:
    """Brightness from 0 to 1, (height, width) float, of an image of any mode."""
    image = _scalable(image)
    if max(image.size) > _LARGEST:
        image = image.copy()
        image.thumbnail((_LARGEST, _LARGEST), reducing_gap=2.0)
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError("expected pixels that are numbers, found infinite ones or NaN")
        if image.mode == "F":
            scaled: np.ndarray = values / max(1.0, np.abs(values).max())
            return scaled
        # Pillow keeps both 8 and 16 bits in whole numbers of 32.
        return values / (255.0 if image.mode == "I" and values.max() <= 255 else 65535.0)
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        on_white = _brightness(_over(colours, "white"))
        # White ink on transparent paper shows on a dark ground only.
        return on_white if np.ptp(on_white) >= _FAINT else _brightness(_over(colours, "black"))
    return _brightness(image)


def _scalable(image: Image.Image) -> Image.Image:
    """The same image in a mode whose pixels can be averaged: a palette's numbers cannot."""
    if image.mode == "LAB":
        return image.getchannel("L")
    as_colours = "RGBA" if image.has_transparency_data else "RGB"
    modes = {"1": "L", "P": as_colours, "PA": "RGBA", "La": "LA", "RGBa": "RGBA"}
    return image.convert(modes[image.mode]) if image.mode in modes else image


def _over(image: Image.Image, colour: str) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", image.size, colour), image)


def _brightness(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"), dtype=np.float64) / 255


def _image(ink: np.ndarray) -> Image.Image:
    return Image.fromarray(np.round(ink * 255).astype(np.uint8))


def _ink_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    return image.point(lambda value: 255 * (value > 12)).getbbox()


def _fit(image: Image.Image, side: int) -> Image.Image:
    """Scale so that the longer side is `side` pixels, the aspect kept."""
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.HAMMING)


def _thickened(image: Image.Image) -> Image.Image:
    """Widen lines that are thinner than `_THIN` of the digit's size, and leave others alone."""
    reach = round((_THIN - line_width(image) / max(image.size)) * _WORK / 2)
    if reach < 1:
        return image
    thin = _fit(image, _WORK)
    wide = Image.new("L", (thin.width + 2 * reach, thin.height + 2 * reach))
    wide.paste(thin, (reach, reach))
    return wide.filter(ImageFilter.MaxFilter(2 * reach + 1))


def line_width(image: Image.Image) -> float:
    """Mean width of the lines of an image of ink 255 on paper 0, in pixels.

    A line of width w and length l has the area w·l and the outline 2·l. The outline is measured
    as the total variation of the ink, which counts a slanted line √2 times at the most and 4/π
    times on average.
    """
    ink = np.pad(np.asarray(image, dtype=np.float64) / 255, 1)
    variation = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    return float(2 * ink.sum() / (variation * np.pi / 4))


def _centred(ink: np.ndarray) -> np.ndarray:
    """Place ink of at most 20 × 20 into 28 × 28, its centre of mass at the centre, to the pixel."""
    strongest = ink.max()
    ink = ink / strongest if strongest else ink
    rows, columns = np.indices(ink.shape)
    mass = ink.sum() or 1.0
    pixels = np.zeros((SIZE, SIZE), np.float32)
    top = _start((rows * ink).sum() / mass, ink.shape[0])
    left = _start((columns * ink).sum() / mass, ink.shape[1])
    pixels[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return pixels


def _start(centre: float, length: int) -> int:
    """Where ink of this length begins so that its centre of mass comes to pixel 14, as in MNIST."""
    return int(np.clip(round(SIZE / 2 - centre), 0, SIZE - length))
