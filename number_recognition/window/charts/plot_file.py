"""The file dialog for saving a plot."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog


def ask_for_plot_file(parent: tk.Misc, name: str) -> Path | None:
    """Return the chosen image or CSV file, None if cancelled; `name` is the suggested stem."""
    chosen = filedialog.asksaveasfilename(
        parent=parent,
        title="Save plot",
        initialfile=f"{name}.png",
        defaultextension=".png",
        filetypes=[("PNG image", ".png"), ("SVG image", ".svg"), ("CSV table", ".csv")],
    )
    return Path(chosen) if chosen else None
