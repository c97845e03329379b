"""The image formats that can be read, detected by the first bytes of a file."""

from __future__ import annotations

import importlib
import os
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ImageFormat:
    """One raster format.

    Attributes:
        name: its name in Pillow.
        extensions: the extensions of its files, in lower case.
        signature: matches the first `HEADER_SIZE` bytes of its files.
        module: the module that registers it with Pillow, imported when such a file is read.
    """

    name: str
    extensions: tuple[str, ...]
    signature: re.Pattern[bytes]
    module: str

    def register(self) -> None:
        """Register the format with Pillow.

        Raises:
            ImportError: the package that reads it is not installed.
        """
        module = importlib.import_module(self.module)
        if self.name == "HEIF":
            module.register_heif_opener()


def _format(
    name: str, extensions: str, signature: bytes, module: str = "PIL.{}ImagePlugin"
) -> ImageFormat:
    pattern = re.compile(signature, re.DOTALL)
    return ImageFormat(name, tuple(extensions.split()), pattern, module.format(name.capitalize()))


HEADER_SIZE = 64
"""The number of first bytes that show the format of a file."""
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
EXTENSIONS = tuple(extension for image_format in FORMATS for extension in image_format.extensions)
"""The extensions of all image files that can be read, in lower case."""
FORMAT_NAMES = ", ".join(image_format.name for image_format in FORMATS)
_UNSUPPORTED = {
    *(".arw", ".cr2", ".cr3", ".dng", ".eps", ".ico", ".j2k", ".jp2", ".jxl", ".nef"),
    *(".pdf", ".psd", ".svg", ".tga", ".xcf"),
}
"""Extensions of other image formats: they are rejected with a reason, not ignored."""
_PDF = re.compile(rb"\s*%PDF-")
_SVG = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml\b.*|<!--.*|<!DOCTYPE\s+)?<?svg\b", re.DOTALL)
_LFS = b"version https://git-lfs"
_HTML = re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE)

_KNOWN_EXTENSIONS = _UNSUPPORTED.union(EXTENSIONS)


def detect_format(head: bytes) -> ImageFormat | None:
    """Return the format of a file by its first bytes; None where it is none of `FORMATS`."""
    return next((known for known in FORMATS if known.signature.match(head)), None)


def describe_other(head: bytes) -> str:
    """What a file is that is none of `FORMATS`, by its first bytes, and what to do."""
    if not head:
        return "an empty file"
    if _PDF.match(head):
        return "a PDF; save its pages as PNG or TIFF (pdftoppm -png FILE.pdf page) and open those"
    if _SVG.match(head):
        return "an SVG drawing; export it as PNG and open that"
    if head.startswith(_LFS):
        return "a Git LFS pointer in its place; 'git lfs pull' fetches the image itself"
    if _HTML.match(head):
        return "a web page, perhaps of an error; download the image again"
    return f"another file (supported: {FORMAT_NAMES})"


def is_image(path: str | Path) -> bool:
    """Whether a file is an image: by its extension or, if a regular file, by its content."""
    if os.path.splitext(path)[1].lower() in _KNOWN_EXTENSIONS:
        return True
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return detect_format(file.read(HEADER_SIZE)) is not None
    except OSError:
        # A file that cannot be read is not known to be an image.
        return False
