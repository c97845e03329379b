"""Run work on files in a background thread, so that the window stays responsive."""

from __future__ import annotations

import gc
import tkinter as tk
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from number_recognition.window.toolkit.timer import Timer

_POLL_INTERVAL = 5
"""Milliseconds between two checks for finished work."""

OnDone = Callable[[Any], object]
OnError = Callable[[BaseException], object]


class _Task(NamedTuple):
    """Work in the thread, and the callbacks for its result."""

    future: Future[Any]
    on_done: OnDone
    on_error: OnError | None


class BackgroundThread:
    """Runs one task after the other in a thread and calls back on Tk's thread.

    A task must not use Tk. When the widget is destroyed, the running task is finished and the
    others are dropped.
    """

    _active = 0
    """The number of instances that have work."""

    def __init__(self, widget: tk.Misc) -> None:
        self._executor = ThreadPoolExecutor(1)
        self._tasks: deque[_Task] = deque()
        self._timer = Timer(widget, self._poll)
        widget.bind("<Destroy>", lambda event: self.close(), add=True)

    @property
    def busy(self) -> bool:
        """Whether there is work whose result was not yet passed on."""
        return bool(self._tasks)

    def submit(
        self,
        work: Callable[[], Any],
        on_done: OnDone = lambda result: None,
        on_error: OnError | None = None,
    ) -> None:
        """Run `work()` in the thread, after what was submitted before.

        Args:
            work: called in the thread.
            on_done: called on Tk's thread with the result.
            on_error: called on Tk's thread with the exception. Without it, and for any exception
                other than `OSError` and `ValueError`, the exception is raised on Tk's thread.
        """
        if not self._tasks:
            _count_active(+1)
        self._tasks.append(_Task(self._executor.submit(work), on_done, on_error))
        if not self._timer.pending:
            self._timer.start(_POLL_INTERVAL)

    def close(self) -> None:
        """Wait for the running task and drop the others."""
        self._timer.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)
        if self._tasks:
            self._tasks.clear()
            _count_active(-1)

    def _poll(self) -> None:
        # Before the callbacks: one of them may raise, and the others must still be called.
        self._timer.start(_POLL_INTERVAL)
        if self._tasks and self._tasks[0].future.done():
            self._call_back(self._tasks[0])
        if not self._tasks:
            self._timer.cancel()

    def _call_back(self, task: _Task) -> None:
        try:
            error = task.future.exception()
            if error is None:
                task.on_done(task.future.result())
                return
            if task.on_error is not None:
                task.on_error(error)
            if task.on_error is None or not isinstance(error, (OSError, ValueError)):
                raise error
        finally:
            if self._tasks:  # the window may have been closed by a callback
                self._tasks.popleft()
                if not self._tasks:
                    _count_active(-1)


def _count_active(change: int) -> None:
    """Disable garbage collection while a thread runs: it may collect widgets and images.

    Only Tk's thread may delete those; in another thread, it crashes the process.
    """
    BackgroundThread._active += change
    (gc.disable if BackgroundThread._active else gc.enable)()


class ChangeQueue:
    """Changes of files that the user asks for: each starts when the previous one has finished."""

    def __init__(self, background: BackgroundThread, notify: Callable[[str], object]) -> None:
        """Create an empty queue; `notify` shows an error message."""
        self._background, self._notify = background, notify
        self._waiting: deque[Callable[[], object]] = deque()
        self._running = False

    @property
    def busy(self) -> bool:
        """Whether a change is running."""
        return self._running

    def request(self, step: Callable[[], bool]) -> bool:
        """Call `step` now, or once the running change has finished.

        Returns:
            Whether there is something to do: the result of `step`, or True while it waits.
        """
        if self._running:
            self._waiting.append(step)
            return True
        return step()

    def run(self, change: Callable[[], Any], on_done: OnDone, error_message: str) -> None:
        """Run `change()` in the background; `on_done` gets its result and must call `finish`."""

        def on_error(error: BaseException) -> None:
            self._notify(f"{error_message}: {error}")
            self.finish()

        self._running = True
        self._background.submit(change, on_done, on_error)

    def finish(self) -> None:
        """Mark the running change as finished and start the next one."""
        self._running = False
        while self._waiting and not self._running:
            self._waiting.popleft()()
