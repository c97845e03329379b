"""The pictures to read: pages of files, of the files in folders, and of standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from number_recognition.digits.images.image_files import open_pages, read_pages
from number_recognition.digits.images.image_lists import OnError, walk_images
from number_recognition.digits.images.pages import Page
from number_recognition.learning.evaluation.picture_labels import Labels

STANDARD_INPUT = Path("-")
_MAX_INPUT = 256 * 1024 * 1024
"""Standard input with more bytes is refused."""


@dataclass(frozen=True)
class Picture:
    """A page to read: the file it is from, as it was named, and the label of that file."""

    file: str
    page: Page
    label: str | None = None

    @property
    def name(self) -> str:
        """The name of the page: "scan.tif[2]", or that of the file alone."""
        return self.page.name(self.file)


def find_pictures(
    files: list[Path],
    labels: Labels | None,
    on_error: OnError,
    say: Callable[[str], object],
) -> Iterator[Picture | None]:
    """Open the pages of files one after another; folders are listed when their turn comes.

    None stands before standard input, which may take its time.

    Args:
        files: files and folders; "-" is standard input. Without any, the labelled files are read.
        labels: the labels of files, None where none are wanted.
        on_error: called with the error of each file, page or folder that cannot be read.
        say: called with what is left out of a file.
    """
    for path in files or (labels.paths() if labels else []):
        if path == STANDARD_INPUT:
            yield None
        for file, pages in _files(path, on_error):
            label = labels.find(file) if labels else None
            for page in pages:
                if page.left_out:
                    say(f"{file}: {page.left_out}")
                yield Picture(str(file), page, label)


def _files(path: Path, on_error: OnError) -> Iterator[tuple[Path, Iterator[Page]]]:
    """The file, or the images in the folder, each with its pages."""
    if path == STANDARD_INPUT:
        yield path, _read_input(on_error)
        return
    if not path.is_dir():
        yield path, open_pages(path, on_error)
        return
    is_empty = True
    for file in walk_images(path, on_error):
        is_empty = False
        yield file, open_pages(file, on_error)
    if is_empty:
        on_error(ValueError(f"{path}: expected images in this folder, found none"))


def _read_input(on_error: OnError) -> Iterator[Page]:
    """The pages of an image on standard input."""
    name = "standard input"
    if sys.stdin is None or sys.stdin.isatty():
        on_error(ValueError(f"{name}: expected an image, found a terminal (try: … - < FILE)"))
        return
    content = sys.stdin.buffer.read(_MAX_INPUT + 1)
    if len(content) > _MAX_INPUT:
        limit = f"at most {_MAX_INPUT >> 20} MiB"
        on_error(ValueError(f"{name}: expected an image of {limit}, found more"))
        return
    yield from read_pages(io.BytesIO(content), name, on_error)
