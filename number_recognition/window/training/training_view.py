"""The Training view: choose settings, watch the network learn, and use what came of it."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import percent
from number_recognition.core.progress import Progress, TrainingFailed, WorkStopped
from number_recognition.learning.data.samples import DataPaths
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.skipped_files import notify_skipped
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.view import View
from number_recognition.window.training.progress_page import ProgressPage
from number_recognition.window.training.training_form import TrainingForm
from number_recognition.window.widgets.tabs import Tabs

if TYPE_CHECKING:
    from number_recognition.learning.runs.runs import Run

TITLE = "Training"
_IF_CLOSED = (
    "Once its first epoch is done, it can be resumed when the program is opened next, and loses at "
    "most the epoch that runs now."
)


class TrainingView(View):
    """Two pages: the settings, and the course of the training.

    Attributes:
        form: the settings.
        course: curves, bars and the result.
        run: what came of the last training, until it was used, left or discarded.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self.run: Run | None = None
        self._pages = Tabs(self)
        self._pages.pack(fill="both", expand=True)
        self._build_settings()
        self.course = ProgressPage(self._pages, self.jobs)
        self._pages.add(self.course, text="Course")
        self.course.result.bind("<<UseIt>>", lambda event: self.use())
        self.course.result.bind("<<LeaveIt>>", lambda event: self.leave())
        self.course.result.bind("<<Discard>>", lambda event: self.discard())
        self.course.bind("<<PlotSaved>>", lambda event: self.notify(self.course.message))
        root = self.winfo_toplevel()
        root.bind("<<JobChanged>>", lambda event: self._show_state(), add=True)
        self.form.fill(self.session.config.training)
        self._show_state()

    def _build_settings(self) -> None:
        gap = scaled(self, 8)
        page = ttk.Frame(self._pages, padding=gap)
        self._pages.add(page, text="Settings")
        foot = ttk.Frame(page)
        foot.pack(side="bottom", fill="x", pady=(gap, 0))
        self.start_button = ttk.Button(
            foot, text="Start", style="Accent.TButton", command=self.start
        )
        self.start_button.pack(side="left")
        ttk.Button(foot, text="As in config.json", command=self._fill).pack(side="left", padx=gap)
        self._why = ttk.Label(foot, style="Faint.TLabel")
        self._why.pack(side="left")
        self.form = TrainingForm(page)
        self.form.pack(fill="both", expand=True)
        self.form.bind("<<FormChanged>>", lambda event: self._show_state())
        for widget in (self.start_button, *(f.widget for f in self.form.fields.values())):
            widget.bind("<Return>", lambda event: self.start())

    def refresh(self, reason: str) -> None:
        """Take the colours of the theme; the rest follows the job."""
        if reason == "theme":
            self.form.recolour()
            self.course.recolour()
        elif reason == "shown":
            self.course.curves.redraw()
            self._show_state()

    def get_ready(self) -> None:
        """Show the settings, so that Return starts."""
        if not self.jobs.running:
            self._pages.select(0)
            self.start_button.focus_set()

    def _fill(self) -> None:
        self.form.fill(self.session.config.training)

    @property
    def _runs(self) -> Path:
        return resolve_path(self.session.config.places.models, self.session.config_path) / "runs"

    def start(self) -> None:
        """Train with the settings of the form, if they are sound."""
        from number_recognition.learning.runs.runs import train_run

        if self.form.errors:
            self.form.show_error()
            return
        settings = self.form.settings
        places = DataPaths.of(self.session.config.places, self.session.config_path)
        self._begin(train_run, settings, places, runs=self._runs, epochs=settings.epochs)

    def resume(self, folder: Path) -> None:
        """Go on with a run that was killed or stopped."""
        from number_recognition.learning.runs.run_files import read_settings
        from number_recognition.learning.runs.runs import resume_run

        try:
            settings, _ = read_settings(folder)
        except (OSError, ValueError) as error:
            self.notify(f"That run cannot be resumed: {error}")
            return
        self.form.fill(settings)
        self._begin(resume_run, folder, epochs=settings.epochs)

    def _begin(self, job: object, *arguments: object, epochs: int, **options: object) -> None:
        started = self.jobs.start(
            TITLE,
            job,
            *arguments,
            baseline=self.session.network_path if self.session.recognizer is not None else None,
            if_closed=_IF_CLOSED,
            on_progress=self._hear,
            on_done=self._finish,
            on_error=self._fail,
            **options,
        )
        if started:
            self.run = None
            self.course.begin(epochs)
            self._pages.select(1)
            self._show_state()

    def _hear(self, progress: Progress) -> None:
        self.course.hear(progress)
        notify_skipped(self, progress)

    def _finish(self, run: Run) -> None:
        self.run = run
        self.course.finish(run)
        self._show_state()
        self.course.result.advised.focus_set()
        self.session.count_training()
        words = "Training finished" if run.completed else "Training stopped, its best was kept"
        accuracy = run.metrics.get("mnist_test", run.metrics.get("validation"))
        self.notify(f"{words}: {percent(accuracy)} right." if accuracy else f"{words}.")

    def _fail(self, error: BaseException) -> None:
        words = str(error)
        if isinstance(error, WorkStopped):
            words = "Stopped before the first epoch was done: nothing to keep."
        elif isinstance(error, TrainingFailed):
            words = f"The training was stopped: {error}."
        self.course.fail(words)
        self._show_state()
        self.notify(words)

    def use(self) -> None:
        """Take the new network into use, now and for the next time."""
        if self.run is None:
            return
        path = self.run.model
        try:
            self.session.load_network(path)
        except (OSError, ValueError) as error:
            self.notify(str(error))
            return
        self.run = None
        self.context.network_changed()
        words = f"In use now: {self.session.network_label}."
        try:
            self.session.remember_network()
        except OSError as error:
            words = f"It is in use until the window is closed: {error}"
        self.notify(words)
        self._show_state()

    def leave(self) -> None:
        """Keep the new network among the runs; the one in use stays."""
        self.run = None
        self.notify("Left among the runs: the network in use stays as it was.")
        self._show_state()

    def discard(self) -> None:
        """Move the run to the trash of the runs."""
        from number_recognition.learning.runs.run_list import move_to_trash

        if self.run is None:
            return
        try:
            thrown = move_to_trash(self.run.folder)
        except OSError as error:
            self.notify(f"Not discarded: {error}")
            return
        self.run = None
        self.notify(f"Discarded; it lies in {thrown.parent}.")
        self._show_state()

    def _show_state(self) -> None:
        """Enable what is possible now; nothing else enables or disables a widget of the view."""
        jobs = self.jobs
        wrong = len(self.form.errors)
        why = ""
        if jobs.running:
            why = f"{jobs.title} runs."
        elif wrong:
            why = "One value is wrong." if wrong == 1 else f"{wrong} values are wrong."
        self._why.configure(text=why)
        self.start_button.state(["disabled" if why else "!disabled"])
        self.course.show_state(jobs, is_mine=jobs.title == TITLE, result=self.run is not None)
