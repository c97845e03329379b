"""What is done where a training needs MNIST and its file is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from number_recognition.core.progress import WorkStopped
from number_recognition.digits.datasets import mnist
from number_recognition.learning.data.mnist_download import download_mnist
from number_recognition.learning.data.samples import DataPaths
from number_recognition.storage.settings import TrainingSettings, relative_path
from number_recognition.window.toolkit.view import View
from number_recognition.window.training.settings_page import SettingsPage


class MissingMnist:
    """Shows the page for a missing MNIST, and does what is chosen there."""

    def __init__(self, view: View, page: SettingsPage, start: Callable[[], object]) -> None:
        """Follow the page; `start` starts the training once there is something to learn from."""
        self._view, self._page, self._start = view, page, start
        page.mnist.bind("<<MnistChosen>>", lambda event: self._use_file())
        page.mnist.bind("<<DownloadMnist>>", lambda event: self._download())
        page.mnist.bind("<<StopDownload>>", lambda event: view.jobs.stop())
        page.mnist.bind("<<TrainSynthetic>>", lambda event: self._train_synthetic())

    def check(self, settings: TrainingSettings, paths: DataPaths) -> bool:
        """Return whether a training has its samples; shows the page where MNIST is missing."""
        is_there = "mnist" not in settings.sources or _has_mnist(paths)
        if not is_there:
            time = self._page.describe_time(self._on_synthetic(settings))
            self._page.mnist.time.configure(text=f"{time} on this machine")
        self._page.show_mnist(not is_there)
        return is_there

    @staticmethod
    def _on_synthetic(settings: TrainingSettings) -> TrainingSettings:
        """The settings with synthetic digits in place of MNIST."""
        sources = [name for name in settings.sources if name not in ("mnist", "strokes")]
        return dataclasses.replace(settings, sources=tuple(sources) or ("synthetic",))

    def _use_file(self) -> None:
        """Use the file that was chosen, from now on, and start."""
        path, session = self._page.mnist.path, self._view.session
        if path is None:
            return
        try:
            file = relative_path(path, session.config_path)
            session.preferences.change("paths", {"mnist": file})
        except OSError as error:
            self._view.context.show_error(f"The file is used until the window is closed: {error}")
        self._start()

    def _train_synthetic(self) -> None:
        """Train on synthetic digits in place of MNIST."""
        form = self._page.form
        form.fields["sources"].set_value(self._on_synthetic(form.settings).sources)
        self._start()

    def _download(self) -> None:
        """Download MNIST as a job, then start."""
        page = self._page.mnist

        def on_done(path: Path) -> None:
            page.end_progress()
            self._start()

        def on_error(error: BaseException) -> None:
            is_stopped = isinstance(error, WorkStopped)
            page.end_progress(_download_problem(error), is_error=not is_stopped)

        self._view.jobs.start(
            "Download",
            download_mnist,
            mnist.cache_file(),
            if_closed="The download would be lost.",
            on_progress=page.show_progress,
            on_done=on_done,
            on_error=on_error,
        )


def _has_mnist(paths: DataPaths) -> bool:
    from number_recognition.digits.datasets import mnist

    try:
        return mnist.find(configured=paths.mnist) is not None
    except FileNotFoundError:
        return False


def _download_problem(error: BaseException) -> str:
    """Say why nothing was downloaded, and what to do, without addresses and numbers of errors."""
    if isinstance(error, WorkStopped):
        return "The download was stopped; nothing was kept."
    if isinstance(error, ValueError):
        return f"The server sent another file ({error}). Choose mnist.npz by hand."
    return (
        "The download did not work: the server cannot be reached from here. Is there a connection, "
        "or a proxy between? Choose mnist.npz by hand, or train on synthetic digits."
    )
