"""A chart of how sure the network is over the whole range of a slider."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont

from number_recognition.core.formatting import digit_name
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import answer_text
from number_recognition.session.perturbation import Range
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour

Points = list[tuple[float, Prediction]]


class ConfidenceChart(tk.Canvas):
    """The probability of one digit over a slider's range; other answers stand below the line.

    Attributes:
        points: the values of the slider with what is read at each; empty while there is nothing.
        sentence: from where to where the answer holds, in words.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=0, height=scaled(parent, 110))
        self.points: Points = []
        self.sentence = ""
        self._range: Range | None = None
        self._digit: int | None = None
        self._now = 0.0
        self.bind("<Configure>", lambda event: self._draw())

    def clear(self) -> None:
        """Show nothing."""
        self.points, self.sentence = [], ""
        self._draw()

    def show(self, bounds: Range, points: Points, digit: int | None, now: float) -> None:
        """Show what is read over a slider's range.

        Args:
            bounds: the slider.
            points: its values with what is read at each, in order.
            digit: whose probability is drawn: the answer to the drawing unchanged.
            now: the value of the slider.
        """
        self._range, self.points, self._digit, self._now = bounds, points, digit, now
        self.sentence = in_words(bounds, points, digit, now)
        self._draw()

    def recolour(self) -> None:
        """Take up the colours and fonts of the window's theme."""
        self._draw()

    def _draw(self) -> None:
        self.delete("all")
        colours = palette(self)
        self.configure(background=colours.background)
        if not self.points or self._digit is None:
            return
        font = tkfont.nametofont(CAPTION, self)
        line, gap = font.metrics("linespace"), scaled(self, 4)
        left, right = font.measure("100 % "), self.winfo_width() - gap
        top, bottom = 2 * line, self.winfo_height() - 2 * line - gap
        self.create_text(0, 0, text=self.sentence, anchor="nw", font=CAPTION, fill=colours.text)
        for part, text in ((0, "0 %"), (1, "100 %")):
            y = bottom + part * (top - bottom)
            self.create_line(left, y, right, y, fill=colours.track)
            self.create_text(left - gap, y, text=text, anchor="e", font=CAPTION, fill=colours.faint)
        self._draw_points(left, right, top, bottom)
        below = self.winfo_height() - line
        for x, value, anchor in ((left, self._range.low, "nw"), (right, self._range.high, "ne")):
            text = self._range.shown(value)
            self.create_text(x, below, text=text, anchor=anchor, font=CAPTION, fill=colours.faint)

    def _draw_points(self, left: int, right: int, top: int, bottom: int) -> None:
        shades, width = HeatmapColours(palette(self)), scaled(self, 2)

        def across(value: float) -> float:
            part = (value - self._range.low) / (self._range.high - self._range.low)
            return left + part * (right - left)

        places = [
            (across(value), bottom + float(read.outputs[self._digit]) * (top - bottom))
            for value, read in self.points
        ]
        now = across(self._now)
        faint = palette(self).faint
        self.create_line(now, top, now, bottom, fill=faint, dash=(4, 3), width=max(1, width // 2))
        self.create_line(*sum(places, ()), fill=hex_colour(shades.positive), width=width)
        last = self._digit
        for (x, y), (_, read) in zip(places, self.points, strict=True):
            other = read.digit != self._digit
            colour = hex_colour(shades.negative if other else shades.positive)
            self.create_oval(x - width, y - width, x + width, y + width, fill=colour, width=0)
            if other and read.digit != last:
                text = answer_text(read, 0).short
                self.create_text(x, bottom, text=text, anchor="n", font=CAPTION, fill=colour)
            last = read.digit


def in_words(bounds: Range, points: Points, digit: int | None, now: float) -> str:
    """From where to where around its present value a slider leaves the answer as it is."""
    title = bounds.title
    nearest = min(range(len(points)), key=lambda i: abs(points[i][0] - now))
    if points[nearest][1].digit != digit:
        return f"{title}: it is not read as {digit_name(digit)} here."
    first = last = nearest
    while first and points[first - 1][1].digit == digit:
        first -= 1
    while last + 1 < len(points) and points[last + 1][1].digit == digit:
        last += 1
    if (first, last) == (0, len(points) - 1):
        return f"{title}: it stays {digit_name(digit)} over the whole range."
    low, high = bounds.shown(points[first][0]), bounds.shown(points[last][0])
    return f"{title}: it stays {digit_name(digit)} from {low} to {high}."
