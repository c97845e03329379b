"""Commands for images: open, save, copy and paste."""

from __future__ import annotations

from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING

from number_recognition.digits.images.image_files import open_image
from number_recognition.window.toolkit.clipboard import copy_image, paste_image
from number_recognition.window.toolkit.pad_image import IMAGE_TYPES, save_image

if TYPE_CHECKING:
    from number_recognition.window.toolkit.app_context import AppContext


class ImageMenu:
    """Puts images from files and the clipboard on the pad, and saves and copies the drawing."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    def open(self) -> None:
        """Ask for an image file and put it on the pad."""
        name = filedialog.askopenfilename(
            parent=self._app.window, title="Open image", filetypes=IMAGE_TYPES
        )
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Put an image file on the pad; shows an error where it is no image."""
        try:
            self._app.put_on_pad(open_image(path))
        except (OSError, ValueError) as error:
            self._app.show_error(error)
            return
        self._app.notify(f"Opened {path.name}.")

    def save(self) -> None:
        """Ask for a file and save the drawing in it."""
        name = filedialog.asksaveasfilename(
            parent=self._app.window,
            title="Save drawing",
            defaultextension=".png",
            initialfile="digit.png",
            filetypes=[("PNG images", ".png")],
        )
        if name:
            try:
                save_image(self._app.session.content, Path(name))
                self._app.notify(f"Saved {Path(name).name}.")
            except (OSError, ValueError) as error:
                self._app.show_error(f"Not saved: {error}")

    def copy(self) -> None:
        """Copy the drawing to the clipboard as an image."""
        try:
            copy_image(self._app.session.content)
            self._app.notify("Copied.")
        except (OSError, ValueError) as error:
            self._app.show_error(error)

    def paste(self) -> None:
        """Put the image on the clipboard on the pad."""
        try:
            self._app.put_on_pad(paste_image())
            self._app.notify("Pasted.")
        except (OSError, ValueError) as error:
            self._app.show_error(error)
