"""The table of the Files view: a row for each file or page, all of them or those of one kind."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk

from PIL import Image, ImageTk

from number_recognition.core.formatting import percent
from number_recognition.digits.images.pages import page_name
from number_recognition.learning.evaluation.picture_labels import is_right
from number_recognition.learning.reading.batches import ReadImage
from number_recognition.session.answer_text import short_text
from number_recognition.window.tables.short_names import ShortNames
from number_recognition.window.toolkit.focus import bind_table
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled, scaled_by_text

_COLUMNS = (
    ("#0", "File", 121),
    ("prediction", "Read", 65),
    ("confidence", "Confidence", 85),
    ("label", "Label", 60),
    ("correct", "Correct", 60),
)
"""Name, heading and least width of each column."""
_BORDERS = 12
"""Pixels of a table's width that are no column's; the theme's images are as large everywhere."""
_WITH_LABELS = tuple(name for name, _, _ in _COLUMNS[1:])
_WITHOUT_LABELS = _WITH_LABELS[:2]


@dataclass
class Row:
    """A file, or a page of it: its name in the table, its label, and what is read in it.

    `page` is its number, None in a file with one page; `text` the digits, "" for none, None before
    it is read; `error` says why it cannot be read.
    """

    path: Path
    name: str
    label: str | None = None
    page: int | None = None
    text: str | None = None
    error: str = ""
    is_sure: bool = True

    @property
    def correct(self) -> bool | None:
        """Whether it is read as its label says; None where either is missing."""
        if self.label is None or self.text is None:
            return None
        return is_right(self.label, self.text)


ALL = "All files"
KINDS: dict[str, Callable[[Row], bool]] = {
    ALL: lambda row: True,
    "Wrong": lambda row: row.correct is False,
    "Unsure": lambda row: not row.is_sure,
    "Several digits": lambda row: len(row.text or "") > 1,
    "No digit": lambda row: row.text == "",
    "Not readable": lambda row: bool(row.error),
}
"""The kinds of rows that can be shown alone."""


