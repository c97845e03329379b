"""The answer: the digit read, how sure the network is of each of the ten, and the way to object."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.window.toolkit.theme import BODY, STRONG, palette, scaled

if TYPE_CHECKING:
    from number_recognition.learning.models.prediction import Prediction

SURE = 0.6
"""Less confidence than this is no answer to rely on."""
_NOTHING = "Draw a digit"


class PredictionPanel(ttk.Frame):
    """What the network says, digit by digit.

    Event: `<<Corrected>>` when a person says what the drawing is; `label` is then the digit, or
    None for a drawing that is none.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.label: int | None = None
        self._digit = ttk.Label(self, style="Digit.TLabel", anchor="center", width=2)
        self._sentence = ttk.Label(self, anchor="center")
        self._bars = ProbabilityBars(self)
        # Packed first, so that in a small window the bars give way and not the buttons.
        self._build_corrections()
        self._digit.pack(fill="x")
        self._sentence.pack(fill="x", pady=(0, scaled(self, 8)))
        self._bars.pack(fill="both", expand=True)
        self._digit.configure(text="")
        self._sentence.configure(text=_NOTHING)

    def _build_corrections(self) -> None:
        gap = scaled(self, 2)
        holder = ttk.Frame(self)
        holder.pack(side="bottom", fill="x")
        heading = ttk.Label(holder, text="Wrong? It is a …", style="Heading.TLabel")
        heading.pack(anchor="w", pady=(scaled(self, 12), scaled(self, 4)))
        keys = ttk.Frame(holder)
        keys.pack(fill="x")
        self._buttons: list[ttk.Button] = []
        for digit in range(10):
            button = ttk.Button(
                keys, text=str(digit), width=3, command=lambda digit=digit: self._correct(digit)
            )
            button.grid(row=digit // 5, column=digit % 5, sticky="ew", padx=gap, pady=gap)
            keys.columnconfigure(digit % 5, weight=1, uniform="key")
            self._buttons.append(button)
        none = ttk.Button(keys, text="Not a digit (N)", command=lambda: self._correct(None))
        none.grid(row=2, column=0, columnspan=5, sticky="ew", padx=gap, pady=gap)
        self._buttons.append(none)

    def show(self, prediction: Prediction) -> None:
        """Show what the network says."""
        unsure = prediction.confidence < SURE
        if prediction.digit is None:
            digit, sentence = "", _NOTHING
        else:
            digit = str(prediction.digit)
            sure = f"{percent(prediction.confidence)} sure"
            sentence = self._doubt(prediction) if unsure else sure
        colours = palette(self)
        self._digit.configure(text=digit, foreground=colours.faint if unsure else colours.text)
        self._sentence.configure(text=sentence)
        self._bars.show(prediction)

    def enable(self, enabled: bool) -> None:
        """Let the correction buttons be pressed, or not."""
        for button in self._buttons:
            button.state(["!disabled" if enabled else "disabled"])

    def recolour(self, prediction: Prediction) -> None:
        """Take up the colours and fonts of the window's theme."""
        self._bars.arrange()
        self.show(prediction)

    @staticmethod
    def _doubt(prediction: Prediction) -> str:
        (first, _), (second, _) = prediction.ranking()[:2]
        return f"Not sure: a {first}, or a {second}?"

    def _correct(self, label: int | None) -> None:
        self.label = label
        self.event_generate("<<Corrected>>")


class ProbabilityBars(tk.Canvas):
    """Ten bars, always in the order of the digits so that nothing jumps while one draws."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=0, width=scaled(parent, 260))
        self._prediction: Prediction | None = None
        self._rows = [
            (
                self.create_text(0, 0, text=str(digit), anchor="w", font=BODY),
                self.create_rectangle(0, 0, 0, 0, width=0),
                self.create_rectangle(0, 0, 0, 0, width=0),
                self.create_text(0, 0, anchor="e", font=BODY),
            )
            for digit in range(10)
        ]
        self.bind("<Configure>", lambda event: self.arrange())
        self.arrange()

    def arrange(self) -> None:
        """Lay the rows out anew for the width, the font and the colours that there are now."""
        colours = palette(self)
        font = tkfont.nametofont(BODY, self)
        line = font.metrics("linespace")
        # As wide as the longest sentence above: while one draws, the column must not grow.
        least = max(scaled(self, 260), font.measure("Not sure: a 0, or a 0?"))
        if (self.winfo_reqwidth(), self.winfo_reqheight()) != (least, round(8.5 * line)):
            self.configure(width=least, height=round(8.5 * line))
        self._row = min(1.8 * line, max(0.85 * line, self.winfo_height() / 10))
        self._left = font.measure("0") + scaled(self, 10)
        width = max(self.winfo_width(), scaled(self, 100))
        widest = tkfont.nametofont(STRONG, self).measure(WIDEST_PERCENT)
        self._right = width - widest - scaled(self, 8)
        self.configure(background=colours.background)
        for digit, (name, track, bar, share) in enumerate(self._rows):
            middle = (digit + 0.5) * self._row
            self.coords(name, 0, middle)
            self.coords(share, width, middle)
            top, bottom = self._edges(digit)
            self.coords(track, self._left, top, self._right, bottom)
            self.itemconfigure(track, fill=colours.track)
            self.itemconfigure(bar, fill=colours.accent)
        self.show(self._prediction)

    def show(self, prediction: Prediction | None) -> None:
        """Show the ten probabilities, the highest in bold; None before anything was read."""
        self._prediction = prediction
        colours = palette(self)
        for digit, (name, _, bar, share) in enumerate(self._rows):
            part = float(prediction.probabilities[digit]) if prediction is not None else 0.0
            top, bottom = self._edges(digit)
            end = self._left + part * (self._right - self._left)
            blank = prediction is None or prediction.digit is None
            first = not blank and digit == prediction.digit
            self.coords(bar, self._left, top, end, bottom)
            colour = colours.text if first else colours.faint
            font = STRONG if first else BODY
            self.itemconfigure(name, font=font, fill=colour)
            text = "" if blank else percent(part)
            self.itemconfigure(share, text=text, font=font, fill=colour)
            state = "hidden" if end - self._left < 0.5 else "normal"
            self.itemconfigure(bar, state=state)

    def _edges(self, digit: int) -> tuple[float, float]:
        return (digit + 0.28) * self._row, (digit + 0.72) * self._row
