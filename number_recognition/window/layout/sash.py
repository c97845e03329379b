"""The splitter between the pad and the views."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.window.toolkit.theme import palette, scaled

_STEP = 24
"""How far an arrow key moves it, in pixels at 96 dpi."""


class Sash(ttk.Frame):
    """A bar to drag, or to move with the arrow keys; a double click puts it back.

    Attributes:
        moved_to: called with the position of its middle on the screen, in pixels.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, takefocus=True, cursor="sb_h_double_arrow")
        self.moved_to: Callable[[int], object] = lambda x: None
        self.configure(width=scaled(self, 18))
        self._grip = tk.Frame(self, width=scaled(self, 4), height=scaled(self, 48))
        self._grip.place(relx=0.5, rely=0.5, anchor="center")
        self._bind_pointer()
        self.bind("<Left>", lambda event: self._move(-1))
        self.bind("<Right>", lambda event: self._move(+1))
        self.bind("<FocusIn>", lambda event: self._colour(is_active=True))
        self.bind("<FocusOut>", lambda event: self._colour(is_active=False))
        self.bind("<<ThemeChanged>>", lambda event: self._colour(is_active=False))
        self._colour(is_active=False)

    def _bind_pointer(self) -> None:
        for widget in (self, self._grip):
            widget.bind("<B1-Motion>", lambda event: self.moved_to(event.x_root))
            widget.bind("<Button-1>", lambda event: self.focus_set())
            widget.bind("<Double-Button-1>", lambda event: self.event_generate("<<SashReset>>"))
            widget.bind("<Enter>", lambda event: self._colour(is_active=True))
            widget.bind("<Leave>", lambda event: self._colour(is_active=False))

    def _colour(self, is_active: bool) -> None:
        colours = palette(self)
        self._grip.configure(background=colours.accent if is_active else colours.faint)

    def _move(self, direction: int) -> str:
        middle = self.winfo_rootx() + self.winfo_width() // 2
        self.moved_to(middle + direction * scaled(self, _STEP))
        return "break"
