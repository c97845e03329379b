"""Pages under their titles, which are read whole in any room: in one row, in two, or in a menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from itertools import pairwise
from tkinter import font as tkfont
from tkinter import ttk

from number_recognition.window.toolkit.theme import BODY

TAB_CHANGED = "<<NotebookTabChanged>>"


class Tabs(ttk.Frame):
    """A notebook in which no title is cut off.

    How the titles stand follows from the width there is, and changes nothing but a height: a
    width that followed the titles in its turn would never come to rest.

    Event: `<<NotebookTabChanged>>` after another page came to the top.

    Attributes:
        titles: in their order.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self._due: str | None = None
        self._chosen = tk.IntVar(self, 0)
        self._buttons: list[ttk.Radiobutton] = []
        self._strip = ttk.Frame(self, style="Strip.TFrame")
        self._strip.pack(fill="x")
        self._build_menu()
        self._book = ttk.Notebook(self, style="Bare.TNotebook")
        self._book.pack(fill="both", expand=True)
        self._book.bind(TAB_CHANGED, lambda event: self._show_chosen())
        self._strip.bind("<Configure>", lambda event: self._arrange())
        self.bind("<<ThemeChanged>>", lambda event: self._arrange_soon())

    def _build_menu(self) -> None:
        self._menu = ttk.Menubutton(self._strip)
        entries = tk.Menu(self._menu, tearoff=False)
        self._menu.configure(menu=entries)
        self._entries = entries

    def add(self, page: tk.Misc, text: str) -> None:
        """Add a page, a child of this frame, at the end."""
        number = len(self.titles)
        self.titles.append(text)
        button = ttk.Radiobutton(
            self._strip,
            text=text,
            value=number,
            variable=self._chosen,
            style="Tab.TRadiobutton",
            takefocus=number == 0,
            command=lambda: self.select(number),
        )
        for keys, step in ((("Left", "Up"), -1), (("Right", "Down"), +1)):
            for key in keys:
                button.bind(f"<{key}>", lambda event, step=step: self._walk(step))
        self._buttons.append(button)
        self._entries.add_radiobutton(
            label=text, value=number, variable=self._chosen, command=lambda: self.select(number)
        )
        self._book.add(page)
        self._show_chosen(notify=False)
        self._arrange_soon()

    def select(self, page: tk.Misc | int | None = None) -> str:
        """Bring a page, or that of a number, to the top; the name of the one on top."""
        if page is not None:
            self._book.select(page)
            self._show_chosen(notify=False)
        return self._book.select()

    def index(self, which: str) -> int:
        """The number of a page: "current" for the one on top."""
        return self._book.index(which)

    def tabs(self) -> tuple[str, ...]:
        """The names of the pages."""
        return self._book.tabs()

    def step(self, step: int) -> str:
        """Bring the next page to the top, or the one before, as in a ring."""
        if self.titles:
            self.select((self.index("current") + step) % len(self.titles))
        return "break"

    def destroy(self) -> None:
        """End what is still due, too."""
        if self._due is not None:
            self.after_cancel(self._due)
            self._due = None
        super().destroy()

    def _walk(self, step: int) -> str:
        """Arrow keys go from title to title, the focus with them."""
        self.step(step)
        self._buttons[self.index("current")].focus_set()
        return "break"

    def _show_chosen(self, notify: bool = True) -> None:
        number = self.index("current")
        self._chosen.set(number)
        self._menu.configure(text=self.titles[number])
        for other, button in enumerate(self._buttons):
            button.configure(takefocus=other == number)
        if notify:
            self.event_generate(TAB_CHANGED)

    def _arrange_soon(self) -> None:
        """After the buttons have heard of another font, too."""
        if self._due is None:
            self._due = self.after_idle(self._arrange)

    def _arrange(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
            self._due = None
        if not self._buttons:
            return
        widths = [button.winfo_reqwidth() for button in self._buttons]
        found = rows(widths, self._strip.winfo_width())
        shown, hidden = (self._buttons, [self._menu]) if found else ([self._menu], self._buttons)
        height = max(widget.winfo_reqheight() for widget in shown)
        for widget in hidden:
            widget.place_forget()
        for row, numbers in enumerate(found):
            for number in numbers:
                left = sum(widths[numbers.start : number])
                self._buttons[number].place(x=left, y=row * height, height=height)
        if not found:
            self._menu.place(x=0, y=0, relwidth=1.0)
        self._strip.configure(width=self.min_width(), height=max(1, len(found)) * height)

    def min_width(self) -> int:
        """What the longest title needs in the menu, whichever stands there now."""
        font = tkfont.nametofont(BODY, self)
        beside = self._menu.winfo_reqwidth() - font.measure(self._menu["text"])
        return beside + max(map(font.measure, self.titles))


def rows(widths: Sequence[int], room: int) -> list[range]:
    """The numbers in each row: one row where it has the room, else two alike; none in less room."""
    count = len(widths)
    if sum(widths) <= room:
        return [range(count)]
    ways = [max(sum(widths[:first]), sum(widths[first:])) for first in range(count)]
    first = min(range(count), key=ways.__getitem__)
    if ways[first] > room:
        return []
    return [range(*ends) for ends in pairwise((0, first, count))]
