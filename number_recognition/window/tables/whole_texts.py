"""A column of a table as wide as its texts; reasons too long for that end after a whole word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from tkinter import font as tkfont
from tkinter import ttk

from number_recognition.window.toolkit.theme import BODY, scaled

_PADDING = 14
"""Pixels at 96 dpi beside the text of a cell."""


def shorten_end(text: str, width: int, measure: Callable[[str], int]) -> str:
    """Return a text of at most a width: the whole, or its first words before an ellipsis."""
    if measure(text) <= width:
        return text
    words = text.split(" ")
    while len(words) > 1 and measure(" ".join(words) + " …") > width:
        words.pop()
    return " ".join(words) + " …"


def fit_column(
    table: ttk.Treeview, column: str, texts: Mapping[str, str], least: int, most: int
) -> int:
    """Show texts in a column that is made wide enough for them.

    Args:
        table: the table.
        column: the name of the column.
        texts: by the rows of the table.
        least: the least width in pixels.
        most: the greatest one; longer texts are shortened.

    Returns:
        the width in pixels.
    """
    measure = tkfont.nametofont(BODY, table).measure
    room = most - scaled(table, _PADDING)
    # Many rows have the same text, and measuring one takes long.
    shown = {text: shorten_end(text, room, measure) for text in set(texts.values())}
    for row, text in texts.items():
        if table.set(row, column) != shown[text]:
            table.set(row, column, shown[text])
    widest = max(map(measure, shown.values()), default=0)
    width = max(least, widest + scaled(table, _PADDING))
    table.column(column, width=width)
    return width
