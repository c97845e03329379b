"""What Tk is told on one platform alone: the menu of macOS, the file dialogs of X11."""

from __future__ import annotations

import contextlib
import tkinter as tk
from collections.abc import Callable


def set_up_platform(
    root: tk.Tk,
    about: Callable[[], object],
    settings: Callable[[], object],
    close: Callable[[], object],
) -> None:
    """Connect the entries of the application's menu on macOS; hide hidden files on X11.

    Args:
        root: the main window.
        about: shows what the program is.
        settings: opens its settings.
        close: closes the window.
    """
    system = root.tk.call("tk", "windowingsystem")
    if system == "aqua":
        root.createcommand("tkAboutDialog", about)
        root.createcommand("tk::mac::ShowPreferences", settings)
        root.createcommand("tk::mac::Quit", close)
    elif system == "x11":
        _hide_hidden_files(root)


def _hide_hidden_files(root: tk.Tk) -> None:
    """Leave files that begin with a dot out of Tk's own file dialogs; a box there shows them."""
    # Tk reads its dialogs when one is asked for, here with an option that none has.
    with contextlib.suppress(tk.TclError):
        root.tk.call("tk_getOpenFile", "-no-such-option")
    root.tk.call("set", "::tk::dialog::file::showHiddenBtn", True)
    root.tk.call("set", "::tk::dialog::file::showHiddenVar", False)
