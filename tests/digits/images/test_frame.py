"""Any image of a digit is framed like MNIST's digits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from PIL import Image, ImageOps

from benchmarks.pictures import PHOTOS, part_right, read_pictures
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.digits.images.box import BOX, SIZE, line_width
from number_recognition.digits.images.frame import extract_ink, frame
from Recognition import SHIPPED, Recognizer


@pytest.fixture(params=[2, 7, 8])
def digit(request: pytest.FixtureRequest) -> LabelledDrawing:
    return drawing(request.param)


def pixels_of(image: Image.Image) -> np.ndarray:
    framed = frame(image)
    assert framed is not None, "the image is taken for a blank one"
    return framed.pixels


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference by the ink that there is: 0 the same, 2 nothing in common."""
    return float(np.abs(one - other).sum() / max(one.sum(), other.sum()))


def difference_in_shape(one: np.ndarray, other: np.ndarray) -> float:
    """The difference where a hair's breadth may move the centre of mass to the next pixel."""
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return min(difference(np.roll(one, step, (0, 1)), other) for step in steps)


def test_a_digit_is_framed_like_mnist(digit: LabelledDrawing) -> None:
    framed = frame(rasterized(digit))
    rows, columns = np.indices((SIZE, SIZE))
    mass = framed.pixels.sum()
    centre = (rows * framed.pixels).sum() / mass, (columns * framed.pixels).sum() / mass

    assert framed.pixels.shape == (SIZE, SIZE) and framed.pixels.dtype == np.float32
    assert framed.pixels.min() == 0 and framed.pixels.max() == 1
    assert centre == pytest.approx((14, 14), abs=0.75)
    assert max(framed.boxed.size) == BOX
    assert framed.drawn.size == (280, 280)
    assert framed.cropped.size < framed.drawn.size


def test_where_it_is_drawn_does_not_matter(digit: LabelledDrawing) -> None:
    middle = rasterize(fit_to_canvas(digit.drawing, 120, 12))
    corner = rasterize(fit_to_canvas(digit.drawing, 120, 12, "corner"))
    assert difference(pixels_of(middle), pixels_of(corner)) < 0.1


def test_how_large_it_is_drawn_hardly_matters(digit: LabelledDrawing) -> None:
    small, large = (rasterize(fit_to_canvas(digit.drawing, size, size / 10)) for size in (70, 250))
    # A narrow digit may be a column wider than at another size.
    assert difference_in_shape(pixels_of(small), pixels_of(large)) < 0.4


@pytest.mark.parametrize("paper", [0, 60, 128, 255])
def test_the_colours_of_ink_and_paper_do_not_matter(digit: LabelledDrawing, paper: int) -> None:
    ink = 255 - np.asarray(rasterized(digit)) / 255.0 * 255
    strongest = 255 if paper < 128 else 0
    recoloured = Image.fromarray(np.uint8(paper + (strongest - paper) * ink / 255))
    assert difference(pixels_of(recoloured), pixels_of(rasterized(digit))) < 0.02


def colour_modes(image: Image.Image) -> dict[str, Image.Image]:
    """The same black digit on white in every mode that people's files have."""
    alpha = ImageOps.invert(image)
    black, white = Image.new("L", image.size, 0), Image.new("L", image.size, 255)
    sixteen = np.asarray(image, dtype=np.uint16) * 257
    return {
        "RGB": image.convert("RGB"),
        "RGBA": image.convert("RGBA"),
        "palette": image.convert("RGB").quantize(16),
        "palette with a transparent colour": transparent_palette(image),
        "CMYK": image.convert("CMYK"),
        "YCbCr": image.convert("YCbCr"),
        "HSV": image.convert("HSV"),
        "1 bit": image.convert("1", dither=Image.Dither.NONE),
        "16 bit": Image.fromarray(sixteen),
        "32 bit, of 8 bits": image.convert("I"),
        "premultiplied": Image.merge("LA", (black, alpha)).convert("La"),
        "Lab": Image.merge("LAB", (image, *[Image.new("L", image.size, 128)] * 2)),
        "32 bit": Image.fromarray(sixteen.astype(np.int32)),
        "float": Image.fromarray(np.asarray(image, dtype=np.float32) / 255),
        "black on transparent": Image.merge("LA", (black, alpha)),
        "white on transparent": Image.merge("LA", (white, alpha)),
    }


