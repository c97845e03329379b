"""Names that are shortened in the middle where they have no room, and whole in a tooltip."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import BODY, scaled
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.tooltip import Tooltip

if TYPE_CHECKING:
    from number_recognition.session.network_in_use import NetworkInUse

_INDICATOR, _INDENT = 26, 20
"""Pixels before a name in the first column of a table, and for each level; the theme's images are
as large on every screen."""

LONGEST = 48
"""Characters of a name in a message, a menu or the title of the window."""
NO_BREAK = "\N{NO-BREAK SPACE}"
_SOON = 50
"""Milliseconds after which a table has its columns as wide as they stay."""


def shorten_middle(text: str, width: int, measure: Callable[[str], int]) -> str:
    """Return a text of at most a width: the whole, or its beginning and end around an ellipsis."""
    if measure(text) <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        kept = (fits + too_long) // 2
        if measure(_without_middle(text, kept)) <= width:
            fits = kept
        else:
            too_long = kept
    return _without_middle(text, fits)


def _without_middle(text: str, kept: int) -> str:
    """The text with so many of its characters, the first and the last ones."""
    end = kept // 2
    return f"{text[: kept - end]}…{text[len(text) - end :]}"


def unbroken(name: str) -> str:
    """Return a name for a message, in which no line ends within it, unless it is a long one."""
    return name.replace(" ", NO_BREAK) if len(name) <= LONGEST else name


def network_notice(network: NetworkInUse) -> str:
    """Say which network reads the pad from now on, and what it does not read."""
    return f"Network in use: {unbroken(network.label)}. {network.limits}".rstrip()


def shorten_names(text: str) -> str:
    """Return a line in which no word, a file's name for example, is longer than `LONGEST`."""
    return " ".join(shorten_middle(word, LONGEST, len) for word in text.split(" "))


class ShortNames:
    """The names in the first column of a table, as its width has room for them."""

    def __init__(self, table: ttk.Treeview) -> None:
        self._table = table
        self._names: dict[str, tuple[str, str]] = {}
        self._row = ""
        self._fitted: object = None
        self._tooltip = Tooltip(table, "")
        self._timer = Timer(table, self.fit)
        for event in ("<Configure>", "<<ThemeChanged>>", "<ButtonRelease-1>"):
            table.bind(event, lambda event: self.fit_soon(), add=True)
        table.bind("<Destroy>", lambda event: self._timer.cancel(), add=True)
        table.bind("<Motion>", self._point_at, add=True)

    def set(self, row: str, name: str, after: str = "") -> None:
        """Name a row of the table; a text after the name ends where the column does."""
        self._names[row] = name, after
        self._show(row, tkfont.nametofont(BODY, self._table))

    def of(self, row: str) -> str:
        """Return the whole name of a row, with the text after it."""
        return "".join(self._names[row])

    def fit_soon(self) -> None:
        """Shorten the names anew once the table has shared its width among its columns."""
        self._timer.start(_SOON)

    def fit(self) -> None:
        """Shorten the names anew, where the column has another width or the font has changed."""
        font = tkfont.nametofont(BODY, self._table)
        fitted = self._table.column("#0", "width"), font.actual()
        if fitted == self._fitted:
            return
        self._fitted = fitted
        self._names = {row: each for row, each in self._names.items() if self._table.exists(row)}
        for row in self._names:
            self._show(row, font)

    def _show(self, row: str, font: tkfont.Font) -> None:
        name, after = self._names[row]
        room = self._room(row)
        shown = shorten_middle(name, room // 2 if after else room, font.measure) + after
        if shown != self._table.item(row, "text"):
            self._table.item(row, text=shown)

    def _is_whole(self, row: str) -> bool:
        measure = tkfont.nametofont(BODY, self._table).measure
        return int(measure(self.of(row))) <= self._room(row)

    def _room(self, row: str) -> int:
        table = self._table
        before, parent = _INDICATOR + scaled(table, 6), table.parent(row)
        while parent:
            before, parent = before + _INDENT, table.parent(parent)
        image = [str(each) for each in table.item(row, "image")]
        before += table.tk.getint(table.tk.call("image", "width", image[0])) if image else 0
        return int(table.column("#0", "width")) - before

    def _point_at(self, event: tk.Event[tk.Misc]) -> None:
        """Prepare the tooltip of the name below the pointer."""
        is_name = self._table.identify_column(event.x) == "#0"
        row = self._table.identify_row(event.y) if is_name else ""
        if row == self._row:
            return
        self._row = row
        is_short = row in self._names and not self._is_whole(row)
        box = self._table.bbox(row) if is_short else ""
        place = (int(box[0]), int(box[1]) + int(box[3])) if box else None
        self._tooltip.change(self.of(row).strip() if place else "", place)
