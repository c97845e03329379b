"""Files dropped from a file manager; Tk alone receives none, so the library tkdnd does."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

_ACCEPTED = "copy"
"""Tells the file manager that the files were taken, and stay where they are."""


def accept_files(widget: tk.Misc, call: Callable[[tuple[str, ...]], object]) -> None:
    """Call a function with the names of the files that are dropped on a widget.

    Does nothing where tkinterdnd2 is missing, or has no library for this system and its Tk.
    """
    try:
        from tkinterdnd2 import DND_FILES, TkinterDnD

        TkinterDnD.require(widget)
    except (ImportError, RuntimeError):
        return

    def drop(names: str) -> str:
        # Opened once the file manager has its answer, for which it waits.
        widget.after_idle(call, widget.tk.splitlist(names))
        return _ACCEPTED

    widget.tk.call("tkdnd::drop_target", "register", widget, DND_FILES)
    widget.tk.call("bind", widget, "<<Drop>>", f"{widget.register(drop)} %D")
