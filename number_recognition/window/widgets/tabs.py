"""Tabs whose titles are always readable: in one row, in two rows, or in a menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from itertools import pairwise
from tkinter import font as tkfont
from tkinter import ttk

from number_recognition.window.toolkit.theme import BODY

TAB_CHANGED = "<<NotebookTabChanged>>"


class Tabs(ttk.Frame):
    """A notebook that never cuts off a title.

    The arrangement of the titles depends on the width of the widget and changes nothing but the
    height of the tab bar: a width that depended on the titles could alternate for ever.

    Event: `<<NotebookTabChanged>>` after another page was selected.

    Attributes:
        titles: of the pages, in order.
        buttons: one for each page, shown in one or two rows where they fit.
        menu_button: shown instead of the buttons where they do not fit.
        bar: contains the buttons and the menu button.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self.buttons: list[ttk.Radiobutton] = []
        self._timer: str | None = None
        self._selected = tk.IntVar(self, 0)
        self._build()
        self._notebook.bind(TAB_CHANGED, lambda event: self._update_selection())
        self.bar.bind("<Configure>", lambda event: self._arrange())
        self.bind("<<ThemeChanged>>", lambda event: self._arrange_later())

    def _build(self) -> None:
        self.bar = ttk.Frame(self, style="TabBar.TFrame")
        self.bar.pack(fill="x")
        self.menu_button = ttk.Menubutton(self.bar)
        self.menu = tk.Menu(self.menu_button, tearoff=False)
        self.menu_button.configure(menu=self.menu)
        self._notebook = ttk.Notebook(self, style="Bare.TNotebook")
        self._notebook.pack(fill="both", expand=True)

    def add(self, page: tk.Widget, text: str) -> None:
        """Add a page, a child of this widget, at the end."""
        index = len(self.titles)
        self.titles.append(text)
        self.buttons.append(self._create_button(index, text))
        self.menu.add_radiobutton(
            label=text, value=index, variable=self._selected, command=self._selector(index)
        )
        self._notebook.add(page)
        self._update_selection(notify=False)
        self._arrange_later()

    def _create_button(self, index: int, text: str) -> ttk.Radiobutton:
        button = ttk.Radiobutton(
            self.bar,
            text=text,
            value=index,
            variable=self._selected,
            style="Tab.TRadiobutton",
            takefocus=index == 0,
            command=self._selector(index),
        )
        for key in ("Left", "Up"):
            button.bind(f"<{key}>", lambda event: self._move_focus(-1))
        for key in ("Right", "Down"):
            button.bind(f"<{key}>", lambda event: self._move_focus(+1))
        return button

    def _selector(self, index: int) -> Callable[[], object]:
        return lambda: self.select(index)

    def select(self, page: tk.Misc | int | None = None) -> str:
        """Select a page by its widget or index, if given; return the name of the selected one."""
        if page is not None:
            self._notebook.select(page)
            self._update_selection(notify=False)
        return str(self._notebook.select())

    def index(self, page: str) -> int:
        """Return the index of a page; "current" is the selected one."""
        return int(self._notebook.index(page))

    def tabs(self) -> tuple[str, ...]:
        """Return the names of the pages."""
        return tuple(self._notebook.tabs())

    def step(self, step: int) -> str:
        """Select the next page (+1) or the previous one (-1), around the end."""
        if self.titles:
            self.select((self.index("current") + step) % len(self.titles))
        return "break"

    def destroy(self) -> None:
        """Cancel the timer, too."""
        self._cancel_timer()
        super().destroy()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self.after_cancel(self._timer)
            self._timer = None

    def _move_focus(self, step: int) -> str:
        """Select the page before or after this one, and move the focus to its title."""
        self.step(step)
        self.buttons[self.index("current")].focus_set()
        return "break"

    def _update_selection(self, notify: bool = True) -> None:
        selected = self.index("current")
        self._selected.set(selected)
        self.menu_button.configure(text=self.titles[selected])
        for index, button in enumerate(self.buttons):
            button.configure(takefocus=index == selected)
        if notify:
            self.event_generate(TAB_CHANGED)

    def _arrange_later(self) -> None:
        """Arrange the titles once the buttons have got the new font."""
        if self._timer is None:
            self._timer = self.after_idle(self._arrange)

    def _arrange(self) -> None:
        self._cancel_timer()
        if not self.buttons:
            return
        widths = [button.winfo_reqwidth() for button in self.buttons]
        rows = split_rows(widths, self.bar.winfo_width())
        used: Sequence[tk.Widget] = self.buttons if rows else [self.menu_button]
        unused: Sequence[tk.Widget] = [self.menu_button] if rows else self.buttons
        height = max(widget.winfo_reqheight() for widget in used)
        for widget in unused:
            widget.place_forget()
        for row, indices in enumerate(rows):
            for index in indices:
                left = sum(widths[indices.start : index])
                self.buttons[index].place(x=left, y=row * height, height=height)
        if not rows:
            self.menu_button.place(x=0, y=0, relwidth=1.0)
        self.bar.configure(width=self.min_width(), height=max(1, len(rows)) * height)

    def min_width(self) -> int:
        """Return the width of the menu button with the longest title."""
        font = tkfont.nametofont(BODY, self)
        padding = self.menu_button.winfo_reqwidth() - font.measure(self.menu_button["text"])
        return padding + max(map(font.measure, self.titles))


def split_rows(widths: Sequence[int], available: int) -> list[range]:
    """Return the indices in each row of titles.

    Returns:
        One row where all titles fit, else two of similar width, else none.
    """
    count = len(widths)
    if sum(widths) <= available:
        return [range(count)]
    needed = [max(sum(widths[:first]), sum(widths[first:])) for first in range(count)]
    first = min(range(count), key=needed.__getitem__)
    if needed[first] > available:
        return []
    return [range(*ends) for ends in pairwise((0, first, count))]
