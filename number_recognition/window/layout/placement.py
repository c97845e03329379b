"""What the window remembers by itself: its size and place, the view, the splitter."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import scaled

if TYPE_CHECKING:
    from number_recognition.window.main_layout import MainLayout

_LEAST = 200
"""Sizes below this, in pixels, are not taken from a file."""


def initial_size(window: tk.Tk) -> str:
    """The size of a new window as Tk writes it, "1360x740", or less on a smaller screen."""
    width = min(scaled(window, 1360), window.winfo_screenwidth() - 40)
    height = min(scaled(window, 740), window.winfo_screenheight() - 80)
    return f"{width}x{height}"
