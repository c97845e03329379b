"""The image formats that the program reads, recognised by how a file begins."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ImageFormat:
    """One raster format.

    Attributes:
        name: what Pillow calls it.
        endings: what the names of its files end in, in small letters.
        beginning: matches the first `HEADER_SIZE` bytes of its files.
        module: what registers it with Pillow, imported when such a file is read.
    """

    name: str
    endings: tuple[str, ...]
    beginning: re.Pattern[bytes]
    module: str

    def register(self) -> None:
        """Make Pillow able to read it.

        Raises:
            ImportError: the package that reads it is not installed.
        """
        module = importlib.import_module(self.module)
        if self.name == "HEIF":
            module.register_heif_opener()


def _format(
    name: str, endings: str, beginning: bytes, module: str = "PIL.{}ImagePlugin"
) -> ImageFormat:
    pattern = re.compile(beginning, re.DOTALL)
    return ImageFormat(name, tuple(endings.split()), pattern, module.format(name.capitalize()))


HEADER_SIZE = 64
"""So many of a file's first bytes show its format."""
FORMATS = (
    _format("PNG", ".png", rb"\x89PNG\r\n\x1a\n"),
    _format("JPEG", ".jpg .jpeg", rb"\xff\xd8\xff", "PIL.JpegImagePlugin"),
    _format("GIF", ".gif", rb"GIF8[79]a"),
    _format("BMP", ".bmp", rb"BM.{12}[\x0c-\x7c]\0\0\0"),
    _format("TIFF", ".tif .tiff", rb"II[*+]\0|MM\0[*+]"),
    _format("WEBP", ".webp", rb"RIFF.{4}WEBP", "PIL.WebPImagePlugin"),
    _format("PPM", ".pgm .ppm .pbm .pnm", rb"P[1-6]\s+(#|\d+\s+(#|\d))"),
    _format("AVIF", ".avif", rb".{4}ftyp(avi[fs]|m[is]f1.{4,44}avif)"),
    _format("HEIF", ".heic .heif .hif", rb".{4}ftyp(hei[cmsx]|hev[cmsx]|m[is]f1)", "pillow_heif"),
)
EXTENSIONS = tuple(ending for image_format in FORMATS for ending in image_format.endings)
"""What the names of images that are read end in, in small letters."""
FORMAT_NAMES = ", ".join(image_format.name for image_format in FORMATS)
_NOT_READ = {
    *(".arw", ".cr2", ".cr3", ".dng", ".eps", ".ico", ".j2k", ".jp2", ".jxl", ".nef"),
    *(".psd", ".svg", ".tga", ".xcf"),
}
"""Endings of other pictures: they are refused with a reason, and not left out in silence."""


def detect_format(head: bytes) -> ImageFormat | None:
    """The format of a file that begins with these bytes, None where it is none of `FORMATS`."""
    return next((known for known in FORMATS if known.beginning.match(head)), None)


def is_image(path: Path) -> bool:
    """Whether a file is an image by its ending or, where it is a regular file, by its content."""
    if path.suffix.lower() in _NOT_READ.union(EXTENSIONS):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return detect_format(file.read(HEADER_SIZE)) is not None
    except OSError:
        # Nothing says that a file which cannot be read is an image.
        return False
