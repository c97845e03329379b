"""The table of all runs, sorted by any setting or metric; names and notes are edited here."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from pathlib import Path
from tkinter import font as tkfont
from tkinter import simpledialog, ttk
from typing import Any

from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.values import printable
from number_recognition.window.experiments.run_rows import Row, rows_of
from number_recognition.window.experiments.run_states import run_numbers, sort_key
from number_recognition.window.tables.several_rows import bind_several_rows
from number_recognition.window.tables.short_names import ShortNames
from number_recognition.window.tables.whole_texts import fit_column
from number_recognition.window.toolkit.focus import bind_table
from number_recognition.window.toolkit.theme import (
    BODY,
    palette,
    scaled,
    scaled_by_text,
    text_scale,
)
from number_recognition.window.toolkit.view_keys import bind_view_keys
from number_recognition.window.widgets.scrolled_frame import scroll_to

_COLUMNS = (
    ("state", "State", 110),
    ("validation", "Validation", 90),
    ("mnist_test", "MNIST test", 90),
    ("seconds", "Time", 60),
    ("epochs", "Epochs", 60),
    ("hidden_layers", "Hidden layers", 110),
    ("learning_rate", "Learning rate", 100),
    ("batch_size", "Batch size", 80),
    ("dropout", "Dropout", 70),
    ("optimizer", "Optimizer", 80),
    ("activation", "Activation", 80),
    ("distortion", "Distortion", 80),
    ("weight_decay", "Weight decay", 100),
    ("seed", "Seed", 60),
    ("weights", "Weights", 90),
    ("note", "Note", 200),
)
"""Name (a field of the run, a metric or a setting), heading and width of each column."""
_NAME_COLUMNS = (("#0", "Name", 180), ("number", "No.", 46))
"""Those that stay when the others are scrolled sideways."""
_MOST_STATE = 460
"""The width at which reasons of failures end; other states are shorter."""
_NAMES_PART = 0.45
"""Names take so much of the width at most."""
_INDENT = 64
"""What stands before a name in its column, in pixels at 96 dpi."""
_LEAST_ROWS = 3
"""Shown also where there are fewer runs."""
_LEAST_NAMES = 160
"""What names and numbers keep where the states need room."""


class RunTable(ttk.Frame):
    """A row for each run below that of its experiment; several can be selected.

    Names stay where they are while the rest is scrolled sideways: they are a table of their own.

    Events: `<<RunsSelected>>`; `<<RunEdited>>` after a name or note was entered (`changes`);
    `<<DeleteRuns>>`.

    Attributes:
        names: the table of names and numbers; the names of the runs' folders identify the rows.
        tree: the table of everything else, with the same rows.
        numbers: the number of each run by its folder.
        changes: the name or note that was entered last.
        preparing: what runs do before their first epoch, by their folders; shown by `show`.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.changes: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.preparing: dict[str, str] = {}
        self._rows: dict[str, Row] = {}
        self._order = ("", False)
        self._reported: list[str] = []
        self._build()
        self._connect()
        self.resize_columns()

    def _build(self) -> None:
        columns = [name for name, _, _ in _COLUMNS]
        self._left = ttk.Frame(self, width=1)
        self._left.pack_propagate(False)
        self.names = ttk.Treeview(self._left, columns=("number",), height=7)
        self.names.pack(fill="both", expand=True)
        self._short_names = ShortNames(self.names)
        self.tree = ttk.Treeview(self, columns=columns, show="headings", height=7, takefocus=False)
        for table, shown in ((self.names, _NAME_COLUMNS), (self.tree, _COLUMNS)):
            for name, heading, _ in shown:
                table.heading(name, text=heading, anchor="w", command=partial(self.sort, name))
        self._vertical = ttk.Scrollbar(self, command=self._scroll)
        below = ttk.Scrollbar(self, orient="horizontal", command=self.tree.xview)
        self.tree.configure(xscrollcommand=partial(scroll_to, below))
        self._left.grid(row=0, column=0, sticky="nsew")
        self.tree.grid(row=0, column=1, sticky="nsew")
        self._vertical.grid(row=0, column=2, sticky="ns")
        below.grid(row=1, column=1, sticky="ew")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(1, weight=1)

    def _connect(self) -> None:
        for table, other in ((self.names, self.tree), (self.tree, self.names)):
            table.configure(yscrollcommand=partial(self._scrolled, other))
            table.bind("<<TreeviewSelect>>", partial(self._select_in, other))
            for event, is_open in (("<<TreeviewOpen>>", True), ("<<TreeviewClose>>", False)):
                table.bind(event, partial(self._open_in, other, is_open))
        bind_table(self.names)
        bind_several_rows(self.names)
        bind_view_keys(self, {"Delete": self._request_delete, "F2": self._rename})
        self.bind("<Configure>", lambda event: self._limit_names(event.width))

    def _request_delete(self) -> bool:
        self.event_generate("<<DeleteRuns>>")
        return True

    def _rename(self) -> bool:
        self.edit("name")
        return True

    def _scroll(self, *arguments: str) -> None:
        self.names.yview(*arguments)
        self.tree.yview(*arguments)

    def _scrolled(self, other: ttk.Treeview, first: str, last: str) -> None:
        """Scroll the other table, too."""
        other.yview_moveto(float(first))
        scroll_to(self._vertical, first, last)

    def _select_in(self, other: ttk.Treeview, event: tk.Event[ttk.Treeview]) -> None:
        """Select the same rows in the other table, and report what is new."""
        selection = event.widget.selection()
        if other.selection() != selection:
            other.selection_set(selection)
        selected = [run.folder for run in self.selected]
        if selected != self._reported:
            self._reported = selected
            self.event_generate("<<RunsSelected>>")

    def _is_open(self, row: str) -> bool:
        return self.tk.getboolean(self.names.item(row, "open"))

    def _open_in(self, other: ttk.Treeview, is_open: bool, event: tk.Event[ttk.Treeview]) -> None:
        other.item(event.widget.focus(), open=is_open)

    def resize_columns(self) -> None:
        """Fit columns and height to the text size, and leave enough height for the plots."""
        for table, shown in ((self.names, _NAME_COLUMNS), (self.tree, _COLUMNS)):
            for name, _, width in shown:
                table.column(name, width=scaled_by_text(self, width), stretch=False)
            table.tag_configure("failed", foreground=palette(self).warning)
            table.tag_configure("running", foreground=palette(self).accent)
        self._fit_height()
        self._limit_names(self.winfo_width())

    def _fit_height(self) -> None:
        """Ask for no more rows than there are: the plots below take what is left."""
        most = max(4, min(7, round(7 / text_scale(self))))
        for table in (self.names, self.tree):
            table.configure(height=min(max(_LEAST_ROWS, len(self._rows)), most))

    def _limit_names(self, width: int) -> None:
        """Give states the width they need, and names theirs or what the states leave them."""
        texts = {row.row: row.state for row in self._rows.values()}
        least, most = (scaled_by_text(self, each) for each in (_COLUMNS[0][2], _MOST_STATE))
        rest = width - fit_column(self.tree, "state", texts, least, most) - scaled(self, 24)
        measure = tkfont.nametofont(BODY, self).measure
        widest = max(map(measure, {row.name for row in self._rows.values()}), default=0)
        usual, number = (scaled_by_text(self, width) for _, _, width in _NAME_COLUMNS)
        needed = number + max(
            usual, min(widest + scaled(self, _INDENT), round(_NAMES_PART * width))
        )
        left = min(needed, max(scaled_by_text(self, _LEAST_NAMES), rest))
        self._left.configure(width=left + scaled(self, 8))
        self.names.column("#0", width=max(1, left - number))
        self._short_names.fit()

    def show(self, runs: list[RunSummary], folder: Path) -> None:
        """Show the runs of a folder. The selection stays, and which experiments are open."""
        self.numbers = run_numbers(runs)
        before = self._rows
        rows = rows_of(runs, self.numbers, folder, self.preparing)
        self._rows = {row.row: row for row in rows}
        changed = [row for row in self._rows.values() if row != before.get(row.row)]
        if [*before] != [*self._rows]:
            self._fill()
            self._fit_height()
        else:
            for row in changed:
                self._write(row)
        if changed:
            self._limit_names(self.winfo_width())
            if self._order[0]:
                self._sort(*self._order)

    def _fill(self) -> None:
        """Write all rows anew."""
        selected, top = self.names.selection(), self.names.yview()[0]
        closed = {row for row in self.names.get_children() if not self._is_open(row)}
        for table in (self.names, self.tree):
            table.delete(*table.get_children())
        for row in self._rows.values():
            is_open = row.row not in closed
            for table, cells in self._cells(row):
                table.insert(row.parent, "end", row.row, values=cells, tags=row.tag, open=is_open)
            self._short_names.set(row.row, row.name)
        self.names.selection_set([row for row in selected if row in self._rows])
        self.names.yview_moveto(top)

    def _write(self, row: Row) -> None:
        """Write the cells of a row that is there."""
        for table, cells in self._cells(row):
            table.item(row.row, values=cells, tags=row.tag)
        self._short_names.set(row.row, row.name)

    def _cells(self, row: Row) -> tuple[tuple[ttk.Treeview, list[Any]], ...]:
        """The cells of a row in each table."""
        cells = [row.text(name) for name, _, _ in _COLUMNS]
        return (self.names, [row.number]), (self.tree, cells)

    @property
    def rows(self) -> list[str]:
        """The rows of the runs in their order, without those of experiments."""
        top = self.names.get_children()
        return [row for first in top for row in (self.names.get_children(first) or [first])]

    @property
    def selected(self) -> list[RunSummary]:
        """The selected runs; an experiment selects all of its own."""
        chosen = {
            row
            for selected in self.names.selection()
            for row in (self.names.get_children(selected) or [selected])
        }
        runs = [self._rows[row].run for row in self.rows if row in chosen]
        return [run for run in runs if run is not None]

    def state_of(self, run: RunSummary) -> str:
        """Return the state of a run, as shown."""
        return self._rows[printable(run.folder)].state

    def select(self, folders: list[str]) -> None:
        """Select the runs with these names of folders, and scroll to the first."""
        rows = map(printable, folders)
        selected = [row for row in rows if row in self._rows]
        self.names.selection_set(selected)
        if selected:
            self.names.see(selected[0])

    def sort(self, name: str) -> None:
        """Sort by a column in descending order; the second time in ascending order."""
        descending = not self._order[1] if self._order[0] == name else True
        self._order = (name, descending)
        self._sort(name, descending)
        for table, shown in ((self.names, _NAME_COLUMNS), (self.tree, _COLUMNS)):
            for column, heading, _ in shown:
                arrow = ("  ▼" if descending else "  ▲") if column == name else ""
                table.heading(column, text=heading + arrow)

    def _sort(self, name: str, descending: bool) -> None:
        """Sort the runs of each experiment, and these by the first of their runs."""

        column = "name" if name == "#0" else name

        def key(row: str) -> tuple[bool, bool, Any]:
            children = self.names.get_children(row)
            return sort_key(self._rows[children[0] if children else row].value(column))

        for parent in (*self.names.get_children(), ""):
            rows = sorted(self.names.get_children(parent), key=key, reverse=descending)
            for table in (self.names, self.tree):
                for index, row in enumerate(rows):
                    table.move(row, parent, index)

    def edit(self, field: str) -> None:
        """Ask for the "name" or the "note" of the selected run, if exactly one is selected."""
        if len(self.selected) != 1:
            return
        run = self.selected[0]
        title = field.capitalize()
        current = run.name if field == "name" else run.note
        text = simpledialog.askstring(title, f"{title}:", parent=self, initialvalue=current)
        if text is not None:
            self.changes = {field: text.strip()}
            self.event_generate("<<RunEdited>>")
