"""The confusion matrix: rows true, columns predicted, with each digit's recall and precision."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import font as tkfont

import numpy as np

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.window.toolkit.theme import BODY, CAPTION, STRONG, palette, scaled
from number_recognition.window.widgets.context_menu import ContextMenu

Cell = tuple[int, int]
"""True and predicted digit, `NO_DIGIT` for refused ones; -1 is all that were not read correctly."""

ALL_MISREAD: Cell = (-1, -1)
"""Every digit that was read as another one."""
RIGHT, WRONG = "#2b8fd6", "#e07020"
"""Blue and orange, which colour-blind people can distinguish; the numbers say the same."""


class ConfusionMatrix(tk.Canvas):
    """Ten by ten counts to select one of with the pointer, or the arrow keys and Return.

    A network that can answer "no digit" has an eleventh column.

    Events: `<<CellSelected>>` after a cell, or the heading of a row or column, was selected;
    `<<CopyPlot>>` and `<<SavePlot>>` from its menu.

    Attributes:
        evaluation: what is shown, None for nothing yet.
        cursor: where the arrow keys are.
        selected: the cell selected last, None for none.
        room: returns the width that decides how high the rows are. It must not depend on a scroll
            bar, which would come and go with that height.
        menu: copies and saves it.
    """

    can_enlarge = True

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=scaled(parent, 2), takefocus=True, width=1)
        self.evaluation: Evaluation | None = None
        self.cursor: Cell = (0, 0)
        self.selected: Cell | None = None
        self.room: Callable[[], int] = self.winfo_width
        self.menu = ContextMenu(self, self._add_entries)
        self._bind_events()
        self.arrange()

    def _bind_events(self) -> None:
        self.bind("<Configure>", lambda event: self.arrange())
        self.bind("<Button-1>", self._click)
        self.bind("<Return>", lambda event: self._select(self.cursor))
        self.bind("<space>", lambda event: self._select(self.cursor))
        for event in ("<FocusIn>", "<FocusOut>"):
            self.bind(event, lambda event: self._paint_cursor())
        for key, step in (("Up", (-1, 0)), ("Down", (1, 0)), ("Left", (0, -1)), ("Right", (0, 1))):
            self.bind(f"<{key}>", partial(self._step, step))

    def _add_entries(self, menu: ContextMenu) -> None:
        there = self.evaluation is not None
        copy, save = (partial(self.event_generate, f"<<{name}Plot>>") for name in ("Copy", "Save"))
        menu.add("Copy picture", copy, enabled=there)
        menu.add("Save picture or values …", save, enabled=there)

    def show(self, evaluation: Evaluation | None) -> None:
        """Show other counts."""
        self.evaluation = evaluation
        self.selected = None
        self.arrange()

    def arrange(self) -> None:
        """Lay everything out for the width, the fonts and the colours there are now."""
        line = tkfont.nametofont(BODY, self).metrics("linespace")
        ring = int(self["highlightthickness"])
        # Where there is room, the cells grow, and with them all that is written there.
        least = line + scaled(self, 1)
        cell = self.room() / (self._columns + 2)
        self._height = max(least, min(round(0.4 * cell), 2 * least))
        part = self._height / least
        self._small, self._strong = (self._enlarged(name, part) for name in (CAPTION, STRONG))
        self._head = self._strong.measure("0") + scaled(self, 16)
        widest = max(map(self._small.measure, (WIDEST_PERCENT, "precision")))
        room = self.winfo_width() - 2 * ring - self._head - widest - scaled(self, 8)
        self._width = max(1.0, room / self._columns)
        self._font = self._fit_font(tkfont.nametofont(CAPTION, self), part)
        height = 13 * self._height + 2 * ring
        if self.winfo_reqheight() != height:
            self.configure(height=height)
        self._paint()

    def _enlarged(self, name: str, part: float) -> tkfont.Font:
        font = tkfont.nametofont(name, self).copy()
        font.configure(size=round(part * int(font["size"])))
        return font

    def _fit_font(self, caption: tkfont.Font, most_part: float) -> tuple[str, int]:
        """The font of the counts: as large as the longest fits, at most so many times as usual."""
        most = int(self.evaluation.answer_counts.max()) if self.evaluation is not None else 0
        longest = max(caption.measure(f"{most:,}"), caption.measure("100.0"))
        size = abs(int(caption.cget("size")))
        part = min(most_part, (self._width - scaled(self, 2)) / max(1, longest))
        return caption.actual("family"), -max(7, int(size * part))

    @property
    def _columns(self) -> int:
        return 11 if self.evaluation is not None and self.evaluation.can_refuse else 10

    def select(self, cell: Cell) -> None:
        """Select a cell, or with -1 a whole row or column."""
        self._select(cell)

    def middle(self, cell: Cell) -> tuple[float, float]:
        """The middle of a cell on the canvas."""
        left, top, right, bottom = self._box(cell)
        return (left + right) / 2, (top + bottom) / 2

    def _box(self, cell: Cell) -> tuple[float, float, float, float]:
        ring = int(self["highlightthickness"])
        row, column = cell
        left = ring + (self._head + column * self._width if column >= 0 else 0)
        top = ring + (row + 2) * self._height
        return left, top, left + (self._width if column >= 0 else self._head), top + self._height

    def _paint(self) -> None:
        colours = palette(self)
        self.configure(
            background=colours.background,
            highlightbackground=colours.background,
            highlightcolor=colours.accent,
        )
        self.delete("all")
        if self.evaluation is None:
            return
        matrix = self.evaluation.answer_counts
        is_correct = np.eye(*matrix.shape, dtype=np.bool_)
        most_wrong = max(1, int(matrix[~is_correct].max()))
        for row in range(10):
            most = max(1, int(matrix[row].sum()))
            for column in range(self._columns):
                right = row == column
                strength = math.sqrt(matrix[row, column] / (most if right else most_wrong))
                colour = RIGHT if right else WRONG
                self._cell((row, column), int(matrix[row, column]), colour, strength)
        self._paint_headings(self.evaluation)
        self._paint_cursor()

    def _cell(self, cell: Cell, count: int, colour: str, strength: float) -> None:
        colours = palette(self)
        fill = blend(colours.background, colour, 0.85 * strength)
        self.create_rectangle(*self._box(cell), fill=fill, outline=colours.track)
        if count:
            ink = readable_on(fill)
            self.create_text(*self.middle(cell), text=f"{count:,}", fill=ink, font=self._font)

    def _paint_headings(self, evaluation: Evaluation) -> None:
        colours = palette(self)
        ring = int(self["highlightthickness"])
        middle = ring + self._head + self._columns / 2 * self._width
        self.create_text(
            middle, ring, anchor="n", text="read as", fill=colours.faint, font=self._small
        )
        # Beside "read as": above the digits it would reach into their first column.
        self.create_text(ring, ring, anchor="nw", text="is a", fill=colours.faint, font=self._small)
        top = ring + self._height
        right = ring + self._head + self._columns * self._width + scaled(self, 6)
        self.create_text(right, top + self._height / 2, anchor="w", text="recall",
                         fill=colours.faint, font=self._small)  # fmt: skip
        if self._columns > 10:
            x, y = self.middle((-1, 10))
            is_narrow = self._small.measure("none ") > self._width
            name = "–" if is_narrow else "none"
            self.create_text(x, y, text=name, fill=colours.text, font=self._small)
        for digit in range(10):
            for cell in ((digit, -1), (-1, digit)):
                x, y = self.middle(cell)
                self.create_text(x, y, text=str(digit), fill=colours.text, font=self._strong)
            y = self.middle((digit, 0))[1]
            self._paint_recall(right, y, evaluation.recall[digit])
            x, y = self.middle((10, digit))
            self._paint_precision(x, y, evaluation.precision[digit])
        y = self.middle((10, 0))[1]
        self.create_text(
            right, y, anchor="w", text="precision", fill=colours.faint, font=self._small
        )

    def _paint_recall(self, x: float, y: float, recall: float | None) -> None:
        self.create_text(
            x, y, text=percent(recall), anchor="w", fill=palette(self).text, font=self._small
        )

    def _paint_precision(self, x: float, y: float, precision: float | None) -> None:
        """Paint a precision in a cell, which is too narrow for the percent sign."""
        text = percent(precision).removesuffix(" %")
        self.create_text(x, y, text=text, fill=palette(self).text, font=self._font)

    def _paint_cursor(self) -> None:
        self.delete("cursor")
        if self.evaluation is None:
            return
        accent = palette(self).accent
        marked = {self.selected: scaled(self, 3)} if self.selected is not None else {}
        if str(self.tk.call("focus")) == str(self):
            marked.setdefault(self.cursor, scaled(self, 2))
        for cell, width in marked.items():
            self.create_rectangle(*self._box(cell), outline=accent, width=width, tags="cursor")

    def _click(self, event: tk.Event) -> None:
        self.focus_set()
        for row in range(-1, 10):
            for column in range(-1, self._columns):
                left, top, right, bottom = self._box((row, column))
                if left <= event.x < right and top <= event.y < bottom:
                    self._select((row, column))
                    return

    def _step(self, step: Cell, event: tk.Event[tk.Misc]) -> str:
        row, column = self.cursor[0] + step[0], self.cursor[1] + step[1]
        self.cursor = (min(9, max(-1, row)), min(self._columns - 1, max(-1, column)))
        self._paint_cursor()
        return "break"

    def _select(self, cell: Cell) -> str:
        if self.evaluation is not None:
            self.cursor = self.selected = cell
            self._paint_cursor()
            self.event_generate("<<CellSelected>>")
        return "break"


def blend(background: str, colour: str, part: float) -> str:
    """Blend a colour into a background, "#rrggbb"; `part` 0 is the background alone."""
    pairs = zip(_rgb(background), _rgb(colour), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * part):02x}" for low, high in pairs)


def readable_on(background: str) -> str:
    """Black or white, whichever is readable on this background."""
    red, green, blue = _rgb(background)
    return "#000000" if 0.3 * red + 0.59 * green + 0.11 * blue > 120 else "#ffffff"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
