"""The table of all runs, sorted by any setting or metric; names and notes are edited here."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from pathlib import Path
from tkinter import simpledialog, ttk
from typing import Any

from number_recognition.core.formatting import NOT_A_NUMBER, is_finite, percent
from number_recognition.core.progress import format_duration
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.values import printable
from number_recognition.window.experiments.run_states import (
    describe_state,
    run_name,
    run_numbers,
)
from number_recognition.window.toolkit.theme import scaled_by_text, text_scale

_COLUMNS = (
    ("number", "No.", 50),
    ("name", "Name", 180),
    ("state", "State", 150),
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


class RunTable(ttk.Frame):
    """A row for each run; several can be selected.

    Events: `<<RunsSelected>>`; `<<RunEdited>>` after a name or note was entered (`changes`);
    `<<DeleteRuns>>`.

    Attributes:
        tree: the table itself; the names of the runs' folders identify the rows.
        changes: the name or note that was entered last.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.changes: dict[str, str] = {}
        self._runs: dict[str, RunSummary] = {}
        self._shown: dict[str, dict[str, Any]] = {}
        self._order = ("", False)
        self._build()
        self.resize_columns()
        self.tree.bind("<<TreeviewSelect>>", lambda e: self.event_generate("<<RunsSelected>>"))
        self.tree.bind("<Delete>", lambda e: self.event_generate("<<DeleteRuns>>"))
        self.tree.bind("<F2>", lambda e: self.edit("name"))

    def _build(self) -> None:
        columns = [name for name, _, _ in _COLUMNS]
        self.tree = ttk.Treeview(self, columns=columns, show="headings", height=7)
        for name, heading, _ in _COLUMNS:
            self.tree.heading(name, text=heading, anchor="w", command=partial(self.sort, name))
        vertical = ttk.Scrollbar(self, command=self.tree.yview)
        horizontal = ttk.Scrollbar(self, orient="horizontal", command=self.tree.xview)
        self.tree.configure(yscrollcommand=vertical.set, xscrollcommand=horizontal.set)
        horizontal.pack(side="bottom", fill="x")
        vertical.pack(side="right", fill="y")
        self.tree.pack(fill="both", expand=True)

    def resize_columns(self) -> None:
        """Fit columns and height to the text size, and leave enough height for the plots."""
        for name, _, width in _COLUMNS:
            self.tree.column(name, width=scaled_by_text(self, width), stretch=False)
        self.tree.configure(height=max(4, round(7 / text_scale(self))))

    def show(self, runs: list[RunSummary], folder: Path) -> None:
        """Show the runs of a folder. The selection stays."""
        numbers = run_numbers(runs)
        self._shown = {
            printable(run.folder): {
                "number": numbers[run.folder],
                "name": run_name(run),
                "state": describe_state(run, folder),
            }
            for run in runs
        }
        selected = {printable(run.folder) for run in self.selected}
        self._runs = {printable(run.folder): run for run in runs}
        self.tree.delete(*self.tree.get_children())
        for row in self._runs:
            cells = [_format(self._value(row, name), name) for name, _, _ in _COLUMNS]
            self.tree.insert("", "end", iid=row, values=cells)
        name, descending = self._order
        if name:
            self._sort(name, descending)
        self.tree.selection_set([folder for folder in selected if folder in self._runs])

    @property
    def selected(self) -> list[RunSummary]:
        """The selected runs."""
        return [self._runs[folder] for folder in self.tree.selection() if folder in self._runs]

    def select(self, folders: list[str]) -> None:
        """Select the runs with these names of folders."""
        rows = map(printable, folders)
        self.tree.selection_set([row for row in rows if row in self._runs])

    def sort(self, name: str) -> None:
        """Sort by a column in descending order; the second time in ascending order."""
        descending = not self._order[1] if self._order[0] == name else True
        self._order = (name, descending)
        self._sort(name, descending)
        for column, heading, _ in _COLUMNS:
            arrow = ("  ▼" if descending else "  ▲") if column == name else ""
            self.tree.heading(column, text=heading + arrow)

    def _sort(self, name: str, descending: bool) -> None:
        def key(folder: str) -> tuple[bool, bool, Any]:
            value = self._value(folder, name)
            is_number = isinstance(value, (int, float))
            return (value is not None, is_number, value if is_number else str(value))

        for index, folder in enumerate(sorted(self._runs, key=key, reverse=descending)):
            self.tree.move(folder, "", index)

    def _value(self, row: str, name: str) -> Any:
        """The value of a run in a column, None if it has none."""
        shown = self._shown[row]
        return shown[name] if name in shown else run_value(self._runs[row], name)

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


def run_value(run: RunSummary, name: str) -> Any:
    """Return the value of a run in a column, None if it has none."""
    if name in ("name", "state", "note"):
        return getattr(run, name)
    if name == "epochs":
        return run.epochs
    if name in run.metrics:
        return run.metrics[name]
    value = run.settings.get(name)
    if isinstance(value, list):
        return "x".join(map(str, value)) or "none"
    return value


def _format(value: Any, name: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, (int, float)) and not is_finite(value):
        return NOT_A_NUMBER
    if name in ("validation", "mnist_test"):
        return percent(value)
    if name == "seconds":
        return format_duration(value)
    if name == "weights":
        return f"{value:,.0f}"
    return f"{value:g}" if isinstance(value, float) else printable(str(value))
