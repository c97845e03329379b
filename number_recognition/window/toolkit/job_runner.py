"""Run one long job at a time in a worker process and report its progress to Tk."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from number_recognition.core.progress import Progress
from number_recognition.window.toolkit.timer import Timer

if TYPE_CHECKING:
    from concurrent.futures import Future

    from number_recognition.core.worker import WorkerProcess

IDLE, RUNNING, STOPPING, DONE = "idle", "running", "stopping", "done"
_POLL_INTERVAL = 50
"""Milliseconds between two checks for messages of the worker."""
_MAX_MESSAGES = 50
"""Messages that are handled in one check."""


class JobRunner:
    """Runs jobs and generates Tk events about them; nothing else uses the worker process.

    Events on the widget given: `<<JobStarted>>` when a job has begun, `<<JobChanged>>` when an
    attribute has changed, `<<JobFailed>>` when a job without `on_error` has failed.

    Attributes:
        state: `IDLE` before the first job; then `RUNNING`, `STOPPING` after `stop`, and `DONE`.
        title: the name of the job.
        progress: its last progress report.
        if_closed: what is lost if the window is closed while it runs, a sentence.
        paused: whether it is paused.
        error: the exception of the last job, None if it succeeded.
    """

    def __init__(self, widget: tk.Misc, log: Path | None = None) -> None:
        self.state = IDLE
        self.title = ""
        self.if_closed = ""
        self.progress = Progress("")
        self.paused = False
        self.error: BaseException | None = None
        self._widget = widget
        self._log = log
        self._worker: WorkerProcess | None = None
        self._job: _Job | None = None
        self._timer = Timer(widget, self._poll)

    @property
    def running(self) -> bool:
        """Whether a job is running or stopping."""
        return self.state in (RUNNING, STOPPING)

    def start(
        self,
        title: str,
        job: Callable[..., Any],
        /,
        *arguments: Any,
        if_closed: str = "Its progress will be lost.",
        on_progress: Callable[[Progress], object] = lambda progress: None,
        on_done: Callable[[Any], object] = lambda result: None,
        on_error: Callable[[BaseException], object] | None = None,
        **options: Any,
    ) -> bool:
        """Run `job(*arguments, **options)` in the worker, with the arguments that it adds.

        Args:
            title: the name of the job that the user sees, "Training".
            job: a function of a module, see `core.worker.WorkerProcess`.
            arguments: picklable, as are `options`.
            if_closed: what is lost if the window is closed while it runs, a sentence.
            on_progress: called on Tk's thread with each progress report.
            on_done: called with the result.
            on_error: called with the exception, instead of the event `<<JobFailed>>`.
            options: keyword arguments of the job.

        Returns:
            False if another job is running.
        """
        if self.running:
            return False
        self.title, self.progress, self.paused, self.error = title, Progress(title), False, None
        self.if_closed = if_closed
        future = self._submit(job, arguments, options)
        self._job = _Job(future, on_progress, on_done, on_error)
        self._set_state(RUNNING)
        self._widget.event_generate("<<JobStarted>>")
        self._timer.start(_POLL_INTERVAL)
        return True

    def stop(self) -> None:
        """Ask the job to stop and to keep the results that it has."""
        if self.state == RUNNING and self._worker is not None:
            self._worker.stop()
            self.paused = False
            self._set_state(STOPPING)

    def toggle_pause(self) -> None:
        """Pause the job, or resume it."""
        if self.state == RUNNING and self._worker is not None:
            self.paused = not self.paused
            self._worker.pause(self.paused)
            self._set_state(RUNNING)

    def warm_up(self, prepare: Callable[[], None]) -> Future[Any] | None:
        """Run `prepare()` in a new worker so that the first job starts sooner.

        Returns:
            None if there is a worker already.
        """
        return self._get_worker().warm_up(prepare) if self._worker is None else None

    def close(self) -> None:
        """End the worker process."""
        self._timer.cancel()
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _get_worker(self) -> WorkerProcess:
        if self._worker is None:
            from number_recognition.core.worker import WorkerProcess

            self._worker = WorkerProcess(self._log)
        return self._worker

    def _submit(
        self, job: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Future[Any]:
        from concurrent.futures import BrokenExecutor

        try:
            return self._get_worker().submit(job, *arguments, **options)
        except BrokenExecutor:
            self._worker = None
            return self._get_worker().submit(job, *arguments, **options)

    def _poll(self) -> None:
        # Before the callbacks: one of them may raise, and the end of the job must not be missed.
        self._timer.start(_POLL_INTERVAL)
        if self._job is None or self._worker is None:
            return
        ended = self._job.future.done()
        messages = self._worker.messages(_MAX_MESSAGES)
        for progress in messages:
            self.progress = progress
            self._job.on_progress(progress)
        if ended and len(messages) < _MAX_MESSAGES:
            self._end(self._job)
        elif messages:
            self._set_state(self.state)

    def _end(self, job: _Job) -> None:
        from concurrent.futures import BrokenExecutor

        self._timer.cancel()
        self._job = None
        self.error = job.future.exception()
        if isinstance(self.error, BrokenExecutor):
            reason = self._worker.why_ended() if self._worker is not None else str(self.error)
            self._worker = None
            self.error = WorkerEnded(f"{reason}{self._log_hint()}")
        self._set_state(DONE)
        if self.error is None:
            job.on_done(job.future.result())
        elif job.on_error is not None:
            job.on_error(self.error)
        else:
            self._widget.event_generate("<<JobFailed>>")

    def _log_hint(self) -> str:
        has_log = self._log is not None and self._log.exists()
        return f"; what it wrote last is in {self._log}" if has_log else ""

    def _set_state(self, state: str) -> None:
        self.state = state
        self._widget.event_generate("<<JobChanged>>")


class WorkerEnded(RuntimeError):
    """The process of a job ended, and the job with it; the message says why, as far as known."""


class _Job:
    """A running job and its callbacks."""

    def __init__(
        self,
        future: Future[Any],
        on_progress: Callable[[Progress], object],
        on_done: Callable[[Any], object],
        on_error: Callable[[BaseException], object] | None,
    ) -> None:
        self.future = future
        self.on_progress = on_progress
        self.on_done = on_done
        self.on_error = on_error
