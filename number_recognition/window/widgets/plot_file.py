"""Asks for the file that a plot is saved in."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog


def ask_for_plot_file(parent: tk.Misc, name: str) -> Path | None:
    """A file for a picture or for the numbers, `name` to begin with; None where none is chosen."""
    chosen = filedialog.asksaveasfilename(
        parent=parent,
        title="Save plot",
        initialfile=f"{name}.png",
        defaultextension=".png",
        filetypes=[("PNG image", ".png"), ("SVG drawing", ".svg"), ("CSV numbers", ".csv")],
    )
    return Path(chosen) if chosen else None
