"""A call that is due later, or when Tk is idle, and can be cancelled."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

_HIDDEN_MS = 300
"""A window that is not drawn by then is behind others."""


class Timer:
    """Calls a function once some time has passed, or when Tk is idle.

    A new start replaces the one before.

    Cancel it when the widget is destroyed.
    """

    def __init__(self, widget: tk.Misc, call: Callable[[], object]) -> None:
        self._widget, self._call = widget, call
        self._due: str | None = None

    @property
    def pending(self) -> bool:
        """Whether the call is still due."""
        return self._due is not None

    def start(self, milliseconds: int) -> None:
        """Call the function once so many milliseconds have passed."""
        self.cancel()
        self._due = self._widget.after(milliseconds, self._run)

    def start_idle(self) -> None:
        """Call the function once Tk has no other events to handle."""
        self.cancel()
        self._due = self._widget.after_idle(self._run)

    def cancel(self) -> None:
        """Do not call the function, where the call is still due."""
        if self._due is not None:
            self._widget.after_cancel(self._due)
            self._due = None

    def _run(self) -> None:
        self._due = None
        self._call()


def start_when_shown(timer: Timer, widget: tk.Misc) -> None:
    """Start a timer once a widget is drawn on the screen, before anything that takes time.

    That a widget is mapped comes first: its window is still empty then.
    """
    mapped = False

    def on_map(event: tk.Event) -> None:
        nonlocal mapped
        if not mapped:
            mapped = True
            timer.start(_HIDDEN_MS)

    def on_expose(event: tk.Event) -> None:
        if timer.pending:
            widget.update_idletasks()
            timer.start(1)

    widget.bind("<Map>", on_map, add=True)
    widget.bind("<Expose>", on_expose, add=True)
