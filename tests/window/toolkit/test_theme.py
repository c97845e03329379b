"""The theme draws as sv_ttk does, in fewer pieces."""

from __future__ import annotations

import sys
import tkinter as tk
from pathlib import Path
from tkinter import ttk

import pytest
import sv_ttk
from PIL import Image, ImageGrab

from number_recognition.window.toolkit.theme import apply_theme

WIDGETS = (
    (ttk.Button, 301, 33, {}),
    (ttk.Button, 150, 41, {"style": "Accent.TButton"}),
    (ttk.Button, 90, 0, {"style": "Toggle.TButton"}),
    (ttk.Menubutton, 203, 37, {}),
    (ttk.Entry, 299, 35, {}),
    (ttk.Combobox, 333, 0, {}),
    (ttk.Spinbox, 300, 35, {}),
    (ttk.Progressbar, 277, 0, {"value": 61}),
    (ttk.Scale, 270, 25, {"value": 0.4}),
    (ttk.Scrollbar, 299, 0, {"orient": "horizontal"}),
    (ttk.Separator, 400, 0, {}),
    (ttk.Checkbutton, 120, 0, {"text": "check"}),
    (ttk.Checkbutton, 120, 0, {"text": "switch", "style": "Switch.TCheckbutton"}),
    (ttk.Frame, 411, 81, {"style": "Card.TFrame"}),
    (ttk.Notebook, 471, 85, {}),
    (ttk.Treeview, 551, 87, {}),
)
STATES = ("!disabled", "disabled", "active", "focus", "pressed", "selected", "invalid")


def written_pieces() -> int:
    """How often this process has written to a file or socket."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("syscw")).split()[1])


def draw_widgets(root: tk.Tk, theme: str, display: str) -> tuple[list[Image.Image], int]:
    """A picture of all widgets in each state, and in how many pieces they were drawn."""
    apply_theme(root, theme, 1.0)
    root.overrideredirect(True)
    root.geometry("1200x800+0+0")
    widgets = []
    for i, (widget_class, width, height, options) in enumerate(WIDGETS):
        widgets.append(widget_class(root, **options))
        # At its own height where none is given.
        sizes = {"width": width} | ({"height": height} if height else {})
        widgets[-1].place(x=10 + i % 2 * 600, y=10 + i // 2 * 95, **sizes)
    root.update()
    pictures, start = [], written_pieces()
    for state in STATES:
        for widget in widgets:
            widget.state([state])
        root.update()
        pictures.append(ImageGrab.grab((0, 0, 1200, 800), xdisplay=display))
    pieces = written_pieces() - start
    root.destroy()
    return pictures, pieces


@pytest.mark.skipif(sys.platform != "linux", reason="the pieces are counted in /proc")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_widgets_look_as_sv_ttk_draws_them_in_fewer_pieces(display: str, theme: str) -> None:
    root = tk.Tk()
    sv_ttk.set_theme(theme, root)  # loaded before the window could do so
    expected, many = draw_widgets(root, theme, display)
    window = tk.Tk()
    apply_theme(window, "light", 1.0)  # a dark theme may be chosen later
    found, few = draw_widgets(window, theme, display)

    assert all(picture.getextrema() != ((255, 255),) * 3 for picture in found)
    assert [a == b for a, b in zip(expected, found, strict=True)] == [True] * len(STATES)
    assert few < many / 3
