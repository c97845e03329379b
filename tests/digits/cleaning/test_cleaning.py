"""Boxes, lines, bars, neighbours and light go; a clean picture stays as it is."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from digit_images import drawing, rasterized
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.samples.degradations import CLUTTER, LIGHT, Base, base, picture
from number_recognition.digits.cleaning.page_lines import find_page_ink, find_page_lines
from number_recognition.digits.cleaning.picture import clean_picture
from number_recognition.digits.images.frame import extract_ink, frame
from number_recognition.storage.files import PROJECT_DIR


def ground(label: int) -> Base:
    measured = base(rasterized(drawing(label), size=150, pen=12))
    assert measured is not None
    return measured


def pixels(image: Image.Image) -> np.ndarray:
    framed = frame(image)
    assert framed is not None, "the picture is taken for a blank one"
    return framed.pixels


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference by the ink that there is, where a pixel may move: 0 same, 2 nothing alike."""
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    most = max(one.sum(), other.sum())
    return min(float(np.abs(np.roll(one, step, (0, 1)) - other).sum() / most) for step in steps)


@pytest.mark.parametrize("label", [2, 5, 8])
@pytest.mark.parametrize("name", [*CLUTTER, *LIGHT])
def test_clutter_and_light_leave_the_digit_as_it_was(name: str, label: int) -> None:
    digit = ground(label)
    degrade = {**CLUTTER, **LIGHT}[name]
    degraded = picture(degrade(digit, ground(3), np.random.default_rng(label)))
    assert difference(pixels(degraded), pixels(picture(digit.grey))) < 0.35


def with_lines(image: Image.Image, *lines: tuple[int, int, int, int]) -> Image.Image:
    image = image.copy()
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=0, width=3)
    return image