def transparent_palette(image: Image.Image) -> Image.Image:
    black_or_white = image.point(lambda value: 255 * (value > 127)).convert("P")
    black_or_white.info["transparency"] = 255
    return black_or_white


MODES = sorted(colour_modes(Image.new("L", (8, 8), 255)))


@pytest.mark.parametrize("mode", MODES)
def test_the_mode_of_the_file_does_not_matter(digit: LabelledDrawing, mode: str) -> None:
    image = rasterized(digit)
    assert difference_in_shape(pixels_of(colour_modes(image)[mode]), pixels_of(image)) < 0.15


def test_a_large_image_with_a_palette_is_averaged_by_its_colours() -> None:
    image = rasterized(drawing(7, 2), size=250, pen=2).resize((1900, 1900))
    colours = image.convert("RGB").quantize(16)
    for large in (colours, colours.convert("PA"), image.convert("1", dither=Image.Dither.NONE)):
        assert difference(pixels_of(large), pixels_of(image)) < 0.15


def test_pixels_that_are_not_finite_are_rejected() -> None:
    with pytest.raises(ValueError, match="finite pixels"):
        frame(Image.new("F", (9, 9), float("nan")))


@pytest.mark.parametrize(
    "image",
    [
        Image.new("L", (280, 280), 255),
        Image.new("1", (3, 5), 0),
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)),
        Image.new("I;16", (20, 20), 40000),
        Image.new("F", (20, 20), 0.0),
        Image.new("L", (1, 1), 77),
        Image.fromarray(np.random.default_rng(1).integers(120, 130, (50, 50), dtype=np.uint8)),
    ],
    ids=["white", "1 bit", "transparent", "16 bit", "float", "one pixel", "faint noise"],
)
def test_a_blank_image_is_none(image: Image.Image) -> None:
    assert extract_ink(image) is None
    assert frame(image) is None


