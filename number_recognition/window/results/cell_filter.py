"""Chooses a cell of the confusion matrix by its two digits."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.window.results.confusion_matrix import ALL_MISREAD, Cell
from number_recognition.window.toolkit.theme import scaled, scaled_by_text

_ANY = "any digit"
_TRUE = (_ANY, *map(str, range(10)))
_READ = (_ANY, *map(str, range(10)), "no digit")


class CellFilter(ttk.Frame):
    """Two choices: the digit that an image is, and the one it was read as.

    Event: `<<CellChosen>>` after another choice; `cell` is then the one chosen.

    Attributes:
        cell: true and predicted digit, -1 for any.
        true_box, read_box: the choices.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.cell: Cell = ALL_MISREAD
        self._labels = [ttk.Label(self, text=text) for text in ("Is", "read as")]
        self.true_box, self.read_box = self._add(_TRUE), self._add(_READ)
        self.columnconfigure(4, weight=1)
        self.bind("<Configure>", lambda event: self._arrange(event.width))
        self._arrange(0)
        self.show(None)

    def _arrange(self, width: int) -> None:
        """Place both choices in one row, or in two where one is too narrow."""
        gap = scaled(self, 6)
        is_narrow = 0 < width < scaled_by_text(self, 360)
        boxes = (self.true_box, self.read_box)
        for index, (label, box) in enumerate(zip(self._labels, boxes, strict=True)):
            row, column = (index, 0) if is_narrow else (0, 2 * index)
            label.grid(row=row, column=column, sticky="w", padx=(0, gap))
            box.grid(row=row, column=column + 1, padx=(0, 2 * gap))

    def _add(self, values: tuple[str, ...]) -> ttk.Combobox:
        box = ttk.Combobox(self, values=values, state="readonly", width=9)
        box.bind("<<ComboboxSelected>>", lambda event: self._choose())
        return box

    def show(self, cell: Cell | None) -> None:
        """Show the digits of a cell; None where nothing was evaluated yet."""
        state = "disabled" if cell is None else "readonly"
        self.cell = cell or ALL_MISREAD
        for box, digit in zip((self.true_box, self.read_box), self.cell, strict=True):
            box.configure(state=state)
            box.current(11 if digit == NO_DIGIT else digit + 1)

    def _choose(self) -> None:
        true, read = self.true_box.current() - 1, self.read_box.current() - 1
        self.cell = (true, NO_DIGIT if read == 10 else read)
        self.event_generate("<<CellChosen>>")
