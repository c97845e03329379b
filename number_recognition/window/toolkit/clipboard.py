"""Pictures in and out: which files are pictures, the drawing as a picture, the clipboard."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.image_files import open_image, read_image
from number_recognition.digits.images.image_formats import EXTENSIONS
from number_recognition.session.pad_content import PadContent
from number_recognition.storage.files import atomic_write

IMAGE_TYPES = (("Images", EXTENSIONS), ("All files", "*"))
"""File types as Tk's dialogs want them."""
_SIDE = 560


def picture(page: PadContent) -> Image.Image:
    """What lies on the pad as a picture, ink black on white paper."""
    return page.image if page.image is not None else rasterize(page.drawing, _SIDE)


def save_image(page: PadContent, path: Path) -> None:
    """Save what lies on the pad as a picture, whole or not at all.

    Raises:
        OSError: it cannot be written.
        ValueError: the name ends in nothing that Pillow knows.
    """
    image = picture(page)
    atomic_write(path, image.save)


def paste_image() -> Image.Image:
    """The picture on the clipboard.

    Raises:
        ValueError: there is none, or this desktop does not let it be read; says what would help.
        OSError: it is a file that cannot be read.
    """
    if sys.platform == "win32":
        return _pasted_on_windows()
    command = _paste_command()
    if command is None:
        raise ValueError("To paste pictures here, install wl-clipboard (Wayland) or xclip (X11).")
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=10)
        # AppleScript prints «data PNGf89504E47…» and a line end.
        mac = sys.platform == "darwin"
        data = bytes.fromhex(done.stdout[11:-3].decode("ascii")) if mac else done.stdout
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ValueError("There is no picture on the clipboard.") from error
    if not data:
        raise ValueError("There is no picture on the clipboard.")
    return read_image(io.BytesIO(data), "The clipboard")


def _pasted_on_windows() -> Image.Image:
    """As `paste_image`; Windows hands over PNG, a bitmap or the names of files."""
    from PIL import ImageGrab

    try:
        found = ImageGrab.grabclipboard()
        if isinstance(found, Image.Image):
            found.load()
            return found
    except Exception as error:  # a decoder raises what it likes
        raise ValueError("There is no picture on the clipboard.") from error
    if not found:
        raise ValueError("There is no picture on the clipboard.")
    return open_image(found[0])


def _paste_command() -> list[str] | None:
    """What prints the picture on the clipboard."""
    if sys.platform == "darwin":
        return ["osascript", "-e", "get the clipboard as «class PNGf»"]
    wayland = os.environ.get("WAYLAND_DISPLAY") or not os.environ.get("DISPLAY")
    if shutil.which("wl-paste") and wayland:
        return ["wl-paste", "--type", "image"]
    if shutil.which("xclip"):
        return ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"]
    return None


def copy_image(page: PadContent) -> None:
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
