"""Run long computations in short slices between Tk's events, so that the window never freezes."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator

from number_recognition.window.toolkit.timer import Timer

_SLICE_SECONDS = 0.004
_PAUSE = 4
"""Milliseconds left to Tk between two slices."""
_PAUSE_FACTOR = 3
"""While drawing, the pause after a slice is so many times as long as the slice."""
_RETRY_INTERVAL = 50
"""Milliseconds until a task checks again whether the pen is still moving."""


class IdleTask:
    """Advances one iterator in slices; starting another one replaces it.

    Attributes:
        running: whether there is work left.
    """

    def __init__(self, widget: tk.Misc, while_drawing: bool = False) -> None:
        """Create an idle task.

        Args:
            widget: when it is destroyed, the task stops.
            while_drawing: whether to work while the pen is moving; otherwise the task waits.
        """
        self.running = False
        self._widget = widget
        self._while_drawing = while_drawing
        self._work: Iterator[object] = iter(())
        self._timer = Timer(widget, self._advance)
        widget.bind("<Destroy>", lambda event: self._on_destroy(event.widget), add=True)

    def start(self, work: Iterator[object], delay: int = _PAUSE) -> None:
        """Start advancing `work` after `delay` milliseconds, and drop what ran before."""
        self.stop()
        self.running = True
        self._work = work
        self._timer.start(delay)

    def stop(self) -> None:
        """Drop the running work."""
        self.running = False
        self._timer.cancel()

    def _on_destroy(self, widget: tk.Misc) -> None:
        if widget is self._widget:
            self.stop()

    def _advance(self) -> None:
        if not self._while_drawing and pen_is_moving(self._widget):
            self._timer.start(_RETRY_INTERVAL)
            return
        start = time.monotonic()
        for _ in self._work:
            if not self.running or self._timer.pending:
                return
            seconds = time.monotonic() - start
            if seconds > _SLICE_SECONDS:
                self._timer.start(self._pause(seconds))
                return
        # The last step of the work may have started other work.
        self.running = self._timer.pending

    def _pause(self, seconds: float) -> int:
        """Return the milliseconds until the next slice, more after a slow one while drawing.

        On a busy machine, a process that works little is scheduled again soon.
        """
        return round(1000 * _PAUSE_FACTOR * seconds) if self._while_drawing else _PAUSE


def pen_is_moving(widget: tk.Misc) -> bool:
    """Return whether the user is drawing in the window that a widget belongs to."""
    pad = getattr(widget.winfo_toplevel(), "pad", None)
    return pad is not None and pad.moving
