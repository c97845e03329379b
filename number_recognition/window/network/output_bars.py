"""The output probabilities as labelled bars, drawn on a canvas."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import font as tkfont

import numpy as np

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.learning.explanation.feature_maps import FeatureMaps
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.window.network.layout import Box, LayoutSizes
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour

_MIN_BAR = 24
"""Where the bars would be shorter than this, in pixels, "no digit" is called "none"."""


def bar_names(count: int) -> list[str]:
    """Return the names of the outputs: the ten digits, and "no digit" as the eleventh."""
    return [*map(str, range(DIGITS)), "no digit"][:count]


def output_name(index: int) -> str:
    """Return the name of an output by its index."""
    return bar_names(DIGITS + 1)[index]


class OutputBars:
    """A bar for each of the ten or eleven outputs, on a given canvas.

    Attributes:
        boxes: the box of each bar with its labels.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self.boxes: list[Box] = []
        self._canvas = canvas
        self._items: list[tuple[int, int, int]] = []
        self._tracks: list[Box] = []
        self._with_numbers = True

    def create(
        self, boxes: list[Box], top: int, colours: HeatmapColours, with_numbers: bool
    ) -> None:
        """Create the bars in these boxes, with the title at the height `top`."""
        self._with_numbers = with_numbers
        canvas, shades = self._canvas, palette(self._canvas)
        font = tkfont.nametofont(CAPTION, canvas)
        gap, names = scaled(canvas, 8), bar_names(len(boxes))
        percent_width = font.measure(WIDEST_PERCENT) + gap if with_numbers else 0
        left, _, right, _ = boxes[-1]
        if right - left < font.measure(names[-1]) + gap + _MIN_BAR + percent_width:
            names[-1] = names[-1].replace("no digit", "none")
        name_widths = {box[0]: font.measure("0") + gap for box in boxes}
        name_widths[left] = font.measure(names[-1]) + gap
        self.boxes, self._items, self._tracks = boxes, [], []
        x = boxes[0][0]
        canvas.create_text(x, top, text="Output", anchor="nw", font=CAPTION, fill=shades.faint)
        for name, box in zip(names, boxes, strict=True):
            start, end = box[0] + name_widths[box[0]], box[2] - percent_width
            self._create_bar(name, box, start, max(end, start + 1), hex_colour(colours.positive))

    def _create_bar(self, name: str, box: Box, start: int, end: int, colour: str) -> None:
        """Create a bar with its name and its percentage, empty so far."""
        canvas, (left, upper, right, lower) = self._canvas, box
        inset, middle = (lower - upper) // 4, (upper + lower) / 2
        track = (start, upper + inset, end, lower - inset)
        label = canvas.create_text(left, middle, text=name, anchor="w", font=CAPTION)
        canvas.create_rectangle(*track, width=0, fill=palette(canvas).track)
        bar = canvas.create_rectangle(*track, width=0, fill=colour)
        number = canvas.create_text(right, middle, anchor="e", font=CAPTION)
        self._tracks.append(track)
        self._items.append((label, bar, number))

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The name and the percentage of each bar."""
        return [(self._text(name), self._text(number)) for name, _, number in self._items]

    def _text(self, item: int) -> str:
        return str(self._canvas.itemcget(item, "text"))

    def show(self, probabilities: np.ndarray | None) -> None:
        """Show probabilities (10,) or (11,), or empty bars for None."""
        canvas, shades = self._canvas, palette(self._canvas)
        best = None if probabilities is None else int(probabilities.argmax())
        for digit, (name, bar, number) in enumerate(self._items):
            probability = 0.0 if probabilities is None else float(probabilities[digit])
            start, upper, end, lower = self._tracks[digit]
            length = probability * (end - start)
            canvas.coords(bar, start, upper, start + length, lower)
            canvas.itemconfigure(bar, state="hidden" if length < 0.5 else "normal")
            colour = shades.text if digit == best else shades.faint
            is_shown = self._with_numbers and probabilities is not None
            text = percent(probability) if is_shown else ""
            canvas.itemconfigure(name, fill=colour)
            canvas.itemconfigure(number, text=text, fill=colour)

    def output_at(self, x: int, y: int) -> int | None:
        """Return the index of the output whose bar is at a point, None outside of the bars."""
        for index, (left, top, right, bottom) in enumerate(self.boxes):
            if left <= x < right and top <= y < bottom:
                return index
        return None


def layout_sizes(
    canvas: tk.Canvas,
    room: tuple[int, int],
    outputs: int,
    *,
    complete: bool,
    max_cell: int,
    gap: int,
    maps: Sequence[FeatureMaps | None],
    row_from_cell: int | None,
) -> LayoutSizes:
    """Return the lengths of a layout on a canvas, for its fonts and its screen.

    Args:
        canvas: what it is drawn on.
        room: its width, and the height there is, in pixels.
        outputs: how many there are.
        complete: whether pixels and probabilities are shown, too.
        max_cell: see `LayoutSizes`, as for what follows; it and `gap` in pixels at 96 dpi.
    """
    font = tkfont.nametofont(CAPTION, canvas)
    line, border = font.metrics("linespace"), int(canvas["highlightthickness"])
    caption_height = line + scaled(canvas, 4)
    name_width = max(map(font.measure, bar_names(outputs)))
    numbers = font.measure(f"  {WIDEST_PERCENT}") if complete else 0
    return LayoutSizes(
        width=room[0],
        height=max(room[1], caption_height + outputs * line + 2 * border),
        caption_height=caption_height,
        bar_height=line,
        bar_width=name_width + scaled(canvas, 70) + numbers,
        gap=scaled(canvas, gap),
        border=border,
        max_cell=scaled(canvas, max_cell),
        text_width=font.measure,
        bar_count=outputs,
        with_input=complete,
        maps=maps,
        row_from_cell=row_from_cell,
    )
