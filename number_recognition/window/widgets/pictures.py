"""Copies and saves what a widget shows, and tells the window how it went."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.digits.images.image_formats import EXTENSIONS
from number_recognition.storage.files import atomic_write
from number_recognition.window.widgets.context_menu import ContextMenu

if TYPE_CHECKING:
    from PIL import Image

IMAGE_TYPES = (("Images", EXTENSIONS), ("All files", "*"))
"""Kinds of files in the format of Tk's file dialogs: all images that can be opened."""
PNG = ("PNG image", ".png")
"""A kind of file: its name and its ending."""
_NOTICE, _ERROR, _VARIABLE = "<<Notice>>", "<<Error>>", "NumberRecognitionNotice"


def show_notice(widget: tk.Misc, text: str, is_error: bool = False) -> None:
    """Let the window show a line about what was done in a widget, or what went wrong."""
    widget.setvar(_VARIABLE, text)
    widget.event_generate(_ERROR if is_error else _NOTICE)


def bind_notices(
    window: tk.Misc, show: Callable[[str], object], show_error: Callable[[str], object]
) -> None:
    """Call a function with each line, or each error, that a widget in a window has to tell."""
    window.bind(_NOTICE, lambda event: show(str(window.getvar(_VARIABLE))), add=True)
    window.bind(_ERROR, lambda event: show_error(str(window.getvar(_VARIABLE))), add=True)


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
        show_notice(widget, f"Not copied: {error}", is_error=True)
    else:
        show_notice(widget, "Copied.")


def save_picture(widget: tk.Misc, picture: Callable[[], Image.Image | None], name: str) -> None:
    """Ask for a file and save a picture in it."""
    image = picture()
    if image is not None:
        save_file(widget, "Save picture", name, [PNG], lambda path: atomic_write(path, image.save))


def save_file(
    widget: tk.Misc,
    title: str,
    name: str,
    kinds: Sequence[tuple[str, str]],
    write: Callable[[Path], object],
) -> None:
    """Ask for a file and write it, and tell the window how it went.

    Args:
        widget: shows what is saved.
        title: of the dialog.
        name: the suggested name of the file, without its ending.
        kinds: each a name and an ending, the suggested one first.
        write: writes the file; raises OSError or ValueError where it cannot.
    """
    from tkinter import filedialog

    ending = kinds[0][1]
    chosen = filedialog.asksaveasfilename(
        parent=widget,
        title=title,
        initialfile=f"{name}{ending}",
        defaultextension=ending,
        filetypes=kinds,
    )
    if not chosen:
        return
    try:
        write(Path(chosen))
    except (OSError, ValueError) as error:
        show_notice(widget, f"Not saved: {error}", is_error=True)
    else:
        show_notice(widget, f"Saved {Path(chosen).name}.")
