"""Bind keys that act differently in a view than on the pad."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from number_recognition.window.toolkit.shortcuts import (
    has_modifier,
    is_typing,
    key_sequences,
)

LABEL_KEYS: dict[str, int | None] = {
    **{key: digit for digit in range(10) for key in (str(digit), f"KP_{digit}")},
    "N": None,
    "-": None,
}
"""The keys that label a drawing, as in the table of commands; None for "not a digit"."""

_Handler = Callable[["tk.Event[tk.Misc]"], "str | None"]


def bind_view_keys(view: tk.Misc, keys: dict[str, Callable[[], bool]]) -> None:
    """Bind keys for all widgets in a view.

    Args:
        view: must already contain its widgets.
        keys: functions by key, written like "Ctrl+Z"; where one returns False, the window's own
            binding of that key runs.
    """
    tag = f"ViewKeys{view}"
    on_mac = view.tk.call("tk", "windowingsystem") == "aqua"
    for key, function in keys.items():
        for sequence in key_sequences(key, on_mac):
            view.bind_class(tag, sequence, _handler(view, function, "Ctrl+" in key))
    for widget in _descendants(view):
        tags = list(widget.bindtags())
        tags.insert(tags.index(str(view.winfo_toplevel())), tag)
        widget.bindtags(tags)


def _handler(view: tk.Misc, function: Callable[[], bool], with_modifier: bool) -> _Handler:
    windowing_system = view.tk.call("tk", "windowingsystem")

    def on_key(event: tk.Event[tk.Misc]) -> str | None:
        if is_typing(event.widget):
            return None
        if not with_modifier and has_modifier(event, windowing_system):
            return None
        return "break" if function() else None

    return on_key


def _descendants(widget: tk.Misc) -> list[tk.Misc]:
    """Return a widget and all widgets below it, without other windows."""
    children = [child for child in widget.winfo_children() if child.winfo_toplevel() != child]
    return [widget, *(found for child in children for found in _descendants(child))]
