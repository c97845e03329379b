"""The form of a new experiment: the values to try, the number of runs and the expected time."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import format_duration
from number_recognition.learning.runs.estimates import (
    START_SECONDS,
    estimate_drawing,
    estimate_learning,
)
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled, wrap_to_width
from number_recognition.window.training.training_form import TrainingForm
from number_recognition.window.widgets.tooltip import Tooltip

_MAX_RUNS = 500
_MAX_WORKERS = 64
_RECENT_RUNS = 20
"""Number of runs that the expected time is estimated from."""
_INTRO = "Separate several values with spaces. Every combination is trained."


class ExperimentForm(ttk.Frame):
    """A form with several values for each setting.

    Event: `<<StartExperiment>>` when valid settings are to be trained.

    Attributes:
        form: the values of each setting.
        summary: a label with the number of runs and the expected time, or what is invalid.
        start_button: enabled when the settings are valid.
        workers_box: the number of runs trained in parallel, as text.
    """

    def __init__(
        self, parent: tk.Misc, context: AppContext, past_runs: Callable[[], list[RunSummary]]
    ) -> None:
        """Create the form.

        Args:
            parent: the widget it is a page of.
            context: the main window.
            past_runs: returns the runs that the expected time is estimated from.
        """
        super().__init__(parent, padding=scaled(parent, 8))
        self._session, self._jobs = context.session, context.jobs
        self._past_runs = past_runs
        self._gap = scaled(self, 8)
        intro = ttk.Label(self, text=_INTRO, style="Faint.TLabel")
        intro.pack(fill="x", pady=(0, self._gap))
        wrap_to_width(intro)
        self._build_bar()
        self._build_form()

    def _build_bar(self) -> None:
        self._bar = bar = ttk.Frame(self)
        bar.pack(side="bottom", fill="x", pady=(self._gap, 0))
        self.start_button = ttk.Button(
            bar, text="Start", style="Accent.TButton", command=self._start
        )
        self.start_button.pack(side="left")
        Tooltip(self.start_button, "Train every combination of these values", "Enter")
        ttk.Label(bar, text="Parallel runs").pack(side="left", padx=self._gap)
        self._workers = tk.StringVar(self, "1")
        self._workers.trace_add("write", lambda *names: self.update_state())
        self.workers_box = ttk.Spinbox(
            bar, from_=1, to=_MAX_WORKERS, textvariable=self._workers, width=4
        )
        self.workers_box.pack(side="left")

    def _build_form(self) -> None:
        self.summary = ttk.Label(self, style="Faint.TLabel")
        self.summary.pack(side="bottom", anchor="w", pady=(self._gap, 0))
        self.form = TrainingForm(self, several=True)
        self.form.pack(fill="both", expand=True)
        self.form.keep_close(self._bar, self.summary)
        self.form.bind("<<FormChanged>>", lambda event: self.update_state())
        fields = (field.widget for field in self.form.fields.values())
        for widget in (self.start_button, self.workers_box, *fields):
            widget.bind("<Return>", lambda event: self._start())

    def _start(self) -> None:
        """Request the experiment if it is valid, else focus what is invalid."""
        _, is_valid = self._summarize()
        if is_valid:
            self.event_generate("<<StartExperiment>>")
        elif self.form.errors:
            self.form.focus_error()
        elif self.workers is None:
            self.workers_box.focus_set()

    @property
    def workers(self) -> int | None:
        """The number of runs trained in parallel; None if it is invalid."""
        text = self._workers.get().strip()
        count = int(text) if text.isdecimal() else 0
        return count if 1 <= count <= _MAX_WORKERS else None

    def combinations(self) -> list[TrainingSettings]:
        """Return every combination of the values.

        Raises:
            ValueError: one of them is invalid.
        """
        from number_recognition.learning.sweeps.sweep import combinations

        return combinations(self._session.config.training, {**self.form.values})

    def update_state(self) -> None:
        """Update the summary, and enable Start if the settings are valid."""
        text, is_valid = self._summarize()
        self.summary.configure(text=text)
        self.start_button.state(["!disabled" if is_valid else "disabled"])

    def _summarize(self) -> tuple[str, bool]:
        """Return the text of the summary, and whether the experiment can be started."""
        if self._jobs.running:
            return f"{self._jobs.title} is running.", False
        if self.form.errors:
            return "A value is invalid.", False
        if self.workers is None and self._session.config.paths.cluster is None:
            expected = f"expected a whole number from 1 to {_MAX_WORKERS}"
            return f"Parallel runs: {expected}, found {self._workers.get()!r}.", False
        count = math.prod(len(values) for values in self.form.values.values())
        if count > _MAX_RUNS:
            return f"Expected at most {_MAX_RUNS} runs, found {count:,}.", False
        seconds = estimate_seconds(self.combinations(), self._past_runs(), self.workers or 1)
        return f"{pluralize(count, 'run')}, about {format_duration(seconds)}", True


def estimate_seconds(
    settings: list[TrainingSettings], past: list[RunSummary], workers: int = 1
) -> float:
    """Estimate the time of trainings, with the start of their processes and drawing their samples.

    Runs in parallel share the processor: each takes longer by as many as there are, and the last
    round takes as long as the others.
    """
    alone = [estimate_learning(each, past[:_RECENT_RUNS]) for each in settings]
    parallel = min(workers, len(alone)) or 1
    rounds = math.ceil(len(alone) / parallel)
    mean = sum(alone) / max(1, len(alone))
    return START_SECONDS + _drawing_seconds(settings[::parallel]) + mean * parallel * rounds


def _drawing_seconds(settings: list[TrainingSettings]) -> float:
    """The time in which a process draws the samples of its runs; those it has take no time."""
    from number_recognition.learning.sweeps.run_spec import KEPT_SAMPLES, sample_settings

    kept: list[TrainingSettings] = []
    seconds = 0.0
    for each in map(sample_settings, settings):
        if each not in kept:
            kept = [*kept, each][-KEPT_SAMPLES:]
            seconds += estimate_drawing(each)
    return seconds
