"""Where pad, answer and views stand in the window, and how they share its width."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.window.pad.canvas import Pad
from number_recognition.window.pad.prediction_panel import PredictionPanel
from number_recognition.window.pad.preprocessing_strip import PreprocessingStrip
from number_recognition.window.pad.toolbar import Toolbar
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled, text_scale
from number_recognition.window.view_tabs import ViewTabs

_PAD, _VIEWS = 10, 11
"""How pad and views share what the answer leaves; the part of the views grows with the text."""


class MainLayout(ttk.Frame):
    """Three columns: the pad with its tools, the answer, the views.

    All widths follow from that of the window and from the size of the text, so they come to rest.

    Attributes:
        pad, tools, strip, answer, views: what stands in them.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=(scaled(parent, 14), scaled(parent, 10)))
        self._simple = False
        self._gap = scaled(self, 18)
        self._pad_column, self._answer_column = ttk.Frame(self), ttk.Frame(self)
        self.pad = Pad(self._pad_column, context.session.config.window.pen)
        self.tools = Toolbar(self._pad_column, self.pad.pen_width)
        self.preprocessing_strip = PreprocessingStrip(self._answer_column)
        self.prediction_panel = PredictionPanel(self._answer_column)
        self.prediction_panel.pack(side="bottom", fill="both", expand=True)
        self.views = ViewTabs(self, context)
        self.rowconfigure(0, weight=1)
        self._pad_column.grid(row=0, column=0, sticky="nsew")
        self._answer_column.grid(row=0, column=1, sticky="nsew", padx=(self._gap, 0))
        self._pad_column.bind("<Configure>", lambda event: self._fit_pad())
        for widget in (self, self._answer_column):
            widget.bind("<Configure>", lambda event: self._share())

    def arrange(self, simple: bool) -> None:
        """Show the views and the strip, or in simple mode the pad and the answer alone."""
        self._simple = simple
        if self._simple:
            self.views.grid_remove()
        else:
            self.views.grid(row=0, column=2, sticky="nsew", padx=(self._gap, 0))
        self.columnconfigure(2, weight=0 if self._simple else 1)
        self.columnconfigure(0, weight=1 if self._simple else 0)
        if simple:
            self.preprocessing_strip.pack_forget()
        else:
            self.preprocessing_strip.pack(side="top", fill="x", before=self.prediction_panel)
        self._share()

    def least_size(self) -> tuple[int, int]:
        """The width and height below which text would be cut off."""
        left, top, *_ = (self.winfo_pixels(str(each)) for each in self["padding"])
        width = self.tools.min_width + self._gap + self._answer_column.winfo_reqwidth()
        if not self._simple:
            width += self._gap + self.views.winfo_reqwidth()
        return width + 2 * left, self._answer_column.winfo_reqheight() + 2 * top

    def fit(self) -> None:
        """Share the room anew after the size of the text has changed."""
        self._share()
        self._fit_pad()

    def _share(self) -> None:
        """Give the pad its part of the width; the views take what is left."""
        if self._simple:
            self.columnconfigure(0, minsize=0)
            return
        # On a screen that is smaller than the least size, the views are what gives way.
        most = self.winfo_width() - self.least_size()[0] + self.tools.min_width
        both = most + self.views.winfo_reqwidth()
        part = round(both * _PAD / (_PAD + _VIEWS * text_scale(self)))
        self.columnconfigure(0, minsize=max(self.tools.min_width, min(most, part)))

    def _fit_pad(self) -> None:
        """The largest square that leaves room for the tools, and they right below it."""
        width, height = self._pad_column.winfo_width(), self._pad_column.winfo_height()
        gap, below = scaled(self, 10), self.tools.winfo_reqheight()
        side = max(1, min(width, height - gap - below))
        tools_width = max(side, min(width, self.tools.winfo_reqwidth()))
        self.pad.place(x=(width - side) // 2, y=0, width=side, height=side)
        self.tools.place(x=(width - tools_width) // 2, y=side + gap, width=tools_width)
