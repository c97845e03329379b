"""The layout of the main window: the pad with its answer, a splitter, and the views."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.window.layout.enlarging import Enlarging
from number_recognition.window.layout.pad_column import PadColumn
from number_recognition.window.layout.sash import Sash
from number_recognition.window.layout.view_tabs import ViewTabs
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.tabs import TAB_CHANGED
from number_recognition.window.widgets.tooltip import Tooltip

DEFAULT_SPLIT = 0.48
"""The part of the width that pad and answer get."""
_AROUND_WINDOW = 80
"""Height of its title and menus and of the desktop's bar, in pixels at 96 dpi."""
_LOWER_PAD = 70
"""By how many pixels at 96 dpi the pad may be lower on a small screen."""


class MainLayout(ttk.Frame):
    """Two columns with a splitter between them: the pad with its answer, and the views.

    All widths depend on that of the window and on the size of the text alone, so a layout never
    causes another.

    Attributes:
        pad_column: the first column, with `pad`, `tools`, `preprocessing_strip` and
            `prediction_panel`.
        sash: the splitter.
        views: the second column.
        split: the part of the width that the first column gets, as far as both have room.
        is_simple: whether the views are hidden.
        is_filled: whether the views fill the window, with the pad small beside them.
        enlarging: lets a view or a plot fill the window.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=(scaled(parent, 14), scaled(parent, 10)))
        self.split = DEFAULT_SPLIT
        self.is_simple = self.is_filled = False
        self.enlarging = Enlarging(self._fill)
        self._build_pad(context)
        self._build_views(context)
        self.rowconfigure(0, weight=1)
        self.pad_column.grid(row=0, column=0, sticky="nsew")
        self.bind("<Configure>", lambda event: self._share_width())

    def _build_pad(self, context: AppContext) -> None:
        config = context.session.config
        self.pad_column = column = PadColumn(
            self, config.window.pen, config.recognition.unsure_below
        )
        self.pad, self.tools = column.pad, column.tools
        self.preprocessing_strip = column.preprocessing_strip
        self.prediction_panel = column.prediction_panel

    def _build_views(self, context: AppContext) -> None:
        self.sash = Sash(self)
        self.sash.moved_to = self._move_sash
        self.sash.bind("<<SashReset>>", lambda event: self.set_split(DEFAULT_SPLIT))
        self.views = ViewTabs(self, context)
        self.views.bind(TAB_CHANGED, lambda event: self.enlarging.uncover(), add=True)
        enlarge = self.views.add_command("⤢", self.toggle_enlarged)
        Tooltip(enlarge, "The view fills the window; Esc brings it back", "F8")

    def arrange(self, simple: bool) -> None:
        """Show everything, or in simple mode the pad and the answer alone."""
        self.is_simple = self.pad_column.is_simple = simple
        if simple:
            self.enlarging.restore()
            self.sash.grid_remove()
            self.views.grid_remove()
        else:
            self.sash.grid(row=0, column=1, sticky="ns")
            self.views.grid(row=0, column=2, sticky="nsew")
        self.columnconfigure(0, weight=1 if simple else 0)
        self.columnconfigure(2, weight=0 if simple else 1)
        self._share_width()
        self.pad_column.arrange()

    def toggle_enlarged(self, at: tk.Misc | None = None) -> None:
        """Let a plot, or else the view, fill the window with the pad small beside it, or not.

        Args:
            at: a widget of the plot.
        """
        if self.enlarging.active or self.views.current is None:
            self.enlarging.restore()
        else:
            self.enlarging.enlarge(self.views.current, at)

    def _fill(self, filled: bool) -> None:
        self.is_filled = filled
        self.views.set_filled(filled)
        self._share_width()

    def set_split(self, part: float) -> None:
        """Give the pad another part of the width."""
        self.split = min(0.9, max(0.1, part))
        self._share_width()

    def _move_sash(self, x: int) -> None:
        room = self._room()
        if not self.is_filled and room > 0:
            left = x - self.winfo_rootx() - self._padding()[0] - self.sash.winfo_reqwidth() // 2
            self.set_split(self._limited(left) / room)

    def _padding(self) -> tuple[int, int]:
        left, top, *_ = (self.winfo_pixels(str(each)) for each in self["padding"])
        return left, top

    def min_size(self) -> tuple[int, int]:
        """The width and height in pixels below which something would be cut off."""
        left, top = self._padding()
        width, height = self.pad_column.min_size()
        if not self.is_simple:
            width += self.sash.winfo_reqwidth() + self.views.min_width()
        return width + 2 * left, height + 2 * top

    def fits_screen(self, below: tk.Misc) -> bool:
        """Whether the screen has room for the text of now, with a pad that may be low.

        Args:
            below: the widget at the bottom of the window.
        """
        self.update_idletasks()
        width, height = self.min_size()
        height += below.winfo_reqheight() + scaled(self, _AROUND_WINDOW - _LOWER_PAD)
        return width <= self.winfo_screenwidth() and height <= self.winfo_screenheight()

    def limit_window_size(self, below: tk.Misc) -> None:
        """Set the minimum size of the window: what its text needs, but no more than the screen.

        Args:
            below: the widget at the bottom of the window.
        """
        window = self.winfo_toplevel()
        window.update_idletasks()
        width, height = self.min_size()
        height += below.winfo_reqheight() + scaled(self, 2)
        width, height = max(width, scaled(self, 560)), max(height, scaled(self, 480))
        screen = self.winfo_screenwidth(), self.winfo_screenheight() - scaled(self, _AROUND_WINDOW)
        window.minsize(min(width, screen[0]), min(height, screen[1]))

    def fit(self) -> None:
        """Lay everything out again after the size of the text has changed."""
        self._share_width()
        self.pad_column.arrange()

    def _room(self) -> int:
        """The width that both columns share."""
        return self.winfo_width() - 2 * self._padding()[0] - self.sash.winfo_reqwidth()

    def _limited(self, left: int) -> int:
        """A width of the first column that leaves both columns what they need.

        On a screen smaller than the minimum size, the views get less than they need.
        """
        most = self._room() - self.views.min_width()
        return max(self.pad_column.min_size()[0], min(most, left))

    def _share_width(self) -> None:
        if self.is_simple:
            self.columnconfigure(0, minsize=0)
        elif self.is_filled:
            self.columnconfigure(0, minsize=self.pad_column.min_size()[0])
        else:
            self.columnconfigure(0, minsize=self._limited(round(self._room() * self.split)))
