"""Lets one program at a time change a file that several windows and commands share."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STEP = 0.002
_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What some network disks answer: there, working without a lock is better than not at all."""


@contextmanager
def lock(path: str | Path, seconds: float = 3.0) -> Iterator[None]:
    """Have a file for oneself; whoever else wants it waits.

    The lock is on a hidden file beside it, and the system lets it go when the program that holds
    it ends, in whatever way.

    Raises:
        OSError: another program holds it for longer than `seconds`, or the folder is read-only.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        end = time.monotonic() + seconds
        while not _taken(handle):
            if time.monotonic() > end:
                raise OSError(f"{path}: another program has been changing it for {seconds:g} s")
            time.sleep(_STEP)
        yield
    finally:
        os.close(handle)


def is_locked(path: str | Path) -> bool:
    """Whether somebody has a file for himself now."""
    if not _lock_of(Path(path)).exists():
        return False
    handle = os.open(_lock_of(Path(path)), os.O_RDWR)
    try:
        return not _taken(handle)
    finally:
        os.close(handle)


def _lock_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _taken(handle: int) -> bool:
    try:
        _take(handle)
    except OSError as error:
        if error.errno in _WITHOUT_LOCKS:
            return True
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
