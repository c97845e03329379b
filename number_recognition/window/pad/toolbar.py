"""The tools below the pad: pen or eraser, the width of the pen, undo, redo, clear."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.window.pad.canvas import ERASER, MAX_PEN_WIDTH, MIN_PEN_WIDTH, PEN
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.tooltip import Tooltip

_KEYS = {"Undo": "Ctrl+Z", "Redo": "Ctrl+Y", "Clear": "Ctrl+Delete"}


class Toolbar(ttk.Frame):
    """Buttons for commands that also have keys.

    Events: `<<ToolChosen>>` (see `tool`), `<<PenChanged>>` (see `pen_width`), `<<Undo>>`,
    `<<Redo>>`, `<<Clear>>`.

    Attributes:
        tool: `PEN` or `ERASER`.
        pen_width: in units of the pad.
        tooltips: what each says, with its key.
    """

    def __init__(self, parent: tk.Misc, pen_width: float) -> None:
        super().__init__(parent)
        self.tool = PEN
        self.pen_width = pen_width
        self._gap = scaled(self, 6)
        self._upper, self._lower = ttk.Frame(self), ttk.Frame(self)
        self.tooltips: list[Tooltip] = []
        self._build_tools()
        self._build_pen_width()
        self._build_commands()
        self.show(PEN, pen_width)
        self.arrange(0)

    def arrange(self, width: int) -> None:
        """Put everything into one row where it fits a width in pixels, else into two."""
        is_one_row = width >= self._one_row_width()
        for frame in (self._upper, self._lower):
            frame.pack_forget()
        if is_one_row:
            self._lower.pack(side="right", padx=(self._gap, 0))
            self._upper.pack(side="left", fill="x", expand=True)
        else:
            self._upper.pack(fill="x")
            self._lower.pack(fill="x", pady=(self._gap, 0))

    def needed_height(self, width: int) -> int:
        """Return the height in pixels that the tools need at a width."""
        upper, lower = self._upper.winfo_reqheight(), self._lower.winfo_reqheight()
        return max(upper, lower) if width >= self._one_row_width() else upper + lower + self._gap

    def _upper_width(self) -> int:
        """The width of the upper row with a short slider."""
        return self._upper.winfo_reqwidth() - self._slider.winfo_reqwidth() + scaled(self, 44)

    def _one_row_width(self) -> int:
        return self._upper_width() + self._gap + self._lower.winfo_reqwidth()

    def _build_tools(self) -> None:
        self._tool = tk.StringVar(self, PEN)
        for text, tool, help, key in (
            ("Pen", PEN, "Draw with the left button", "B"),
            ("Eraser", ERASER, "Erase with the left button; the right one always erases", "E"),
        ):
            button = ttk.Radiobutton(
                self._upper,
                text=text,
                value=tool,
                variable=self._tool,
                style="Toggle.TButton",
                command=self._choose_tool,
            )
            button.pack(side="left", padx=(0, self._gap))
            self.tooltips.append(Tooltip(button, help, key))

    def _build_pen_width(self) -> None:
        self._slider = ttk.Scale(self._upper, from_=MIN_PEN_WIDTH, to=MAX_PEN_WIDTH)
        self._slider.configure(length=scaled(self, 90), command=self._slide)
        self._width_label = ttk.Label(self._upper, width=3, anchor="e")
        self._width_label.pack(side="right")
        self.tooltips.append(Tooltip(self._slider, "Width of the pen", "[ and ]"))
        self._slider.pack(side="right", fill="x", expand=True, padx=(self._gap, 0))

    def _build_commands(self) -> None:
        self._commands: list[ttk.Button] = []
        for column, text in enumerate(("Undo", "Redo", "Clear")):
            command = self._generator(f"<<{text}>>")
            button = ttk.Button(self._lower, text=text, width=len(text), command=command)
            padding = (self._gap if column else 0, 0)
            button.grid(row=0, column=column, sticky="ew", padx=padding)
            self.tooltips.append(Tooltip(button, text, _KEYS[text]))
            self._lower.columnconfigure(column, weight=1, uniform="command")
            self._commands.append(button)

    def _generator(self, event: str) -> Callable[[], None]:
        return lambda: self.event_generate(event)

    def show(self, tool: str, pen_width: float) -> None:
        """Show the selected tool and the width of the pen."""
        self.tool, self.pen_width = tool, pen_width
        self._tool.set(tool)
        self._width_label.configure(text=f"{pen_width:.0f}")
        if round(self._slider.get()) != round(pen_width):
            self._slider.configure(value=pen_width)

    @property
    def min_width(self) -> int:
        """The width that the texts need, with a short slider."""
        return max(self._upper_width(), self._lower.winfo_reqwidth())

    def enable(self, undo: bool, redo: bool, clear: bool) -> None:
        """Enable or disable the buttons."""
        for button, enabled in zip(self._commands, (undo, redo, clear), strict=True):
            button.state(["!disabled" if enabled else "disabled"])

    def _choose_tool(self) -> None:
        self.tool = self._tool.get()
        self.event_generate("<<ToolChosen>>")

    def _slide(self, value: str) -> None:
        width = round(float(value))
        if width != round(self.pen_width):
            self.pen_width = float(width)
            self.event_generate("<<PenChanged>>")
