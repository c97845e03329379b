"""Joins slow work to the window: one job at a time, in a process of its own."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from number_recognition.core.progress import Progress

if TYPE_CHECKING:
    from concurrent.futures import Future

    from number_recognition.core.worker import WorkerProcess

IDLE, RUNNING, STOPPING, DONE = "idle", "running", "stopping", "done"
_INTERVAL = 50
_BATCH = 50


class JobRunner:
    """Runs slow work and tells Tk about it; nothing else touches the worker.

    Events on the widget given: `<<JobChanged>>` whenever an attribute has changed, `<<JobFailed>>`
    when a job failed for which nobody else asked to be told.

    Attributes:
        state: `IDLE` before the first job, then `RUNNING`, `STOPPING` once it was asked to stop,
            `DONE`, and `RUNNING` again with the next.
        title: what the job is called.
        progress: what it reported last.
        if_closed: what becomes of it when the window is closed before its end.
        paused: whether it is held.
        error: what the last job failed with, None where it did not.
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
        self._future: Future | None = None
        self._poll_due: str | None = None
        self._on_progress: Callable[[Progress], None] | None = None
        self._done: Callable[[Any], None] | None = None
        self._failed: Callable[[BaseException], None] | None = None

    @property
    def running(self) -> bool:
        """Whether a job is at work."""
        return self.state in (RUNNING, STOPPING)

    def start(
        self,
        title: str,
        job: Callable[..., Any],
        /,
        *arguments: Any,
        if_closed: str = "What it has found out so far would be lost.",
        on_progress: Callable[[Progress], None] | None = None,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[BaseException], None] | None = None,
        **options: Any,
    ) -> bool:
        """Run `job(*arguments, **options, report=…, stopped=…)`; False where one runs already.

        Args:
            title: what people call the work, "Training".
            job: a function of a module.
            arguments: for it, as `options`; they must be picklable.
            if_closed: what becomes of it when the window is closed before its end, a sentence.
            heard: hears each progress report, on Tk's thread.
            done: hears the result.
            failed: hears the exception, in place of `<<JobFailed>>`.
            options: see `arguments`.
        """
        if self.running:
            return False
        self.title, self.progress, self.paused, self.error = title, Progress(title), False, None
        self.if_closed = if_closed
        self._on_progress, self._done, self._failed = on_progress, on_done, on_error
        self._future = self._submit(job, arguments, options)
        self._change(RUNNING)
        self._poll_due = self._widget.after(_INTERVAL, self._poll)
        return True

    def stop(self) -> None:
        """Ask the job to stop and to keep what it promised to keep."""
        if self.state == RUNNING:
            self._worker.stop()
            self.paused = False
            self._change(STOPPING)

    def toggle_pause(self) -> None:
        """Hold the job, or let it go on."""
        if self.state == RUNNING:
            self.paused = not self.paused
            self._worker.pause(self.paused)
            self._change(RUNNING)

    def warm_up(self, prepare: Callable[[], None]) -> Future | None:
        """Run `prepare()` in a new worker, so that the first job need not; None where one is."""
        return self._ready_worker().warm_up(prepare) if self._worker is None else None

    def close(self) -> None:
        """End the worker with the window."""
        if self._poll_due is not None:
            self._widget.after_cancel(self._poll_due)
            self._poll_due = None
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _ready_worker(self) -> WorkerProcess:
        if self._worker is None:
            from number_recognition.core.worker import WorkerProcess

            self._worker = WorkerProcess(self._log)
        return self._worker

    def _submit(self, job: Callable[..., Any], arguments: tuple, options: dict) -> Future:
        from concurrent.futures import BrokenExecutor

        try:
            return self._ready_worker().submit(job, *arguments, **options)
        except BrokenExecutor:
            self._worker = None
            return self._ready_worker().submit(job, *arguments, **options)

    def _poll(self) -> None:
        # First of all: whoever hears of the job may raise, and must still hear of its end.
        self._poll_due = self._widget.after(_INTERVAL, self._poll)
        ended = self._future.done()
        messages = self._worker.messages(_BATCH)
        for progress in messages:
            self.progress = progress
            if self._on_progress is not None:
                self._on_progress(progress)
        if ended and len(messages) < _BATCH:
            self._end()
        elif messages:
            self._change(self.state)

    def _end(self) -> None:
        from concurrent.futures import BrokenExecutor

        self._widget.after_cancel(self._poll_due)
        self._poll_due = None
        self.error = self._future.exception()
        if isinstance(self.error, BrokenExecutor):
            self._worker = None
            self.error = RuntimeError("the process that did the work ended unexpectedly")
        result = self._future.result() if self.error is None else None
        self._future = None
        self._change(DONE)
        if self.error is None:
            if self._done is not None:
                self._done(result)
        elif self._failed is not None:
            self._failed(self.error)
        else:
            self._widget.event_generate("<<JobFailed>>")

    def _change(self, state: str) -> None:
        self.state = state
        self._widget.event_generate("<<JobChanged>>")
