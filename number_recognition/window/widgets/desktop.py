"""Hands files and folders to the programs of this desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tkinter as tk
from pathlib import Path

from number_recognition.window.widgets.pictures import show_notice


def open_with_desktop(path: Path) -> bool:
    """Open a file or a folder with the program that the desktop has for it; whether it has one."""
    if sys.platform == "win32":
        try:
            os.startfile(path)
        except OSError:
            return False
        return True
    program = "open" if sys.platform == "darwin" else "xdg-open"
    return shutil.which(program) is not None and _starts([program, str(path)])


def show_in_folder(widget: tk.Misc, path: Path) -> None:
    """Show a file in the file manager, selected where that is possible.

    Where there is none, the window of `widget` says in which folder the file is.
    """
    if not _is_shown(path):
        show_notice(widget, f"No file manager was found. The folder: {path.parent}", is_error=True)


def _is_shown(path: Path) -> bool:
    if sys.platform == "darwin":
        return _starts(["open", "-R", str(path)])
    if sys.platform == "win32":
        return _starts(["explorer", f"/select,{path}"])
    return open_with_desktop(path.parent)


def file_manager_name() -> str:
    """Return what the command that shows a file in its folder is called on this system."""
    names = {"darwin": "Show in Finder", "win32": "Show in Explorer"}
    return names.get(sys.platform, "Show in folder")


def _starts(command: list[str]) -> bool:
    """Start a program; False where it ends with an error within a moment or cannot be started."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(0.3) == 0
    except subprocess.TimeoutExpired:
        return True
