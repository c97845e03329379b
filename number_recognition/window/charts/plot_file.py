"""Plots as files and as images: where to save one, and how it is written."""

from __future__ import annotations

import io
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.storage.files import atomic_write, write_text
from number_recognition.storage.tables import CsvWriter
from number_recognition.window.widgets.pictures import PNG, save_file

Table = Sequence[Sequence[object]]
_SVG, _CSV = ("SVG image", ".svg"), ("CSV table", ".csv")


def save_plot(widget: tk.Misc, name: str, write: Callable[[Path], object]) -> None:
    """Ask for an image or CSV file and write a plot (see `widgets.pictures.save_file`)."""
    save_file(widget, "Save plot", name, [PNG, _SVG, _CSV], write)


def save_table(widget: tk.Misc, name: str, table: Table) -> None:
    """Ask for a CSV file and write values (see `widgets.pictures.save_file`)."""
    save_file(widget, "Save values", name, [_CSV], lambda path: write_table(path, table))


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