class FileTable(ttk.Treeview):
    """A row for each page, in the order in which they are added.

    Attributes:
        entries: what each row shows, in order, those that are not of the chosen kind among them.
        kind: which rows are shown, one of `KINDS`.
    """

    def __init__(self, parent: tk.Misc) -> None:
        self._style = f"Files{id(self)}.Treeview"
        super().__init__(parent, columns=_WITH_LABELS, style=self._style, selectmode="browse")
        self.entries: dict[str, Row] = {}
        self.kind = ALL
        self._short_names = ShortNames(self)
        self._thumbnails: dict[str, ImageTk.PhotoImage] = {}
        for name, heading, _ in _COLUMNS:
            self.heading(name, text=heading, anchor="w")
        self.show_labels(False)
        self.bind("<Configure>", lambda event: self._share_width(), add=True)
        bind_table(self)

    def apply_theme(self) -> None:
        """Take up the colours and the size of the window's text."""
        ttk.Style(self).configure(self._style, rowheight=scaled(self, 44))
        self._share_width()
        colours = palette(self)
        self.tag_configure("unsure", foreground=colours.faint)
        self.tag_configure("wrong", foreground=colours.warning)
        self.tag_configure("error", foreground=colours.warning, font=CAPTION)

    def _share_width(self) -> None:
        """Give each column what it needs, and most of what is free to the names."""
        least = {name: scaled_by_text(self, width) for name, _, width in _COLUMNS}
        shown = ("#0", *map(str, self.cget("displaycolumns")))
        free = self.winfo_width() - _BORDERS - sum(least[name] for name in shown)
        for name in least:
            part = {"#0": 0.75, "prediction": 0.25}.get(name, 0.0)
            width = least[name] + int(part * max(0, free))
            self.column(name, width=width, minwidth=least[name], stretch=False)
        self._short_names.fit()

    def show_labels(self, shown: bool) -> None:
        """Show or hide the columns that need labels."""
        self.configure(displaycolumns=_WITH_LABELS if shown else _WITHOUT_LABELS)
        self._share_width()

    def clear(self) -> None:
        """Remove all rows."""
        self.remove(list(self.entries))

    def remove(self, rows: list[str]) -> None:
        """Remove some rows."""
        self.delete(*rows)
        for row in rows:
            del self.entries[row]
            self._thumbnails.pop(row, None)

    def add(self, entry: Row, after: str | None = None) -> str:
        """Add a row that nothing is read in yet, at the end or after another row; return it."""
        row: str = self.insert("", "end" if after is None else self._place_after(after))
        if after is None:
            self.entries[row] = entry
        else:
            items = list(self.entries.items())
            at = list(self.entries).index(after) + 1
            self.entries = dict([*items[:at], (row, entry), *items[at:]])
        self._show(row)
        return row

    def _place_after(self, row: str) -> int:
        """Where a row after this one is inserted; at the end where this one is not shown."""
        shown = self.get_children()
        return shown.index(row) + 1 if row in shown else len(shown)

    def forget_read(self) -> None:
        """Take all rows for unread, and remove those of further pages, which are added again."""
        self.remove([row for row, entry in self.entries.items() if (entry.page or 1) > 1])
        for entry in self.entries.values():
            entry.text, entry.page, entry.error, entry.is_sure = None, None, "", True
        self.choose_kind(self.kind)

    def set_page(self, row: str, number: int) -> None:
        """Say that a row is the page of this number."""
        self.entries[row].page = number
        self._show(row)

    def set_read(self, row: str, image: Image.Image, read: ReadImage, unsure_below: float) -> None:
        """Show what is read in the image of a row."""
        entry = self.entries[row]
        is_blank = read.prediction.is_blank
        entry.text, entry.error = read.text, ""
        entry.is_sure = is_blank or read.is_sure(unsure_below)
        thumbnail = ImageTk.PhotoImage(_thumbnail(image, scaled(self, 36)), master=self)
        self._thumbnails[row] = thumbnail
        correct = {None: "", True: "yes", False: "no"}[entry.correct]
        confidence = "" if is_blank else percent(read.probability)
        values = (short_text(read, unsure_below), confidence, entry.label or "", correct)
        tag = "unsure" if is_blank or not entry.is_sure else "sure"
        self.item(row, image=thumbnail, values=values)
        self.item(row, tags="wrong" if entry.correct is False else tag)
        self._show(row)

    def set_error(self, row: str, reason: str) -> None:
        """Show why the file of a row cannot be read."""
        entry = self.entries[row]
        entry.text, entry.error, entry.is_sure = None, reason, True
        self.item(row, image="", values=("–", "", entry.label or "", ""), tags="error")
        self._show(row)

    def name_of(self, row: str) -> str:
        """Return the whole name of a row, and why it cannot be read."""
        return self._short_names.of(row).strip()

    def choose_kind(self, kind: str) -> None:
        """Show the rows of one of `KINDS` alone."""
        self.kind = kind
        chosen = KINDS[kind]
        self.set_children("", *(row for row, entry in self.entries.items() if chosen(entry)))

    def _show(self, row: str) -> None:
        """Name a row, and show it if it is of the chosen kind.

        Rows are read in their order, so that one shown only now comes after all others.
        """
        entry = self.entries[row]
        name = page_name(entry.name, entry.page)
        self._short_names.set(row, f"  {name}", f": {entry.error}" if entry.error else "")
        if self.kind == ALL:
            return
        if KINDS[self.kind](entry):
            self.move(row, "", "end")
        else:
            self.detach(row)


def _thumbnail(image: Image.Image, side: int) -> Image.Image:
    """Scale an image down and centre it on a translucent square."""
    small = image.convert("RGBA")
    scale = side / max(small.size)
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    small = small.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    thumbnail = Image.new("RGBA", (side, side), (128, 128, 128, 40))
    thumbnail.alpha_composite(small, ((side - small.width) // 2, (side - small.height) // 2))
    return thumbnail
