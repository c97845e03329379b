"""Plots as files and as images: where to save one, and how it is written."""

from __future__ import annotations

import io
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog

import numpy as np
from PIL import Image

from number_recognition.storage.files import atomic_write, write_text
from number_recognition.storage.tables import CsvWriter

Table = Sequence[Sequence[object]]
_PNG, _SVG, _CSV = ("PNG image", ".png"), ("SVG image", ".svg"), ("CSV table", ".csv")


def ask_for_plot_file(parent: tk.Misc, name: str) -> Path | None:
    """Return the chosen image or CSV file, None if cancelled; `name` is the suggested stem."""
    return _ask_for_file(parent, "Save plot", name, [_PNG, _SVG, _CSV])


def ask_for_table_file(parent: tk.Misc, name: str) -> Path | None:
    """Return the chosen CSV file, None if cancelled; `name` is the suggested stem."""
    return _ask_for_file(parent, "Save values", name, [_CSV])


def _ask_for_file(
    parent: tk.Misc, title: str, name: str, kinds: list[tuple[str, str]]
) -> Path | None:
    """Ask where to save; the first of the kinds, each a name and an ending, is suggested."""
    ending = kinds[0][1]
    chosen = filedialog.asksaveasfilename(
        parent=parent,
        title=title,
        initialfile=f"{name}{ending}",
        defaultextension=ending,
        filetypes=kinds,
    )
    return Path(chosen) if chosen else None


def write_table(path: Path, table: Table) -> None:
    """Write values as CSV, whole or not.

    Raises:
        OSError: the file cannot be written.
    """
    text = io.StringIO()
    CsvWriter(text).rows(table)
    write_text(path, text.getvalue())


def write_plot(path: Path, table: Table, save: Callable[[Path], object]) -> None:
    """Write a plot, or its values, by the ending of the file's name; whole or not.

    Args:
        path: ends in .csv for the values, else in one that Matplotlib knows.
        table: the values row by row, the header first.
        save: saves the plot in a file.

    Raises:
        OSError: the file cannot be written.
        ValueError: the ending is unknown.
    """
    if path.suffix.lower() == ".csv":
        write_table(path, table)
    else:
        atomic_write(path, save)


def as_image(save: Callable[[io.BytesIO], object]) -> Image.Image:
    """Return a plot as an image; `save` saves it as PNG."""
    from matplotlib.image import imread  # here: the Results view opens without Matplotlib

    file = io.BytesIO()
    save(file)
    file.seek(0)
    return Image.fromarray(np.round(255 * imread(file)).astype(np.uint8))
