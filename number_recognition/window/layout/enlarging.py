"""Lets a view, or a plot in it, fill the window, and brings it back."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

_Restore = Callable[[], object]


class Enlarging:
    """What fills the window now, and how it comes back.

    A plot is a widget with the attribute `can_enlarge`.

    Attributes:
        plot: the plot that covers its view, None where the view is shown as a whole.
        active: whether the views fill the window.
    """

    def __init__(self, fill: Callable[[bool], object]) -> None:
        """Begin with nothing enlarged; `fill` lets the views fill the window, or not."""
        self.plot: tk.Misc | None = None
        self.active = False
        self._fill = fill
        self._restore: list[_Restore] = []

    def enlarge(self, view: tk.Misc, at: tk.Misc | None) -> None:
        """Let the plot that a widget belongs to fill the window, or else the view.

        Args:
            view: the view that is shown.
            at: a widget in it, for example below the pointer.
        """
        self.uncover()
        self.plot = find_plot(at, view)
        if self.plot is not None:
            self._restore = _cover(self.plot, view)
        self.active = True
        self._fill(True)

    def restore(self) -> None:
        """Bring the window back."""
        self.uncover()
        if self.active:
            self.active = False
            self._fill(False)

    def uncover(self) -> None:
        """Show the whole view again in place of one of its plots."""
        if self.plot is not None:
            for restore in reversed(self._restore):
                restore()
            self._restore.clear()
            self.plot = None


def find_plot(widget: tk.Misc | None, view: tk.Misc) -> tk.Misc | None:
    """Return the plot of a view that a widget is, or is in; None where it is in none."""
    found = None
    while widget is not None and widget is not view:
        if found is None and getattr(widget, "can_enlarge", False):
            found = widget
        widget = widget.master
    return found if widget is view else None


def _cover(plot: tk.Misc, view: tk.Misc) -> list[_Restore]:
    """Place a plot over everything else in a view; return what undoes it, in order."""
    steps = []
    widget: Any = plot
    while widget is not view:
        if widget.winfo_manager() in ("pack", "grid"):
            steps.append(_managed_again(widget))
            widget.place(x=0, y=0, relwidth=1.0, relheight=1.0)
            tk.Misc.lift(widget)  # that of a canvas raises what is drawn on it
        widget = widget.master
    return steps


def _managed_again(widget: Any) -> _Restore:
    """Return a function that packs a widget, or puts it into its grid, as it is now."""
    is_packed = widget.winfo_manager() == "pack"
    options = widget.pack_info() if is_packed else widget.grid_info()
    siblings = widget.master.pack_slaves()
    later = siblings[siblings.index(widget) + 1 :] if is_packed else []

    def restore() -> None:
        if not widget.winfo_exists():
            return
        if not is_packed:
            widget.grid(**options)
            return
        following = next((each for each in later if each.winfo_manager() == "pack"), None)
        if following is None:
            widget.pack(**options)
        else:
            widget.pack(**options, before=following)

    return restore
