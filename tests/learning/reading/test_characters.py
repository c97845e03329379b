"""A letter that could be divided into digits is none; numbers of the same strokes are read."""

from __future__ import annotations

import pytest

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from Recognition import Recognizer

Points = list[tuple[float, float]]

STEM: Points = [(60, 60), (60, 200)]
SEVEN: Points = [(100, 60), (160, 60), (120, 200)]
LETTERS: dict[str, list[Points]] = {
    "X": [[(60, 60), (140, 200)], [(140, 60), (60, 200)]],
    "A": [[(100, 60), (50, 200)], [(100, 60), (150, 200)], [(70, 140), (130, 140)]],
    "H": [STEM, [(140, 60), (140, 200)], [(60, 130), (140, 130)]],
    "K": [STEM, [(130, 60), (65, 130), (135, 200)]],
    "N": [[(60, 200), (60, 60)], [(60, 60), (140, 200)], [(140, 200), (140, 60)]],
    "P": [STEM, [(60, 60), (120, 70), (120, 110), (60, 130)]],
}
NUMBERS: dict[str, list[Points]] = {
    "11": [STEM, [(120, 60), (120, 200)]],
    "17": [STEM, SEVEN],
    "14": [STEM, [(140, 60), (100, 140), (170, 140)], [(150, 100), (150, 200)]],
    "77": [[(20, 60), (75, 60), (40, 200)], SEVEN],
}


def drawn(paths: list[Points]) -> Drawing:
    return Drawing(tuple(Stroke(tuple(path), 18) for path in paths))


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_no_number(recognizer: Recognizer, letter: str) -> None:
    drawing = drawn(LETTERS[letter])
    assert recognizer.read(drawing).text == ""
    assert recognizer.read(rasterize(drawing, 200)).text == ""


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_such_strokes_is_read(recognizer: Recognizer, number: str) -> None:
    drawing = drawn(NUMBERS[number])
    assert recognizer.read(drawing).text == number
    assert recognizer.read(rasterize(drawing, 200)).text == number


@pytest.mark.parametrize("unit", ["K", "X"])
def test_a_digit_beside_a_letter_is_read_though_both_are_slanted(
    recognizer: Recognizer, unit: str
) -> None:
    """Their boxes overlap, but the ink is apart."""
    paths = [SEVEN, *([(x + 150, y) for x, y in path] for path in LETTERS[unit])]
    slanted = [[(x + 0.35 * (200 - y), y) for x, y in path] for path in paths]
    assert recognizer.read(drawn(slanted)).text == "7"


@pytest.mark.parametrize("slope", [0.0, 1e-13, 0.0001])
def test_level_strokes_are_read_as_any_others(recognizer: Recognizer, slope: float) -> None:
    dashes = [[(60, 100), (100, 100 + slope)], [(130, 100), (170, 100 + slope)]]
    assert recognizer.read(drawn(dashes)).text == ""
    dots = [[(60.0, 100.0)], [(110.0, 100.0)], [(160.0, 100.0)]]
    recognizer.read(drawn(dots))
