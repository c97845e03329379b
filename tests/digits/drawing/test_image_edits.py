"""Ink is drawn on images and erased from them in the colours that they have."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.image_edits import (
    crop_image,
    draw_on_image,
    erase_on_image,
)
from number_recognition.digits.images.frame import frame

ACROSS = Drawing((Stroke(((20.0, 140.0), (260.0, 140.0)), 20.0),))
ALL = Drawing((Stroke(((140.0, 0.0), (140.0, 280.0)), 279.0),))


def written(paper: np.ndarray, ink: object) -> Image.Image:
    """A picture with a bar down its middle."""
    pixels = paper.copy()
    pixels[60:240, 140:160] = ink
    return Image.fromarray(pixels)


SLOPE = np.broadcast_to(np.linspace(150, 220, 300).astype(np.uint8)[:, None], (300, 300)).copy()
YELLOW = np.full((300, 300, 3), (240, 230, 140), np.uint8)
BOARD = np.full((300, 300), 30, np.uint8)


def test_the_pen_has_the_colour_of_the_ink() -> None:
    drawn = draw_on_image(written(YELLOW, (20, 30, 160)), ACROSS)
    assert drawn.getpixel((60, 150)) == (20, 30, 160) and drawn.getpixel((60, 60))[0] == 240
    assert draw_on_image(written(BOARD, 220), ACROSS).getpixel((60, 150)) == 220
    assert draw_on_image(Image.fromarray(SLOPE), ACROSS).getpixel((60, 150)) == 0


@pytest.mark.parametrize(
    ("paper", "ink"),
    [(SLOPE, 20), (YELLOW, (20, 30, 160)), (BOARD, 220)],
    ids=["grey", "coloured", "dark"],
)
def test_where_ink_is_erased_there_is_paper(paper: np.ndarray, ink: object) -> None:
    image = written(paper, ink)
    assert frame(image) is not None
    erased = erase_on_image(image, ALL)
    assert frame(erased) is None
    assert np.abs(np.asarray(erased, float) - paper).max() <= 16


def test_an_image_that_is_too_large_to_edit_quickly_is_scaled_down() -> None:
    large = Image.new("RGB", (5000, 2500), "white")
    assert draw_on_image(large, ACROSS).size == (2048, 1024)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "I;16", "I", "F", "CMYK"])
def test_images_of_any_mode_can_be_drawn_on(mode: str) -> None:
    white = Image.new("L", (280, 280), 255).convert(mode)
    if mode == "I;16":
        white = Image.new(mode, white.size, 65535)
    drawn = draw_on_image(white, ACROSS)
    grey = drawn.convert("L")
    assert drawn.mode in ("L", "RGB") and grey.getpixel((140, 140)) < 60


def test_a_crop_holds_what_the_rectangle_shows() -> None:
    image = Image.fromarray(
        np.arange(200 * 100, dtype=np.uint16).astype(np.uint8).reshape(100, 200)
    )
    cropped = crop_image(image, (0.0, 0.0, 140.0, 140.0))
    assert np.array_equal(np.asarray(cropped), np.asarray(image)[:50, 50:100])
    assert crop_image(image, (-999.0, -999.0, 999.0, 999.0)).size == image.size
    with pytest.raises(ValueError, match="nothing of the image"):
        crop_image(image, (-500.0, 0.0, -400.0, 10.0))
