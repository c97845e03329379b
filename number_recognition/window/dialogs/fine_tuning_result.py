"""The card at the end of a fine-tuning: what was gained, what was lost, keep or discard."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import percent, pluralize
from number_recognition.window.toolkit.theme import center_over, scaled, text_width

if TYPE_CHECKING:
    from number_recognition.learning.fine_tuning.fine_tune_job import Change, FineTuningReport


class FineTuningResultDialog(tk.Toplevel):
    """Asks whether to keep a fine-tuned network; Return takes what is advised.

    Events: `<<Kept>>`, `<<Discarded>>`; the window is closed afterwards. Closing it any other
    way discards.
    """

    def __init__(self, parent: tk.Tk, card: FineTuningReport) -> None:
        super().__init__(parent)
        self.title("Fine-tuning")
        self.transient(parent)
        self.resizable(False, False)
        self._gap = scaled(self, 10)
        self._frame = ttk.Frame(self, padding=2 * self._gap)
        self._frame.pack(fill="both", expand=True)
        advice = ttk.Label(self._frame, text=card.why, style="Heading.TLabel")
        advice.configure(wraplength=text_width(self, 52))
        advice.pack(anchor="w", pady=(0, self._gap))
        self._build_figures(card)
        for line in remarks(card):
            remark = ttk.Label(self._frame, text=line, wraplength=text_width(self, 52))
            remark.pack(anchor="w", pady=(self._gap, 0))
        self._build_buttons(card.keep)
        self.protocol("WM_DELETE_WINDOW", self.discard)
        center_over(self, parent)

    def _build_figures(self, card: FineTuningReport) -> None:
        table = ttk.Frame(self._frame)
        table.pack(fill="x")
        table.columnconfigure(0, weight=1)
        for column, text in enumerate(("", "before", "after", "change")):
            heading = ttk.Label(table, text=text, style="Faint.TLabel")
            heading.grid(row=0, column=column, sticky="e", padx=(2 * self._gap, 0))
        for row, (name, figures) in enumerate(figure_rows(card), start=1):
            ttk.Label(table, text=name).grid(row=row, column=0, sticky="w")
            for column, text in enumerate(figures, start=1):
                figure = ttk.Label(table, text=text)
                figure.grid(row=row, column=column, sticky="e", padx=(2 * self._gap, 0))

    def _build_buttons(self, keep: bool) -> None:
        bar = ttk.Frame(self._frame)
        bar.pack(anchor="e", pady=(2 * self._gap, 0))
        self.buttons: dict[str, ttk.Button] = {}
        for text, event, advised in (
            ("Keep", "<<Kept>>", keep),
            ("Discard", "<<Discarded>>", not keep),
        ):
            button = ttk.Button(bar, text=text, command=lambda event=event: self._answer(event))
            button.pack(side="left", padx=(self._gap, 0))
            self.buttons[text] = button
            if advised:
                button.configure(style="Accent.TButton")
                self._advised = button
                button.focus_set()
                self.bind("<Return>", lambda event, press=button: press.invoke())
        self.bind("<Escape>", lambda event: self.discard())

    def present(self) -> None:
        """Come before the other windows, with the focus on what is advised."""
        self.lift()
        self._advised.focus_force()

    def discard(self) -> None:
        """Answer that what was learnt shall not be kept."""
        self._answer("<<Discarded>>")

    def _answer(self, event: str) -> None:
        self.event_generate(event)
        self.destroy()


def figure_rows(card: FineTuningReport) -> list[tuple[str, tuple[str, str, str]]]:
    """The figures of a card as people read them: name, and before, after, change in points."""
    named: list[tuple[str, Change | None]] = [
        (f"Your {pluralize(card.kept.count, 'kept drawing')}", card.kept),
        ("Those it did not learn from", card.held_out),
        ("MNIST's test set", card.mnist_test),
        ("A fixed sample of the original task", card.original),
    ]
    return [(name, _texts(change)) for name, change in named if change is not None]


def remarks(card: FineTuningReport) -> list[str]:
    """What else a card says, a sentence each."""
    lines = []
    if card.worst_change < 0:
        lines.append(
            f"The digit that lost most: {card.worst_digit}, {100 * card.worst_change:+.2f} points."
        )
    if card.changed:
        lines.append(f"{pluralize(len(card.changed), 'answer')} to the fixed sample changed.")
    lines += [f"Left out: {reason}" for reason in card.refused[:3]]
    if len(card.refused) > 3:
        more = pluralize(len(card.refused) - 3, "more file")
        lines.append(f"… and {more} that cannot be read.")
    return lines


def _texts(change: Change) -> tuple[str, str, str]:
    points = 100 * (change.after - change.before)
    return percent(change.before), percent(change.after), f"{points:+.2f}"
