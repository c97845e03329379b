"""What a program that was killed leaves behind: files that were being written."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from number_recognition.storage.files import TEMPORARY

OLD_SECONDS = 3600.0
"""What is younger may belong to a program that runs."""


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
