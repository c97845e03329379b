"""The focus of the keyboard: where Tab moves it, and a line around what has it."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import Any

from number_recognition.window.toolkit.theme import palette, scaled
from number_recognition.window.toolkit.view import EmptyPage


def bind_tab(root: tk.Tk) -> None:
    """Bind Tab and Shift+Tab in all windows.

    Tk itself passes over a widget that is hidden or disabled, but not over one that an empty page
    covers.
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
    while widget is not None and widget.master is not None:
        pages = (page for page in widget.master.winfo_children() if isinstance(page, EmptyPage))
        if any(page is not widget and page.winfo_manager() for page in pages):
            return True
        widget = widget.master
    return False


class FocusRing:
    """Lines at the edges of a widget while it has the focus, where it shows nothing of that itself.

    They lie on the widget: beside it there may be no room.
    """

    def __init__(self, widget: tk.Widget) -> None:
        self._widget = widget
        self._lines: list[tk.Frame] = []
        widget.bind("<FocusIn>", lambda event: self._show(), add=True)
        widget.bind("<FocusOut>", lambda event: self._hide(), add=True)

    def _show(self) -> None:
        self._hide()
        width, colour = scaled(self._widget, 2), palette(self._widget).accent
        sides: list[dict[str, Any]] = [
            {"relwidth": 1, "height": width},
            {"relwidth": 1, "height": width, "rely": 1, "y": -width},
            {"relheight": 1, "width": width},
            {"relheight": 1, "width": width, "relx": 1, "x": -width},
        ]
        for side in sides:
            line = tk.Frame(self._widget.master, background=colour)
            line.place(in_=self._widget, bordermode="outside", **side)
            self._lines.append(line)

    def _hide(self) -> None:
        while self._lines:
            self._lines.pop().destroy()
