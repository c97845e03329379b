"""The prediction: the digit, how sure the network is, and buttons to correct it."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from number_recognition.window.prediction.answer import BLANK, HINT, READING, Answer
from number_recognition.window.prediction.corrections import CorrectionButtons
from number_recognition.window.prediction.probability_bars import ProbabilityBars

if TYPE_CHECKING:
    from tkinter import ttk

    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.session.pad_content import Number


class PredictionPanel:
    """Three widgets that show one prediction; the layout of the window places each of them.

    Attributes:
        unsure_below: an answer less probable than this is shown as unsure.
        answer: the digit and how sure the network is.
        bars: the probability of each output.
        corrections: the buttons, which have the event `<<Corrected>>`.
    """

    def __init__(self, parent: tk.Misc, unsure_below: float) -> None:
        self.unsure_below = unsure_below
        self._is_image = False
        self.answer = Answer(parent)
        self.bars = ProbabilityBars(parent)
        self.corrections = CorrectionButtons(parent)
        self.answer.show("", HINT, "", is_sure=False)

    @property
    def digit(self) -> str:
        """The large digit, "" where none is answered."""
        return self.answer.digit

    @property
    def text(self) -> str:
        """The line that says how sure the network is."""
        return self.answer.text

    @property
    def detail(self) -> str:
        """The small line below that."""
        return self.answer.detail

    @property
    def label(self) -> int | None:
        """The digit of the button that was pressed last, None for "no digit"."""
        return self.corrections.label

    @property
    def buttons(self) -> list[ttk.Button]:
        """The buttons of the digits from 0 to 9, then "not a digit"."""
        return self.corrections.buttons

    def set_outputs(self, count: int) -> None:
        """Show a bar for "no digit" after the ten where the network has eleven outputs."""
        self.bars.set_outputs(count)

    def show(
        self, prediction: Prediction, number: Number | None = None, *, is_image: bool = False
    ) -> None:
        """Show a prediction; of a number, the whole, and below it that of the chosen digit.

        `is_image`: where it is blank, that is said of the image.
        """
        # Imported here: it brings NumPy, and the window opens without waiting for that.
        from number_recognition.session.answer_text import answer_text, number_text

        if number is None:
            answer = answer_text(prediction, self.unsure_below)
            digit = "" if prediction.digit is None else str(prediction.digit)
        else:
            answer, digit = number_text(number, self.unsure_below), number.text
        text = answer.text
        if prediction.is_blank and number is None:
            text = BLANK if is_image else HINT
        self._is_image = is_image
        self.answer.show(digit, text, answer.detail, is_sure=answer.is_sure)
        self.bars.show(prediction)

    def show_reading(self) -> None:
        """Show no answer until that for another content is known."""
        self.answer.show("", READING, "", is_sure=False)
        self.bars.show(None)

    def enable(self, enabled: bool) -> None:
        """Let the correction buttons be pressed, or not."""
        self.corrections.enable(enabled)

    def recolour(self, prediction: Prediction, number: Number | None = None) -> None:
        """Apply the colours and fonts of the theme."""
        self.bars.arrange()
        self.show(prediction, number, is_image=self._is_image)
