"""What the menus do with pictures: open, save, copy and paste the drawing as one."""

from __future__ import annotations

from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Protocol

from number_recognition.digits.images.image_files import open_image
from number_recognition.window.toolkit.clipboard import copy_image, paste_image
from number_recognition.window.toolkit.pad_image import IMAGE_TYPES, save_image

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.session.session import Session
    from number_recognition.window.status_bar import Action


class AppContext(Protocol):
    """What the actions need of the window that they act for."""

    session: Session

    def notify(self, message: str, *actions: Action, warning: bool = False) -> None: ...
    def show_error(self, problem: object) -> None: ...
    def put_on_pad(self, picked: Drawing | Image.Image) -> None: ...


class ImageMenu:
    """Pictures from files and the clipboard to the pad, and from the pad to them."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    def open(self) -> None:
        """Choose an image file and read the digit in it."""
        name = filedialog.askopenfilename(
            parent=self._app, title="Open image", filetypes=IMAGE_TYPES
        )
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Put an image file on the pad; where it is none, say so."""
        try:
            self._app.put_on_pad(open_image(path))
        except (OSError, ValueError) as error:
            self._app.show_error(error)
            return
        self._app.notify(f"Opened {path.name}.")

    def save(self) -> None:
        """Choose a file and save the drawing to it."""
        name = filedialog.asksaveasfilename(
            parent=self._app,
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
        """Put the drawing on the clipboard as a picture."""
        try:
            copy_image(self._app.session.content)
            self._app.notify("Copied.")
        except (OSError, ValueError) as error:
            self._app.show_error(error)

    def paste(self) -> None:
        """Read the digit in the picture on the clipboard."""
        try:
            self._app.put_on_pad(paste_image())
            self._app.notify("Pasted.")
        except (OSError, ValueError) as error:
            self._app.show_error(error)
