"""Pictures in and out: which files are pictures, the drawing as a picture, the clipboard."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from digits.images import ENDINGS, open_image
from digits.painter import paint
from storage.files import write_whole
from window.desk import Page

PICTURES = (("Images", ENDINGS), ("All files", "*"))
"""File types as Tk's dialogs want them."""
_SIDE = 560


def picture(page: Page) -> Image.Image:
    """What lies on the pad as a picture, ink black on white paper."""
    return page.image if page.image is not None else paint(page.drawing, _SIDE)


def save_picture(page: Page, path: Path) -> None:
    """Save what lies on the pad as a picture, whole or not at all.

    Raises:
        OSError: it cannot be written.
        ValueError: the name ends in nothing that Pillow knows.
    """
    image = picture(page)
    write_whole(path, image.save)


def paste_picture() -> Image.Image:
    """The picture on the clipboard.

    Raises:
        ValueError: there is none, or this desktop does not let it be read; says what would help.
    """
    from PIL import ImageGrab

    try:
        found = ImageGrab.grabclipboard()
    except NotImplementedError as error:
        raise ValueError(
            "To paste pictures here, install wl-clipboard (Wayland) or xclip (X11)."
        ) from error
    except (OSError, subprocess.SubprocessError, SyntaxError, ValueError) as error:
        raise ValueError("There is no picture on the clipboard.") from error
    if isinstance(found, list) and found:
        return open_image(found[0])
    if not isinstance(found, Image.Image):
        raise ValueError("There is no picture on the clipboard.")
    return found


def copy_picture(page: Page) -> None:
    """Put what lies on the pad on the clipboard.

    Raises:
        ValueError: this desktop does not let a program do so; says what would help.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digit.png"
        picture(page).save(path)
        command = _copy_command(path)
        if command is None:
            raise ValueError(
                "To copy pictures here, install wl-clipboard (Wayland) or xclip (X11)."
            )
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            with path.open("rb") as file:
                subprocess.run(command, stdin=file, check=True, timeout=10, **quiet)
        except (OSError, subprocess.SubprocessError) as error:
            raise ValueError("The clipboard did not take the picture.") from error


def _copy_command(path: Path) -> list[str] | None:
    if sys.platform == "darwin":
        script = f'set the clipboard to (read (POSIX file "{path}") as «class PNGf»)'
        return ["osascript", "-e", script]
    if sys.platform == "win32":
        script = (
            "Add-Type -AssemblyName System.Windows.Forms, System.Drawing; "
            "[Windows.Forms.Clipboard]::SetImage("
            f"[Drawing.Image]::FromFile('{path}'))"
        )
        return ["powershell", "-NoProfile", "-STA", "-Command", script]
    if shutil.which("wl-copy"):
        return ["wl-copy", "--type", "image/png"]
    if shutil.which("xclip"):
        return ["xclip", "-selection", "clipboard", "-t", "image/png"]
    return None
