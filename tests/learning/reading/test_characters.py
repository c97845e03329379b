"""A letter that could be divided into digits is none; numbers of the same strokes are read."""

from __future__ import annotations

import pytest

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from Recognition import Recognizer

Path = list[tuple[float, float]]

STEM: Path = [(60, 60), (60, 200)]
SEVEN: Path = [(100, 60), (160, 60), (120, 200)]
LETTERS: dict[str, list[Path]] = {
    "X": [[(60, 60), (140, 200)], [(140, 60), (60, 200)]],
    "A": [[(100, 60), (50, 200)], [(100, 60), (150, 200)], [(70, 140), (130, 140)]],
    "H": [STEM, [(140, 60), (140, 200)], [(60, 130), (140, 130)]],
    "K": [STEM, [(130, 60), (65, 130), (135, 200)]],
    "N": [[(60, 200), (60, 60)], [(60, 60), (140, 200)], [(140, 200), (140, 60)]],
    "P": [STEM, [(60, 60), (120, 70), (120, 110), (60, 130)]],
}
NUMBERS: dict[str, list[Path]] = {
    "11": [STEM, [(120, 60), (120, 200)]],
    "17": [STEM, SEVEN],
    "14": [STEM, [(140, 60), (100, 140), (170, 140)], [(150, 100), (150, 200)]],
    "77": [[(20, 60), (75, 60), (40, 200)], SEVEN],
}


def drawn(paths: list[Path]) -> Drawing:
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
