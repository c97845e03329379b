"""Evaluates the network in use in the background, and remembers the results on MNIST."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from number_recognition.core.formatting import percent
from number_recognition.core.progress import Progress, WorkStopped
from number_recognition.digits.datasets import mnist
from number_recognition.learning.evaluation.evaluate_job import (
    MNIST,
    EvaluationResult,
    evaluate_job,
)
from number_recognition.session.preferences.accuracies import remember_accuracy
from number_recognition.session.session import Session
from number_recognition.window.dialogs.skipped_files import show_skipped_files
from number_recognition.window.results.source_bar import mnist_file
from number_recognition.window.toolkit.view import EmptyPage, View

_NO_RESULT = "An evaluation shows which digits the network confuses, with every misread image."

_Key = tuple[object, ...]


class ShowsResults(Protocol):
    """What shows the results: the Results view."""

    source: str | Path
    result: EvaluationResult | None

    def show_evaluated(self, result: EvaluationResult) -> None:
        """Show an evaluation."""


class Evaluations:
    """Starts evaluations for a view, and covers it while it has no result.

    Results on MNIST are made once for each network, file of MNIST and limit of refusal.
    """

    def __init__(self, view: View, results: ShowsResults, page: EmptyPage) -> None:
        self._view, self._results, self._page = view, results, page
        self._known: dict[_Key, EvaluationResult | None] = {}
        """None for an evaluation that was begun, and perhaps stopped."""
        self._begun: tuple[str | Path, Path] | None = None
        """The source and the network of the evaluation that was begun last."""

    def show_current(self, may_start: bool) -> None:
        """Show the result of the network in use on MNIST, known or from an evaluation begun now."""
        key = _key(self._view.session, self._results.source)
        known = self._known.get(key) if key is not None else None
        if known is not None:
            if self._results.result is not known:
                self._results.show_evaluated(known)
        elif may_start and key is not None and not (self._view.jobs.running or key in self._known):
            self._known[key] = None
            self.start()
        elif self._results.result is None and not self._is_evaluating:
            self._cover()

    @property
    def _is_evaluating(self) -> bool:
        return self._view.jobs.running and self._view.jobs.title == "Evaluation"

    def start(self) -> None:
        """Evaluate the network in use on the source of the view, as a job.

        A known result that is not shown is shown instead. To show the view may have begun the same
        evaluation just before.
        """
        view, session = self._view, self._view.session
        key = _key(session, self._results.source)
        known = self._known.get(key) if key is not None else None
        if known is not None and self._results.result is not known:
            self._results.show_evaluated(known)
            return
        wanted = self._results.source, session.network_path
        if self._is_evaluating and wanted == self._begun:
            view.notify("Evaluation is running.")
            return
        started = view.jobs.start(
            "Evaluation",
            evaluate_job,
            session.network_path,
            self._results.source,
            mnist_file=mnist_file(session),
            kept=session.corrections.folder,
            refuse_above=session.config.recognition.refuse_above,
            on_progress=self._show_progress,
            on_done=partial(self._receive, self._results.source, key),
            on_error=self._show_error,
        )
        if started:
            self._begun = wanted
            self._show_progress(Progress("evaluating"))
        else:
            view.notify(f"{view.jobs.title} is still running: stop it, or evaluate afterwards.")

    def _show_progress(self, progress: Progress) -> None:
        if self._results.result is None:
            text = progress.message
            self._page.cover(f"{text[:1].upper()}{text[1:]} …", "Stop", self._view.jobs.stop)

    def _receive(self, source: str | Path, before: _Key | None, result: EvaluationResult) -> None:
        session = self._view.session
        accuracy = result.evaluation.accuracy
        key = _key(session, source)  # none before where MNIST was downloaded
        if key is not None and before in (None, key) and result.network == session.network_path:
            self._known[key] = result
            remember_accuracy(session.window_state, result.network, accuracy)
        self._results.show_evaluated(result)
        self._view.notify(f"Evaluation finished: {percent(accuracy)} right.", lasting=True)
        if result.skipped:
            show = ("Show why", lambda: show_skipped_files(self._view, result.skipped))
            text = f"Files that cannot be read: {len(result.skipped):,}."
            self._view.context.notify(text, show, warning=True)

    def _show_error(self, error: BaseException) -> None:
        if self._results.result is None:
            self._cover()
        if isinstance(error, WorkStopped):
            self._view.notify("Evaluation stopped: there is no result.", lasting=True)
        else:
            jobs = self._view.jobs
            self._view.context.show_error(f"{jobs.title} failed: {error}", about=jobs.title)

    def _cover(self) -> None:
        is_missing = self._results.source == MNIST and not _mnist_path(self._view.session).is_file()
        text = "Download MNIST and evaluate" if is_missing else "Evaluate"
        evaluate = partial(self._view.event_generate, "<<Evaluate>>")
        self._page.cover(_NO_RESULT, text, evaluate)


def _key(session: Session, source: str | Path) -> _Key | None:
    """What a result depends on; None without MNIST, and for files that may change at any time."""
    if source != MNIST or session.recognizer is None:
        return None
    files = (session.network_path, _mnist_path(session))
    try:
        stamps = [(path, path.stat().st_mtime_ns) for path in files]
    except OSError:
        return None
    return (*stamps, session.config.recognition.refuse_above)


def _mnist_path(session: Session) -> Path:
    """Where MNIST's file is, or would be downloaded to."""
    return mnist_file(session) or mnist.cache_file()
