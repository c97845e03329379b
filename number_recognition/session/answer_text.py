"""The text for a prediction: sure, unsure, refused as no digit, or blank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from number_recognition.core.formatting import digit_name, percent
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.batches import ReadImage

if TYPE_CHECKING:
    from number_recognition.session.pad_content import Number

REFUSED = "This doesn't look like a digit"


@dataclass(frozen=True)
class AnswerText:
    """The texts for a prediction, or for those of a number.

    Attributes:
        short: for a cell of a table: "4", "4 or 9?", "no digit", "blank".
        text: for a line: "97.2 % sure", "Perhaps a 4 – or a 9", …; "" where it is blank.
        detail: for a smaller line below: the best guess of what was refused, or "".
        is_sure: whether the answer is shown as sure.
    """

    short: str
    text: str
    detail: str
    is_sure: bool


def answer_text(prediction: Prediction, unsure_below: float) -> AnswerText:
    """Return the texts for a prediction.

    Args:
        prediction: what is shown.
        unsure_below: an answer less probable than this is unsure
            (see `storage.settings.RecognitionSettings`).
    """
    digit, guess = prediction.digit, prediction.best_guess
    if guess is None:
        return AnswerText("blank", "", "", is_sure=False)
    is_sure = prediction.probability >= unsure_below
    if digit is None:
        return AnswerText("no digit", REFUSED, f"Best guess: {digit_name(guess)}", is_sure)
    if is_sure:
        return AnswerText(str(digit), f"{percent(prediction.probability)} sure", "", is_sure)
    second = prediction.second_guess
    other = None if second == NO_DIGIT else second
    short = f"{digit}?" if other is None else f"{digit} or {other}?"
    return AnswerText(short, f"Perhaps {digit_name(digit)} – or {digit_name(other)}", "", is_sure)


def number_text(number: Number, unsure_below: float) -> AnswerText:
    """Return the texts for a number: how sure its digits are together; below, the chosen one.

    Args:
        number: what is read; digits that were corrected count as right.
        unsure_below: the number is unsure where one of its digits is (see `answer_text`).
    """
    digits = number.uncorrected
    is_sure = all(each.probability >= unsure_below for each in digits)
    together = percent(math.prod(each.probability for each in digits))
    text = f"{together} sure" if is_sure else f"Unsure: {together}"
    chosen = number.chosen.prediction
    short = answer_text(chosen, unsure_below).short
    position = f"Chosen, {number.index + 1} of {len(number.pieces)}"
    detail = f"{position}: {short} ({percent(chosen.probability)})"
    return AnswerText(number.text, text if digits else "Corrected", detail, is_sure)


def short_text(read: ReadImage, unsure_below: float) -> str:
    """What is read in an image, for a cell of a table: "42", "42?", "4 or 9?", "no digit", "blank".

    Args:
        read: what is read; lines of digits are set apart by a space.
        unsure_below: see `answer_text`.
    """
    if not read.is_number:
        return answer_text(read.prediction, unsure_below).short
    return " ".join(read.text.split()) + ("" if read.is_sure(unsure_below) else "?")


def read_as(prediction: Prediction) -> str:
    """What was read with what probability: "a 4: 97.2 %", "no digit: 88.0 %, best guess a 4"."""
    probability = percent(prediction.probability)
    if prediction.refused:
        return f"no digit: {probability}, best guess {digit_name(prediction.best_guess)}"
    return f"{digit_name(prediction.digit)}: {probability}"
