"""The table of all runs: sorted by any setting or figure, renamed, noted, thrown away."""

from __future__ import annotations

import tkinter as tk
from tkinter import simpledialog, ttk
from typing import Any

from number_recognition.core.formatting import NOT_A_NUMBER, is_finite, percent
from number_recognition.core.progress import format_duration
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.values import printable
from number_recognition.window.toolkit.theme import scaled_by_text, text_scale

_SHOWN = (
    ("name", "Name", 150),
    ("state", "State", 90),
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
"""What a column shows: a field of the row, a figure, or a setting."""


class RunTable(ttk.Frame):
    """Every run, a row each; several can be chosen.

    Events: `<<RunsChosen>>`; `<<RenameRun>>` and `<<NoteRun>>` after `answer` was typed;
    `<<DeleteRuns>>`.

    Attributes:
        answer: the name or note that was typed last.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.answer = ""
        self._rows: dict[str, RunSummary] = {}
        self._order = ("", False)
        columns = [name for name, _, _ in _SHOWN]
        self.tree = ttk.Treeview(self, columns=columns, show="headings", height=7)
        for name, text, _ in _SHOWN:
            self.tree.heading(name, text=text, anchor="w", command=lambda n=name: self.sort(n))
        down = ttk.Scrollbar(self, command=self.tree.yview)
        across = ttk.Scrollbar(self, orient="horizontal", command=self.tree.xview)
        self.tree.configure(yscrollcommand=down.set, xscrollcommand=across.set)
        across.pack(side="bottom", fill="x")
        down.pack(side="right", fill="y")
        self.tree.pack(fill="both", expand=True)
        self.arrange()
        self.tree.bind("<<TreeviewSelect>>", lambda e: self.event_generate("<<RunsChosen>>"))
        self.tree.bind("<Delete>", lambda e: self.event_generate("<<DeleteRuns>>"))
        self.tree.bind("<F2>", lambda e: self.ask("Name"))

    def arrange(self) -> None:
        """Make the columns as wide as their text needs, and leave the plots their room."""
        for name, _, width in _SHOWN:
            self.tree.column(name, width=scaled_by_text(self, width), stretch=False)
        self.tree.configure(height=max(4, round(7 / text_scale(self))))

    def show(self, rows: list[RunSummary]) -> None:
        """Show these rows; those that were chosen stay so."""
        chosen = {printable(row.folder) for row in self.chosen}
        self._rows = {printable(row.folder): row for row in rows}
        self.tree.delete(*self.tree.get_children())
        for folder, row in self._rows.items():
            values = [_text(value(row, name), name) for name, _, _ in _SHOWN]
            self.tree.insert("", "end", iid=folder, values=values)
        name, downwards = self._order
        if name:
            self._sort(name, downwards)
        self.tree.selection_set([folder for folder in chosen if folder in self._rows])

    @property
    def chosen(self) -> list[RunSummary]:
        """The rows chosen."""
        return [self._rows[folder] for folder in self.tree.selection() if folder in self._rows]

    def choose(self, folders: list[str]) -> None:
        """Choose rows."""
        shown = map(printable, folders)
        self.tree.selection_set([folder for folder in shown if folder in self._rows])

    def sort(self, name: str) -> None:
        """Sort by a column, the largest first; a second time the other way round."""
        downwards = not self._order[1] if self._order[0] == name else True
        self._order = (name, downwards)
        self._sort(name, downwards)
        for column, text, _ in _SHOWN:
            mark = ("  ▼" if downwards else "  ▲") if column == name else ""
            self.tree.heading(column, text=text + mark)

    def _sort(self, name: str, downwards: bool) -> None:
        def key(folder: str) -> tuple:
            content = value(self._rows[folder], name)
            is_number = isinstance(content, (int, float))
            return (content is not None, is_number, content if is_number else str(content))

        ordered = sorted(self._rows, key=key, reverse=downwards)
        for place, folder in enumerate(ordered):
            self.tree.move(folder, "", place)

    def ask(self, what: str) -> None:
        """Ask for the "Name" or the "Note" of the run chosen, where it is one."""
        if len(self.chosen) != 1:
            return
        row = self.chosen[0]
        before = row.name if what == "Name" else row.note
        answer = simpledialog.askstring(what, f"{what} of this run:", parent=self,
                                        initialvalue=before)  # fmt: skip
        if answer is not None:
            self.answer = answer.strip()
            self.event_generate("<<RenameRun>>" if what == "Name" else "<<NoteRun>>")


def value(row: RunSummary, name: str) -> Any:
    """What a run has in a column: None where it has nothing."""
    if name in ("name", "state", "note"):
        return getattr(row, name)
    if name == "epochs":
        return row.epochs
    if name in row.metrics:
        return row.metrics[name]
    content = row.settings.get(name)
    if isinstance(content, list):
        return "x".join(map(str, content)) or "none"
    return content


def _text(content: Any, name: str) -> str:
    if content is None:
        return "–"
    if isinstance(content, (int, float)) and not is_finite(content):
        return NOT_A_NUMBER
    if name in ("validation", "mnist_test"):
        return percent(content)
    if name == "seconds":
        return format_duration(content)
    if name == "weights":
        return f"{content:,.0f}"
    return f"{content:g}" if isinstance(content, float) else printable(str(content))
