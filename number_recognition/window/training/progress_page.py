"""The progress of a training: bars, curves, Pause and Stop, and the result."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import percent, percent_done, pluralize
from number_recognition.core.progress import Progress, format_duration
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.job_runner import STOPPING, JobRunner
from number_recognition.window.toolkit.theme import scaled, scaled_by_text, wrap_to_width
from number_recognition.window.training.pad_choice import PadChoice
from number_recognition.window.training.training_curves import History, TrainingCurves
from number_recognition.window.training.training_result import TrainingResult
from number_recognition.window.widgets.tooltip import Tooltip

if TYPE_CHECKING:
    from number_recognition.learning.runs.run import Run
    from number_recognition.storage.settings import TrainingSettings


_SAMPLES = "Samples"
"""The name of the bar while samples are read and drawn, before the first epoch."""
_LEAST_CURVES = 150
"""The height in which curves can be read, in pixels at 96 dpi and at the usual size of text."""
_LAST_EPOCHS = 3
"""What holds in fewer epochs may be chance."""
_LEAST_RISE = 0.02
"""By how much a validation loss has to be higher than the lowest, as a part of that."""
_LEAST_FALL = 0.01
"""By how much a validation loss that still falls is lower than before, as a part of that."""
_LEAST_GAP = 0.05
"""The part of the samples by which the accuracy of training has to be above that of validation."""
_MEMORIZES = (
    "the network memorizes the training samples instead of learning to read new ones. "
    "More samples, distortion or dropout help."
)


def describe_overfitting(history: History) -> str:
    """Say how the curves show that the network memorizes the training digits; "" if they do not.

    The validation loss has risen while the training loss fell, or it falls no longer and far fewer
    of the validation samples are right than of the training samples.
    """
    rows = [row for row in history if "val_loss" in row]
    before, last = rows[:-_LAST_EPOCHS], rows[-_LAST_EPOCHS:]
    if not before:
        return ""
    best = min(before, key=lambda row: row["val_loss"])
    lowest = min(row["val_loss"] for row in last)
    has_risen = lowest > best["val_loss"] * (1 + _LEAST_RISE)
    if has_risen and last[-1]["loss"] < best["loss"]:
        return (
            f"Overfitting: the validation loss was lowest in epoch {_number(best)} "
            f"({best['val_loss']:.3f}) and has risen since (now {last[-1]['val_loss']:.3f}), while "
            f"the training loss fell: {_MEMORIZES}"
        )
    gap = min(row["accuracy"] - row["val_accuracy"] for row in last)
    still_falls = lowest < best["val_loss"] * (1 - _LEAST_FALL)
    if gap > _LEAST_GAP and not still_falls:
        training, validation = percent(last[-1]["accuracy"]), percent(last[-1]["val_accuracy"])
        return (
            f"Overfitting: {training} of the training samples are right, but {validation} of the "
            f"validation samples: {_MEMORIZES}"
        )
    return ""


def describe_saved_epoch(run: Run) -> str:
    """Say of which epoch the saved network is, where it is of one; "" otherwise."""
    settings = run.settings
    rows = [row for row in run.history if "val_accuracy" in row]
    if not rows or settings.teachers or (settings.restarts and run.completed):
        return ""
    best = max(rows, key=lambda row: (row["val_accuracy"], row["epoch"]))
    return f"Saved is the network of epoch {_number(best)}, which has the best validation accuracy."


def _number(row: dict[str, float]) -> str:
    """The number of an epoch, counted from 1."""
    return f"{int(row['epoch']) + 1:,}"


def describe_validation_above(settings: TrainingSettings) -> str:
    """Say why validation can lie above training, with what these settings do in training alone."""
    reasons = []
    if settings.distortion:
        reasons.append("its digits are distorted at random")
    if settings.dropout:
        reasons.append("dropout leaves out a part of the units")
    reasons.append("it is counted while the network still learns")
    text = ", ".join(reasons[:-1]) + f"{' and ' if reasons[1:] else ''}{reasons[-1]}"
    return (
        f"Validation lies above training, which is harder here: {text}. Validation is counted "
        "after each epoch, on plain digits."
    )


class ProgressPage(ttk.Frame):
    """The progress and the result of one training.

    Attributes:
        curves: loss and accuracy.
        note: a label that says what they show, and which network reads the pad.
        result: the metrics at the end.
        text: the progress in one line.
        pad_choice: lets the network in training read the pad; shown while it is trained.
        pause_button, stop_button: for the running training.
        settings_button: leads to the settings before the first training.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.text = ""
        self._epochs, self._above = 1, ""
        self._gap = scaled(self, 8)
        self._build_bars()
        self._build_buttons(context.jobs)
        self.result = TrainingResult(self)
        self._build_note(context)
        self.curves = TrainingCurves(self)
        self.curves.pack(side="top", fill="both", expand=True, pady=(self._gap, 0))
        self._set_text("This page shows how a network learns. There was no training yet.")

    def _build_bars(self) -> None:
        self._label = ttk.Label(self, style="Heading.TLabel")
        self._label.pack(fill="x")
        wrap_to_width(self._label)
        table = self._table = ttk.Frame(self)
        table.pack(fill="x", pady=(self._gap, 0))
        table.columnconfigure(1, weight=1)
        self._bars: list[ttk.Progressbar] = []
        self._bar_labels: list[ttk.Label] = []
        self._bar_names = [ttk.Label(table, text=text) for text in (_SAMPLES, "Total")]
        for row, name in enumerate(self._bar_names):
            name.grid(row=row, column=0, sticky="w")
            bar = ttk.Progressbar(table, maximum=1.0)
            bar.grid(row=row, column=1, sticky="ew", padx=self._gap)
            label = ttk.Label(table, width=16)
            label.grid(row=row, column=2, sticky="e")
            self._bars.append(bar)
            self._bar_labels.append(label)

    def _build_note(self, context: AppContext) -> None:
        self.note = ttk.Label(self, style="Faint.TLabel")
        self.note.pack(side="bottom", fill="x")
        wrap_to_width(self.note)
        self.pad_choice = PadChoice(self, context)
        self.pad_choice.bind("<<PadChoiceChanged>>", lambda event: self._show_note())

    def _build_buttons(self, jobs: JobRunner) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(self._gap, 0))
        self.pause_button = ttk.Button(bar, text="Pause", command=jobs.toggle_pause)
        self.stop_button = ttk.Button(bar, text="Stop", command=jobs.stop)
        self._save_button = ttk.Button(
            bar, text="Save curves …", command=lambda: self.curves.save()
        )
        self.settings_button = ttk.Button(bar, text="Choose the settings")
        Tooltip(self.pause_button, "Pause the training, or go on")
        Tooltip(self.stop_button, "End the training; its best epoch is saved", "Ctrl+F2")
        self.settings_button.pack(side="left", padx=(0, self._gap))
        self.pause_button.pack(side="left")
        self.stop_button.pack(side="left", padx=self._gap)
        self._save_button.pack(side="right")

    def needed_height(self) -> int:
        """Return the height in pixels of everything, with curves that can be read."""
        shown = [each for each in self.pack_slaves() if each is not self.curves]
        curves = scaled_by_text(self, _LEAST_CURVES)
        return sum(each.winfo_reqheight() for each in shown) + curves + 5 * self._gap

    def _set_text(self, text: str, is_error: bool = False) -> None:
        self.text = text
        style = "Warning.TLabel" if is_error else "Heading.TLabel"
        self._label.configure(text=text, style=style)

    def begin(self, settings: TrainingSettings) -> None:
        """Show a training that was started."""
        self.settings_button.pack_forget()
        self._epochs, self._above = settings.epochs, describe_validation_above(settings)
        self._set_text("Preparing …")
        # At the bottom, where texts that get longer or shorter do not move it under the pointer.
        self.pad_choice.pack(side="bottom", anchor="w", before=self.note)
        self.note.configure(text=self.pad_choice.text)
        self._table.pack(fill="x", pady=(self._gap, 0), after=self._label)
        self._set_bars(0.0, 0.0, "", "")
        self.curves.show([], self._epochs)

    def _set_bars(self, epoch: float, total: float, epoch_text: str, total_text: str) -> None:
        for bar, value in zip(self._bars, (epoch, total), strict=True):
            bar.configure(value=value)
        for label, text in zip(self._bar_labels, (epoch_text, total_text), strict=True):
            label.configure(text=text)

    def show_progress(self, progress: Progress) -> None:
        """Show a progress report."""
        details = progress.details
        self.pad_choice.show_progress(progress)
        left = progress.seconds_left
        time_left = f", {format_duration(left)} left" if left is not None else ""
        if "epoch" not in details:
            self._set_text(progress.message[:1].upper() + progress.message[1:])
            has_samples = "folder" in details  # the training has a folder once they are there
            self._bar_names[0].configure(text="Epoch" if has_samples else _SAMPLES)
            text = "" if has_samples else percent_done(progress.done) + time_left
            self._set_bars(progress.done, 0.0, text, "")
            return
        self._bar_names[0].configure(text="Epoch")
        self._set_text(
            f"Epoch {details['epoch']} of {details['epochs']}: training loss "
            f"{details['loss']:.3f}, training accuracy {percent(details['accuracy'])}"
        )
        self._set_bars(
            details["epoch_done"],
            progress.done,
            percent_done(details["epoch_done"]),
            percent_done(progress.done) + time_left,
        )
        # Reports within an epoch leave out the history, which has not changed.
        history = details.get("history", self.curves.history)
        self.curves.show(history, self._epochs, details)
        self._show_note()

    def finish(self, run: Run) -> None:
        """Show the curves and the metrics of a finished or stopped training."""
        done, epochs = len(run.history), run.settings.epochs
        ended = (
            f"Finished after {pluralize(done, 'epoch')}."
            if run.completed
            else f"Stopped after {done} of {epochs} epochs."
        )
        self._set_text(" ".join(filter(None, (ended, describe_saved_epoch(run)))))
        self._table.pack_forget()
        self._end_choice()
        self.curves.show(run.history, epochs)
        self._show_note()
        self.result.show(run)

    def _end_choice(self) -> None:
        self.pad_choice.end()
        self.pad_choice.pack_forget()

    def _show_note(self) -> None:
        """Say which network reads the pad, and what the curves show."""
        reads = self.pad_choice.text if self.pad_choice.winfo_manager() else ""
        history = self.curves.history
        last = history[-1] if history else {}
        is_above = last.get("val_accuracy", 0.0) > last.get("accuracy", 1.0)
        shown = describe_overfitting(history) or (self._above if is_above else "")
        self.note.configure(text=" ".join(filter(None, (reads, shown))))

    def show_error(self, text: str) -> None:
        """Show why there is no result."""
        self._end_choice()
        self._set_text(text, is_error=True)
        self.note.configure(text="")

    def update_buttons(self, jobs: JobRunner, is_own_job: bool, has_result: bool) -> None:
        """Enable the buttons that have an effect now, and show the result if there is one."""
        running = is_own_job and jobs.running and jobs.state != STOPPING
        self.pause_button.configure(text="Resume" if is_own_job and jobs.paused else "Pause")
        for button, enabled in (
            (self.pause_button, running),
            (self.stop_button, running),
            (self._save_button, bool(self.curves.history)),
        ):
            button.state(["!disabled" if enabled else "disabled"])
        if has_result:
            self.result.pack(side="bottom", fill="x", before=self.curves)
        else:
            self.result.pack_forget()

    def recolour(self) -> None:
        """Apply the colours of the theme."""
        self.curves.recolour()
