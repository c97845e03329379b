"""Errors of files in words: what could not be done, where, why, and what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = ("the disk is full", "Free some space, then try again.")
_FORBIDDEN = (
    "permission is denied",
    "Allow writing there, or use another folder.",
)
_READS = ("cannot be read", "cannot be listed")
_MAY_NOT_READ = "Allow reading it, or use another."
_READ_ONLY = ("the disk is read-only", "Make it writable, or use another folder.")
_BROKEN = ("the disk reports an error", "Copy what is on it to another disk, and check it.")
_REASONS = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _READ_ONLY,
    errno.EIO: _BROKEN,
    errno.EEXIST: ("something of this name is there", "Rename or move that, then try again."),
    errno.EMFILE: ("too many files are open", "Close other programs, then try again."),
}


class FileError(OSError):
    """An error of a file; its text is a message for the user.

    `reason` says why, in a few words.
    """

    reason = ""

    def __str__(self) -> str:
        return str(self.strerror)


class MissingFileError(FileError, FileNotFoundError):
    """A file or folder that is not there any more."""


class ExistingFileError(FileError, FileExistsError):
    """A file or folder that is in the way."""


_KINDS: dict[int, type[FileError]] = {
    errno.ENOENT: MissingFileError,
    errno.EEXIST: ExistingFileError,
}


def reason(error: OSError) -> str:
    """Why a file could not be read or written, in a few words."""
    if isinstance(error, FileError):
        return error.reason or str(error)
    known = _REASONS.get(error.errno or 0)
    return known[0] if known else str(error.strerror or error)


@contextmanager
def explained(path: str | Path, failed: str = "cannot be written") -> Iterator[None]:
    """Raise an OSError of the work inside as one that a user understands.

    Args:
        path: the file or folder.
        failed: what could not be done with it.

    Raises:
        FileError: names the path, what failed, the reason and a remedy. It is a FileNotFoundError
            or a FileExistsError as well where the error is one. Errors of other things than files,
            a server's, are raised as before.
    """
    try:
        yield
    except FileError:
        raise
    except OSError as error:
        is_of_file = error.errno is not None and error.filename is not None
        if error.errno not in _REASONS and not is_of_file:
            raise
        raise explanation(path, error, failed) from error


def explanation(path: str | Path, error: OSError, failed: str = "cannot be written") -> FileError:
    """The error that `explained` raises."""
    why, remedy = reason(error), _REASONS.get(error.errno or 0, ("", ""))[1]
    if failed in _READS and why == _FORBIDDEN[0]:
        remedy = _MAY_NOT_READ
    if error.errno == errno.ENOENT and error.filename is not None:
        is_path = str(error.filename) == str(path)
        why = "it is no longer there" if is_path else f"{error.filename} is missing"
    kind = _KINDS.get(error.errno or 0, FileError)
    result = kind(error.errno, f"{path}: {failed}, because {why}. {remedy}".strip())
    result.reason = why
    return result
