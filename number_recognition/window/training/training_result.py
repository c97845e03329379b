"""The result of a training: its metrics next to those of the current network."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import (
    NOT_A_NUMBER,
    change_in_points,
    exact_percent,
    is_finite,
    percent,
)
from number_recognition.core.progress import format_duration
from number_recognition.window.toolkit.theme import scaled, scaled_by_text, wrap_to_width
from number_recognition.window.widgets.tooltip import Tooltip

if TYPE_CHECKING:
    from number_recognition.learning.runs.run import Run

_METRICS = (("validation", "Validation accuracy"), ("mnist_test", "MNIST test accuracy"))
_UNSEEN = "mnist_test"
"""The samples that no network learns from, so that networks are compared on them."""
NEITHER_LEARNT = (
    "Compared on MNIST's test set, which neither network has learnt. The network in use may have "
    "learnt from the digits for validation, so its accuracy on them is not shown."
)
NOT_COMPARABLE = (
    "Not compared with the network in use: this training was without MNIST, whose test set "
    "networks are compared on, and the one in use may have learnt from the digits for validation."
)
_BUTTONS = (
    ("Use", "<<UseRun>>", "Read with the new network from now on"),
    (
        "Not now",
        "<<KeepRun>>",
        "Keep the new network in Experiments, and go on with the current one",
    ),
    ("Discard", "<<DiscardRun>>", "Move the new network to the trash"),
    ("Resume", "<<ResumeRun>>", "Go on with the stopped training after its last epoch"),
)


def describe_accuracy(run: Run) -> str:
    """The accuracy of a run, and on what: MNIST's test set, or else the validation samples."""
    for name, title in (("mnist_test", "MNIST test set"), ("validation", "validation samples")):
        if name in run.metrics:
            return f": {percent(run.metrics[name])} of the {title} right"
    return ""


class TrainingResult(ttk.Frame):
    """The metrics of a finished or stopped training, and what to do with its network.

    Events: `<<UseRun>>`, `<<KeepRun>>`, `<<DiscardRun>>`; `<<ResumeRun>>` of a stopped one.

    Attributes:
        buttons: by their text.
        default_button: the recommended one.
        note: a label that says what the networks are compared on.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._gap = scaled(self, 8)
        self._table = ttk.Frame(self)
        self._table.pack(anchor="w", pady=(self._gap, 0))
        self.note = ttk.Label(self, style="Faint.TLabel")
        self.note.pack(fill="x")
        wrap_to_width(self.note)
        self._build_buttons()
        self.bind("<Configure>", lambda event: self._wrap_names(event.width))
        self.default_button = self.buttons["Use"]

    def _build_buttons(self) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(self._gap, 0))
        self.buttons: dict[str, ttk.Button] = {}
        for text, event, help in _BUTTONS:
            button = ttk.Button(bar, text=text, command=partial(self.event_generate, event))
            button.pack(side="left", padx=(0, self._gap))
            button.bind("<Return>", lambda event: event.widget.invoke())
            Tooltip(button, help)
            self.buttons[text] = button

    def show(self, run: Run) -> None:
        """Show the metrics of a run; recommend what is better, where both can be compared."""
        is_known = _UNSEEN in run.metrics and _UNSEEN in run.baseline
        is_worse = is_known and run.metrics[_UNSEEN] < run.baseline[_UNSEEN]
        not_compared = NOT_COMPARABLE if run.baseline else ""
        self.note.configure(text=NEITHER_LEARNT if is_known else not_compared)
        if run.completed:
            self.buttons["Resume"].pack_forget()
        else:
            self.buttons["Resume"].pack(side="left")
        is_decided = is_known or not run.baseline
        self.default_button = self.buttons["Use" if is_decided and not is_worse else "Not now"]
        for button in self.buttons.values():
            is_default = button is self.default_button and is_decided
            button.configure(style="Accent.TButton" if is_default else "TButton")
        for widget in self._table.winfo_children():
            widget.destroy()
        for row, texts in enumerate(metric_rows(run)):
            for column, text in enumerate(texts):
                style = "Faint.TLabel" if row == 0 else "TLabel"
                label = ttk.Label(self._table, text=text, style=style)
                side = "w" if column == 0 else "e"
                label.grid(row=row, column=column, sticky=side, padx=(0, self._gap))
        self._wrap_names(self.winfo_width())

    def _wrap_names(self, width: int) -> None:
        """Wrap the names of the metrics where the figures beside them would be cut off."""
        labels = [each for each in self._table.grid_slaves() if isinstance(each, ttk.Label)]
        figures = [label for label in labels if label.grid_info()["column"]]
        widths = [
            max(label.winfo_reqwidth() for label in figures if label.grid_info()["column"] == n)
            for n in {label.grid_info()["column"] for label in figures}
        ]
        room = width - sum(widths) - self._gap * (len(widths) + 1)
        for label in labels:
            if label not in figures:
                label.configure(wraplength=max(scaled_by_text(self, 80), room))


def metric_rows(run: Run) -> list[tuple[str, str, str, str]]:
    """Return rows of texts: metric, new and current network, change in points; first a header."""
    rows = [("", "New", "Current", "Points")]
    for name, title in _METRICS:
        if name in run.metrics:
            new, current = run.metrics[name], run.baseline.get(name) if name == _UNSEEN else None
            change = change_in_points(current, new)
            rows.append((title, exact_percent(new), exact_percent(current), change))
    weights = run.metrics["weights"]
    rows.append(("Weights", f"{weights:,.0f}" if is_finite(weights) else NOT_A_NUMBER, "", ""))
    rows.append(("Time of the epochs", format_duration(run.metrics["seconds"]), "", ""))
    return rows
