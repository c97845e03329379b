"""The output probabilities as ten labelled bars, drawn on a canvas."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont

import numpy as np

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.window.network.layout import Box
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour


class OutputBars:
    """Ten bars on a given canvas.

    Attributes:
        boxes: the box of each bar with its labels.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self.boxes: list[Box] = []
        self._canvas = canvas
        self._items: list[tuple[int, int, int]] = []
        self._tracks: list[Box] = []

    def create(self, boxes: list[Box], top: int, colours: HeatmapColours) -> None:
        """Create the bars in these boxes, with the title at the height `top`."""
        canvas, shades = self._canvas, palette(self._canvas)
        font = tkfont.nametofont(CAPTION, canvas)
        gap, name_width = scaled(canvas, 8), font.measure("0")
        self.boxes, self._items, self._tracks = boxes, [], []
        left = boxes[0][0]
        canvas.create_text(left, top, text="Output", anchor="nw", font=CAPTION, fill=shades.faint)
        for digit, (left, upper, right, lower) in enumerate(boxes):
            start, end = left + name_width + gap, right - font.measure(WIDEST_PERCENT) - gap
            inset = (lower - upper) // 4
            track = (start, upper + inset, max(end, start + 1), lower - inset)
            self._tracks.append(track)
            middle = (upper + lower) / 2
            name = canvas.create_text(left, middle, text=str(digit), anchor="w", font=CAPTION)
            canvas.create_rectangle(*track, width=0, fill=shades.track)
            bar = canvas.create_rectangle(*track, width=0, fill=hex_colour(colours.positive))
            number = canvas.create_text(right, middle, anchor="e", font=CAPTION)
            self._items.append((name, bar, number))

    def show(self, probabilities: np.ndarray | None) -> None:
        """Show probabilities (10,), or empty bars for None."""
        canvas, shades = self._canvas, palette(self._canvas)
        best = None if probabilities is None else int(probabilities.argmax())
        for digit, (name, bar, number) in enumerate(self._items):
            probability = 0.0 if probabilities is None else float(probabilities[digit])
            start, upper, end, lower = self._tracks[digit]
            length = probability * (end - start)
            canvas.coords(bar, start, upper, start + length, lower)
            canvas.itemconfigure(bar, state="hidden" if length < 0.5 else "normal")
            colour = shades.text if digit == best else shades.faint
            text = "" if probabilities is None else percent(probability)
            canvas.itemconfigure(name, fill=colour)
            canvas.itemconfigure(number, text=text, fill=colour)

    def digit_at(self, x: int, y: int) -> int | None:
        """Return the digit whose bar is at a point, None outside of the bars."""
        for digit, (left, top, right, bottom) in enumerate(self.boxes):
            if left <= x < right and top <= y < bottom:
                return digit
        return None
