"""The dialog after a fine-tuning: the metrics before and after, keep or discard."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import change_in_points, exact_percent, pluralize
from number_recognition.window.toolkit.shortcuts import focused_widget, is_typing
from number_recognition.window.toolkit.theme import center_over, scaled, text_width
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame

if TYPE_CHECKING:
    from number_recognition.learning.fine_tuning.report import Change, FineTuningReport

_MAX_SKIPPED = 3
KEYS_AFTER = 700
"""Milliseconds: a key that is pressed sooner was meant for the window."""


class FineTuningResultDialog(tk.Toplevel):
    """Asks whether to keep a fine-tuned network; Return does what is recommended.

    It takes the focus, and answers to keys, a moment after it has opened; where somebody types in a
    field of the window, once that field is left.

    Events: `<<Kept>>`, `<<Discarded>>`, and `<<PutOff>>` where it is closed without an answer; the
    dialog closes afterwards.

    Attributes:
        buttons: "Keep" and "Discard".
    """

    def __init__(self, parent: tk.Tk, report: FineTuningReport) -> None:
        super().__init__(parent)
        self.title("Fine-tuning")
        self.transient(parent)
        self.resizable(False, False)
        self.protocol("WM_DELETE_WINDOW", self.put_off)
        self._keys_timer = Timer(self, self._accept_keys)
        self._gap = scaled(self, 10)
        self._build(report)
        center_over(self, parent)
        self._keys_timer.start(KEYS_AFTER)

    def _build(self, report: FineTuningReport) -> None:
        self._frame = ttk.Frame(self, padding=2 * self._gap)
        self._frame.pack(fill="both", expand=True)
        scrolled = ScrolledFrame(self._frame, padding=0)
        scrolled.pack(fill="both", expand=True)
        self._build_texts(scrolled.inside, report)
        self._build_buttons(report.keep)
        scrolled.fit_screen()

    def _build_texts(self, frame: ttk.Frame, report: FineTuningReport) -> None:
        width = text_width(self, 52)
        advice = ttk.Label(frame, text=report.why, style="Heading.TLabel", wraplength=width)
        advice.pack(anchor="w", pady=(0, self._gap))
        self._build_table(frame, report)
        for note in notes(report):
            label = ttk.Label(frame, text=note, wraplength=width)
            label.pack(anchor="w", pady=(self._gap, 0))

    def _build_table(self, frame: ttk.Frame, report: FineTuningReport) -> None:
        table = ttk.Frame(frame)
        table.pack(fill="x")
        table.columnconfigure(0, weight=1)
        for column, text in enumerate(("", "before", "after", "points")):
            heading = ttk.Label(table, text=text, style="Faint.TLabel")
            heading.grid(row=0, column=column, sticky="e", padx=(2 * self._gap, 0))
        for row, (name, values) in enumerate(metric_rows(report), start=1):
            ttk.Label(table, text=name).grid(row=row, column=0, sticky="w")
            for column, text in enumerate(values, start=1):
                value = ttk.Label(table, text=text)
                value.grid(row=row, column=column, sticky="e", padx=(2 * self._gap, 0))

    def _build_buttons(self, keep: bool) -> None:
        bar = ttk.Frame(self._frame)
        bar.pack(anchor="e", pady=(2 * self._gap, 0))
        self.buttons = {
            text: ttk.Button(bar, text=text, command=partial(self._answer, event))
            for text, event in (("Keep", "<<Kept>>"), ("Discard", "<<Discarded>>"))
        }
        for button in self.buttons.values():
            button.pack(side="left", padx=(self._gap, 0))
        self._default = self.buttons["Keep" if keep else "Discard"]
        self._default.configure(style="Accent.TButton")

    def _accept_keys(self) -> None:
        if is_typing(focused_widget(self)):
            self._keys_timer.start(KEYS_AFTER)
            return
        self.bind("<Return>", lambda event: self._default.invoke())
        self.bind("<Escape>", lambda event: self.put_off())
        self._default.focus_set()

    def present(self) -> None:
        """Bring the dialog to the front and focus the recommended button."""
        self.lift()
        self._default.focus_force()

    def put_off(self) -> None:
        """Close the dialog without an answer."""
        self._answer("<<PutOff>>")

    def _answer(self, event: str) -> None:
        self.event_generate(event)
        self.destroy()

    def destroy(self) -> None:
        """Close the dialog."""
        self._keys_timer.cancel()
        super().destroy()


def metric_rows(report: FineTuningReport) -> list[tuple[str, tuple[str, str, str]]]:
    """Return the metrics as text: of what, and before, after, change in points."""
    kept = f"Your {pluralize(report.kept.count, 'kept drawing')}, trained on"
    changes: list[tuple[str, Change | None]] = [
        (kept, report.kept),
        ("Held-out drawings", report.held_out),
        ("MNIST test set", report.mnist_test),
        ("Original task", report.original),
    ]
    return [
        (name if name == kept else f"{name}, {change.count:,} samples", _format(change))
        for name, change in changes
        if change is not None
    ]


def notes(report: FineTuningReport) -> list[str]:
    """Return what else there is to know, a sentence each."""
    lines = []
    if report.worst_change < 0:
        drop = f"{report.worst_digit}, by {-100 * report.worst_change:.2f} points"
        lines.append(f"Largest drop of a digit in the {report.worst_digit_of}: {drop}.")
    if report.changed:
        changed = f"{len(report.changed):,} of the {report.original.count:,} predictions"
        lines.append(f"{changed} of the original task changed.")
    digits = "synthetic digits"
    if report.mnist_test is not None:
        digits += " and some of MNIST's training set"
    lines.append(f"Original task: {digits} that this fine-tuning did not learn from.")
    lines += [f"Skipped: {reason}" for reason in report.skipped[:_MAX_SKIPPED]]
    if len(report.skipped) > _MAX_SKIPPED:
        more = pluralize(len(report.skipped) - _MAX_SKIPPED, "more file")
        lines.append(f"… and {more} that cannot be read.")
    return lines


def _format(change: Change) -> tuple[str, str, str]:
    before, after = change.before, change.after
    return exact_percent(before), exact_percent(after), change_in_points(before, after)