def squared(image: Image.Image, gap: int, lean: float = 0) -> Image.Image:
    """The picture on squared paper with lines in black that lean by this part of their length."""
    image = image.copy()
    pen, (right, bottom) = ImageDraw.Draw(image), image.size
    for y in range(gap // 2, bottom, gap):
        pen.line((0, y, right, y + lean * right), fill=40)
    for x in range(gap // 2, right, gap):
        pen.line((x, 0, x - lean * bottom, bottom), fill=40)
    return image


@pytest.mark.parametrize("label", [3, 4, 8, 9])
@pytest.mark.parametrize("gap", [16, 22])
def test_bold_strokes_across_small_squares_are_no_lines(label: int, gap: int) -> None:
    clean = rasterized(drawing(label), size=150, pen=26).resize((160, 160))
    assert difference(pixels(squared(clean, gap)), pixels(clean)) < 0.2


@pytest.mark.parametrize("label", [1, 2, 3])
@pytest.mark.parametrize("lean", [-0.02, 0.012])
def test_squares_go_where_they_lean_in_sloping_light(label: int, lean: float) -> None:
    clean = rasterized(drawing(label), size=150, pen=14)
    grain = np.random.default_rng(1).normal(0, 0.01, (280, 280))
    light = np.linspace(0.95, 0.7, 280)
    photo = picture(np.asarray(squared(clean, 36, lean)) / 255 * light + grain)
    assert difference(pixels(photo), pixels(clean)) < 0.2


def test_empty_squared_paper_is_blank() -> None:
    assert frame(squared(Image.new("L", (180, 150), 255), 20)) is None


def test_a_digit_that_touches_its_box_survives() -> None:
    clean = rasterized(drawing(8), size=150, pen=12)
    left, right = (int(edge) for edge in np.flatnonzero((np.asarray(clean) < 99).any(0))[[0, -1]])
    box = [(left, 0, left, 279), (20, 20, 279, 20), (20, 260, 279, 260), (260, 0, 260, 279)]
    assert right < 260
    assert difference(pixels(with_lines(clean, *box)), pixels(clean)) < 0.35


def test_a_dotted_line_goes() -> None:
    clean = rasterized(drawing(3), size=150, pen=12)
    dots = [(x, 240, x + 4, 240) for x in range(0, 280, 9)]
    assert difference(pixels(with_lines(clean, *dots)), pixels(clean)) < 0.2


def test_an_underline_close_to_a_digit_goes() -> None:
    clean = rasterized(drawing(8), size=150, pen=12)
    bottom = int(np.flatnonzero((np.asarray(clean) < 250).any(1))[-1])
    underlined = with_lines(clean, (25, bottom + 5, 255, bottom + 5))
    assert difference(pixels(underlined), pixels(clean)) < 0.2


CELL = 50


def page(rows: int, columns: int) -> np.ndarray:
    """A page of digits, one in the middle of each cell of 50 × 50 pixels; 255 is its paper."""
    digits = [np.asarray(rasterized(drawing(i), 200, 18).resize((CELL, CELL))) for i in range(10)]
    cells = [[digits[(7 * row + 3 * column) % 10] for column in range(columns)]
             for row in range(rows)]  # fmt: skip
    return np.block(cells).astype(float)


def shaded(grey: np.ndarray) -> np.ndarray:
    grain = np.random.default_rng(1).normal(0, 4, grey.shape)
    return grey * np.linspace(0.5, 0.9, grey.shape[1]) + grain


def ruled(grey: np.ndarray) -> np.ndarray:
    grey = grey.copy()
    grey[::CELL] = 120
    return grey


def in_cells(grey: np.ndarray) -> np.ndarray:
    return ruled(ruled(grey).T).T


def ink_of_cells(ink: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """How much ink is in each cell of a page, (rows, columns)."""
    height, width = ink.shape[0] // rows, ink.shape[1] // columns
    cells = ink[: rows * height, : columns * width].reshape(rows, height, columns, width)
    return np.asarray(cells.sum(axis=(1, 3)))


@pytest.mark.parametrize("size", [(5, 5), (8, 8), (20, 16), (4, 20)])
@pytest.mark.parametrize("paper", [np.copy, shaded, ruled, in_cells])
def test_a_page_keeps_all_of_its_digits_and_none_of_its_lines(
    size: tuple[int, int], paper: Callable[[np.ndarray], np.ndarray]
) -> None:
    grey = page(*size)
    ink = extract_ink(Image.fromarray(np.uint8(np.clip(paper(grey), 0, 255))))
    assert ink is not None, "the page is taken for a blank one"
    written = Image.fromarray(255 - np.uint8(grey)).resize(ink.shape[::-1])
    kept = ink_of_cells(ink, *size) / ink_of_cells(np.asarray(written) / 255, *size)
    assert (np.abs(kept - 1) < 0.3).all()
    around = np.asarray(written.filter(ImageFilter.MaxFilter(7))) == 0
    dark = np.where(ink > 0.3, ink, 0)  # grain is paler
    assert dark[around].sum() < 0.01 * ink.sum(), "there is ink between the digits"


@pytest.mark.parametrize("size", [(3, 30), (4, 40)])
def test_a_wide_page_keeps_its_ones(size: tuple[int, int]) -> None:
    grey = page(*size)
    one = np.asarray(rasterized(drawing(1), 200, 18).resize((CELL, CELL)))
    for column in range(0, size[1], 2):
        grey[:, column * CELL : (column + 1) * CELL] = np.tile(one, (size[0], 1))
    ink = extract_ink(Image.fromarray(np.uint8(grey)))
    assert ink is not None, "the page is taken for a blank one"
    written = np.asarray(Image.fromarray(255 - np.uint8(grey)).resize(ink.shape[::-1])) / 255
    assert (ink_of_cells(ink, *size) > 0.7 * ink_of_cells(written, *size)).all()


@pytest.mark.parametrize("label", [2, 5, 9])
def test_a_digit_among_small_print_is_no_page(label: int) -> None:
    paper = Image.new("L", (800, 800), 255)
    paper.paste(rasterized(drawing(label, seed=2), 200, 4).resize((220, 220)), (280, 300))
    lines = ["Please write one digit in the space", "below and send this form to us",
             "by mail before the end of March"]  # fmt: skip
    for row, text in enumerate([*lines, *lines]):
        for top in (10, 580):
            place = (10, top + 33 * row)
            ImageDraw.Draw(paper).text(place, text, 20, ImageFont.load_default(22))
    assert find_page_ink(np.asarray(paper) < 128) is None
    assert find_page_ink(page(5, 5) < 128) is not None


def test_an_empty_box_is_blank() -> None:
    paper = Image.new("L", (200, 160), 255)
    ImageDraw.Draw(paper).rectangle((6, 6, 193, 153), outline=0, width=3)
    assert frame(paper) is None


def test_an_empty_box_on_grainy_paper_is_blank() -> None:
    paper = Image.new("L", (170, 130), 200)
    ImageDraw.Draw(paper).rectangle((9, 9, 160, 120), outline=60, width=3)
    grain = np.random.default_rng(1).normal(0, 5, (130, 170))
    assert frame(Image.fromarray(np.uint8(np.asarray(paper) + grain))) is None


def test_digits_on_bent_ruled_lines_are_all_kept() -> None:
    sheet = Image.new("L", (700, 300), 255)
    for i, label in enumerate((5, 6, 2)):
        sheet.paste(rasterized(drawing(label), 90, 8).crop((70, 70, 210, 210)), (80 + 190 * i, 90))
    lined = sheet.copy()
    for y in (40, 185):
        ImageDraw.Draw(lined).line([(0, y), (400, y + 6), (699, y + 24)], fill=0, width=4)
    ink, expected = extract_ink(lined), extract_ink(sheet)
    assert ink is not None and expected is not None
    assert np.abs(ink - expected).sum() < 0.3 * expected.sum()


def test_the_last_digit_of_a_number_near_the_edge_stays() -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 440), np.linspace(-1, 1, 280))
    vignette = 1 - 0.2 * (x**2 + y**2)
    sheet = Image.new("L", (440, 280), 255)
    sheet.paste(rasterized(drawing(3), 150, 14).crop((60, 0, 220, 280)), (40, 0))
    five = rasterized(drawing(5), 150, 14)
    right = int(np.flatnonzero((np.asarray(five) < 99).any(0))[-1])
    sheet.paste(five.crop((60, 0, right + 6, 280)), (440 - right - 6 + 60, 0))
    ink = extract_ink(Image.fromarray(np.uint8(np.asarray(sheet) * vignette)))
    assert ink is not None
    assert ink[:, 300:].max() > 0.5


def test_a_one_in_a_box_is_no_line_of_the_box() -> None:
    one = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(one).line((100, 30, 100, 170), fill=0, width=6)
    boxed = one.copy()
    ImageDraw.Draw(boxed).rectangle((8, 8, 191, 191), outline=0, width=4)
    assert difference(pixels(boxed), pixels(one)) < 0.2


@pytest.mark.parametrize("label", range(10))
@pytest.mark.parametrize(("size", "pen"), [(60, 6), (182, 18), (270, 30)])
def test_a_clean_picture_is_left_as_it_is(label: int, size: float, pen: float) -> None:
    image = rasterized(drawing(label), size=size, pen=pen)
    framed = frame(image, clean=False)
    assert framed is not None
    assert (pixels(image) == framed.pixels).all()


def test_a_tightly_cropped_digit_keeps_its_strokes() -> None:
    for label, pen in itertools.product(range(10), (24, 50)):
        image = rasterized(drawing(label), size=200, pen=pen)
        ink = np.asarray(image) < 128
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        crop = image.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
        assert difference(pixels(crop), pixels(image)) < 0.2, (label, pen)


def test_a_small_picture_is_the_same_array() -> None:
    grey = np.random.default_rng(1).random((28, 28))
    assert clean_picture(grey) is grey


def test_clean_pictures_and_drawings_import_no_opencv() -> None:
    code = (
        "import sys; from PIL import Image, ImageDraw; import Recognition\n"
        "from number_recognition.digits.images.frame import frame\n"
        "image = Image.new('L', (280, 280), 255)\n"
        "ImageDraw.Draw(image).ellipse((90, 60, 190, 220), outline=0, width=16)\n"
        "assert frame(image) is not None\n"
        "assert 'cv2' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, check=True)


def shadowed(grey: np.ndarray) -> Image.Image:
    """A picture with a round shadow on it, darker towards one side."""
    y, x = np.mgrid[0:140, 0:140] / 140 - 0.5
    inside = np.hypot((x + 0.05) / 0.35, (y - 0.45) / 0.6) < 1
    light = 0.95 + 0.2 * x - inside * (0.25 - 0.5 * x)
    return Image.fromarray(np.round(255 * np.clip(grey * light, 0, 1)).astype(np.uint8))


@pytest.mark.parametrize("strength", [0.25, 0.95], ids=["pale", "black"])
@pytest.mark.parametrize("place", [0.0, 0.15], ids=["in the middle", "aside"])
@pytest.mark.parametrize("is_negative", [False, True])
def test_the_spot_of_a_lamp_is_no_ink(strength: float, place: float, is_negative: bool) -> None:
    clean = rasterized(drawing(2), size=150, pen=16)
    y, x = np.mgrid[0:280, 0:280] / 140 - 1
    spot = 0.7 + 0.3 * np.exp(-((x + place) ** 2 + (y + place) ** 2) / (2 * 0.35**2))
    grey = (1 - strength * (1 - np.asarray(clean) / 255)) * spot
    lit = picture(1 - grey if is_negative else grey)
    assert difference(pixels(lit), pixels(clean)) < 0.35


def test_the_edge_of_a_shadow_is_no_ink() -> None:
    assert frame(shadowed(np.ones((140, 140)))) is None


def test_the_cut_off_side_of_a_box_is_no_one() -> None:
    for line in ((0, 3), (4, 9), (130, 137)):
        image = Image.new("L", (140, 160), 250)
        ImageDraw.Draw(image).rectangle((line[0], 0, line[1], 160), fill=40)
        assert frame(image) is None
        assert frame(image.transpose(Image.Transpose.ROTATE_90)) is None


def test_a_long_one_alone_near_the_edge_is_no_side_of_a_box() -> None:
    paper = Image.new("L", (300, 200), 255)
    one, side = with_lines(paper, (25, 20, 25, 199)), with_lines(paper, (25, 0, 25, 199))
    assert extract_ink(one) is not None
    assert extract_ink(side) is None


def test_a_short_row_of_cells_goes_as_long_ones_do() -> None:
    page = Image.new("L", (400, 300), 0)
    for row, count in enumerate((6, 2)):
        for column in range(count):
            left, top = 20 + 50 * column, 30 + 90 * row
            ImageDraw.Draw(page).rectangle((left, top, left + 50, top + 60), outline=255, width=2)
    lines = np.asarray(page) > 0
    ImageDraw.Draw(page).line((30, 140, 60, 140), fill=255, width=4)  # the bar of a seven
    found = find_page_lines(np.asarray(page) > 0)
    assert not (found & ~lines).any()
    assert found[110:].sum() > 0.95 * lines[110:].sum()
