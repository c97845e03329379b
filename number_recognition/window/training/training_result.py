"""What came of a training: its figures beside those of the network in use, and what to do."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import NOT_A_NUMBER, is_finite, percent
from number_recognition.core.progress import format_duration
from number_recognition.window.toolkit.theme import scaled

if TYPE_CHECKING:
    from number_recognition.learning.runs.run import Run

FIGURES = (("validation", "Samples set apart"), ("mnist_test", "MNIST's test set"))


class TrainingResult(ttk.Frame):
    """The figures of a finished or stopped training.

    Events: `<<UseIt>>`, `<<LeaveIt>>`, `<<Discard>>`.

    Attributes:
        buttons: by their text.
        advised: the button to press where nothing else is wanted.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._gap = scaled(self, 8)
        self._table = ttk.Frame(self)
        self._table.pack(anchor="w", pady=(self._gap, 0))
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(self._gap, 0))
        self.buttons: dict[str, ttk.Button] = {}
        for text, event in (
            ("Use it", "<<UseIt>>"),
            ("Leave it", "<<LeaveIt>>"),
            ("Discard", "<<Discard>>"),
        ):
            button = ttk.Button(bar, text=text, command=lambda e=event: self.event_generate(e))
            button.pack(side="left", padx=(0, self._gap))
            button.bind("<Return>", lambda event: event.widget.invoke())
            self.buttons[text] = button

    def show(self, run: Run) -> None:
        """Show the figures of a run, and advise to leave one that is worse than what is in use."""
        known = [name for name, _ in FIGURES if name in run.metrics and name in run.baseline]
        worse = bool(known) and run.metrics[known[-1]] < run.baseline[known[-1]]
        self.advised = self.buttons["Leave it" if worse else "Use it"]
        for button in self.buttons.values():
            button.configure(style="Accent.TButton" if button is self.advised else "TButton")
        for widget in self._table.winfo_children():
            widget.destroy()
        for row, texts in enumerate(figure_rows(run)):
            for column, text in enumerate(texts):
                style = "Faint.TLabel" if row == 0 else "TLabel"
                label = ttk.Label(self._table, text=text, style=style)
                side = "w" if column == 0 else "e"
                label.grid(row=row, column=column, sticky=side, padx=(0, 2 * self._gap))


def figure_rows(run: Run) -> list[tuple[str, str, str, str]]:
    """The figures as people read them: name, new network, network in use, difference."""
    rows = [("", "this one", "in use", "difference")]
    for name, words in FIGURES:
        if name in run.metrics:
            new, old = run.metrics[name], run.baseline.get(name)
            rows.append((words, percent(new), percent(old), _points(new, old)))
    weights = run.metrics["weights"]
    rows.append(("Weights", f"{weights:,.0f}" if is_finite(weights) else NOT_A_NUMBER, "", ""))
    rows.append(("Time", format_duration(run.metrics["seconds"]), "", ""))
    return rows


def _points(new: float, old: float | None) -> str:
    known = old is not None and is_finite(new) and is_finite(old)
    return f"{100 * (new - old):+.2f}" if known else ""
