"""The course of a training: bars, curves, Pause and Stop, and what came of it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import percent, percent_done, pluralize
from number_recognition.core.progress import Progress, format_duration
from number_recognition.window.toolkit.job_runner import STOPPING, JobRunner
from number_recognition.window.toolkit.theme import scaled, wrap_to_width
from number_recognition.window.training.training_curves import TrainingCurves
from number_recognition.window.training.training_result import TrainingResult

if TYPE_CHECKING:
    from number_recognition.learning.runs.runs import Run


class ProgressPage(ttk.Frame):
    """One training as it runs.

    Event: `<<PlotSaved>>` after its curves were saved, or could not be; `message` says which.

    Attributes:
        curves: loss and accuracy.
        result: the figures at the end.
        message: see above.
        words: how far the training is, in a line.
    """

    def __init__(self, parent: tk.Misc, jobs: JobRunner) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.message = ""
        self.words = ""
        self._epochs = 1
        self._gap = scaled(self, 8)
        self._build_bars()
        self._build_buttons(jobs)
        self.result = TrainingResult(self)
        self.curves = TrainingCurves(self)
        self.curves.pack(side="top", fill="both", expand=True, pady=(self._gap, 0))
        self._say("No training yet. Choose the settings and press Start.")

    def _build_bars(self) -> None:
        self._words = ttk.Label(self, style="Heading.TLabel")
        self._words.pack(fill="x")
        wrap_to_width(self._words)
        grid = ttk.Frame(self)
        grid.pack(fill="x", pady=(self._gap, 0))
        grid.columnconfigure(1, weight=1)
        self.bars: list[ttk.Progressbar] = []
        self._parts: list[ttk.Label] = []
        for row, text in enumerate(("This epoch", "The whole")):
            ttk.Label(grid, text=text).grid(row=row, column=0, sticky="w")
            bar = ttk.Progressbar(grid, maximum=1.0)
            bar.grid(row=row, column=1, sticky="ew", padx=self._gap)
            part = ttk.Label(grid, width=16)
            part.grid(row=row, column=2, sticky="e")
            self.bars.append(bar)
            self._parts.append(part)

    def _build_buttons(self, jobs: JobRunner) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(self._gap, 0))
        self.pause = ttk.Button(bar, text="Pause", command=jobs.toggle_pause)
        self.stop = ttk.Button(bar, text="Stop", command=jobs.stop)
        self.save = ttk.Button(bar, text="Save curves …", command=self._save)
        self.pause.pack(side="left")
        self.stop.pack(side="left", padx=self._gap)
        self.save.pack(side="right")

    def _say(self, words: str, is_wrong: bool = False) -> None:
        self.words = words
        style = "Warning.TLabel" if is_wrong else "Heading.TLabel"
        self._words.configure(text=words, style=style)

    def begin(self, epochs: int) -> None:
        """Start anew."""
        self._epochs = epochs
        self._say("Getting ready …")
        self._show_parts(0.0, 0.0, "", "")
        self.curves.show([], epochs)

    def _show_parts(self, epoch: float, whole: float, *texts: str) -> None:
        for bar, value in zip(self.bars, (epoch, whole), strict=True):
            bar.configure(value=value)
        for label, text in zip(self._parts, texts, strict=True):
            label.configure(text=text)

    def hear(self, progress: Progress) -> None:
        """Show how far it is."""
        details = progress.details
        if "epoch" not in details:
            self._say(progress.message[:1].upper() + progress.message[1:])
            return
        self._say(
            f"Epoch {details['epoch']} of {details['epochs']}: loss {details['loss']:.3f}, "
            f"{percent(details['accuracy'])} right"
        )
        left = progress.seconds_left
        self._show_parts(
            details["epoch_done"],
            progress.done,
            percent_done(details["epoch_done"]),
            percent_done(progress.done)
            + (f", {format_duration(left)} left" if left is not None else ""),
        )
        # Reports between two epochs leave out the history, which is as it was.
        history = details.get("history", self.curves.history)
        self.curves.show(history, self._epochs, details)

    def finish(self, run: Run) -> None:
        """Show the whole course, and its figures."""
        done, epochs = len(run.history), run.settings.epochs
        self._say(
            f"Finished after {pluralize(done, 'epoch')}."
            if run.completed
            else f"Stopped after {done} of {epochs} epochs; the best so far was kept."
        )
        part = done / epochs
        self._show_parts(1.0 if run.completed else 0.0, part, "", percent_done(part))
        self.curves.show(run.history, epochs)
        self.result.show(run)

    def fail(self, words: str) -> None:
        """Say why there is no result."""
        self._say(words, is_wrong=True)

    def show_state(self, jobs: JobRunner, is_mine: bool, result: bool) -> None:
        """Let the buttons be pressed, or not, and show the result where there is one."""
        running = is_mine and jobs.running and jobs.state != STOPPING
        self.pause.configure(text="Go on" if is_mine and jobs.paused else "Pause")
        for button, enabled in (
            (self.pause, running),
            (self.stop, running),
            (self.save, bool(self.curves.history)),
        ):
            button.state(["!disabled" if enabled else "disabled"])
        if result:
            self.result.pack(side="bottom", fill="x", before=self.curves)
        else:
            self.result.pack_forget()

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.curves.recolour()

    def _save(self) -> None:
        self.message = self.curves.save("training", self.curves.table)
        if self.message:
            self.event_generate("<<PlotSaved>>")
