"""The prediction: the digit, how sure the network is, and buttons to correct it."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import font as tkfont
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.window.toolkit.theme import BODY, DIGIT, STRONG, palette, scaled

if TYPE_CHECKING:
    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.session.pad_content import Number

_HINT = "Draw a digit"
_BLANK = "Blank: nothing is written here"
_WIDEST = "This doesn't look like a digit"
"""The widest text: while a person draws, the column must not become wider."""
_ROW_HEIGHT = 0.85
"""Smallest height of a row of the bars, in lines of text: the space between lines may overlap."""
_MARGIN = (1 / _ROW_HEIGHT - 1) / 2
"""Height above the first row and below the last, in rows, so that their text is not cut off."""
_SMALLEST_SIZE = 12
"""A number of many digits is written no smaller than this, in points."""


class PredictionPanel(ttk.Frame):
    """The answer of the network, the probability of each output, and the correction buttons.

    Event: `<<Corrected>>` when a person corrects the answer; `label` is then the digit, or None
    for a drawing that is no digit.

    Attributes:
        label: see above.
        digit: the large digit, "" where none is answered.
        text: the line below it.
        detail: the small line below that.
    """

    def __init__(self, parent: tk.Misc, unsure_below: float) -> None:
        super().__init__(parent)
        self.label: int | None = None
        self.digit = self.text = self.detail = ""
        self._unsure_below = unsure_below
        self._is_image = False
        self._build()
        self._write("", _HINT, "", is_sure=False)

    def _build(self) -> None:
        self.digit_label = ttk.Label(self, style="Digit.TLabel", anchor="center", width=2)
        self._text = ttk.Label(self, anchor="center")
        self._detail = ttk.Label(self, style="Faint.TLabel", anchor="center")
        self.bars = ProbabilityBars(self)
        # Packed first, so that in a small window the bars give way and not the buttons.
        self._build_corrections()
        self.digit_label.pack(fill="x")
        self._text.pack(fill="x")
        self._detail.pack(fill="x", pady=(0, scaled(self, 6)))
        self.bars.pack(fill="both", expand=True)

    def _build_corrections(self) -> None:
        gap = scaled(self, 2)
        holder = ttk.Frame(self)
        holder.pack(side="bottom", fill="x")
        heading = ttk.Label(holder, text="Wrong? It is a …", style="Heading.TLabel")
        heading.pack(anchor="w", pady=(scaled(self, 12), scaled(self, 4)))
        keys = ttk.Frame(holder)
        keys.pack(fill="x")
        self.buttons: list[ttk.Button] = []
        for digit in range(10):
            command = partial(self._correct, digit)
            button = ttk.Button(keys, text=str(digit), width=3, command=command)
            button.grid(row=digit // 5, column=digit % 5, sticky="ew", padx=gap, pady=gap)
            keys.columnconfigure(digit % 5, weight=1, uniform="key")
            self.buttons.append(button)
        none = ttk.Button(keys, text="Not a digit (N)", command=lambda: self._correct(None))
        none.grid(row=2, column=0, columnspan=5, sticky="ew", padx=gap, pady=gap)
        self.buttons.append(none)

    def set_outputs(self, count: int) -> None:
        """Show a bar for "no digit" below the ten where the network has eleven outputs."""
        self.bars.set_outputs(count)

    def show(
        self, prediction: Prediction, number: Number | None = None, *, is_image: bool = False
    ) -> None:
        """Show a prediction; of a number, that of the chosen digit below the whole number.

        `is_image`: where it is blank, that is said of the image.
        """
        # Imported here: it brings NumPy, and the window opens without waiting for that.
        from number_recognition.session.answer_text import answer_text

        answer = answer_text(prediction, self._unsure_below)
        digit = "" if prediction.digit is None else str(prediction.digit)
        text, detail = answer.text, answer.detail
        if prediction.is_blank:
            text = _BLANK if is_image else _HINT
        if number is not None:
            digit = number.text
            position = f"Chosen: {number.index + 1} of {len(number.pieces)}"
            detail = f"{position}. {detail}" if detail else position
        self._is_image = is_image
        self._write(digit, text, detail, is_sure=answer.is_sure)
        self.bars.show(prediction)

    def _write(self, digit: str, text: str, detail: str, *, is_sure: bool) -> None:
        self.digit, self.text, self.detail = digit, text, detail
        colours = palette(self)
        self.digit_label.configure(
            text=digit,
            foreground=colours.text if is_sure else colours.faint,
            font=self._font_for(digit),
        )
        colour = colours.faint if text in (_HINT, _BLANK) else colours.text
        is_plain = text in (_HINT, _BLANK) or (is_sure and digit)
        self._text.configure(text=text, foreground=colour, font=BODY if is_plain else STRONG)
        self._detail.configure(text=detail)

    def _font_for(self, digits: str) -> str | tuple[str, int, str]:
        """The font of the large digit, smaller where a number would be wider than the column."""
        font = tkfont.nametofont(DIGIT, self)
        width, room = font.measure(digits), max(1, self.winfo_width())
        if len(digits) < 2 or width <= room:
            return DIGIT
        size = int(font.cget("size"))  # negative where it is in pixels
        smaller = max(_SMALLEST_SIZE, round(abs(size) * room / width))
        return font.actual("family"), smaller if size > 0 else -smaller, font.actual("weight")

    def enable(self, enabled: bool) -> None:
        """Let the correction buttons be pressed, or not."""
        for button in self.buttons:
            button.state(["!disabled" if enabled else "disabled"])

    def recolour(self, prediction: Prediction, number: Number | None = None) -> None:
        """Take up the colours and fonts of the window's theme."""
        self.bars.arrange()
        self.show(prediction, number, is_image=self._is_image)

    def _correct(self, label: int | None) -> None:
        self.label = label
        self.event_generate("<<Corrected>>")


