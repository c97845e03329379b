"""Keys that mean something else while the focus is in a view than they do for the pad."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from number_recognition.window.toolkit.shortcuts import has_modifier, is_typing, sequences

LABEL_KEYS = {
    **{key: digit for digit in range(10) for key in (str(digit), f"KP_{digit}")},
    "N": None,
    "-": None,
}
"""The keys that say what a drawing is, as the table of commands has them."""


def bind_view_keys(view: tk.Misc, keys: dict[str, Callable[[], bool]]) -> None:
    """Bind keys for the widgets in a view; where the function answers False, the window acts.

    Args:
        view: all widgets in it must be there already.
        keys: written as people read them, "Ctrl+Z".
    """
    tag = f"ViewKeys{view}"
    windowing = view.tk.call("tk", "windowingsystem")

    def pressed(event: tk.Event, act: Callable[[], bool], plain: bool) -> str | None:
        if is_typing(event.widget) or (plain and has_modifier(event, windowing)):
            return None
        return "break" if act() else None

    for key, act in keys.items():
        for sequence in sequences(key, windowing == "aqua"):
            handler = lambda event, act=act, plain="Ctrl+" not in key: pressed(event, act, plain)  # noqa: E731
            view.bind_class(tag, sequence, handler)
    for widget in _below(view):
        tags = list(widget.bindtags())
        tags.insert(tags.index(str(view.winfo_toplevel())), tag)
        widget.bindtags(tags)


def _below(widget: tk.Misc) -> list[tk.Misc]:
    children = [child for child in widget.winfo_children() if child.winfo_toplevel() != child]
    return [widget, *(entry for child in children for entry in _below(child))]
