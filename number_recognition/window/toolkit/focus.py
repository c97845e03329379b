"""The focus of the keyboard: where Tab moves it, and a line around what has it."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import Any

from number_recognition.window.toolkit.theme import palette, scaled

COVERED_BY = "covered_by"
"""The attribute of a widget that has its child that covers all the others, or None."""


def bind_tab(root: tk.Tk) -> None:
    """Bind Tab and Shift+Tab in all windows.

    Tk itself passes over a widget that is hidden or disabled, but not over one that another covers
    (see `COVERED_BY`).
    """
    root.bind_all("<<NextWindow>>", partial(_move, root, "tk_focusNext"))
    root.bind_all("<<PrevWindow>>", partial(_move, root, "tk_focusPrev"))


def set_tab_stop(widget: tk.Widget, is_stop: bool) -> None:
    """Let Tab stop at a widget unless it is disabled, or never; takefocus=True stops always."""
    widget.tk.call(widget, "configure", "-takefocus", "ttk::takefocus" if is_stop else 0)


def bind_table(table: ttk.Treeview) -> None:
    """Mark a table that has the focus; where no row is selected, Down and Home select the first."""

    def select(event: tk.Event[tk.Misc]) -> str | None:
        rows = table.get_children()
        if table.selection() or not rows:
            return None
        table.focus(rows[0])
        table.selection_set(rows[0])
        return "break"

    for key in ("<Down>", "<Home>"):
        table.bind(key, select, add=True)
    FocusRing(table)


def _move(root: tk.Tk, command: str, event: tk.Event[Any]) -> None:
    path = str(event.widget)  # a widget of Tk's own dialogs is its path
    passed: set[str] = set()
    while path not in passed:
        passed.add(path)
        path = str(root.tk.call(command, path))
        if not _is_covered(root, path):
            break
    root.tk.call("tk::TabToWindow", path)


def _is_covered(root: tk.Tk, path: str) -> bool:
    try:
        widget: tk.Misc | None = root.nametowidget(path)
    except KeyError:
        return False
    while widget is not None:
        page = getattr(widget.master, COVERED_BY, None)
        if page is not None and page is not widget:
            return True
        widget = widget.master
    return False


class FocusRing:
    """Lines at the edges of a widget while it has the focus, where it shows nothing of that itself.

    They lie on the widget: beside it there may be no room.
    """

    def __init__(self, widget: tk.Widget) -> None:
        self._widget = widget
        self._lines = [tk.Frame(widget.master) for _ in range(4)]
        widget.bind("<FocusIn>", lambda event: self._show(), add=True)
        widget.bind("<FocusOut>", lambda event: self._hide(), add=True)

    def _show(self) -> None:
        width, colour = scaled(self._widget, 2), palette(self._widget).accent
        above, below, left, right = self._lines
        above.place(in_=self._widget, relwidth=1, height=width, bordermode="outside")
        below.place(
            in_=self._widget, rely=1, y=-width, relwidth=1, height=width, bordermode="outside"
        )
        left.place(in_=self._widget, relheight=1, width=width, bordermode="outside")
        right.place(
            in_=self._widget, relx=1, x=-width, relheight=1, width=width, bordermode="outside"
        )
        for line in self._lines:
            line.configure(background=colour)
            line.lift()

    def _hide(self) -> None:
        for line in self._lines:
            line.place_forget()