def _fitting(font: tkfont.Font, part: float) -> tuple[str, int, str]:
    """A font, smaller by a part below 1: on a low screen all bars are still to be seen."""
    size = max(1, int(abs(int(font.cget("size"))) * min(1.0, part)))
    return font.actual("family"), -size, font.actual("weight")


class ProbabilityBars(tk.Canvas):
    """A bar for each output of the network, always in the same order.

    Attributes:
        texts: the name and the percentage of each bar as shown.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=0, width=scaled(parent, 260))
        self._prediction: Prediction | None = None
        self._row = 1.0
        self._fonts: list[tuple[str, int, str]] = []
        self._rows: list[tuple[int, int, int, int]] = []
        self._make_rows(10)
        self.bind("<Configure>", lambda event: self.arrange())
        self.arrange()

    def set_outputs(self, count: int) -> None:
        """Have ten bars, or eleven with one for "no digit"."""
        if count != len(self._rows):
            self._make_rows(count)
            self.arrange()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The name and the percentage of each bar."""
        return [(self._text(name), self._text(share)) for name, _, _, share in self._rows]

    def _text(self, item: int) -> str:
        return str(tk.Canvas.itemcget(self, item, "text"))

    def _make_rows(self, count: int) -> None:
        self.delete("all")
        self._rows = [
            (
                self.create_text(0, 0, text=name, anchor="w", font=BODY),
                self.create_rectangle(0, 0, 0, 0, width=0),
                self.create_rectangle(0, 0, 0, 0, width=0),
                self.create_text(0, 0, anchor="e", font=BODY),
            )
            for name in [*map(str, range(10)), "no digit"][:count]
        ]

    def arrange(self) -> None:
        """Lay the rows out for the width, the font and the colours that there are now."""
        colours = palette(self)
        font, strong = tkfont.nametofont(BODY, self), tkfont.nametofont(STRONG, self)
        line = font.metrics("linespace")
        least = max(scaled(self, 260), strong.measure(_WIDEST))
        count = len(self._rows)
        height = round(_ROW_HEIGHT * (count + 2 * _MARGIN) * line)
        if (self.winfo_reqwidth(), self.winfo_reqheight()) != (least, height):
            self.configure(width=least, height=height)
        self._row = min(1.8 * line, self.winfo_height() / (count + 2 * _MARGIN))
        part = self._row / (_ROW_HEIGHT * line)
        self._fonts = [_fitting(each, part) for each in (font, strong)]
        self._left = strong.measure("0" if count == 10 else "no digit") + scaled(self, 10)
        width = max(self.winfo_width(), scaled(self, 100))
        self._right = width - strong.measure(WIDEST_PERCENT) - scaled(self, 8)
        self.configure(background=colours.background)
        for number, (name, track, bar, share) in enumerate(self._rows):
            middle = (number + 0.5 + _MARGIN) * self._row
            self.coords(name, 0, middle)
            self.coords(share, width, middle)
            top, bottom = self._edges(number)
            self.coords(track, self._left, top, self._right, bottom)
            self.itemconfigure(track, fill=colours.track)
            self.itemconfigure(bar, fill=colours.accent)
        self.show(self._prediction)

    def show(self, prediction: Prediction | None) -> None:
        """Show the probabilities, that of the answer in bold; None before anything was read."""
        self._prediction = prediction
        if prediction is None or prediction.is_blank:
            for number in range(len(self._rows)):
                self._show_row(number, 0.0, "", is_answer=False)
            return
        answer = 10 if prediction.refused else prediction.digit
        for number, part in enumerate(prediction.outputs[: len(self._rows)].tolist()):
            self._show_row(number, part, percent(part), number == answer)

    def _show_row(self, number: int, part: float, text: str, is_answer: bool) -> None:
        colours = palette(self)
        name, _, bar, share = self._rows[number]
        top, bottom = self._edges(number)
        end = self._left + part * (self._right - self._left)
        self.coords(bar, self._left, top, end, bottom)
        self.itemconfigure(bar, state="hidden" if end - self._left < 0.5 else "normal")
        colour = colours.text if is_answer else colours.faint
        font = self._fonts[is_answer]
        self.itemconfigure(name, font=font, fill=colour)
        self.itemconfigure(share, text=text, font=font, fill=colour)

    def _edges(self, number: int) -> tuple[float, float]:
        middle = (number + 0.5 + _MARGIN) * self._row
        return middle - 0.22 * self._row, middle + 0.22 * self._row
