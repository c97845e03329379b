"""The layout of the main window: pad, prediction and views, and how they share its width."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.window.pad.canvas import Pad
from number_recognition.window.pad.prediction_panel import PredictionPanel
from number_recognition.window.pad.preprocessing_strip import PreprocessingStrip
from number_recognition.window.pad.toolbar import Toolbar
from number_recognition.window.status_bar import StatusBar
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled, text_scale
from number_recognition.window.view_tabs import ViewTabs

_PAD_WEIGHT, _VIEWS_WEIGHT = 10, 11
"""How pad and views share the width left by the prediction; text size scales the views' weight."""


class MainLayout(ttk.Frame):
    """Three columns: the pad with its tools, the prediction, the views.

    All widths depend on that of the window and on the size of the text alone, so a layout never
    causes another.

    Attributes:
        pad_column: the first column, with `pad` and `tools`.
        preprocessing_strip, prediction_panel: the second.
        views: the third.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=(scaled(parent, 14), scaled(parent, 10)))
        self._simple = False
        self._gap = scaled(self, 18)
        self._build(context)
        self.pad_column.bind("<Configure>", lambda event: self._fit_pad())
        for widget in (self, self._prediction_column):
            widget.bind("<Configure>", lambda event: self._share_width())

    def _build(self, context: AppContext) -> None:
        config = context.session.config
        self.pad_column, self._prediction_column = ttk.Frame(self), ttk.Frame(self)
        self.pad = Pad(self.pad_column, config.window.pen)
        self.tools = Toolbar(self.pad_column, self.pad.pen_width)
        self.preprocessing_strip = PreprocessingStrip(self._prediction_column)
        self.prediction_panel = PredictionPanel(
            self._prediction_column, config.recognition.unsure_below
        )
        self.prediction_panel.pack(side="bottom", fill="both", expand=True)
        self.views = ViewTabs(self, context)
        self.rowconfigure(0, weight=1)
        self.pad_column.grid(row=0, column=0, sticky="nsew")
        self._prediction_column.grid(row=0, column=1, sticky="nsew", padx=(self._gap, 0))

    def arrange(self, simple: bool) -> None:
        """Show everything, or in simple mode the pad and the prediction alone."""
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
        self._share_width()

    def min_size(self) -> tuple[int, int]:
        """The width and height in pixels below which text would be cut off."""
        left, top, *_ = (self.winfo_pixels(str(each)) for each in self["padding"])
        width = self.tools.min_width + self._gap + self._prediction_column.winfo_reqwidth()
        if not self._simple:
            width += self._gap + self.views.winfo_reqwidth()
        return width + 2 * left, self._prediction_column.winfo_reqheight() + 2 * top

    def limit_window_size(self, status: StatusBar) -> None:
        """Set the minimum size of the window: what its text needs, but no more than the screen."""
        window = self.winfo_toplevel()
        window.update_idletasks()
        width, height = self.min_size()
        height += status.winfo_reqheight() + scaled(self, 2)
        width, height = max(width, scaled(self, 560)), max(height, scaled(self, 480))
        screen = self.winfo_screenwidth(), self.winfo_screenheight() - scaled(self, 80)
        window.minsize(min(width, screen[0]), min(height, screen[1]))

    def fit(self) -> None:
        """Lay everything out again after the size of the text has changed."""
        self._share_width()
        self._fit_pad()

    def _share_width(self) -> None:
        """Give the pad its part of the width; the views get the rest."""
        if self._simple:
            self.columnconfigure(0, minsize=0)
            return
        # On a screen smaller than the minimum size, the views get less than they need.
        most = self.winfo_width() - self.min_size()[0] + self.tools.min_width
        both = most + self.views.winfo_reqwidth()
        part = round(both * _PAD_WEIGHT / (_PAD_WEIGHT + _VIEWS_WEIGHT * text_scale(self)))
        self.columnconfigure(0, minsize=max(self.tools.min_width, min(most, part)))

    def _fit_pad(self) -> None:
        """Make the pad the largest square that fits above the tools."""
        width, height = self.pad_column.winfo_width(), self.pad_column.winfo_height()
        gap, below = scaled(self, 10), self.tools.winfo_reqheight()
        side = max(1, min(width, height - gap - below))
        tools_width = max(side, min(width, self.tools.winfo_reqwidth()))
        self.pad.place(x=(width - side) // 2, y=0, width=side, height=side)
        self.tools.place(x=(width - tools_width) // 2, y=side + gap, width=tools_width)


def initial_size(window: tk.Tk) -> str:
    """The size of a new window as Tk writes it, "1360x740", or less on a smaller screen."""
    width = min(scaled(window, 1360), window.winfo_screenwidth() - 40)
    height = min(scaled(window, 740), window.winfo_screenheight() - 80)
    return f"{width}x{height}"
