"""Copy images to the clipboard and paste them from it, through the desktop's own tools."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.digits.images.image_files import open_image, read_image

if TYPE_CHECKING:
    from PIL import Image

_NO_IMAGE = "The clipboard contains no image."
_NO_TOOL = "To copy and paste images, install wl-clipboard (Wayland) or xclip (X11)."
_TIMEOUT = 10
"""Seconds."""


def paste_image() -> Image.Image:
    """Return the image on the clipboard.

    Raises:
        ValueError: there is none, or no tool to read it; the message says what to install.
        OSError: the clipboard holds a file that cannot be read.
    """
    if sys.platform == "win32":
        return _paste_on_windows()
    command = _paste_command()
    if command is None:
        raise ValueError(_NO_TOOL)
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=_TIMEOUT)
        # AppleScript prints «data PNGf89504E47…» and a line end.
        on_mac = sys.platform == "darwin"
        data = bytes.fromhex(done.stdout[11:-3].decode("ascii")) if on_mac else done.stdout
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ValueError(_NO_IMAGE) from error
    if not data:
        raise ValueError(_NO_IMAGE)
    return read_image(io.BytesIO(data), "The clipboard")


def _paste_on_windows() -> Image.Image:
    """Return the image on the clipboard; Windows gives an image or the paths of files."""
    from PIL import Image, ImageGrab

    try:
        content = ImageGrab.grabclipboard()
        if isinstance(content, Image.Image):
            content.load()
            return content
    except Exception as error:  # a decoder may raise anything
        raise ValueError(_NO_IMAGE) from error
    if not content:
        raise ValueError(_NO_IMAGE)
    return open_image(content[0])


def _paste_command() -> list[str] | None:
    """Return the command that prints the image on the clipboard, None if there is no tool."""
    if sys.platform == "darwin":
        return ["osascript", "-e", "get the clipboard as «class PNGf»"]
    wayland = os.environ.get("WAYLAND_DISPLAY") or not os.environ.get("DISPLAY")
    if shutil.which("wl-paste") and wayland:
        return ["wl-paste", "--type", "image"]
    if shutil.which("xclip"):
        return ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"]
    return None


def copy_image(image: Image.Image) -> None:
    """Copy an image to the clipboard.

    Raises:
        ValueError: it cannot be copied; the message says why or what to install.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digit.png"
        image.save(path)
        command = _copy_command(path)
        if command is None:
            raise ValueError(_NO_TOOL)
        try:
            with path.open("rb") as file:
                subprocess.run(
                    command,
                    stdin=file,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    check=True,
                    timeout=_TIMEOUT,
                )
        except (OSError, subprocess.SubprocessError) as error:
            raise ValueError("The image could not be copied to the clipboard.") from error


def _copy_command(path: Path) -> list[str] | None:
    """Return the command that copies an image file, None if there is no tool."""
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
