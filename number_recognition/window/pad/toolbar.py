"""The tools below the pad: pen or eraser, the width of the pen, undo, redo, clear."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.window.pad.canvas import ERASER, MAX_PEN_WIDTH, MIN_PEN_WIDTH, PEN
from number_recognition.window.toolkit.theme import scaled


class Toolbar(ttk.Frame):
    """Buttons for what the keys do, too.

    Events: `<<ToolChosen>>` (see `tool`), `<<PenChanged>>` (see `pen`), `<<Undo>>`, `<<Redo>>`,
    `<<Clear>>`.

    Attributes:
        tool: `PEN` or `ERASER`.
        pen_width: width of the pen, in units of the pad.
    """

    def __init__(self, parent: tk.Misc, pen: float) -> None:
        super().__init__(parent)
        self.tool = PEN
        self.pen_width = pen
        self._gap = scaled(self, 6)
        self._upper, self._lower = ttk.Frame(self), ttk.Frame(self)
        self._upper.pack(fill="x")
        self._lower.pack(fill="x", pady=(self._gap, 0))
        self._build_tools()
        self._build_width()
        self._build_steps()
        self.show(PEN, pen)

    def _build_tools(self) -> None:
        self._chosen = tk.StringVar(self, PEN)
        for text, tool in (("Pen (B)", PEN), ("Eraser (E)", ERASER)):
            button = ttk.Radiobutton(
                self._upper,
                text=text,
                value=tool,
                variable=self._chosen,
                style="Toggle.TButton",
                command=self._choose,
            )
            button.pack(side="left", padx=(0, self._gap))

    def _build_width(self) -> None:
        self._scale = ttk.Scale(
            self._upper,
            from_=MIN_PEN_WIDTH,
            to=MAX_PEN_WIDTH,
            length=scaled(self, 90),
            command=self._slide,
        )
        self._width = ttk.Label(self._upper, width=3, anchor="e")
        self._width.pack(side="right")
        self._scale.pack(side="right", fill="x", expand=True, padx=(self._gap, 0))

    def _build_steps(self) -> None:
        self._steps: list[ttk.Button] = []
        for place, text in enumerate(("Undo", "Redo", "Clear")):
            event = f"<<{text}>>"
            button = ttk.Button(
                self._lower, text=text, command=lambda e=event: self.event_generate(e)
            )
            button.grid(row=0, column=place, sticky="ew", padx=(self._gap if place else 0, 0))
            self._lower.columnconfigure(place, weight=1, uniform="step")
            self._steps.append(button)

    def show(self, tool: str, pen: float) -> None:
        """Show which tool is chosen and how wide the pen is."""
        self.tool, self.pen_width = tool, pen
        self._chosen.set(tool)
        self._width.configure(text=f"{pen:.0f}")
        if round(self._scale.get()) != round(pen):
            self._scale.configure(value=pen)

    @property
    def min_width(self) -> int:
        """The width that its words need; the slider takes what there is."""
        upper = self._upper.winfo_reqwidth() - self._scale.winfo_reqwidth() + scaled(self, 30)
        return max(upper, self._lower.winfo_reqwidth())

    def enable(self, undo: bool, redo: bool, clear: bool) -> None:
        """Let the buttons be pressed, or not."""
        for button, enabled in zip(self._steps, (undo, redo, clear), strict=True):
            button.state(["!disabled" if enabled else "disabled"])

    def _choose(self) -> None:
        self.tool = self._chosen.get()
        self.event_generate("<<ToolChosen>>")

    def _slide(self, value: str) -> None:
        if round(float(value)) != round(self.pen_width):
            self.pen_width = float(round(float(value)))
            self.event_generate("<<PenChanged>>")
