"""The outputs of the network as bars with their percentages, drawn on a canvas."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont

import numpy as np

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.window.network.layout import Box
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour


def bar_names(count: int) -> list[str]:
    """What stands before the bars: the ten digits, and "no digit" where there are eleven."""
    return [*map(str, range(DIGITS)), "no digit"][:count]


def output_name(unit: int) -> str:
    """An output of the network in words, by its number."""
    return f"The answer {bar_names(NO_DIGIT + 1)[unit]}"


class OutputBars:
    """The bars of ten or eleven outputs on a canvas.

    Attributes:
        boxes: where each of them lies.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self.boxes: list[Box] = []
        self._canvas = canvas
        self._items: list[tuple[int, int, int]] = []
        self._tracks: list[Box] = []

    def make(self, boxes: list[Box], top: int, colours: HeatmapColours) -> None:
        """Draw them anew, into these boxes, with their title at this height."""
        canvas, shades = self._canvas, palette(self._canvas)
        font = tkfont.nametofont(CAPTION, canvas)
        gap, names = scaled(canvas, 8), bar_names(len(boxes))
        name_width = max(map(font.measure, names))
        self.boxes, self._items, self._tracks = boxes, [], []
        left = boxes[0][0]
        canvas.create_text(left, top, text="Answers", anchor="nw", font=CAPTION, fill=shades.faint)
        for digit, (left, upper, right, lower) in enumerate(boxes):
            start, end = left + name_width + gap, right - font.measure(WIDEST_PERCENT) - gap
            inset = (lower - upper) // 4
            track = (start, upper + inset, max(end, start + 1), lower - inset)
            self._tracks.append(track)
            middle = (upper + lower) / 2
            name = canvas.create_text(left, middle, text=names[digit], anchor="w", font=CAPTION)
            canvas.create_rectangle(*track, width=0, fill=shades.track)
            bar = canvas.create_rectangle(*track, width=0, fill=hex_colour(colours.positive))
            number = canvas.create_text(right, middle, anchor="e", font=CAPTION)
            self._items.append((name, bar, number))

    def show(self, probabilities: np.ndarray | None) -> None:
        """Show the outputs (10,) or (11,), or nothing."""
        canvas, shades = self._canvas, palette(self._canvas)
        best = None if probabilities is None else int(probabilities.argmax())
        for digit, (name, bar, number) in enumerate(self._items):
            part = 0.0 if probabilities is None else float(probabilities[digit])
            start, upper, end, lower = self._tracks[digit]
            canvas.coords(bar, start, upper, start + part * (end - start), lower)
            hidden = part * (end - start) < 0.5
            canvas.itemconfigure(bar, state="hidden" if hidden else "normal")
            colour = shades.text if digit == best else shades.faint
            text = "" if probabilities is None else percent(part)
            canvas.itemconfigure(name, fill=colour)
            canvas.itemconfigure(number, text=text, fill=colour)

    def digit_at(self, x: int, y: int) -> int | None:
        """The number of the output whose bar is at a point, None beside them."""
        for digit, (left, top, right, bottom) in enumerate(self.boxes):
            if left <= x < right and top <= y < bottom:
                return digit
        return None
