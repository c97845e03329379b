"""Copies and saves pictures that a widget shows, and tells the window how it went."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.storage.files import atomic_write
from number_recognition.window.widgets.context_menu import ContextMenu

if TYPE_CHECKING:
    from PIL import Image

_NOTICE, _VARIABLE = "<<Notice>>", "NumberRecognitionNotice"


def show_notice(widget: tk.Misc, text: str) -> None:
    """Let the window show a line about what was done in a widget."""
    widget.setvar(_VARIABLE, text)
    widget.event_generate(_NOTICE)


def bind_notices(window: tk.Misc, show: Callable[[str], object]) -> None:
    """Call a function with each line that a widget in a window has for the user."""
    window.bind(_NOTICE, lambda event: show(str(window.getvar(_VARIABLE))), add=True)


def add_picture_entries(
    menu: ContextMenu, widget: tk.Misc, picture: Callable[[], Image.Image | None], name: str
) -> None:
    """Add "Copy picture" and "Save picture …" to a menu.

    Args:
        menu: the menu that is being filled.
        widget: shows the picture.
        picture: returns it, None where there is none now.
        name: the suggested name of the file, without its ending.
    """
    there = picture() is not None
    menu.add("Copy picture", lambda: copy_picture(widget, picture), enabled=there)
    menu.add("Save picture …", lambda: save_picture(widget, picture, name), enabled=there)


def copy_picture(widget: tk.Misc, picture: Callable[[], Image.Image | None]) -> None:
    """Copy a picture to the clipboard."""
    # Imported here so that the window opens before Pillow is loaded.
    from number_recognition.window.toolkit.clipboard import copy_image

    image = picture()
    if image is None:
        return
    try:
        copy_image(image)
    except (OSError, ValueError) as error:
        show_notice(widget, f"Not copied: {error}")
    else:
        show_notice(widget, "Copied.")


def save_picture(widget: tk.Misc, picture: Callable[[], Image.Image | None], name: str) -> None:
    """Ask for a file and save a picture in it."""
    from tkinter import filedialog

    image = picture()
    chosen = image and filedialog.asksaveasfilename(
        parent=widget, title="Save picture", initialfile=f"{name}.png",
        defaultextension=".png", filetypes=[("PNG image", ".png")],
    )  # fmt: skip
    if image is None or not chosen:
        return
    try:
        atomic_write(Path(chosen), image.save)
    except (OSError, ValueError) as error:
        show_notice(widget, f"Not saved: {error}")
    else:
        show_notice(widget, f"Saved {Path(chosen).name}.")
