"""Work on files in a thread beside Tk's: the window goes on while thousands of them are handled."""

from __future__ import annotations

import gc
import tkinter as tk
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_INTERVAL = 5
"""Milliseconds between two looks at what is done."""


class BackgroundThread:
    """Does one piece of work after the other in a thread, and tells of each on Tk's thread.

    The work must leave Tk alone. It ends with the widget: what has begun is finished.
    """

    _at_work = 0
    """How many of these have work to do."""

    def __init__(self, widget: tk.Misc) -> None:
        self._widget = widget
        self._executor = ThreadPoolExecutor(1)
        self._pending: deque[tuple[Future, Callable[[Any], object], Callable | None]] = deque()
        self._due: str | None = None
        widget.bind("<Destroy>", lambda event: self.close(), add=True)

    @property
    def busy(self) -> bool:
        """Whether there is work that was not told of yet."""
        return bool(self._pending)

    def submit(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], object] = lambda result: None,
        on_error: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do some work after what was asked for before.

        Args:
            work: called in the thread.
            done: hears on Tk's thread what it returned.
            failed: hears on Tk's thread of an exception; but for an `OSError` or `ValueError`, it
                is raised there, too.
        """
        if not self._pending:
            _leave_collecting_to_tk(+1)
        self._pending.append((self._executor.submit(work), on_done, on_error))
        if self._due is None:
            self._due = self._widget.after(_INTERVAL, self._poll)

    def close(self) -> None:
        """Finish what has begun and forget the rest."""
        if self._due is not None:
            self._widget.after_cancel(self._due)
            self._due = None
        self._executor.shutdown(wait=True, cancel_futures=True)
        if self._pending:
            self._pending.clear()
            _leave_collecting_to_tk(-1)

    def _poll(self) -> None:
        # First of all: whoever hears of it may raise, and the rest must still be told of.
        self._due = self._widget.after(_INTERVAL, self._poll)
        if self._pending and self._pending[0][0].done():
            self._tell(*self._pending[0])
        if not self._pending and self._due is not None:
            self._widget.after_cancel(self._due)
            self._due = None

    def _tell(self, future: Future, done: Callable, failed: Callable | None) -> None:
        try:
            error = future.exception()
            if error is None:
                done(future.result())
                return
            if failed is not None:
                failed(error)
            if failed is None or not isinstance(error, (OSError, ValueError)):
                raise error
        finally:
            if self._pending:  # the window may have been closed meanwhile
                self._pending.popleft()
                if not self._pending:
                    _leave_collecting_to_tk(-1)


def _leave_collecting_to_tk(step: int) -> None:
    """Let Python collect no garbage while another thread works: it may hold widgets and images.

    Only Tk's thread may end those; another thread that does so ends the process.
    """
    BackgroundThread._at_work += step
    (gc.disable if BackgroundThread._at_work else gc.enable)()


class ChangeQueue:
    """Changes of files that a person asks for: each begins when the one before has ended."""

    def __init__(self, background: BackgroundThread, notify: Callable[[str], object]) -> None:
        """Make them; `background` does them, `notify` says what went wrong."""
        self._background, self._tell = background, notify
        self._waiting: deque[Callable[[], object]] = deque()
        self._running = False

    @property
    def busy(self) -> bool:
        """Whether a change is running."""
        return self._running

    def request(self, step: Callable[[], bool]) -> bool:
        """Call `step` now, or once the running one has ended; whether it has something to do."""
        if self._running:
            self._waiting.append(step)
            return True
        return step()

    def run(
        self, change: Callable[[], Any], on_done: Callable[[Any], object], words_for_failure: str
    ) -> None:
        """Change files in the background; `done` hears the result and calls `end` at last."""

        def failed(error: BaseException) -> None:
            self._tell(f"{words_for_failure}: {error}")
            self.finish()

        self._running = True
        self._background.submit(change, on_done, failed)

    def finish(self) -> None:
        """The running step has ended, and shows: the next may begin."""
        self._running = False
        while self._waiting and not self._running:
            self._waiting.popleft()()
