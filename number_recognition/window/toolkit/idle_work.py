"""Work done in pieces between what Tk has to do, so that the window never waits for it."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator

_PIECE_SECONDS = 0.004
_PAUSE = 4
"""Milliseconds left to Tk between two pieces."""
_BREATH = 3
"""So many times as long as a piece took is left to Tk after it, where the pen may move."""
_WAIT = 50
"""Milliseconds until work asks again whether the pen still moves."""


class IdleTask:
    """Advances one iterator at a time; a new one takes the place of the old.

    Attributes:
        running: whether there is work left.
    """

    def __init__(self, widget: tk.Misc, while_drawing: bool = False) -> None:
        """Make it.

        Args:
            widget: with its end, the work ends.
            while_drawing: whether to work while the pen moves, too, which other work waits for.
        """
        self.running = False
        self._widget = widget
        self._while_drawing = while_drawing
        self._work: Iterator[object] = iter(())
        self._due: str | None = None
        widget.bind("<Destroy>", lambda event: self._ended(event.widget), add=True)

    def start(self, work: Iterator[object], after: int = _PAUSE) -> None:
        """Begin work, so many milliseconds from now, and drop what ran before."""
        self.stop()
        self.running = True
        self._work = work
        self._due = self._widget.after(after, self._advance)

    def stop(self) -> None:
        """Drop what runs."""
        self.running = False
        if self._due is not None:
            self._widget.after_cancel(self._due)
            self._due = None

    def _ended(self, widget: tk.Misc) -> None:
        if widget is self._widget:
            self.stop()

    def _advance(self) -> None:
        self._due = None
        if not self._while_drawing and pen_is_moving(self._widget):
            self._due = self._widget.after(_WAIT, self._advance)
            return
        start = time.monotonic()
        for _ in self._work:
            if not self.running or self._due is not None:
                return
            spent = time.monotonic() - start
            if spent > _PIECE_SECONDS:
                self._due = self._widget.after(self._pause(spent), self._advance)
                return
        # The work may have started other work as its last step.
        self.running = self._due is not None

    def _pause(self, spent: float) -> int:
        """Milliseconds to the next piece: on a busy machine, who works little is served soon."""
        return round(1000 * _BREATH * spent) if self._while_drawing else _PAUSE


def pen_is_moving(widget: tk.Misc) -> bool:
    """Whether somebody draws right now in the window that a widget belongs to."""
    pad = getattr(widget.winfo_toplevel(), "pad", None)
    return pad is not None and pad.moving
