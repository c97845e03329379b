"""`Recognizer.read`: several digits of a drawing or an image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing
from network_files import random_network
from number_drawings import number_drawing
from PIL import Image, ImageDraw, ImageOps

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.learning.reading.batches import read_images
from Recognition import SHIPPED, Recognizer


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    if not Path(SHIPPED).exists():
        pytest.skip("reading numbers needs the bundled network, models/digits.keras")
    return Recognizer.load()


def test_a_number_is_read_from_left_to_right(recognizer: Recognizer) -> None:
    reading = recognizer.read(number_drawing(7, 1, 3))
    assert reading.text == "713"
    boxes = [digit.box for digit in reading.digits]
    assert boxes == sorted(boxes) and 0.5 < reading.confidence <= 1
    strokes = sorted(number for digit in reading.digits for number in digit.parts)
    assert strokes == list(range(len(number_drawing(7, 1, 3).strokes)))


def test_lines_are_read_from_top_to_bottom(recognizer: Recognizer) -> None:
    upper, lower = number_drawing(1, 2, top=20), number_drawing(3, 7, top=160)
    reading = recognizer.read(Drawing((*lower.strokes, *upper.strokes)))
    assert reading.text == "12\n37" and len(reading.lines) == 2


def test_few_digits_above_each_other_are_two_lines(recognizer: Recognizer) -> None:
    for upper in range(2, 8):
        high, low = number_drawing(upper, top=20), number_drawing(7, 3, top=110)
        drawn = Drawing((*high.strokes, *low.strokes))
        assert recognizer.read(drawn).text == f"{upper}\n73"
        assert recognizer.read(rasterize(drawn, 560)).text == f"{upper}\n73"


def test_a_single_digit_is_read_as_predict_reads_it(recognizer: Recognizer) -> None:
    for digit in range(10):
        drawn = drawing(digit).drawing
        [read] = recognizer.read(drawn).digits
        prediction = recognizer.predict_drawing(drawn)
        assert read.prediction.digit == prediction.digit is not None
        assert read.prediction.confidence == prediction.confidence


def test_numbers_in_an_image_are_read(recognizer: Recognizer) -> None:
    image = rasterize(number_drawing(7, 1, 3), 560)
    assert recognizer.read(image).text == "713"


def test_images_read_together_are_read_as_each_is_alone(recognizer: Recognizer) -> None:
    numbers = [(7, 1, 3), (4,), (2, 2), (1, 0, 8, 5)]
    images = [rasterize(number_drawing(*digits, size=0.2), 280) for digits in numbers]
    together = list(read_images(images, recognizer.network))
    assert [read.text for read in together] == ["713", "4", "22", "1085"]
    for image, read in zip(images, together, strict=True):
        [alone] = read_images([image], recognizer.network)
        assert [digit.box for digit in alone.reading.digits] == [
            digit.box for digit in read.reading.digits
        ]
        assert read.confidence == pytest.approx(alone.confidence, abs=1e-5)


PAGE = rasterize(
    Drawing((*number_drawing(4, 7, 3, top=30).strokes, *number_drawing(2, 5, 9, top=150).strokes)),
    560,
).convert("L")
"""Two lines of digits."""


@pytest.mark.parametrize("angle", [0, 20, -18, 90, 270, 100, 180])
def test_a_page_that_is_turned_is_set_right(recognizer: Recognizer, angle: float) -> None:
    page = PAGE.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    reading = recognizer.read(page)
    assert reading.text == "473\n259"
    assert abs((reading.turn + angle + 180) % 360 - 180) < 5
    boxes = np.array([digit.box for digit in reading.digits])
    ink = ImageOps.invert(page).point(lambda value: 255 * (value > 100)).getbbox()
    assert np.abs([*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)] - np.array(ink)).max() < 4


@pytest.mark.parametrize("angle", [-15, 8, 97])
def test_ruled_lines_that_lean_are_set_right_and_taken_out(
    recognizer: Recognizer, angle: float
) -> None:
    page = PAGE.copy()
    for y in (46, 206, 366, 526):
        ImageDraw.Draw(page).line((0, y, 560, y), fill=120, width=2)
    turned = page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert recognizer.read(turned).text == "473\n259"


@pytest.mark.parametrize("angle", [15, 90, 180, 270])
def test_a_single_digit_is_never_turned(recognizer: Recognizer, angle: float) -> None:
    for digit in range(10):
        image = rasterize(drawing(digit).drawing, 280).convert("L").rotate(angle, fillcolor=255)
        assert recognizer.read(image).turn == 0


SERIFS = [
    # Top, stem, foot and the width of the pen.
    ([(104, 57), (125, 56), (153, 61), (188, 59)], [(131, 66), (140, 135), (134, 218)],
     [(80, 220), (122, 218), (173, 216), (198, 226)], 16),
    ([(100, 57), (127, 56), (148, 63), (186, 64)], [(133, 66), (129, 135), (136, 218)],
     [(90, 220), (115, 217), (174, 220), (197, 225)], 14),
    ([(103, 57), (130, 58), (156, 60), (186, 60)], [(133, 66), (131, 138), (128, 218)],
     [(79, 220), (115, 219), (168, 220), (192, 226)], 12),
    ([(98, 57), (128, 57), (146, 57), (195, 60)], [(132, 66), (138, 138), (133, 218)],
     [(84, 220), (116, 218), (174, 216), (199, 222)], 10),
]  # fmt: skip
"""A stem between two bars; these are taken for ruled lines, and what is left for three lines."""


def test_what_has_three_strokes_is_not_turned_as_a_page_of_three_lines(
    recognizer: Recognizer,
) -> None:
    for *strokes, pen in SERIFS:
        drawn = Drawing(tuple(Stroke(tuple(points), pen) for points in strokes))
        reading = recognizer.read(rasterize(drawn, 280))
        assert reading.turn == 0 and len(reading.lines) == 1


def test_an_empty_drawing_and_blank_paper_hold_no_digit(recognizer: Recognizer) -> None:
    for nothing in (Drawing(), Image.new("L", (100, 60), 255)):
        reading = recognizer.read(nothing)
        assert (reading.text, reading.digits, reading.confidence) == ("", (), 0.0)


def test_a_network_that_cannot_refuse_reads_one_digit(tmp_path: Path) -> None:
    recognizer = Recognizer.load(random_network(tmp_path / "ten.keras"))
    number = number_drawing(7, 1, 3)
    image = rasterize(number, 560)
    [drawn], [pictured] = recognizer.read(number).pieces, recognizer.read(image).pieces
    assert drawn.prediction.digit == recognizer.predict_drawing(number).digit
    assert pictured.prediction.digit == recognizer.predict(image).digit


def test_digits_written_without_lifting_the_pen_are_read(recognizer: Recognizer) -> None:
    left, right = drawing(3).drawing.strokes, drawing(2).drawing.strokes
    assert len(left) == len(right) == 1
    shifted = Drawing(right).mapped(lambda points: points + np.array([260, 0])).strokes[0]
    joined = Drawing((Stroke((*left[0].points, *shifted.points), 12.0),))
    reading = recognizer.read(joined)
    assert len(reading.digits) == 2
    assert [digit.parts for digit in reading.digits] == [(0,), (0,)]
    first, second = (digit.drawing for digit in reading.digits)
    assert first.box()[2] <= second.box()[2] and first.box() != second.box()


def test_the_way_between_two_digits_of_one_stroke_is_part_of_neither(
    recognizer: Recognizer,
) -> None:
    left = drawing(3).drawing
    right = drawing(0).drawing.mapped(lambda points: points + np.array([200, 0]))
    joined = Stroke((*left.strokes[0].points, *right.strokes[0].points), 12.0)
    reading = recognizer.read(Drawing((joined,)))
    assert reading.text == "30"
    for digit, written in zip(reading.digits, (left, right), strict=True):
        assert digit.drawing is not None
        assert digit.drawing.box() == pytest.approx(written.box(), abs=3)


def test_a_letter_of_several_strokes_is_no_digit(recognizer: Recognizer) -> None:
    # Its strokes alone would be a 1 and something beside it.
    stem = Stroke(((100.0, 80.0), (99.0, 130.0), (101.0, 180.0)), 4.5)
    bars = [Stroke(((102.0, y), (130.0, y - 1), (158.0, y + 1)), 4.5) for y in (82.0, 128.0)]
    reading = recognizer.read(Drawing((stem, *bars)))
    assert reading.text == "" and len(reading.pieces) == 1


BAR = Stroke(((95.0, 125.0), (110.0, 124.0), (122.0, 126.0)), 4.5)
COMMA = Stroke(((108.0, 158.0), (109.0, 164.0), (104.0, 172.0)), 4.5)
LETTER = Stroke(((100.0, 120.0), (103.0, 150.0), (110.0, 122.0), (116.0, 150.0)), 4.5)


@pytest.mark.parametrize("other", [BAR, COMMA, LETTER], ids=["minus", "comma", "letter"])
def test_what_is_no_digit_is_left_out_of_the_text(recognizer: Recognizer, other: Stroke) -> None:
    seven, three = number_drawing(7), number_drawing(7, 7, 3)
    last = three.strokes[2 * len(seven.strokes) :]
    reading = recognizer.read(Drawing((*seven.strokes, other, *last)))
    assert reading.text == "73" and len(reading.digits) == 2
    [rest] = [piece for piece in reading.pieces if piece not in reading.digits]
    assert rest.prediction.refused and rest.drawing == Drawing((other,))
