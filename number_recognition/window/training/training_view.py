"""The Training view: choose settings, watch the progress, use the result."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from number_recognition.core.progress import Progress, TrainingFailed, WorkStopped
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.run import CHECKPOINT, read_run, runs_folder
from number_recognition.learning.runs.run_list import read_history
from number_recognition.learning.training.checkpoints import epochs_done
from number_recognition.window.dialogs.skipped_files import notify_skipped
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.view import View
from number_recognition.window.training.missing_mnist import MissingMnist
from number_recognition.window.training.progress_page import ProgressPage
from number_recognition.window.training.settings_page import SettingsPage
from number_recognition.window.training.training_result import describe_accuracy
from number_recognition.window.widgets.tabs import TAB_CHANGED, Tabs

if TYPE_CHECKING:
    from number_recognition.learning.runs.run import Run
    from number_recognition.storage.settings import TrainingSettings

TITLE = "Training"
_IF_CLOSED = (
    "After the first epoch it can be resumed when the app is opened again; only the epoch in "
    "progress is lost."
)

_STOPPED = "Stopped before the end of the first epoch. Nothing was saved."
_STOPPED_AGAIN = "Stopped before the end of another epoch. Those before it are saved."
"""What is said where a training was stopped in its first epoch, and in its first one again."""


class TrainingView(View):
    """Two pages: the settings, and the progress of the training.

    Event: `<<TrainingInterrupted>>` when one ended that can be resumed.

    Attributes:
        settings_page: presets, the form and Start.
        form: the settings.
        progress_page: bars, curves and the result.
        run: the last training, until it is used, kept or discarded.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self.run: Run | None = None
        self._folder: Path | None = None
        self._pages = Tabs(self)
        self._pages.pack(fill="both", expand=True)
        self._pages.bind(TAB_CHANGED, lambda event: self.event_generate("<<HeightChanged>>"))
        self._build_settings_page()
        self._build_progress_page()
        root = self.winfo_toplevel()
        root.bind("<<JobChanged>>", lambda event: self._update_state(), add=True)
        self.settings_page.fill_from_config(self.session.config.training, remembered=True)
        self._update_state()

    def _build_settings_page(self) -> None:
        page = self.settings_page = SettingsPage(self._pages, self.session)
        self._pages.add(page, text="Settings")
        self.form, self.start_button = page.form, page.start_button
        page.reset_button.configure(command=self.reset_form)
        page.bind("<<StartTraining>>", lambda event: self.start())
        page.bind("<<SettingsChanged>>", lambda event: self._update_state())
        self._missing_mnist = MissingMnist(self, page, self.start)

    def _build_progress_page(self) -> None:
        page = self.progress_page = ProgressPage(self._pages, self.context)
        self._pages.add(page, text="Progress")
        page.settings_button.configure(command=self.show_settings)
        page.result.bind("<<UseRun>>", lambda event: self.use_run())
        page.result.bind("<<KeepRun>>", lambda event: self.keep_run())
        page.result.bind("<<DiscardRun>>", lambda event: self.discard_run())
        page.result.bind("<<ResumeRun>>", lambda event: self.resume_run())
        # They wrap their texts, and are the higher the narrower they are.
        settings = self.settings_page
        for widget in (page.result, settings.mnist, *settings.presets.winfo_children()):
            for event in ("<Map>", "<Configure>"):
                widget.bind(event, lambda event: self.event_generate("<<HeightChanged>>"), add=True)

    def needed_height(self) -> int:
        """Return what the page shown needs."""
        page = (self.settings_page, self.progress_page)[self._pages.index("current")]
        titles = self._pages.bar.winfo_reqheight() + scaled(self, 2 * 12)
        return max(super().needed_height(), page.needed_height() + titles)

    def refresh(self, reason: str) -> None:
        """Apply the theme, and update the curves when shown (see `View.refresh`)."""
        if reason == "theme":
            self.form.recolour()
            self.progress_page.recolour()
        elif reason == "settings":
            self.reset_form()
        elif reason == "shown":
            self.progress_page.curves.redraw()
            self.settings_page.refresh()
            self._update_state()

    def show_settings(self) -> None:
        """Show the settings with the focus on Start, unless a job is running."""
        if not self.jobs.running:
            self._pages.select(0)
            self.start_button.focus_set()

    def show_progress_page(self) -> None:
        """Show the curves of the training, or of the last one."""
        self._pages.select(1)

    def reset_form(self) -> None:
        """Fill the form with the settings of config.json."""
        self.settings_page.fill_from_config(self.session.config.training, remembered=False)

    def start(self) -> None:
        """Start a training with the settings of the form, or focus an invalid one."""
        from number_recognition.learning.runs.training_job import train_run

        if self.form.errors:
            self.form.focus_error()
            return
        settings = self.settings_page.settings_to_use()
        paths = DataPaths.of(self.session.config.paths, self.session.config_path)
        if not self._missing_mnist.check(settings, paths):
            return
        runs = runs_folder(self.session.config.paths, self.session.config_path)
        self._start_job(settings, train_run, settings, paths, runs=runs)

    def resume(self, folder: Path) -> bool:
        """Resume the stopped or interrupted run in a folder; whether that began."""
        from number_recognition.learning.runs.run_files import read_settings
        from number_recognition.learning.runs.training_job import resume_run

        try:
            settings, _ = read_settings(folder)
        except (OSError, ValueError) as error:
            self.context.show_error(f"The run cannot be resumed: {error}")
            return False
        self.form.fill(settings)
        is_started = self._start_job(settings, resume_run, folder)
        if is_started:
            self._folder = folder
            self.progress_page.curves.show(read_history(folder), settings.epochs)
            self.context.offers.withdraw(folder)
        return is_started

    def _start_job(
        self, settings: TrainingSettings, job: Callable[..., Run], *arguments: Any, **options: Any
    ) -> bool:
        started = self.jobs.start(
            TITLE,
            job,
            *arguments,
            baseline=self.session.network_path if self.session.recognizer is not None else None,
            save_last_epoch=True,
            if_closed=_IF_CLOSED,
            on_progress=self.on_progress,
            on_done=self._on_done,
            on_error=self._on_error,
            **options,
        )
        if started:
            self.run = None
            self._folder = None
            self.progress_page.begin(settings)
            self.show_progress_page()
            self._update_state()
        return started

    def on_progress(self, progress: Progress) -> None:
        """Show a progress report of the training."""
        if "folder" in progress.details:
            self._folder = Path(progress.details["folder"])
        self.progress_page.show_progress(progress)
        notify_skipped(self, progress)

    def _show_result(self, run: Run) -> None:
        self.run = run
        self.progress_page.finish(run)
        self._update_state()
        self.progress_page.result.default_button.focus_set()

    def _on_done(self, run: Run) -> None:
        self._show_result(run)
        self.session.counts.count_training()
        text = "Training finished" if run.completed else "Training stopped, best epoch saved"
        self.notify(f"{text}{describe_accuracy(run)}.", lasting=True)

    @property
    def _can_be_resumed(self) -> bool:
        """Whether the training has a checkpoint that can be read."""
        from number_recognition.learning.runs.unfinished_runs import can_be_resumed

        if self._folder is None:
            return False
        try:
            return can_be_resumed(self._folder) and epochs_done(self._folder / CHECKPOINT) > 0
        except OSError:
            return False

    def _on_error(self, error: BaseException) -> None:
        if isinstance(error, WorkStopped):
            self._on_stopped()
            return
        text, about = f"The training ended: {error}", None
        if isinstance(error, TrainingFailed):
            text = f"The training was stopped: {error}."
        elif self._can_be_resumed:
            text, about = f"{text.rstrip('.')}. Its last epoch is saved.", self._folder
            self.event_generate("<<TrainingInterrupted>>")
        self.progress_page.show_error(text)
        self._update_state()
        self.context.show_error(text, about=about)

    def _on_stopped(self) -> None:
        """Say that no epoch was done; of a resumed training, show the result it had before."""
        from number_recognition.learning.runs.unfinished_runs import has_current_summary

        has_checkpoint = self._can_be_resumed
        text = _STOPPED_AGAIN if has_checkpoint else _STOPPED
        self.progress_page.show_error(text)
        self._update_state()
        self.notify(text, lasting=True)
        if self._folder is None or not has_checkpoint:
            return
        try:
            if has_current_summary(self._folder):
                self._show_result(read_run(self._folder))
                return
        except (OSError, ValueError):  # Experiments says what is wrong with it
            pass
        self.event_generate("<<TrainingInterrupted>>")

    def use_run(self) -> None:
        """Use the new network, also when the window is opened the next time."""
        if self.run is not None and self.context.model_menu.use_network(self.run.model):
            self.run = None
            self._update_state()

    def keep_run(self) -> None:
        """Keep the new network among the runs; the current network stays in use."""
        if self.run is None:
            return
        folder, self.run = self.run.folder, None
        past_runs = self.settings_page.past_runs()
        titles = [f" as “{each.title}”" for each in past_runs if each.folder == folder.name]
        text = f"The run is kept in Experiments{''.join(titles)}. The current network stays in use."
        self.notify(text, ("Show it", partial(self.context.show_run, folder)))
        self._update_state()

    def resume_run(self) -> None:
        """Go on with the training that was stopped."""
        if self.run is not None:
            self.resume(self.run.folder)

    def discard_run(self) -> None:
        """Move the run to the trash of the runs."""
        from number_recognition.learning.runs.run_list import move_to_trash

        if self.run is None:
            return
        try:
            trashed = move_to_trash(self.run.folder)
        except OSError as error:
            self.context.show_error(f"The run was not discarded: {error}")
            return
        self.run = None
        self.notify(f"Moved the run to {trashed.parent}.")
        self._update_state()

    def _update_state(self) -> None:
        """Enable what is possible now. Only this method enables or disables widgets here."""
        jobs = self.jobs
        self.settings_page.update_state(jobs.title if jobs.running else "")
        self.progress_page.update_buttons(
            jobs, is_own_job=jobs.title == TITLE, has_result=self.run is not None
        )
        self.event_generate("<<HeightChanged>>")

    def remember(self) -> None:
        """Remember what stands in the form."""
        self.settings_page.remember()
