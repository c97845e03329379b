"""The checkpoint of a training: named arrays in one file, written whole."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from storage.files import write_whole


def write_checkpoint(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays whole or not at all.

    Raises:
        OSError: the folder is read-only, the disk full, …: what was there stays.
    """

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez(file, **arrays)

    write_whole(path, write)


def read_checkpoint(path: Path) -> dict[str, np.ndarray]:
    """Everything in a checkpoint: it was written whole, but may have been damaged since.

    Raises:
        ValueError: it is no such file.
    """
    try:
        with np.load(path) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{path}: expected a checkpoint, found a broken or foreign file"
        ) from error
