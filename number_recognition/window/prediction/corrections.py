"""The buttons that say which digit a drawing is."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk

from number_recognition.core.formatting import digit_name
from number_recognition.window.toolkit.focus import set_tab_stop
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.tooltip import Tooltip

_HEADING = "Wrong? It is a …"
_NONE = "Not a digit (N)"


class CorrectionButtons(ttk.Frame):
    """A button for each digit and one for "no digit": one stop of the Tab key, with arrow keys.

    Event: `<<Corrected>>` when one is pressed; `label` is then its digit, or None.

    Attributes:
        label: see above.
        buttons: those of the digits from 0 to 9, then "not a digit".
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.label: int | None = None
        self._heading = ttk.Label(self, text=_HEADING, style="Heading.TLabel")
        self.buttons = [self._make_button(index) for index in range(11)]
        self._columns = 0

    def _make_button(self, index: int) -> ttk.Button:
        label = index if index < 10 else None
        text = str(index) if index < 10 else _NONE
        button = ttk.Button(self, text=text, command=partial(self._correct, label))
        button.configure(width=1 if index < 10 else len(_NONE))
        set_tab_stop(button, index == 0)
        for key, step in (("Left", -1), ("Right", 1)):
            button.bind(f"<{key}>", partial(self._move_focus, step))
        for key, direction in (("Up", -1), ("Down", 1)):
            button.bind(f"<{key}>", partial(self._move_row, direction))
        button.bind("<FocusIn>", lambda event: self._set_tab_stop(index))
        key = "N" if label is None else str(label)
        Tooltip(button, f"Keep as {digit_name(label)}, and clear the pad", key)
        return button

    def enable(self, enabled: bool) -> None:
        """Let the buttons be pressed, or not."""
        for button in self.buttons:
            button.state(["!disabled" if enabled else "disabled"])

    @property
    def _gap(self) -> int:
        return scaled(self, 4)

    def _digit_width(self) -> int:
        return max(self.buttons[0].winfo_reqwidth(), scaled(self, 32)) + self._gap

    def _one_row_width(self) -> int:
        ends = self._heading.winfo_reqwidth() + self.buttons[10].winfo_reqwidth()
        return ends + 10 * self._digit_width() + 4 * self._gap

    def needed_height(self, width: int) -> int:
        """Return the height in pixels that the buttons need at a width."""
        height = max(self.buttons[0].winfo_reqheight(), self.buttons[10].winfo_reqheight())
        if width >= self._one_row_width():
            return height
        rows = -(-10 // self._fitting_columns(width))
        above = height if width >= self._heading_width() else 2 * height
        return above + rows * (height + self._gap)

    def _heading_width(self) -> int:
        return self._heading.winfo_reqwidth() + self.buttons[10].winfo_reqwidth() + self._gap

    def _fitting_columns(self, width: int) -> int:
        return 10 if width >= 10 * self._digit_width() else 5

    def arrange(self, width: int) -> None:
        """Arrange the buttons in as few rows as fit a width."""
        for widget in (self._heading, *self.buttons):
            widget.grid_forget()
        for column in range(12):
            self.columnconfigure(column, weight=0, uniform="")
        gap, none = self._gap, self.buttons[10]
        if width >= self._one_row_width():
            self._heading.grid(row=0, column=0, padx=(0, 2 * gap))
            self._place_digits(row=0, first=1, columns=10)
            none.grid(row=0, column=11, padx=(gap, 0))
            self._columns = 10
            return
        self._columns = columns = self._fitting_columns(width)
        is_beside = width >= self._heading_width()
        self._heading.grid(row=0, column=0, columnspan=columns, sticky="w")
        row = 0 if is_beside else 1
        none.grid(row=row, column=0, columnspan=columns, sticky="e" if is_beside else "ew")
        self._place_digits(row=row + 1, first=0, columns=columns)

    def _place_digits(self, row: int, first: int, columns: int) -> None:
        half = self._gap // 2
        for digit in range(10):
            column = first + digit % columns
            self.buttons[digit].grid(
                row=row + digit // columns,
                column=column,
                sticky="nsew",
                padx=half,
                pady=(self._gap if row else 0, 0),
            )
            self.columnconfigure(column, weight=1, uniform="digit")

    def _correct(self, label: int | None) -> None:
        self.label = label
        self.event_generate("<<Corrected>>")

    def _set_tab_stop(self, index: int) -> None:
        for number, button in enumerate(self.buttons):
            set_tab_stop(button, number == index)

    def _move_focus(self, step: int, event: tk.Event[ttk.Button]) -> str:
        index = (self.buttons.index(event.widget) + step) % len(self.buttons)
        self.buttons[index].focus_set()
        return "break"

    def _move_row(self, direction: int, event: tk.Event[ttk.Button]) -> str:
        index = self.buttons.index(event.widget) + direction * self._columns
        if 0 <= index < len(self.buttons):
            self.buttons[index].focus_set()
        return "break"
