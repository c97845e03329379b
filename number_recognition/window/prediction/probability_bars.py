"""A bar for each output of the network, in as many columns as the room asks for."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import font as tkfont
from typing import TYPE_CHECKING

from number_recognition.core.formatting import WIDEST_PERCENT, percent
from number_recognition.window.toolkit.theme import BODY, CAPTION, STRONG, enlarged, palette, scaled

if TYPE_CHECKING:
    from number_recognition.learning.models.prediction import Prediction

NAMES = (*map(str, range(10)), "no digit")
_ROW_HEIGHT = 1.05
"""Smallest height of a row, in lines of text."""
_ROOMY_ROW_HEIGHT, _MOST_ROW_HEIGHT = 1.4, 2.0
_BELOW_TEXT, _BELOW_TEXT_IF_ROOM = 12, 24
"""Height of a stacked row below its text in pixels at 96 dpi: the least, and with room for more."""
_GAP, _GAP_IF_ROOM = 12, 36
"""Between two columns, in pixels at 96 dpi."""
_LEAST_BAR = 50
"""Smallest length of a bar beside its name and its number, in pixels at 96 dpi."""

_Font = tuple[str, int, str]


@dataclass(frozen=True)
class BarGrid:
    """How the bars are arranged.

    Attributes:
        columns: those of the ten digits; "no digit" may stand in one of its own beside them.
        rows: how many bars stand below each other.
        stacked: whether a bar stands below its name and its number, or between them.
    """

    columns: int
    rows: int
    stacked: bool

    def place(self, index: int) -> tuple[int, int]:
        """Return the column and the row of a bar."""
        if index == 10 and self.has_own_column:
            return self.columns, self.rows - 1
        if self.stacked:
            return index % self.columns, index // self.columns
        return index // self.rows, index % self.rows

    @property
    def has_own_column(self) -> bool:
        """Whether "no digit" stands in a column of its own."""
        return self.stacked and 10 % self.columns == 0


class ProbabilityBars(tk.Canvas):
    """A bar for each output of the network, always in the same order.

    Attributes:
        texts: the name and the percentage of each bar as shown.
        grid_shape: how they are arranged.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=0, width=1, height=1)
        self.grid_shape = BarGrid(1, 10, stacked=False)
        self._prediction: Prediction | None = None
        self._growth = 1.0
        self._fonts: dict[str, tkfont.Font] = {}
        self._count = 10
        self._items: list[tuple[int, int, int, int]] = []
        self._tracks: list[tuple[float, float, float, float]] = []
        self._make_items()
        self.bind("<Configure>", lambda event: self.arrange())

    def enlarge(self, factor: float) -> None:
        """Have texts and bars in so many times their size."""
        if factor == self._growth == 1.0:
            return
        self._growth = factor
        names = (CAPTION, BODY, STRONG) if factor != 1.0 else ()
        self._fonts = {name: tkfont.Font(self, enlarged(self, name, factor)) for name in names}
        self.arrange()

    def set_outputs(self, count: int) -> None:
        """Have ten bars, or eleven with one for "no digit"."""
        if count != self._count:
            self._count = count
            self._make_items()
            self.arrange()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The name and the percentage of each bar."""
        shares = [str(tk.Canvas.itemcget(self, items[3], "text")) for items in self._items]
        return list(zip(NAMES, shares, strict=False))

    def _make_items(self) -> None:
        self.delete("all")
        self._items = [
            (
                self.create_text(0, 0, text=name, anchor="w"),
                self.create_rectangle(0, 0, 0, 0, width=0),
                self.create_rectangle(0, 0, 0, 0, width=0),
                self.create_text(0, 0, anchor="e"),
            )
            for name in NAMES[: self._count]
        ]
        self._tracks = [(0, 0, 0, 0)] * self._count

    def needed_height(self, width: int) -> int:
        """Return the smallest height in pixels at which every number is readable."""
        grid = self._stacked_grid(width) or BarGrid(1, self._count, stacked=False)
        return round(grid.rows * self._least_row(grid))

    def wanted_height(self, width: int) -> int:
        """Return the height in pixels at which the rows are well apart."""
        grid = self._stacked_grid(width)
        if grid is None:
            return self.needed_height(width)
        return round(grid.rows * self._stacked_row(_BELOW_TEXT_IF_ROOM))

    def most_height(self) -> int:
        """Return the height in pixels beyond which more room would be empty."""
        return round(self._count * _MOST_ROW_HEIGHT * self._font(BODY).metrics("linespace"))

    def _font(self, name: str) -> tkfont.Font:
        return self._fonts.get(name) or tkfont.nametofont(name, self)

    def _length(self, pixels: float) -> int:
        """Pixels of this screen for those at 96 dpi, as much larger as the texts."""
        return scaled(self, pixels * self._growth)

    def _least_row(self, grid: BarGrid) -> float:
        if grid.stacked:
            return self._stacked_row(_BELOW_TEXT)
        return _ROW_HEIGHT * self._font(BODY).metrics("linespace")

    def _stacked_row(self, below_text: int) -> int:
        return self._font(CAPTION).metrics("linespace") + self._length(below_text)

    def _most_row(self, grid: BarGrid) -> float:
        if grid.stacked:
            return self._stacked_row(_BELOW_TEXT_IF_ROOM)
        return _MOST_ROW_HEIGHT * self._font(BODY).metrics("linespace")

    @property
    def _gap(self) -> int:
        return self._length(_GAP)

    def _wide_gap(self, step: float) -> int:
        """The gap between columns that begin so many pixels apart: wider where there is room."""
        widest = "0" if self.grid_shape.has_own_column else "none"
        text = self._cell_width(widest, self._font(CAPTION)) + self._length(2)
        return round(min(self._length(_GAP_IF_ROOM), max(self._gap, step - text)))

    def _cell_width(self, name: str, font: tkfont.Font) -> int:
        return font.measure(name) + font.measure(WIDEST_PERCENT) + self._length(6)

    def _stacked_grid(self, width: int) -> BarGrid | None:
        """The stacked arrangement of the fewest rows that fits a width, None where none does."""
        font = self._font(CAPTION)
        digit, refusal = self._cell_width("0", font), self._cell_width("none", font)
        for columns in (5, 4, 3, 2):
            widest = refusal if self._count > 10 and 10 % columns else digit
            needed = columns * (widest + self._gap)
            needed += refusal if self._count > 10 and not 10 % columns else -self._gap
            if needed <= width:
                own_column = not 10 % columns
                rows = -(-(10 if own_column else self._count) // columns)
                return BarGrid(columns, rows, stacked=True)
        return None

    def _inline_grid(self, width: int, height: int, row: float) -> BarGrid | None:
        """One, two or three columns of bars beside their names, None where they do not fit.

        `row`: the height of a row, in lines of text.
        """
        strong, names = self._font(STRONG), NAMES[: self._count]
        least = self._cell_width(max(names, key=len), strong) + self._length(_LEAST_BAR)
        for columns in (1, 2, 3):
            grid = BarGrid(columns, -(-self._count // columns), stacked=False)
            fits = grid.rows * row * self._font(BODY).metrics("linespace") <= height
            if fits and columns * (least + self._gap) - self._gap <= width:
                return grid
        return None

    def _choose_grid(self, width: int, height: int) -> BarGrid:
        return (
            self._inline_grid(width, height, _ROOMY_ROW_HEIGHT)
            or self._stacked_grid(width)
            or self._inline_grid(width, height, _ROW_HEIGHT)
            or BarGrid(1, self._count, stacked=False)
        )

    def arrange(self) -> None:
        """Lay the bars out for the size, the font and the colours that there are now."""
        width, height = self.winfo_width(), self.winfo_height()
        if width < 2 or height < 2:
            return
        self.grid_shape = self._choose_grid(width, height)
        colours = palette(self)
        self.configure(background=colours.background)
        for index in range(self._count):
            self._place_bar(index, width, height)
            _, track, bar, _ = self._items[index]
            self.itemconfigure(track, fill=colours.track)
            self.itemconfigure(bar, fill=colours.accent)
        self.show(self._prediction)

    def _place_bar(self, index: int, width: int, height: int) -> None:
        grid = self.grid_shape
        column, row = grid.place(index)
        left, right = self._column_edges(column, width)
        row_height = min(self._most_row(grid), height / grid.rows)
        top = row * row_height
        name, track, _, share = self._items[index]
        if grid.stacked:
            line = self._font(CAPTION).metrics("linespace")
            middle = top + line / 2
            thickness = self._length(5 if row_height < self._most_row(grid) else 8)
            edges = (left, top + line + 1, right, top + line + 1 + thickness)
        else:
            middle, strong = top + row_height / 2, self._font(STRONG)
            names = NAMES[index - index % grid.rows :][: grid.rows][: self._count]
            start = left + max(map(strong.measure, names)) + self._length(10)
            end = right - strong.measure(WIDEST_PERCENT) - self._length(8)
            half = min(0.22 * row_height, self._length(8))
            edges = (start, middle - half, max(end, start + 1), middle + half)
        self._tracks[index] = edges
        self.coords(name, left, middle)
        self.coords(share, right, middle)
        self.coords(track, *edges)
        if index == 10:
            self.itemconfigure(name, text="none" if grid.stacked else NAMES[10])

    def _column_edges(self, column: int, width: int) -> tuple[int, int]:
        """The left and the right end of a column."""
        grid, gap = self.grid_shape, self._gap
        count = grid.columns + (grid.has_own_column and self._count > 10)
        if grid.stacked:
            gap = self._wide_gap((width + gap) / count)
        last = (width + gap) / count - gap
        if count > grid.columns:
            last = max(last, self._cell_width("none", self._font(CAPTION)))
        if column == count - 1:
            return round(width - last), width
        step = (width - last) / (count - 1)
        if count > grid.columns:
            gap = self._wide_gap(step)
        return round(column * step), round((column + 1) * step) - gap

    def show(self, prediction: Prediction | None) -> None:
        """Show the probabilities, that of the answer in bold; None before anything was read."""
        self._prediction = prediction
        if prediction is None or prediction.is_blank:
            for index in range(self._count):
                self._show_bar(index, 0.0, "", is_answer=False)
            return
        answer = 10 if prediction.refused else prediction.digit
        for index, part in enumerate(prediction.outputs[: self._count].tolist()):
            self._show_bar(index, part, percent(part), index == answer)

    def _show_bar(self, index: int, part: float, text: str, is_answer: bool) -> None:
        colours = palette(self)
        name, _, bar, share = self._items[index]
        start, top, end, bottom = self._tracks[index]
        length = part * (end - start)
        self.coords(bar, start, top, start + length, bottom)
        self.itemconfigure(bar, state="hidden" if length < 0.5 else "normal")
        colour = colours.text if is_answer else colours.faint
        usual = CAPTION if self.grid_shape.stacked else STRONG if is_answer else BODY
        font: tkfont.Font | _Font | str = self._fonts.get(usual, usual)
        self.itemconfigure(name, font=font, fill=colour)
        self.itemconfigure(share, text=text, font=font, fill=colour)
        if is_answer and self.grid_shape.stacked:
            self._embolden(name, share, end - start)

    def _embolden(self, name: int, share: int, width: float) -> None:
        """Show a name in bold, and its number where a width has room for both in bold."""
        font = self._bold_caption()
        self.itemconfigure(name, font=font)
        text = "".join(str(tk.Canvas.itemcget(self, item, "text")) for item in (name, share))
        measured = int(self.tk.call("font", "measure", font, "-displayof", self, text))
        if measured + self._length(6) <= width:
            self.itemconfigure(share, font=font)

    def _bold_caption(self) -> _Font:
        font = self._font(CAPTION)
        return font.actual("family"), int(font.cget("size")), "bold"
