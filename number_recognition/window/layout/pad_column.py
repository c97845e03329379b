"""The pad with its tools, the answer below or beside it, and the buttons that correct it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.window.pad.canvas import Pad
from number_recognition.window.pad.preprocessing_strip import PreprocessingStrip
from number_recognition.window.pad.toolbar import Toolbar
from number_recognition.window.prediction.prediction_panel import PredictionPanel
from number_recognition.window.toolkit.theme import scaled, text_scale

_LEAST_ABOVE_ANSWER = 230
"""Height of the pad, in pixels at 96 dpi, below which the answer stands beside it."""
_LEAST_PAD = 150
"""Height of the pad, in pixels at 96 dpi, below which the bars are hidden."""


_ROOMY_PAD = 260
"""Height of the pad, in pixels at 96 dpi, above which the bars stand well apart."""
_LARGE = 950, 1100
"""Width and height in pixels at 96 dpi above which pictures grow, and texts of the usual size."""


class PadColumn(ttk.Frame):
    """Places its widgets by its own size and by the size of the text alone.

    So a layout never causes another. The pad gets the room there is: in a low column the answer
    stands beside it, else below.

    Attributes:
        pad, tools, preprocessing_strip, prediction_panel: its widgets.
        is_simple: whether it fills a window without views.
    """

    def __init__(self, parent: tk.Misc, pen_width: float, unsure_below: float) -> None:
        super().__init__(parent)
        self.is_simple = False
        self.pad = Pad(self, pen_width)
        self.tools = Toolbar(self, self.pad.pen_width)
        self.preprocessing_strip = PreprocessingStrip(self)
        self.prediction_panel = PredictionPanel(self, unsure_below)
        self._answer = self.prediction_panel.answer
        self._bars = self.prediction_panel.bars
        self._corrections = self.prediction_panel.corrections
        self.bind("<Configure>", lambda event: self.arrange())

    @property
    def _gap(self) -> int:
        return scaled(self, 10)

    def min_size(self) -> tuple[int, int]:
        """The width and height in pixels below which something would be cut off."""
        least_pad, gap = scaled(self, _LEAST_PAD), self._gap
        width = max(self.tools.min_width, least_pad + gap + self._answer.least_width())
        below = self.tools.needed_height(width) + self._corrections.needed_height(width)
        return width, least_pad + below + 2 * gap

    def arrange(self) -> None:
        """Place everything for the size and the text that there are now."""
        width, height = self.winfo_width(), self.winfo_height()
        if width < 2 or height < 2:
            return
        self._enlarge_texts(min(width / scaled(self, _LARGE[0]), height / scaled(self, _LARGE[1])))
        if self.is_simple:
            self._arrange_simple(width, height)
        else:
            self._arrange_column(width, height)

    def _enlarge_texts(self, room: float) -> None:
        """Let texts and pictures grow where there is so many times the room of a large window."""
        growth = max(1.0, room / max(1.0, text_scale(self)))
        self._answer.enlarge(growth)
        self._bars.enlarge(growth)
        self.preprocessing_strip.enlarge(growth, max(1.0, room))

    def _arrange_column(self, width: int, height: int) -> None:
        gap, bars = self._gap, self._bars.needed_height(width)
        pad, is_beside = self._pad_size(width, height, bars)
        if pad[1] < scaled(self, _LEAST_PAD):
            bars = 0
            pad, is_beside = self._pad_size(width, height, bars)
        if bars and (spare := pad[1] - scaled(self, _ROOMY_PAD)) > 0:
            bars += min(spare, self._bars.wanted_height(width) - bars)
            pad, is_beside = self._pad_size(width, height, bars)
        top = self._place_pad(0, *pad)
        if is_beside:
            self._place_beside(pad[0] + gap, width - pad[0] - gap, pad[1])
        top = self._place_tools(0, top, width)
        if not is_beside:
            top = self._place_row(top, width)
        self._corrections.arrange(width)
        below = self._corrections.needed_height(width)
        self._place_bars(0, top, width, height - below - gap - top if bars else 0)
        self._corrections.place(x=0, y=height - below, width=width, height=below)

    def _pad_size(self, width: int, height: int, bars: int) -> tuple[tuple[int, int], bool]:
        """The size of the pad, which is never higher than wide; whether the answer is beside it."""
        gap = self._gap
        below = self.tools.needed_height(width) + self._corrections.needed_height(width)
        below += bars + (3 if bars else 2) * gap
        under = min(width, height - below - self._row_height(width) - gap)
        if under >= scaled(self, _LEAST_ABOVE_ANSWER):
            return (width, under), False
        beside = max(1, width - self._answer.least_width() - gap)
        return (beside, max(1, min(beside, height - below))), True

    def _place_pad(self, left: int, width: int, height: int) -> int:
        """Place the pad at the top; return where the next widget begins."""
        self.pad.place(x=left, y=0, width=width, height=height)
        return height + self._gap

    def _place_tools(self, left: int, top: int, width: int) -> int:
        self.tools.arrange(width)
        height = self.tools.needed_height(width)
        self.tools.place(x=left, y=top, width=width, height=height)
        return top + height + self._gap

    def _place_beside(self, left: int, width: int, height: int) -> None:
        """Place the answer beside the pad, and below it what the network sees, if it fits."""
        strip = self.preprocessing_strip
        strip_height = strip.height_of(with_heading=False)
        steps = self._fitting_steps(width)
        if height < strip_height + 2 * self._answer.row_height():
            steps = 0
        rest = height - strip_height - self._gap if steps else height
        self._answer.arrange(width, rest, stacked=True)
        self._answer.place(x=left, y=0, width=width, height=rest)
        self._place_strip(left, rest + self._gap, width, steps, with_heading=False)

    def _place_row(self, top: int, width: int) -> int:
        """Place the answer below the pad, and beside it what the network sees, if it fits."""
        height, gap, strip = self._row_height(width), self._gap, self.preprocessing_strip
        steps = self._steps_in_row(width)
        with_heading = height >= strip.height_of(with_heading=True)
        strip_width = strip.width_of(steps) if steps else 0
        self._answer.arrange(width - strip_width, height, stacked=False)
        self._answer.place(x=0, y=top, width=width - strip_width, height=height)
        self._place_strip(width - strip_width, top, strip_width, steps, with_heading)
        return top + height + gap

    def _row_height(self, width: int) -> int:
        strip = self.preprocessing_strip.height_of(with_heading=False)
        return max(self._answer.row_height(), strip if self._steps_in_row(width) else 0)

    def _steps_in_row(self, width: int) -> int:
        """How many steps of what the network sees fit beside the answer."""
        text = self._answer.text_width() + self._answer.row_height() + 2 * self._gap
        return self._fitting_steps(width - text)

    def _fitting_steps(self, width: int) -> int:
        strip = self.preprocessing_strip
        return next((steps for steps in (4, 3, 2, 1) if strip.width_of(steps) <= width), 0)

    def _place_strip(self, left: int, top: int, width: int, steps: int, with_heading: bool) -> None:
        strip = self.preprocessing_strip
        strip.set_steps(steps, with_heading)
        if steps:
            strip.place(x=left, y=top, width=width, height=strip.height_of(with_heading))
        else:
            strip.place_forget()

    def _place_bars(self, left: int, top: int, width: int, height: int) -> None:
        if height > 0:
            self._bars.place(x=left, y=top, width=width, height=height)
        else:
            self._bars.place_forget()

    def _arrange_simple(self, width: int, height: int) -> None:
        """Pad and answer side by side in the middle, the answer large."""
        gap = 2 * self._gap
        beside = max(self._answer.text_width(), self.tools.min_width)
        most = min(width - beside - gap, round(0.6 * width))
        side = max(1, min(height - self._gap - self.tools.needed_height(most), most))
        # Narrower than that, the tools may need a second row.
        side = max(1, min(height - self._gap - self.tools.needed_height(side), side))
        right = min(width - side - gap, max(beside, round(0.7 * side)))
        left = (width - side - gap - right) // 2
        top = self._place_pad(left, side, side)
        tools_width = max(side, min(self.tools.min_width, width))
        bottom = self._place_tools(left, top, tools_width) - self._gap
        self._place_strip(0, 0, 0, 0, with_heading=False)
        self._place_simple_answer(left + side + gap, right, bottom)

    def _place_simple_answer(self, left: int, width: int, height: int) -> None:
        self._corrections.arrange(width)
        below = self._corrections.needed_height(width)
        rest = height - below - self._gap
        bars = min(self._bars.most_height(), rest // 2)
        if bars < self._bars.needed_height(width) or rest - bars < 2 * self._answer.row_height():
            bars = 0
        answer = rest - bars - (self._gap if bars else 0)
        self._answer.arrange(width, answer, stacked=True)
        self._answer.place(x=left, y=0, width=width, height=answer)
        self._place_bars(left, answer + self._gap, width, bars)
        self._corrections.place(x=left, y=height - below, width=width, height=below)
