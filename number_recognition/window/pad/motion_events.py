"""Make Tk deliver every motion of the pointer; by default it drops all but the newest."""

from __future__ import annotations

import ctypes
import tkinter as tk

_TESTED_VERSION = "8.6."
"""In these versions of Tk the function takes Tk's own display (see `deliver_every_motion`)."""


def deliver_every_motion(window: tk.Misc) -> bool:
    """Make Tk deliver all queued motion events of a display; return False where it cannot.

    It calls a C function of Tk, since no Tcl command offers this.
    """
    if not str(window.getvar("tk_patchLevel")).startswith(_TESTED_VERSION):
        return False
    try:
        library = _load_library()
        main_window, collapse = library.Tk_MainWindow, library.Tk_CollapseMotionEvents
    except (OSError, AttributeError, ImportError):
        return False
    main_window.restype, main_window.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    collapse.restype, collapse.argtypes = ctypes.c_int, [ctypes.c_void_p, ctypes.c_int]
    tk_window = main_window(window.tk.interpaddr())
    if not tk_window:
        return False
    # The structure of a window starts with the X server's display and Tk's own, which starts with
    # the same pointer. The manual says that the function takes the first; Tk 8.6 expects the
    # second.
    x_display, tk_display = ctypes.cast(tk_window, ctypes.POINTER(ctypes.c_void_p))[:2]
    if not tk_display:
        return False
    if ctypes.cast(tk_display, ctypes.POINTER(ctypes.c_void_p))[0] != x_display:
        return False
    collapse(tk_display, 0)
    return True


def _load_library() -> ctypes.CDLL:
    """Return the library that contains Tk; where it is built into Python, the program itself."""
    import _tkinter

    return ctypes.CDLL(getattr(_tkinter, "__file__", None))
