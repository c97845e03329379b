"""Asks Tk for every motion of the pointer; by itself it gives the newest of those that wait."""

from __future__ import annotations

import ctypes
import tkinter as tk

_TESTED = "8.6."
"""The versions of Tk whose function takes its own display (see `deliver_every_motion`)."""


def deliver_every_motion(window: tk.Misc) -> bool:
    """Let Tk deliver each motion event of a display, however many wait; False where it cannot.

    Tk has a function for that, which no command of its scripts reaches.
    """
    if not str(window.getvar("tk_patchLevel")).startswith(_TESTED):
        return False
    try:
        library = _library()
        main_window, collapse = library.Tk_MainWindow, library.Tk_CollapseMotionEvents
    except (OSError, AttributeError, ImportError):
        return False
    main_window.restype, main_window.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    collapse.restype, collapse.argtypes = ctypes.c_int, [ctypes.c_void_p, ctypes.c_int]
    found = main_window(window.tk.interpaddr())
    if not found:
        return False
    # A window begins with the display of the X server and with Tk's own, which begins likewise.
    # The manual names the first as the argument; Tk 8.6 takes what it is given for the second.
    of_server, of_tk = ctypes.cast(found, ctypes.POINTER(ctypes.c_void_p))[:2]
    if not of_tk or ctypes.cast(of_tk, ctypes.POINTER(ctypes.c_void_p))[0] != of_server:
        return False
    collapse(of_tk, 0)
    return True


def _library() -> ctypes.CDLL:
    """The library that Python's Tk is in; where it is built into Python, the program itself."""
    import _tkinter

    return ctypes.CDLL(getattr(_tkinter, "__file__", None))
