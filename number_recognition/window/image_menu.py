"""Commands for images: open, save, copy and paste."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Protocol, cast

from number_recognition.digits.images.image_files import open_first_page
from number_recognition.session.pad_content import render_image, save_image
from number_recognition.storage.recent_images import RECENT_FILE, RecentImages
from number_recognition.storage.values import printable
from number_recognition.window.tables.short_names import LONGEST, shorten_middle, unbroken
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.clipboard import copy_image, paste_image
from number_recognition.window.widgets.pictures import IMAGE_TYPES, PNG, save_file

if TYPE_CHECKING:
    from number_recognition.window.files.files_view import FilesView
    from number_recognition.window.toolkit.view import View

_NEXT_IMAGE = "the image that is put on the pad next"
"""What errors are about that are out of date once there is one."""


class ImageContext(AppContext, Protocol):
    """What the commands for images use of the main window."""

    def show_view(self, title: str) -> View | None: ...


class ImageMenu:
    """Puts images from files and the clipboard on the pad, and saves and copies the drawing."""

    def __init__(self, app: ImageContext) -> None:
        self._app = app
        self._recent = RecentImages(app.session.home / RECENT_FILE)

    def open(self) -> None:
        """Ask for an image file and put it on the pad."""
        name = filedialog.askopenfilename(
            parent=self._app.window,
            title="Open image",
            filetypes=IMAGE_TYPES,
            initialdir=self._recent.folder(),
        )
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Put an image file on the pad; shows an error where it is no image."""
        try:
            page = open_first_page(path)
            self._app.put_on_pad(page.image)
        except (OSError, ValueError) as error:
            self._app.show_error(error, about=_NEXT_IMAGE)
            return
        self._app.offers.withdraw(_NEXT_IMAGE)
        name = unbroken(path.name)
        message = f"Opened {name}."
        if page.number is not None:
            message = f"Opened the first page of {name}. The Files view reads all of them."
        elif page.left_out:
            message = f"Opened {name}: {page.left_out}."
        self._app.notify(message)
        self._change_recent(lambda: self._recent.add(path))

    def open_dropped(self, names: Sequence[str]) -> None:
        """Open what was dropped: a file on the pad, several or a folder in the Files view."""
        for name in names:
            if "://" in name:
                self._app.show_error(f"{name}: expected a file, found an address in the web.")
                return
        paths = [Path(name) for name in names]
        if len(paths) == 1 and not paths[0].is_dir():
            self.open_file(paths[0])
        elif view := cast("FilesView | None", self._app.show_view("Files")):
            if len(paths) == 1:
                view.list_folder(paths[0])
            else:
                view.list_files(paths)

    def list_recent(self, menu: tk.Menu) -> None:
        """Fill a menu with the images that were opened last; those that are gone are grey."""
        menu.delete(0, "end")
        try:
            paths = self._recent.paths()
        except OSError as error:
            self._app.show_error(error)
            return
        for path in paths:
            is_there = path.is_file()
            folder = _short(str(path.parent)) if is_there else "missing"
            menu.add_command(
                label=printable(f"{_short(path.name)}  –  {folder}"),
                state="normal" if is_there else "disabled",
                command=partial(self.open_file, path),
            )
        if not paths:
            menu.add_command(label="No image was opened yet", state="disabled")
            return
        menu.add_separator()
        menu.add_command(
            label="Clear list", command=lambda: self._change_recent(self._recent.clear)
        )

    def _change_recent(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            self._app.show_error(f"The list of recent images stays as it was: {error}")

    def save(self) -> None:
        """Ask for a file and save the drawing in it."""
        write = partial(save_image, self._app.session.content)
        save_file(self._app.window, "Save drawing", "digit", [PNG], write)

    def copy(self) -> None:
        """Copy the drawing to the clipboard as an image."""
        try:
            copy_image(render_image(self._app.session.content))
            self._app.notify("Copied.")
        except (OSError, ValueError) as error:
            self._app.show_error(error)

    def paste(self) -> None:
        """Put the image on the clipboard on the pad."""
        try:
            self._app.put_on_pad(paste_image())
            self._app.offers.withdraw(_NEXT_IMAGE)
            self._app.notify("Pasted.")
        except (OSError, ValueError) as error:
            self._app.show_error(error, about=_NEXT_IMAGE)


def _short(name: str) -> str:
    return shorten_middle(name, LONGEST, len)
