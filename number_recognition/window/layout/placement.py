"""What the window remembers by itself: its size and place, the view, the splitter."""

from __future__ import annotations

import contextlib
import re
import sys
import tkinter as tk

from number_recognition.session.preferences.window_state import WindowState
from number_recognition.window.layout.main_layout import MainLayout
from number_recognition.window.toolkit.theme import scaled

_GEOMETRY = re.compile(r"([0-9]+)x([0-9]+)([+-]-?[0-9]+)([+-]-?[0-9]+)")
_LEAST_SIDE = 100
"""Sides of a window below this, in pixels, are not taken from a file."""
_DPI, _POSSIBLE_DPI = "dpi", (24.0, 1200.0)
_SAME_DPI = 0.02
"""Screens whose dpi differ by a smaller part than this, as by rounding, count as the same."""


def open_as_before(window: tk.Tk, layout: MainLayout, state: WindowState) -> None:
    """Give a new window the size, the place, the view and the splitter it was closed with."""
    window.geometry(_geometry(window, state.get("geometry", ""), state.get(_DPI, 0.0)))
    layout.set_split(state.get("splitter", layout.split))
    layout.views.choose(state.get("view", ""))
    if state.get("maximized", False):
        _maximize(window)


def remember(window: tk.Tk, layout: MainLayout, state: WindowState) -> None:
    """Save how the window is now; a problem with the file is written to standard error."""
    is_maximized = _is_maximized(window)
    is_full_screen = bool(window.attributes("-fullscreen"))
    state.set("maximized", is_maximized)
    if not is_maximized and not is_full_screen and window.winfo_viewable():
        state.set("geometry", window.geometry())
        state.set(_DPI, round(window.winfo_fpixels("1i"), 1))
    state.set("splitter", round(layout.split, 4))
    state.set("view", layout.views.title)
    layout.views.remember()
    try:
        state.save()
    except OSError as error:
        print(f"{state.path}: not written ({error.strerror or error})", file=sys.stderr)


def _geometry(window: tk.Tk, remembered: str, dpi: float) -> str:
    """A geometry that fits the screen: the remembered one, else the usual size.

    `dpi` is that of the screen it was remembered on; older files have none, and are taken as they
    are.
    """
    screen = window.winfo_screenwidth(), window.winfo_screenheight()
    match = _GEOMETRY.fullmatch(remembered)
    if match is None or min(int(match[1]), int(match[2])) < _LEAST_SIDE:
        width, height = scaled(window, 1360), scaled(window, 740)
        return f"{min(width, screen[0] - 40)}x{min(height, screen[1] - 80)}"
    factor = _scale_since(window, dpi)
    width, height = (min(round(factor * int(match[n])), screen[n - 1]) for n in (1, 2))
    if match[3][0] == "-" or match[4][0] == "-":  # counted from the other side of the screen
        return f"{width}x{height}{match[3]}{match[4]}"
    area = window.winfo_vrootwidth(), window.winfo_vrootheight()
    left, top = int(match[3][1:]), int(match[4][1:])
    is_visible = -width < left < max(screen[0], area[0]) and -1 < top < max(screen[1], area[1])
    is_placed = is_visible and factor == 1  # a window of another size may reach beyond the screen
    return f"{width}x{height}" + (f"+{left}+{top}" if is_placed else "")


def _scale_since(window: tk.Tk, dpi: float) -> float:
    """How many times more pixels a length has now than on a screen of `dpi`; 1 for the same."""
    if not _POSSIBLE_DPI[0] <= dpi <= _POSSIBLE_DPI[1]:
        return 1.0
    factor = window.winfo_fpixels("1i") / dpi
    return 1.0 if abs(factor - 1) < _SAME_DPI else factor


def _maximize(window: tk.Tk) -> None:
    """Maximize a window: X11 has an attribute for it, the others a state."""
    with contextlib.suppress(tk.TclError):
        if window.tk.call("tk", "windowingsystem") == "x11":
            window.attributes("-zoomed", True)
        else:
            window.state("zoomed")


def _is_maximized(window: tk.Tk) -> bool:
    if window.tk.call("tk", "windowingsystem") == "x11":
        return bool(window.attributes("-zoomed"))
    return window.state() == "zoomed"
