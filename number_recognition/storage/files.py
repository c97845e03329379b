"""Atomic writes, JSON files, renaming of corrupt files, and removal of half-written ones."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from number_recognition.storage.file_errors import FileError, explained
from number_recognition.storage.values import parse_json, printable

PROJECT_DIR = Path(__file__).resolve().parents[2]
"""The folder of Main.py: paths in config.json are relative to it."""
TEMPORARY = ".writing-"
"""The names of files that are being written begin so; eight characters and the suffix follow."""
MOST_JSON = 5_000_000
"""Bytes: reading JSON takes up to thirty times as many."""
OLD_SECONDS = 3600.0
"""What is younger may belong to a program that runs."""


def atomic_write(path: str | Path, write: Callable[[Path], object]) -> None:
    """Write a file so that a reader finds the old content or the new, never a part.

    When `write` raises, or the program is killed, the old file stays. The new file has the mode of
    the old one; a symbolic link stays, and the file that it points to is replaced.

    Args:
        path: the file.
        write: called with the path of a temporary file in the same folder.

    Raises:
        OSError: the folder is read-only, the disk full, … ; the old file is unchanged.
    """
    with explained(path):
        _write_and_replace(Path(os.path.realpath(path)), write)


def _write_and_replace(path: Path, write: Callable[[Path], object]) -> None:
    import tempfile  # slow to import, and rarely needed at start-up

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(path: Path) -> int:
    """The mode of the existing file, else that of a new file."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o666 & ~_umask()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a binary file (see `atomic_write`)."""
    atomic_write(path, lambda temporary: temporary.write_bytes(content))


def write_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 text file (see `atomic_write`); surrogate escapes as their bytes."""
    write_bytes(path, text.encode("utf-8", "surrogateescape"))


def write_json(path: str | Path, value: Any) -> None:
    """Write an indented JSON file (see `atomic_write`)."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if printable(text) != text:  # a file name that is not UTF-8
        text = json.dumps(value, indent=2)
    write_text(path, text + "\n")


def read_json_object(
    path: str | Path, any_text: bool = False, most: int = MOST_JSON, derived: bool = False
) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Args:
        path: the file.
        any_text: see `storage.values.parse_json`.
        most: the most bytes of the file.
        derived: see `storage.values.parse_json`.

    Raises:
        ValueError: it is too large, not JSON or no object (see `storage.values.parse_json`).
        OSError: it cannot be read.
    """
    path = Path(path)
    with explained(path, "cannot be read"):
        kind = "directory" if path.is_dir() else "special file"
        if path.exists() and not path.is_file():
            raise FileError(None, f"{path}: expected a JSON file, found a {kind}")
        size = path.stat().st_size
        content = b"" if size > most else path.read_bytes()
    if size > most:
        raise ValueError(f"{path}: expected JSON of at most {most:,} bytes, found {size:,}")
    try:
        # Some editors write a byte order mark.
        value = parse_json(content.decode("utf-8-sig"), str(path), any_text, derived)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected JSON, found a file that is not UTF-8") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected a JSON object, found {type(value).__name__}")
    return value


def free_path(path: Path) -> Path:
    """The path itself where there is no such file, else `<stem>-2`, `<stem>-3`, …"""
    for number in itertools.count(2):
        if not path.exists():
            return path
        stem = path.stem if number == 2 else path.stem.rpartition("-")[0]
        path = path.with_name(f"{stem}-{number}{path.suffix}")
    raise AssertionError("unreachable: count() does not end")


@contextlib.contextmanager
def open_text(path: Path, most: int | None = None) -> Iterator[TextIO]:
    """The open text of a regular file, UTF-8 with or without a byte order mark.

    Raises:
        ValueError: it is a pipe, a device or a folder, or has more than `most` bytes.
        FileError: it cannot be opened; names the path and what to do.
    """
    with explained(path, "cannot be read"):
        check_regular(path, most)
        file = path.open(encoding="utf-8-sig")
    with file:
        yield file


def check_regular(
    path: str | Path, most: int | None = None, expected: str = "a regular file"
) -> None:
    """Check that a file is a regular one, and of at most so many bytes, before it is opened.

    Opening a pipe would wait, a device would act. `expected` says what the file should be.

    Raises:
        ValueError: it is a pipe, a device or a folder, or too large, or no file has such a name.
        OSError: it cannot be looked at, or there is none.
    """
    try:
        status = os.stat(path)
    except ValueError as error:  # a name with a null character, which a CSV can hold
        raise ValueError(f"{str(path)!r}: expected the name of {expected} ({error})") from error
    if not stat.S_ISREG(status.st_mode):
        is_folder = stat.S_ISDIR(status.st_mode)
        found = "a folder" if is_folder else "a pipe, a device or the like"
        raise ValueError(f"{path}: expected {expected}, found {found}")
    if most is not None and status.st_size > most:
        raise ValueError(f"{path}: expected at most {most:,} bytes, found {status.st_size:,}")


def check_archive(path: str | Path, most: int, per_byte: int = 1200) -> None:
    """Check a zip before its parts are read: a regular file of a bearable size when unpacked.

    Args:
        path: the file.
        most: the most bytes of all parts.
        per_byte: the most bytes that one byte of the file may give.

    Raises:
        ValueError: it is no regular file, or too large when unpacked.
        OSError: it cannot be read.
        zipfile.BadZipFile, NotImplementedError, …: it is no zip that Python reads.
    """
    import zipfile  # slow to import, and not needed at start-up

    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path}: expected a regular file")
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    most = min(most, per_byte * path.stat().st_size)
    if size > most:
        raise ValueError(f"{path}: expected at most {most:,} bytes unpacked, found {size:,}")


def quarantine(path: str | Path) -> Path:
    """Rename a corrupt file to `<name>.corrupt`, or `.corrupt-2`, …; returns the new path.

    Raises:
        OSError: it cannot be renamed.
    """
    path = Path(path)
    for number in itertools.count(1):
        target = path.with_name(f"{path.name}.corrupt" + (f"-{number}" if number > 1 else ""))
        with explained(path, f"cannot be renamed to {target.name}"):
            if not target.exists():
                path.rename(target)
                return target
    raise AssertionError("unreachable: count() does not end")


def quarantine_unless(path: Path, is_understood: Callable[[], object]) -> None:
    """Rename a file that is about to be written over and was not understood; see `quarantine`.

    Args:
        path: the file; where there is none, nothing happens.
        is_understood: reads it, and raises ValueError where it is damaged.

    Raises:
        OSError: it cannot be read or renamed.
    """
    try:
        with explained(path, "cannot be read"):
            if path.exists():
                is_understood()
    except ValueError:
        quarantine(path)


def is_old(path: str | Path, seconds: float = OLD_SECONDS) -> bool:
    """Whether a file was last changed longer ago; False where that cannot be found out."""
    try:
        return time.time() - os.stat(path).st_mtime > seconds
    except OSError:
        return False


def remove_temporary_files(folders: Iterable[Path]) -> int:
    """Remove old files of `atomic_write` from folders; returns how many.

    What cannot be listed or removed stays, until the next time.
    """
    removed = 0
    for folder in folders:
        with contextlib.suppress(OSError):
            for file in list(os.scandir(folder)):
                if file.name.startswith(TEMPORARY) and is_old(file.path):
                    with contextlib.suppress(OSError):
                        os.unlink(file.path)
                        removed += 1
    return removed
