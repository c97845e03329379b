"""Lists the image files of folders, by extension or content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from number_recognition.digits.images.image_formats import is_image
from number_recognition.storage.file_errors import explanation

OnError = Callable[[Exception], object]
"""Called with the error of a file or folder that cannot be read."""


def list_images(folder: Path) -> list[Path]:
    """Return the image files of a folder, sorted; none where there is no such folder.

    Images are detected by extension or content. Names that start with a dot are ignored: such
    files are still being written.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [folder / name for name in sorted(_image_names(folder))]


def count_images(folder: Path) -> int:
    """How many files of a folder `list_images` lists.

    Raises:
        OSError: the folder cannot be listed.
    """
    return sum(1 for _ in _image_names(folder))


def _image_names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as files:
            for file in files:
                if _is_listed(file):
                    yield file.name
    except FileNotFoundError:
        return
    except OSError as error:
        raise explanation(folder, error, "cannot be listed") from error


def find_images(folder: Path, on_error: OnError) -> list[Path]:
    """Return the images of a folder and its subfolders; see `walk_images`."""
    return list(walk_images(folder, on_error))


def walk_images(folder: Path, on_error: OnError) -> Iterator[Path]:
    """Return the images of a folder and its subfolders in the order of their names.

    A folder is listed when its turn comes. Hidden folders and links to folders are ignored.

    Args:
        folder: the folder.
        on_error: called with the error of each folder that cannot be listed.
    """
    unfinished = [_sorted_entries(folder, on_error)]
    while unfinished:
        entry = next(unfinished[-1], None)
        if entry is None:
            unfinished.pop()
        elif entry[1]:
            unfinished.append(_sorted_entries(entry[0], on_error))
        elif is_image(entry[0]):
            yield entry[0]


def _sorted_entries(folder: Path, on_error: OnError) -> Iterator[tuple[Path, bool]]:
    """What is in a folder and not hidden, sorted: the path, and whether it is a folder."""
    try:
        with os.scandir(folder) as entries:
            visible = [entry for entry in entries if not entry.name.startswith(".")]
    except FileNotFoundError:  # deleted meanwhile, or never there
        return
    except OSError as error:
        on_error(explanation(folder, error, "cannot be listed"))
        return
    # Links to folders could make a loop.
    folders = {entry.name for entry in visible if _is_folder(entry)}
    links = {entry.name for entry in visible if entry.is_symlink()}
    names = sorted(entry.name for entry in visible if entry.name not in folders & links)
    del visible
    for name in names:
        yield folder / name, name in folders


def _is_listed(file: os.DirEntry[str]) -> bool:
    name = file.name
    if name.startswith(".") or _is_folder(file):
        return False
    # First by the name alone: all kept drawings are counted after each that is kept.
    return name.endswith(".png") or is_image(file.path)


def _is_folder(file: os.DirEntry[str]) -> bool:
    try:
        return file.is_dir()
    except OSError:  # a broken link: reading it reports the error
        return False
