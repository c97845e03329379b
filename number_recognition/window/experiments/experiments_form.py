"""The page of the next experiment: the values to try, how many runs they make, how long."""

from __future__ import annotations

import itertools
import math
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.core.formatting import is_finite, pluralize
from number_recognition.core.progress import format_duration
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled, wrap_to_width
from number_recognition.window.training.training_form import TrainingForm

_MANY = 500
_MOST_WORKERS = 64


class NewExperiment(ttk.Frame):
    """A form of several values for each setting; `<<StartExperiment>>` where it is to be trained.

    Attributes:
        form: the values of each setting.
        count: the label that says how many runs they make.
        start_button: it can be pressed where they are sound.
        workers_box: how many trainings run at a time, as it is written.
    """

    def __init__(
        self, parent: tk.Misc, context: AppContext, past: Callable[[], list[RunSummary]]
    ) -> None:
        """Make the page.

        Args:
            parent: the widget that it is a page of.
            context: the main window.
            past: the runs there are, by which the time is estimated.
        """
        gap = scaled(parent, 8)
        super().__init__(parent, padding=gap)
        self.session, self.jobs, self._past = context.session, context.jobs, past
        words = "Several values with spaces between them: every combination is trained."
        intro = ttk.Label(self, text=words, style="Faint.TLabel")
        intro.pack(fill="x", pady=(0, gap))
        wrap_to_width(intro)
        foot = ttk.Frame(self)
        foot.pack(side="bottom", fill="x", pady=(gap, 0))
        self.start_button = ttk.Button(
            foot, text="Start", style="Accent.TButton", command=self._start
        )
        self.start_button.pack(side="left")
        ttk.Label(foot, text="at a time").pack(side="left", padx=gap)
        self._workers = tk.StringVar(self, "1")
        self._workers.trace_add("write", lambda *names: self.show_state())
        box = self.workers_box = ttk.Spinbox(
            foot, from_=1, to=_MOST_WORKERS, textvariable=self._workers, width=4
        )
        box.pack(side="left")
        self.count = ttk.Label(self, style="Faint.TLabel")
        self.count.pack(side="bottom", anchor="w", pady=(gap, 0))
        self.form = TrainingForm(self, several=True)
        self.form.pack(fill="both", expand=True)
        self.form.bind("<<FormChanged>>", lambda event: self.show_state())
        fields = (field.widget for field in self.form.fields.values())
        for widget in (self.start_button, box, *fields):
            widget.bind("<Return>", lambda event: self._start())

    def _start(self) -> None:
        """Ask for the experiment where it is sound, else show what is wrong."""
        if self._asked()[1]:
            self.event_generate("<<StartExperiment>>")
        elif self.form.errors:
            self.form.show_error()
        elif self.workers is None:
            self.workers_box.focus_set()

    @property
    def workers(self) -> int | None:
        """How many trainings run at a time; None where what was written is no such number."""
        written = self._workers.get().strip()
        count = int(written) if written.isdecimal() else 0
        return count if 1 <= count <= _MOST_WORKERS else None

    def combinations(self) -> list[TrainingSettings]:
        """Every combination of the values.

        Raises:
            ValueError: one of them is wrong.
        """
        from number_recognition.learning.sweeps.sweep import combinations

        return combinations(self.session.config.training, self.form.values)

    def show_state(self) -> None:
        """Say what the form asks for, and let it be started where that is sound."""
        words, sound = self._asked()
        self.count.configure(text=words)
        self.start_button.state(["!disabled" if sound else "disabled"])

    def _asked(self) -> tuple[str, bool]:
        """How many runs the form asks for and how long they take, and whether they can start."""
        if self.jobs.running:
            return f"{self.jobs.title} runs.", False
        if self.form.errors:
            return "A value is wrong.", False
        if self.workers is None and self.session.config.places.cluster is None:
            found = self._workers.get()
            words = f"expected a whole number from 1 to {_MOST_WORKERS}, found {found!r}"
            return f"How many at a time: {words}.", False
        count = math.prod(len(values) for values in self.form.values.values())
        if count > _MANY:
            return f"{count:,} runs are more than {_MANY}.", False
        seconds = estimate(self.combinations(), self._past())
        about = f", about {format_duration(seconds)}" if seconds is not None else ""
        return pluralize(count, "run") + about, True


def estimate(settings: list[TrainingSettings], past: list[RunSummary]) -> float | None:
    """Seconds that trainings take, from what a step of a weight took in past runs."""
    costs = [
        row.metrics["seconds"] / work
        for row in past[:20]
        if row.state == "done"
        and is_finite(row.metrics.get("seconds", math.nan))
        and (work := row.epochs * _weights(row.settings.get("hidden_layers", [])))
    ]
    if not costs:
        return None
    cost = sorted(costs)[len(costs) // 2]
    return sum(cost * each.epochs * _weights(list(each.hidden_layers)) for each in settings)


def _weights(hidden_layers: list[int]) -> int:
    widths = [784, *hidden_layers, 10]
    return sum(a * b for a, b in itertools.pairwise(widths))
