"""The answer of the network: the digit large, and how sure it is."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk

from number_recognition.window.toolkit.theme import (
    BODY,
    CAPTION,
    DIGIT,
    STRONG,
    enlarged,
    palette,
    scaled,
)

HINT = "Draw a digit"
BLANK = "Blank: nothing is written here"
READING = "Reading …"
_WIDEST = "This doesn't look like a digit"
_LINE_HEIGHT = 1.2
"""The height of a line, as a multiple of the size of its font."""
_SMALLEST_SIZE = 12
"""A number is written no smaller than this, in pixels at 96 dpi: one of too many digits is cut."""


class Answer(ttk.Frame):
    """The digit, the line that says how sure the network is, and a small line below.

    Attributes:
        digit, text, detail: what is shown.
        digit_label: the label of the digit.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.digit = self.text = self.detail = ""
        self._is_sure = False
        self._is_stacked = False
        self._digit_size = self._width = scaled(self, 72)
        self._growth = self._text_factor = 1.0
        self.digit_label = ttk.Label(self, style="Digit.TLabel", anchor="center")
        self._lines = ttk.Frame(self)
        self._text = ttk.Label(self._lines)
        self._detail = ttk.Label(self._lines, style="Faint.TLabel")
        for label in (self._text, self._detail):
            label.pack(fill="x")

    def _font(self, name: str) -> tkfont.Font:
        return tkfont.nametofont(name, self)

    @property
    def _usual_size(self) -> int:
        return abs(int(self._font(DIGIT).cget("size")))

    def enlarge(self, factor: float) -> None:
        """Have all in so many times its size, from the next time that it is arranged on."""
        self._growth = factor

    def row_height(self) -> int:
        """Return the height in pixels with the digit beside the text."""
        lines = self._font(STRONG).metrics("linespace") + 2 * self._font(CAPTION).metrics(
            "linespace"
        )
        return round(self._growth * max(round(0.85 * self._usual_size), lines))

    def text_width(self) -> int:
        """Return the width in pixels of the longest text in one line."""
        return round(self._growth * self._font(STRONG).measure(_WIDEST))

    def least_width(self) -> int:
        """Return the width in pixels below which the text would be broken within a word."""
        return max(self._font(STRONG).measure("doesn't look"), round(0.8 * self._usual_size))

    def arrange(self, width: int, height: int, stacked: bool) -> None:
        """Put the digit above the text (`stacked`) or beside it, as large as fits the size."""
        self._is_stacked, self._width = stacked, width
        self.digit_label.pack_forget()
        self._lines.pack_forget()
        self._text_factor = self._growth
        if stacked:
            self._text_factor *= min(2.0, max(1.0, height / scaled(self, 320)))
            small = self._line(CAPTION) * self._growth
            lines = 2 * self._line(STRONG) * self._text_factor + 2 * small
            size = min((height - lines) / _LINE_HEIGHT, 1.1 * width)
            self._lines.pack(side="top", fill="x")
        else:
            size = height / _LINE_HEIGHT
            self.digit_label.pack(side="left", padx=(0, self._gap))
            self._lines.pack(side="left", fill="x", expand=True)
        self._digit_size = max(round(size), scaled(self, _SMALLEST_SIZE))
        for label in (self._text, self._detail):
            label.configure(anchor="center" if stacked else "w")
            label.configure(justify="center" if stacked else "left")
        self._write()

    def _line(self, name: str) -> int:
        return self._font(name).metrics("linespace")

    @property
    def _gap(self) -> int:
        return scaled(self, 14)

    def show(self, digit: str, text: str, detail: str, *, is_sure: bool) -> None:
        """Show an answer; `is_sure` decides the colour."""
        self.digit, self.text, self.detail, self._is_sure = digit, text, detail, is_sure
        self._write()

    def _write(self) -> None:
        colours, text, digit = palette(self), self.text, self._shown_digits()
        font, digit_width = self._digit_font(digit)
        self.digit_label.configure(
            text=digit,
            foreground=colours.text if self._is_sure else colours.faint,
            font=font,
            width=0 if len(digit) > 1 else 1,
        )
        is_plain = text in (HINT, BLANK, READING) or bool(self._is_sure and digit)
        room = self._width if self._is_stacked else self._width - digit_width - self._gap
        room = max(room, scaled(self, 60))
        self._text.configure(
            text=text,
            foreground=colours.faint if text in (HINT, BLANK, READING) else colours.text,
            font=enlarged(self, BODY if is_plain else STRONG, self._text_factor),
            wraplength=room,
        )
        small = enlarged(self, CAPTION, self._growth)
        self._detail.configure(text=self.detail, font=small, wraplength=room)
        self._place_digit()

    def _place_digit(self) -> None:
        """Above the lines the digit has its room where there is one; else they have all of it."""
        if not self._is_stacked:
            return
        self._lines.pack_configure(expand=not self.digit)
        if not self.digit:
            self.digit_label.pack_forget()
        elif not self.digit_label.winfo_manager():
            self.digit_label.pack(side="top", fill="x", before=self._lines)

    @property
    def _digit_room(self) -> int:
        """How wide a number may be, in pixels."""
        return self._width if self._is_stacked else self._width // 2

    def _shown_digits(self) -> str:
        """The number, cut where it is too wide even as small as numbers are written."""
        # Small letters are a little wider for their size than the large ones that are measured.
        most = 0.95 * self._digit_room * self._usual_size / scaled(self, _SMALLEST_SIZE)
        digits, font = self.digit, self._font(DIGIT)
        if (width := font.measure(digits)) <= most:
            return digits
        digits = digits[: max(1, int(len(digits) * most / width))]
        while len(digits) > 1 and font.measure(f"{digits} …") > most:
            digits = digits[:-1]
        return f"{digits} …"

    def _digit_font(self, digits: str) -> tuple[tuple[str, int, str], int]:
        """The font of the large digits, smaller for a number that is too wide, and their width."""
        font = self._font(DIGIT)
        measured = font.measure(digits or "0") / self._usual_size
        smallest = scaled(self, _SMALLEST_SIZE)
        size = min(self._digit_size, max(smallest, int(self._digit_room / measured)))
        return (font.actual("family"), -size, font.actual("weight")), round(measured * size)
