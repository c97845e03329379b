"""What the Model menu does: train, fine-tune, evaluate, and choose a network."""

from __future__ import annotations

import dataclasses
import webbrowser
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Protocol

from number_recognition.core.progress import WorkStopped
from number_recognition.learning.runs.display_names import run_display_name
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog

if TYPE_CHECKING:
    from number_recognition.learning.data.samples import DataPaths
    from number_recognition.learning.fine_tuning.report import FineTuningReport
    from number_recognition.learning.sweeps.sweep_file import Sweep
    from number_recognition.session.session import Session
    from number_recognition.window.status_bar import Action
    from number_recognition.window.toolkit.job_runner import JobRunner
    from number_recognition.window.toolkit.view import View


class AppContext(Protocol):
    """What the actions need of the window that they act for."""

    session: Session
    jobs: JobRunner

    def notify(self, message: str, *actions: Action, warning: bool = False) -> None: ...
    def show_error(self, problem: object) -> None: ...
    def show_view(self, title: str) -> View | None: ...
    def network_changed(self) -> None: ...


class ModelMenu:
    """The slow commands of the window, and those about networks."""

    def __init__(self, app: AppContext) -> None:
        self._app = app
        self._card: FineTuningResultDialog | None = None

    @property
    def _models(self) -> Path:
        session = self._app.session
        return resolve_path(session.config.paths.models, session.config_path)

    @property
    def _places(self) -> DataPaths:
        from number_recognition.learning.data.samples import DataPaths

        session = self._app.session
        return DataPaths.of(session.config.paths, session.config_path)

    def close(self) -> None:
        """Leave nothing behind that nobody kept: a card that is open at the end is discarded."""
        if self._card is not None and self._card.winfo_exists():
            self._card.discard()

    def train(self) -> None:
        """Show the settings of a training; Return starts it."""
        view = self._app.show_view("Training")
        if view is not None:
            view.get_ready()

    def offer_resuming(self) -> bool:
        """Say so where a training was killed before its end; whether anything was said."""
        from number_recognition.learning.runs.unfinished_runs import find_interrupted
        from number_recognition.learning.sweeps.sweep_file import read_sweep, sweep_files

        runs = self._models / "runs"
        try:
            folder = find_interrupted(runs)
            sweeps = [read_sweep(file) for file in sweep_files(runs)]
        except (OSError, ValueError) as error:
            self._app.show_error(error)
            return True
        if sweeps and not sweeps[0].ended:
            self._app.notify(
                f"{sweeps[0]}.",
                ("Resume", self._resume_sweep),
                ("Leave it", lambda: self._leave(sweeps[0])),
            )
            return True
        if any(folder == spec.folder for sweep in sweeps for spec in sweep.specs):
            return False  # the Experiments view resumes it with the others
        if folder is not None:
            self._app.notify(
                f"The {run_display_name(folder)} did not come to its end.",
                ("Resume", lambda: self._resume(folder)),
                ("Leave it", lambda: self._give_up(folder)),
            )
        return folder is not None

    def _resume_sweep(self) -> None:
        view = self._app.show_view("Experiments")
        if view is not None:
            view.resume()

    def _leave(self, sweep: Sweep) -> None:
        dataclasses.replace(sweep, ended=True).save()
        self._app.notify("The Experiments view can resume it.")

    def _resume(self, folder: Path) -> None:
        view = self._app.show_view("Training")
        if view is not None:
            view.resume(folder)

    def _give_up(self, folder: Path) -> None:
        from number_recognition.learning.runs.unfinished_runs import discard_checkpoint

        discard_checkpoint(folder)
        self._app.notify(f"The {run_display_name(folder)} stays as far as it came.")

    def fine_tune(self) -> None:
        """Let the network learn from the kept drawings."""
        from number_recognition.digits.datasets import mnist
        from number_recognition.learning.fine_tuning.fine_tune_job import fine_tune_job

        session = self._app.session
        if self._card is not None and self._card.winfo_exists():
            self._card.bring_up()
            self._app.notify("Keep or discard what was learnt last, then fine-tune again.")
            return
        try:
            known = mnist.find(configured=self._places.mnist)
        except FileNotFoundError as error:
            self._app.show_error(error)
            return
        learnt = session.counters.new
        self._app.jobs.start(
            "Fine-tuning",
            fine_tune_job,
            session.network_path,
            session.corrections.folder,
            known,
            session.config.fine_tuning,
            self._models / "versions",
            if_closed="What it has learnt would be dropped; the kept drawings stay.",
            done=lambda card: self._fine_tuned(card, learnt),
            failed=self._failed,
        )

    def evaluate(self) -> None:
        """Judge the network in use on what the Results view has chosen."""
        view = self._app.show_view("Results")
        if view is not None:
            view.evaluate()

    def stop(self) -> None:
        """Stop the running job, which keeps what it promised to keep."""
        self._app.jobs.stop()

    def open_network(self) -> None:
        """Choose a network and take it into use."""
        name = filedialog.askopenfilename(
            parent=self._app,
            title="Open network",
            initialdir=self._models,
            filetypes=[("Keras networks", ".keras"), ("All files", "*")],
        )
        if name:
            self.use_network(Path(name))

    def use_network(self, path: Path) -> None:
        """Take a network into use; where it is none, say so and go on with the one in use."""
        try:
            self._app.session.load_network(path)
        except (ValueError, OSError) as error:
            self._app.show_error(error)
            return
        self._app.network_changed()
        self._app.notify(f"In use now: {self._app.session.network_label}.")
        try:
            self._app.session.remember_network()
        except OSError as error:
            self._app.show_error(f"In use until the window is closed: {error}")

    def show_versions(self) -> None:
        """Choose among the network that came with the program and those that were kept."""
        from number_recognition.window.dialogs.model_versions import VersionsWindow, versions
        from Recognition import SHIPPED

        app = self._app
        try:
            listed = versions(self._models, SHIPPED, app.session.network_path)
        except OSError as error:
            app.show_error(error)
            return
        VersionsWindow(app, listed, app.session.network_path, self.use_network)

    def open_settings(self) -> None:
        """Open config.json with the program that this desktop has for it."""
        path = self._app.session.config_path.resolve()
        self._app.notify(f"The settings stand in {path}; they are read when the window opens.")
        webbrowser.open(path.as_uri())

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, WorkStopped):
            self._app.notify(f"{self._app.jobs.title} stopped before there was anything to keep.")
        else:
            self._app.show_error(f"{self._app.jobs.title} failed: {error}")

    def _fine_tuned(self, card: FineTuningReport, learnt: int) -> None:
        self._app.notify(f"Fine-tuning finished. {card.why}")
        window = self._card = FineTuningResultDialog(self._app, card)
        window.bind("<<Kept>>", lambda event: self._keep(card, learnt))
        window.bind("<<Discarded>>", lambda event: self._discard(card))

    def _keep(self, card: FineTuningReport, learnt: int) -> None:
        from number_recognition.learning.fine_tuning.version_store import write_report

        session = self._app.session
        try:
            write_report(card)
        except (OSError, ValueError) as error:
            session.warnings.append(f"The list of versions will not show this network: {error}.")
        session.count_fine_tuning(learnt)
        self.use_network(card.network)

    def _discard(self, card: FineTuningReport) -> None:
        from number_recognition.learning.fine_tuning.version_store import discard_version

        try:
            discard_version(card)
        except OSError as error:
            self._app.show_error(error)
            return
        self._app.notify("Discarded: the network in use stays as it was.")
