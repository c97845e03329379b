"""Tabs in one row; titles for which there is no room are in a menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font as tkfont
from tkinter import ttk

from number_recognition.window.toolkit.focus import set_tab_stop
from number_recognition.window.toolkit.theme import BODY
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.tooltip import Tooltip

TAB_CHANGED = "<<NotebookTabChanged>>"
MORE = "More"


class Tabs(ttk.Frame):
    """A notebook that never cuts off a title and has one row of them.

    The arrangement of the titles depends on the width of the widget and changes nothing: a width
    that depended on the titles could alternate for ever.

    Event: `<<NotebookTabChanged>>` after another page was selected.

    Attributes:
        titles: of the pages, in order.
        buttons: one for each page; those are shown that fit, the selected one always.
        menu_button: has a menu of all pages; shown where a title does not fit.
        bar: contains the buttons and the menu button.
        corner: a frame at the right end of the bar, for commands.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self.buttons: list[ttk.Radiobutton] = []
        self._timer = Timer(self, self._arrange)
        self._selected = tk.IntVar(self, 0)
        self._build()
        self._notebook.bind(TAB_CHANGED, lambda event: self._update_selection())
        self.bar.bind("<Configure>", lambda event: self._arrange())
        self.bind("<<ThemeChanged>>", lambda event: self._arrange_later())

    def _build(self) -> None:
        self.bar = ttk.Frame(self, style="TabBar.TFrame")
        self.bar.pack(fill="x")
        self.menu_button = ttk.Menubutton(self.bar, style="Tab.TMenubutton")
        self.corner = ttk.Frame(self.bar, style="TabBar.TFrame")
        self.menu = tk.Menu(self.menu_button, tearoff=False)
        self.menu_button.configure(menu=self.menu)
        Tooltip(self.menu_button, "All titles, those without room among them", "Ctrl+Tab")
        self._notebook = ttk.Notebook(self, style="Bare.TNotebook", takefocus=False)
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
            command=self._selector(index),
        )
        button.lower(self.menu_button)  # Tab goes from the lowest to the highest
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
        self._timer.cancel()
        super().destroy()

    def _move_focus(self, step: int) -> str:
        """Select the page before or after this one, and move the focus to its title."""
        self.step(step)
        self.buttons[self.index("current")].focus_set()
        return "break"

    def _update_selection(self, notify: bool = True) -> None:
        selected = self.index("current")
        self._selected.set(selected)
        for index, button in enumerate(self.buttons):
            set_tab_stop(button, index == selected)
        self._arrange()
        if notify:
            self.event_generate(TAB_CHANGED)

    def _arrange_later(self) -> None:
        """Arrange the titles once the buttons have got the new font."""
        if not self._timer.pending:
            self._timer.start_idle()

    def _arrange(self) -> None:
        self._timer.cancel()
        if not self.buttons or self.bar.winfo_width() < 2:
            return
        selected = self.index("current")
        widths = [button.winfo_reqwidth() for button in self.buttons]
        corner = self.corner.winfo_reqwidth() if self.corner.winfo_children() else 0
        available = self.bar.winfo_width() - corner
        more = self._menu_button_width(MORE)
        shown = visible_titles(widths, selected, available, more)
        self._place(shown, widths, corner, is_complete=len(shown) == len(widths))

    def _place(
        self, shown: Sequence[int], widths: list[int], corner: int, is_complete: bool
    ) -> None:
        self.menu_button.configure(text=MORE if shown else self.titles[self._selected.get()])
        widgets = [*self.buttons, self.menu_button, self.corner]
        height = max(widget.winfo_reqheight() for widget in widgets if widget is not self.corner)
        left = 0
        for index, button in enumerate(self.buttons):
            if index in shown:
                button.place(x=left, y=0, height=height)
                left += widths[index]
            else:
                button.place_forget()
        low = self.menu_button.winfo_reqheight()
        if is_complete:
            self.menu_button.place_forget()
        elif shown:
            self.menu_button.place(
                x=left, width=self._menu_button_width(MORE), anchor="sw", rely=1.0, height=low
            )
        else:
            self.menu_button.place(
                x=0, relwidth=1.0, width=-corner, anchor="sw", rely=1.0, height=low
            )
        if corner:
            self.corner.place(relx=1.0, anchor="se", rely=1.0, height=low)
        self.bar.configure(width=self.min_width(), height=height)

    def _menu_button_width(self, text: str) -> int:
        font = tkfont.nametofont(BODY, self)
        shown = str(self.menu_button["text"])
        return self.menu_button.winfo_reqwidth() - font.measure(shown) + font.measure(text)

    def min_width(self) -> int:
        """Return the width of the menu button with the longest title, and of the corner."""
        corner = self.corner.winfo_reqwidth() if self.corner.winfo_children() else 0
        return max(map(self._menu_button_width, self.titles)) + corner


def visible_titles(widths: Sequence[int], selected: int, available: int, more: int) -> list[int]:
    """Return the indices of the titles that are shown in one row, the selected one among them.

    Args:
        widths: of all titles.
        selected: the index of the selected one.
        available: the width there is.
        more: the width of the menu button, which is needed unless all titles fit.

    Returns:
        All indices where they fit, else those of the first titles; none where not even the
        selected title fits beside the menu button.
    """
    if sum(widths) <= available:
        return list(range(len(widths)))
    left = available - more - widths[selected]
    if left < 0:
        return []
    shown = [selected]
    for index, width in enumerate(widths):
        if index != selected:
            if width > left:
                break
            left -= width
            shown.append(index)
    return sorted(shown)
