"""The Experiments view: train all combinations of settings and compare the runs."""

from __future__ import annotations

import contextlib
import tkinter as tk
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Any

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.learning.runs.unfinished_runs import can_be_resumed
from number_recognition.window.dialogs.skipped_files import notify_skipped
from number_recognition.window.experiments.experiment_form import ExperimentForm
from number_recognition.window.experiments.runs_page import RunsPage
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled_by_text
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.tabs import TAB_CHANGED, Tabs

if TYPE_CHECKING:
    from number_recognition.learning.sweeps.run_spec import Outcome
    from number_recognition.learning.sweeps.sweep_file import Sweep

TITLE = "Experiment"
_LEAST_RUNS = 520
"""The height of the table and the plots, in pixels at 96 dpi and at the usual size of text."""
_IF_CLOSED = "Finished runs are saved; the others can be resumed when the app is opened again."


class ExperimentsView(View):
    """Two pages: all runs with their plots, and the form of a new experiment.

    Attributes:
        runs_page: all runs.
        experiment_form: the values to try.
    """

    least_height = 360

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self._unfinished: list[Sweep] = []
        self._sweep: Sweep | None = None
        self._outcome_count = -1
        self._reported_problems: list[str] = []
        self._pages = Tabs(self)
        self._pages.pack(fill="both", expand=True)
        self._pages.bind(TAB_CHANGED, lambda event: self.event_generate("<<HeightChanged>>"))
        self._build_runs_page()
        self._build_form()
        self.winfo_toplevel().bind("<<JobChanged>>", lambda event: self._update_state(), add=True)
        self._update_state()

    def _build_runs_page(self) -> None:
        self.runs_page = RunsPage(self._pages, self.context)
        self._pages.add(self.runs_page, text="Runs")
        self.runs_page.bind("<<RunsSelected>>", lambda event: self._update_state())
        self.runs_page.bind("<<Resume>>", lambda event: self._resume_chosen())
        self.runs_page.bind("<<RunsChanged>>", lambda event: self.list_runs())
        self.runs_page.bind("<<NewExperiment>>", lambda event: self.show_form())
        self.runs_page.bind("<<OpenRun>>", lambda event: self._open_run())

    def _build_form(self) -> None:
        form = self.experiment_form = ExperimentForm(
            self._pages, self.context, lambda: self.runs_page.runs
        )
        self._pages.add(form, text="New experiment")
        form.bind("<<StartExperiment>>", lambda event: self._start())
        form.form.fill(self.session.config.training)

    @property
    def unfinished(self) -> Sweep | None:
        """The newest stopped or interrupted experiment; None if there is none."""
        return next(iter(self._unfinished), None)

    def needed_height(self) -> int:
        """Return what the page shown needs; the table and the plots need more than the form."""
        is_form = self._pages.index("current") == 1
        return super().needed_height() if is_form else scaled_by_text(self, _LEAST_RUNS)

    def refresh(self, reason: str) -> None:
        """List the runs when shown, and apply the theme (see `View.refresh`)."""
        if reason == "theme":
            self.runs_page.recolour()
            self.experiment_form.form.recolour()
        elif reason == "shown":
            self.list_runs()
            self.runs_page.report_damaged()

    def show_runs(self) -> None:
        """Bring the page of all runs to the top."""
        self._pages.select(self.runs_page)

    def show_run(self, folder: Path) -> None:
        """Show a run selected among all runs."""
        self.show_runs()
        self.list_runs()
        self.runs_page.select([folder.name])

    def show_form(self) -> None:
        """Bring the form of a new experiment to the top."""
        self._pages.select(self.experiment_form)

    def list_runs(self) -> None:
        """List all runs again."""
        self.runs_page.list_runs()
        self._unfinished = self._find_unfinished()
        self._update_state()

    def _find_unfinished(self) -> list[Sweep]:
        """Return the unfinished experiments, newest first; report those that cannot be read."""
        from number_recognition.learning.sweeps.sweep_file import read_sweeps

        try:
            sweeps, problems = read_sweeps(self.runs_page.folder)
        except OSError as error:
            sweeps, problems = [], [str(error)]
        if problems and problems != self._reported_problems:
            self.context.show_error(f"An unfinished experiment cannot be resumed: {problems[0]}")
        self._reported_problems = problems
        return sweeps

    def _start(self) -> None:
        """Start the experiment of the form, which is valid."""
        from number_recognition.learning.sweeps.sweep_file import new_sweep

        paths = DataPaths.of(self.session.config.paths, self.session.config_path)
        try:
            sweep = new_sweep(self.experiment_form.combinations(), paths, self.runs_page.folder)
        except (OSError, ValueError) as error:
            self.context.show_error(error)
            return
        self._run(sweep)

    def _to_resume(self) -> Sweep | RunSummary | None:
        """What Resume goes on with: what is selected, or the newest experiment if nothing is."""
        selected = self.runs_page.table.selected
        folders = {run.folder for run in selected}
        for sweep in self._unfinished:
            if folders & {spec.folder.name for spec in sweep.specs}:
                return sweep
        if len(selected) == 1 and self._is_resumable(selected[0]):
            return selected[0]
        return None if selected else self.unfinished

    def _is_resumable(self, run: RunSummary) -> bool:
        if run.state not in ("stopped", "unfinished"):
            return False
        with contextlib.suppress(OSError):  # the table says that it cannot be read
            return can_be_resumed(self.runs_page.folder / run.folder)
        return False

    def _resume_chosen(self) -> None:
        """Resume what the page says that Resume goes on with."""
        chosen = self._to_resume()
        if isinstance(chosen, RunSummary):
            self.context.resume_run(self.runs_page.folder / chosen.folder)
        else:
            self.resume(chosen)

    def resume(self, sweep: Sweep | None = None) -> bool:
        """Resume a stopped or interrupted experiment, by default the newest; whether that began."""
        sweep = sweep or self.unfinished
        return sweep is not None and self._run(sweep)

    def _run(self, sweep: Sweep) -> bool:
        """Train the unfinished runs of an experiment; False where another job is running."""
        from number_recognition.learning.sweeps.sweep import run_sweep

        count = len(sweep.unfinished())
        started = self.jobs.start(
            TITLE,
            run_sweep,
            sweep,
            workers=self.experiment_form.workers or 1,
            cluster=self.session.config.paths.cluster,
            if_closed=_IF_CLOSED,
            on_progress=self._on_progress,
            on_done=self._on_done,
            on_error=self._on_error,
        )
        if started:
            self._sweep = sweep
            self._outcome_count = -1
            self.context.offers.withdraw(sweep.file)
            self.show_runs()
            self.notify(f"Started {pluralize(count, 'run')}.")
        return started

    def _on_progress(self, progress: Progress) -> None:
        notify_skipped(self, progress)
        self.runs_page.show_preparing(progress.details.get("preparing", {}))
        outcomes = progress.details.get("outcomes", [])
        if len(outcomes) != self._outcome_count:
            self._outcome_count = len(outcomes)
            self.list_runs()
            self._select_outcomes(outcomes)

    def _select_outcomes(self, outcomes: list[dict[str, Any]]) -> None:
        self.runs_page.select([Path(o["folder"]).name for o in outcomes if o["folder"]])

    def _on_done(self, outcomes: list[Outcome]) -> None:
        self.runs_page.show_preparing({})
        self.list_runs()
        self._select_outcomes([outcome.as_dict() for outcome in outcomes])
        self.notify(self._describe_end(outcomes), lasting=True)
        if errors := [outcome.error for outcome in outcomes if outcome.error]:
            self.context.show_error(f"{pluralize(len(errors), 'run')} failed: {errors[0]}")
        for outcome in outcomes:
            if outcome.run is not None:
                self.session.counts.count_training()

    def _describe_end(self, outcomes: list[Outcome]) -> str:
        if self._sweep is not None and self._sweep.unfinished():
            return f"{self._sweep}. Press Resume to continue."
        failed = sum(bool(outcome.error) for outcome in outcomes)
        text = f"Experiment finished: {pluralize(len(outcomes), 'run')}"
        return f"{text}, {failed} failed." if failed else f"{text}."

    def _on_error(self, error: BaseException) -> None:
        self.runs_page.show_preparing({})
        self.list_runs()
        actions = [("Resume", self.resume)] if self.unfinished is not None else []
        self.context.notify(f"The experiment failed: {error}", *actions, warning=True)

    def _open_run(self) -> None:
        """Fill the form with the settings of an exported run."""
        name = filedialog.askopenfilename(
            parent=self, title="Open exported run", filetypes=[("Runs", ".json")]
        )
        if not name:
            return
        try:
            self.experiment_form.form.fill(load_recipe(Path(name)))
        except (OSError, ValueError) as error:
            self.context.show_error(error)
            return
        self.show_form()
        self.notify("Opened the settings of the run. Press Start to repeat it.")

    def _update_state(self) -> None:
        """Enable what is possible now."""
        self.experiment_form.update_state()
        chosen = None if self.jobs.running else self._to_resume()
        if isinstance(chosen, RunSummary):
            state = self.runs_page.table.state_of(chosen)
            self.runs_page.update_state(state[:1].upper() + state[1:])
        else:
            self.runs_page.update_state("" if chosen is None else str(chosen))
