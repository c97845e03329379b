"""Several rows of a table are selected with keys alone."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import Any

from number_recognition.window.toolkit.shortcuts import key_sequences


def bind_several_rows(table: ttk.Treeview) -> None:
    """Let Shift+Down and Shift+Up select one row more or one less, and Ctrl+A all."""
    on_mac = table.tk.call("tk", "windowingsystem") == "aqua"
    # Bound to the table itself: they come before Tk's own, which select one row alone.
    for key, step in (("Shift+Down", 1), ("Shift+Up", -1)):
        for sequence in key_sequences(key, on_mac):
            table.bind(sequence, partial(_extend_selection, table, step))
    for sequence in key_sequences("Ctrl+A", on_mac):
        table.bind(sequence, partial(_select_all, table))


def _extend_selection(table: ttk.Treeview, step: int, event: tk.Event[Any]) -> str:
    """Select the row after or before the one with the focus, too, or go back by one."""
    rows, current = _shown_rows(table), table.focus()
    if current in rows:
        row = rows[min(max(rows.index(current) + step, 0), len(rows) - 1)]
        if row != current and row in table.selection():
            table.selection_remove(current)
        table.selection_add(row)
        table.focus(row)
        table.see(row)
    return "break"


def _select_all(table: ttk.Treeview, event: tk.Event[Any]) -> str:
    table.selection_set(_shown_rows(table))
    return "break"


def _shown_rows(table: ttk.Treeview, parent: str = "") -> list[str]:
    """The rows from above to below, without those of closed ones."""
    rows: list[str] = []
    for row in table.get_children(parent):
        rows.append(row)
        if table.tk.getboolean(table.item(row, "open")):
            rows += _shown_rows(table, row)
    return rows
