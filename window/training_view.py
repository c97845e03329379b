"""The Training view: choose settings, watch the network learn, and use what came of it."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from learning.progress import Progress, TrainingFailed, WorkStopped
from learning.samples import Places
from learning.words import percent
from storage.settings import place
from window.desk import Desk
from window.look import scaled
from window.refusals import tell_of_refused
from window.tabs import Tabs
from window.training_course import Course
from window.training_form import Form
from window.view import View

if TYPE_CHECKING:
    from learning.runs import Run

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

    def __init__(self, parent: tk.Misc, desk: Desk) -> None:
        super().__init__(parent, desk)
        self.run: Run | None = None
        self._pages = Tabs(self)
        self._pages.pack(fill="both", expand=True)
        self._build_settings()
        self.course = Course(self._pages, desk.jobs)
        self._pages.add(self.course, text="Course")
        self.course.result.bind("<<UseIt>>", lambda event: self.use())
        self.course.result.bind("<<LeaveIt>>", lambda event: self.leave())
        self.course.result.bind("<<Discard>>", lambda event: self.discard())
        self.course.bind("<<PlotSaved>>", lambda event: self.tell(self.course.message))
        root = self.winfo_toplevel()
        root.bind("<<JobChanged>>", lambda event: self._show_state(), add=True)
        self.form.fill(desk.config.training)
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
        self.form = Form(page)
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
        if not self.desk.jobs.running:
            self._pages.select(0)
            self.start_button.focus_set()

    def _fill(self) -> None:
        self.form.fill(self.desk.config.training)

    @property
    def _runs(self) -> Path:
        return place(self.desk.config.places.models, self.desk.config_path) / "runs"

    def start(self) -> None:
        """Train with the settings of the form, if they are sound."""
        from learning.runs import train_run

        if self.form.errors:
            self.form.show_error()
            return
        settings = self.form.settings
        places = Places.of(self.desk.config.places, self.desk.config_path)
        self._begin(train_run, settings, places, runs=self._runs, epochs=settings.epochs)

    def resume(self, folder: Path) -> None:
        """Go on with a run that was killed or stopped."""
        from learning.runs import resume_run
        from learning.summaries import read_beginning

        try:
            settings, _ = read_beginning(folder)
        except (OSError, ValueError) as error:
            self.tell(f"That run cannot be resumed: {error}")
            return
        self.form.fill(settings)
        self._begin(resume_run, folder, epochs=settings.epochs)

    def _begin(self, job: object, *arguments: object, epochs: int, **options: object) -> None:
        started = self.desk.jobs.start(
            TITLE,
            job,
            *arguments,
            beside=self.desk.model if self.desk.recognizer is not None else None,
            if_closed=_IF_CLOSED,
            heard=self._hear,
            done=self._finish,
            failed=self._fail,
            **options,
        )
        if started:
            self.run = None
            self.course.begin(epochs)
            self._pages.select(1)
            self._show_state()

    def _hear(self, progress: Progress) -> None:
        self.course.hear(progress)
        tell_of_refused(self, progress)

    def _finish(self, run: Run) -> None:
        self.run = run
        self.course.finish(run)
        self._show_state()
        self.course.result.advised.focus_set()
        self.desk.trained()
        words = "Training finished" if run.completed else "Training stopped, its best was kept"
        accuracy = run.figures.get("mnist_test", run.figures.get("validation"))
        self.tell(f"{words}: {percent(accuracy)} right." if accuracy else f"{words}.")

    def _fail(self, error: BaseException) -> None:
        words = str(error)
        if isinstance(error, WorkStopped):
            words = "Stopped before the first epoch was done: nothing to keep."
        elif isinstance(error, TrainingFailed):
            words = f"The training was stopped: {error}."
        self.course.fail(words)
        self._show_state()
        self.tell(words)

    def use(self) -> None:
        """Take the new network into use, now and for the next time."""
        if self.run is None:
            return
        path = self.run.model
        try:
            self.desk.load_network(path)
        except (OSError, ValueError) as error:
            self.tell(str(error))
            return
        self.run = None
        self.event_generate("<<NetworkChanged>>")
        words = f"In use now: {self.desk.called}."
        try:
            self.desk.remember_network()
        except OSError as error:
            words = f"It is in use until the window is closed: {error}"
        self.tell(words)
        self._show_state()

    def leave(self) -> None:
        """Keep the new network among the runs; the one in use stays."""
        self.run = None
        self.tell("Left among the runs: the network in use stays as it was.")
        self._show_state()

    def discard(self) -> None:
        """Move the run to the trash of the runs."""
        from learning.shelf import throw_away

        if self.run is None:
            return
        try:
            thrown = throw_away(self.run.folder)
        except OSError as error:
            self.tell(f"Not discarded: {error}")
            return
        self.run = None
        self.tell(f"Discarded; it lies in {thrown.parent}.")
        self._show_state()

    def _show_state(self) -> None:
        """Enable what is possible now; nothing else enables or disables a widget of the view."""
        jobs = self.desk.jobs
        wrong = len(self.form.errors)
        why = ""
        if jobs.running:
            why = f"{jobs.title} runs."
        elif wrong:
            why = "One value is wrong." if wrong == 1 else f"{wrong} values are wrong."
        self._why.configure(text=why)
        self.start_button.state(["disabled" if why else "!disabled"])
        self.course.show_state(jobs, is_mine=jobs.title == TITLE, result=self.run is not None)
