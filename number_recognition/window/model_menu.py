"""The Model menu: train, fine-tune, evaluate, and choose a network."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Protocol, cast

from number_recognition.core.progress import WorkStopped
from number_recognition.learning.runs.display_names import run_display_name
from number_recognition.storage.files import free_path
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.fine_tuning_question import FineTuningQuestion
from number_recognition.window.tables.short_names import network_notice, unbroken
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.timer import Timer

if TYPE_CHECKING:
    from collections.abc import Callable

    from number_recognition.learning.data.samples import DataPaths
    from number_recognition.learning.fine_tuning.report import FineTuningReport
    from number_recognition.learning.sweeps.sweep_file import Sweep
    from number_recognition.window.experiments.experiments_view import ExperimentsView
    from number_recognition.window.results.results_view import ResultsView
    from number_recognition.window.toolkit.view import View
    from number_recognition.window.training.training_view import TrainingView

WARM_UP_DELAY = 4000
"""Milliseconds after a drawing was kept until the worker is started."""


class ModelContext(AppContext, Protocol):
    """What the Model menu uses of the main window."""

    def show_view(self, title: str) -> View | None:
        """Select the tab of a view and return the view; None where no tab has this title."""


class ModelMenu:
    """The commands of the Model menu."""

    def __init__(self, app: ModelContext) -> None:
        self._app = app
        self._question = FineTuningQuestion(app, self.use_network)
        self._warm_up_timer = Timer(app.window, self._warm_up)

    @property
    def _models(self) -> Path:
        session = self._app.session
        return resolve_path(session.config.paths.models, session.config_path)

    @property
    def _data_paths(self) -> DataPaths:
        from number_recognition.learning.data.samples import DataPaths

        session = self._app.session
        return DataPaths.of(session.config.paths, session.config_path)

    def close(self) -> None:
        """Cancel what is due, and delete the fine-tuned networks that were discarded."""
        self._warm_up_timer.cancel()
        self._question.close()

    def train(self) -> None:
        """Show the settings of a training; Return in them starts it."""
        if view := self._app.show_view("Training"):
            cast("TrainingView", view).show_settings()

    def offer_resuming(self) -> None:
        """Offer to resume each training and experiment that was killed."""
        from number_recognition.learning.runs.unfinished_runs import list_interrupted
        from number_recognition.learning.sweeps.sweep_file import read_sweeps

        runs = self._models / "runs"
        try:
            folders = list_interrupted(runs)
            sweeps, problems = read_sweeps(runs)
        except OSError as error:
            self._app.show_error(error)
            return
        self._app.session.warnings += [f"Not resumed: {problem}." for problem in problems]
        for sweep in sweeps:
            if not sweep.ended:
                self._offer(
                    f"{sweep}.",
                    sweep.file,
                    partial(self._resume_sweep, sweep),
                    partial(self._dismiss_sweep, sweep),
                )
        for folder in folders:
            self._offer(
                f"The {run_display_name(folder)} was interrupted.",
                folder,
                partial(self.resume_run, folder),
                partial(self._dismiss_run, folder),
            )

    def _offer(
        self, text: str, about: Path, resume: Callable[[], bool], leave: Callable[[], object]
    ) -> None:
        self._app.offers.add(text, ("Resume", resume), ("Leave it", leave), about=about)

    def offer_leftovers(self) -> None:
        """Remove what a killed program left behind, and offer what a person may want to keep."""
        from number_recognition.window.dialogs.leftovers import LeftoversOffer

        LeftoversOffer(self._app).begin()

    def _resume_sweep(self, sweep: Sweep) -> bool:
        view = None if self._is_busy() else self._app.show_view("Experiments")
        return view is not None and cast("ExperimentsView", view).resume(sweep)

    def _dismiss_sweep(self, sweep: Sweep) -> bool:
        try:
            dataclasses.replace(sweep, ended=True).save()
        except OSError as error:
            self._app.show_error(f"It will be offered again: {error}")
            return False
        self._app.notify("The Experiments view can resume it.")
        return True

    def resume_run(self, folder: Path) -> bool:
        """Resume a run in the Training view, unless a job is running; whether that began."""
        view = None if self._is_busy() else self._app.show_view("Training")
        return view is not None and cast("TrainingView", view).resume(folder)

    def _is_busy(self) -> bool:
        """Whether a job is running; says so."""
        jobs = self._app.jobs
        if jobs.running:
            self._app.notify(f"{jobs.title} is still running: stop it, or resume afterwards.")
        return jobs.running

    def _dismiss_run(self, folder: Path) -> None:
        name = run_display_name(folder)
        self._app.notify(f"The {name} stays as it is. The Experiments view can resume it.")

    def prepare_fine_tuning(self) -> None:
        """Start the worker soon: whoever keeps drawings will fine-tune."""
        if not self._warm_up_timer.pending:
            self._warm_up_timer.start(WARM_UP_DELAY)

    def _warm_up(self) -> None:
        from number_recognition.learning.fine_tuning.fine_tune_job import prepare_worker

        self._app.jobs.warm_up(prepare_worker)

    def fine_tune(self) -> None:
        """Fine-tune the network in use on the kept drawings, as a job."""
        from number_recognition.digits.datasets import mnist
        from number_recognition.learning.fine_tuning.fine_tune_job import fine_tune_job

        session = self._app.session
        if self._question.is_open:
            self._question.show()
            self._app.notify("Keep or discard the last fine-tuning first, then start another.")
            return
        try:
            mnist_file = mnist.find(configured=self._data_paths.mnist)
        except FileNotFoundError as error:
            self._app.show_error(error)
            return
        new = session.counters.new
        self._app.jobs.start(
            "Fine-tuning",
            fine_tune_job,
            session.network_path,
            session.corrections.folder,
            mnist_file,
            session.config.fine_tuning,
            self._models / "versions",
            if_closed="The fine-tuned network would be lost; the kept drawings stay.",
            on_done=lambda report: self.show_fine_tuning_result(report, new),
            on_error=self._failed,
        )

    def evaluate(self) -> None:
        """Evaluate the network in use on the samples selected in the Results view."""
        if view := self._app.show_view("Results"):
            cast("ResultsView", view).evaluate()

    def stop(self) -> None:
        """Stop the running job."""
        self._app.jobs.stop()

    def open_network(self) -> None:
        """Ask for a network and use it."""
        name = filedialog.askopenfilename(
            parent=self._app.window,
            title="Open network",
            initialdir=self._models,
            filetypes=[("Keras networks", (".keras", ".h5", ".hdf5")), ("All files", "*")],
        )
        if name:
            self.use_network(Path(name))

    def use_network(self, path: Path) -> bool:
        """Load a network and use it from now on; says why and returns False where that fails."""
        from number_recognition.learning.models.keras_file import LegacyNetworkError

        try:
            self._app.session.load_network(path)
        except LegacyNetworkError:
            self._offer_conversion(path)
            return False
        except (ValueError, OSError) as error:
            self._app.show_error(error)
            return False
        self._app.network_changed()
        self._app.notify(network_notice(self._app.session.in_use), lasting=True)
        try:
            self._app.session.remember_network()
        except OSError as error:
            self._app.show_error(f"In use until the window is closed: {error}")
        return True

    def _offer_conversion(self, path: Path) -> None:
        from number_recognition.learning.convert_job import convert_job

        target = free_path(path.with_suffix(".keras"))
        convert = partial(self._app.jobs.start, "Converting", convert_job, path, target)
        ends = {"on_done": self.use_network, "on_error": self._failed}
        self._app.notify(
            f"{unbroken(path.name)} is in Keras's older format (HDF5). A new copy can be used.",
            (f"Convert to {target.name}", partial(convert, if_closed="Nothing is lost.", **ends)),
        )

    def show_versions(self) -> None:
        """Choose between the bundled network and those that were trained or fine-tuned."""
        from number_recognition.window.dialogs.model_versions import VersionsDialog, list_networks
        from Recognition import SHIPPED

        in_use, state = self._app.session.network_path, self._app.session.window_state
        try:
            listed = list_networks(self._models, SHIPPED, in_use, state)
        except OSError as error:
            self._app.show_error(error)
            return
        VersionsDialog(self._app.window, listed, in_use, self.use_network)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, WorkStopped):
            self._app.notify(f"{self._app.jobs.title} stopped: nothing is kept.", lasting=True)
        else:
            again = ("Try again", self.fine_tune)
            self._app.notify(f"{self._app.jobs.title} failed: {error}", again, warning=True)

    def show_fine_tuning_result(self, report: FineTuningReport, new: int) -> None:
        """Ask whether to keep a fine-tuned network.

        Args:
            report: the result.
            new: how many drawings were new when the fine-tuning started.
        """
        self._question.ask(report, new)