def test_one_pixel_of_ink_fills_the_box_at_the_centre() -> None:
    image = Image.new("L", (280, 280), 255)
    image.putpixel((13, 250), 0)
    assert (pixels_of(image) == np.pad(np.ones((BOX, BOX)), (SIZE - BOX) // 2)).all()


def test_ink_up_to_the_border_is_read() -> None:
    image = Image.new("L", (10, 100), 255)
    image.paste(0, (4, 0, 6, 100))
    assert pixels_of(image).sum(axis=0).argmax() in (13, 14)


def test_a_very_long_or_very_large_image_is_read(digit: LabelledDrawing) -> None:
    large = rasterized(digit).resize((5000, 5000))
    assert difference(pixels_of(large), pixels_of(rasterized(digit))) < 0.1
    line = Image.new("L", (6000, 9), 255)
    line.paste(0, (10, 4, 5990, 5))
    assert pixels_of(line).shape == (SIZE, SIZE)


def test_a_digit_on_a_long_strip_is_read_as_on_a_short_one(digit: LabelledDrawing) -> None:
    small, strip = (Image.new("L", (width, 60), 255) for width in (60, 4000))
    for paper in (small, strip):
        paper.paste(rasterized(digit).resize((56, 56)).convert("L"), (2, 2))
    assert difference(pixels_of(strip), pixels_of(small)) < 0.02


def test_a_thin_line_is_thickened_and_a_thick_line_is_not() -> None:
    path = tuple((100.0 + 40 * np.cos(t), 140.0 + 100 * np.sin(t)) for t in np.linspace(0, 6, 40))
    thin, broad = (frame(rasterize(Drawing((Stroke(path, pen),)))) for pen in (2, 24))
    assert thin.pixels.max() == 1 and line_width(np.asarray(thin.boxed)) > 1
    assert (
        broad.boxed.tobytes()
        == broad.cropped.resize(broad.boxed.size, Image.Resampling.HAMMING).tobytes()
    )


def test_an_image_of_mnist_comes_back_as_it_is() -> None:
    path = os.environ.get("NUMBER_RECOGNITION_MNIST")
    if not path:
        pytest.skip("NUMBER_RECOGNITION_MNIST names no MNIST file")
    images = mnist.load(path)[2][:500]
    changes = [
        difference(pixels_of(Image.fromarray(pixels)), pixels / np.float32(255))
        for pixels in images
    ]
    assert np.median(changes) < 0.01
    assert np.quantile(changes, 0.95) < 0.2


def photographed(image: Image.Image, grain: float, light: float) -> Image.Image:
    """The image as a camera sees it: grey paper, grain, light from one side."""
    rng = np.random.default_rng(1)
    grey = 0.25 + 0.55 * np.asarray(image, dtype=float) / 255 + rng.normal(0, grain, image.size)
    side = light * np.linspace(-0.5, 0.5, image.width)
    return Image.fromarray(np.round(np.clip(grey + side, 0, 1) * 255).astype(np.uint8))


@pytest.mark.parametrize(("grain", "light"), [(0.03, 0.0), (0.1, 0.0), (0.02, 0.25)])
def test_a_photo_of_a_digit_is_framed_like_the_digit(grain: float, light: float) -> None:
    clean = rasterized(drawing(5), size=150, pen=14)
    difference = frame(photographed(clean, grain, light)).pixels - frame(clean).pixels
    assert np.abs(difference).mean() < 0.05


def test_grainy_paper_without_a_digit_is_blank() -> None:
    assert frame(photographed(Image.new("L", (200, 200), 255), 0.02, 0.1)) is None


@pytest.mark.parametrize("side", [28, 64, 100, 150, 220])
def test_a_photo_made_small_keeps_its_strokes(digit: LabelledDrawing, side: int) -> None:
    large = rasterize(fit_to_canvas(digit.drawing, 180, 12), 560)
    small = large.resize((side, side), Image.Resampling.LANCZOS)
    assert difference_in_shape(pixels_of(photographed(small, 0.02, 0.0)), pixels_of(small)) < 0.5


@pytest.mark.parametrize("side", [64, 127, 150, 300])
@pytest.mark.parametrize("grain", [0.02, 0.05, 0.1])
def test_grainy_paper_of_any_size_is_blank(side: int, grain: float) -> None:
    assert frame(photographed(Image.new("L", (side, side), 255), grain, 0.0)) is None


@pytest.mark.parametrize(("side", "least"), [(None, 0.98), (200, 0.98), (64, 0.96), (28, 0.93)])
def test_people_s_photos_are_read_at_every_size(side: int | None, least: float) -> None:
    path = os.environ.get("NUMBER_RECOGNITION_PICTURES")
    if not path:
        pytest.skip("NUMBER_RECOGNITION_PICTURES names no zip of pictures")
    if not SHIPPED.exists():
        pytest.skip("the network that comes with the program is not here")
    photos = [picture for picture in read_pictures(Path(path)) if picture.kind in PHOTOS]
    assert part_right(Recognizer.load(), photos, side) >= least


def grainy(image: Image.Image, paper: int) -> Image.Image:
    grain = np.random.default_rng(1).normal(0, 3, image.size[::-1])
    return Image.fromarray(
        np.uint8(np.clip(np.asarray(image, float) * paper / 255 + grain, 0, 255))
    )


def test_specks_of_paper_are_no_digit() -> None:
    paper = Image.new("L", (220, 300), 255)
    for x, y in ((30, 40), (31, 40), (180, 90), (90, 250), (91, 251)):
        paper.putpixel((x, y), 170)
    assert frame(grainy(paper, 190)) is None


@pytest.mark.parametrize("height", [10, 14, 20])
@pytest.mark.parametrize("paper", [200, 255])
def test_a_small_digit_on_grainy_paper_is_as_large_as_any(height: int, paper: int) -> None:
    page = Image.new("L", (200, 200), 255)
    digit = rasterized(drawing(2), 240, 20).crop((20, 20, 260, 260))
    page.paste(digit.resize((height, height), Image.Resampling.BOX), (120, 60))
    assert difference_in_shape(pixels_of(grainy(page, paper)), pixels_of(digit)) < 0.6
