"""What the menus do with pictures: open, save, copy and paste the drawing as one."""

from __future__ import annotations

from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Protocol

from digits.images import open_image
from window import pictures

if TYPE_CHECKING:
    from PIL import Image

    from digits.drawing import Drawing
    from window.desk import Desk
    from window.status import Action


class Host(Protocol):
    """What the actions need of the window that they act for."""

    desk: Desk

    def say(self, message: str, *actions: Action, warning: bool = False) -> None: ...
    def warn(self, problem: object) -> None: ...
    def put_on_pad(self, picked: Drawing | Image.Image) -> None: ...


class PictureActions:
    """Pictures from files and the clipboard to the pad, and from the pad to them."""

    def __init__(self, app: Host) -> None:
        self._app = app

    def open(self) -> None:
        """Choose an image file and read the digit in it."""
        name = filedialog.askopenfilename(
            parent=self._app, title="Open image", filetypes=pictures.PICTURES
        )
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Put an image file on the pad; where it is none, say so."""
        try:
            self._app.put_on_pad(open_image(path))
        except (OSError, ValueError) as error:
            self._app.warn(error)
            return
        self._app.say(f"Opened {path.name}.")

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
                pictures.save_picture(self._app.desk.page, Path(name))
                self._app.say(f"Saved {Path(name).name}.")
            except (OSError, ValueError) as error:
                self._app.warn(f"Not saved: {error}")

    def copy(self) -> None:
        """Put the drawing on the clipboard as a picture."""
        try:
            pictures.copy_picture(self._app.desk.page)
            self._app.say("Copied.")
        except (OSError, ValueError) as error:
            self._app.warn(error)

    def paste(self) -> None:
        """Read the digit in the picture on the clipboard."""
        try:
            self._app.put_on_pad(pictures.paste_picture())
            self._app.say("Pasted.")
        except (OSError, ValueError) as error:
            self._app.warn(error)
