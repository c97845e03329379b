"""File locks: one process at a time changes a file that several windows and commands share."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from number_recognition.storage.file_errors import explained

_POLL_SECONDS = 0.002
_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""Errors of disks without locks, where the work is done without one."""


@contextmanager
def lock(path: str | Path, seconds: float = 3.0) -> Iterator[None]:
    """Hold the lock of a file; other processes wait for it.

    The lock is on a hidden file in the same folder. The system releases it when the process ends.

    Raises:
        OSError: another process holds it for longer than `seconds`, or the folder is read-only.
    """
    path = Path(path)
    with explained(path, "cannot be locked"):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(_lock_file(path), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with explained(path, "cannot be locked"):
            _wait_for_lock(handle, path, seconds)
        yield
    finally:
        _close(handle)


def _wait_for_lock(handle: int, path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not _try_lock(handle):
        if time.monotonic() > end:
            raise OSError(
                f"{path}: another program has been changing it for {seconds:g} s. Close that "
                "program, or wait for it, then try again."
            )
        time.sleep(_POLL_SECONDS)


def _close(handle: int) -> None:
    # The lock is released even where this fails, and nothing was written to its file.
    with contextlib.suppress(OSError):
        os.close(handle)


def is_locked(path: str | Path) -> bool:
    """Whether a process holds the lock of a file.

    Raises:
        OSError: that cannot be found out.
    """
    file = _lock_file(Path(path))
    with explained(file, "cannot be read"):
        if not file.exists():
            return False
        try:
            handle = os.open(file, os.O_RDWR)
        except OSError:  # that of another user, or on a disk that is read-only
            handle = os.open(file, os.O_RDONLY)
    try:
        with explained(file, "cannot be read"):
            return not _try_lock(handle)
    finally:
        _close(handle)


def remove_lock(path: str | Path) -> None:
    """Remove the hidden file of a lock that nobody takes again; where it cannot be, it stays."""
    with contextlib.suppress(OSError):
        _lock_file(Path(path)).unlink(missing_ok=True)


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _try_lock(handle: int) -> bool:
    try:
        _lock_handle(handle)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return True
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock_handle(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock_handle(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
