"""Finds, checks and downloads MNIST."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from number_recognition.storage.files import atomic_write

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
TIMEOUT = 20.0
"""Seconds that the server may be silent."""

BROKEN = (
    *(OSError, ValueError, KeyError, EOFError, TypeError, RuntimeError, ArithmeticError),
    *(MemoryError, zipfile.BadZipFile, zlib.error),
)
"""What NumPy raises over a broken or foreign file."""

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
OnProgress = Callable[[float, str], None]
"""Hears the finished part, from 0 to 1, and a message."""


class MnistMissing(FileNotFoundError):
    """MNIST is not here and could not be downloaded; the message says the ways on."""


def cache_file() -> Path:
    """Where Keras keeps MNIST: `$KERAS_HOME/datasets/mnist.npz`, by default below `~/.keras`."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "datasets" / "mnist.npz"


def load(path: str | Path) -> Arrays:
    """Read an MNIST file in the form of Keras (`.npz`), and check what it holds.

    Returns:
        x_train (n, 28, 28), y_train (n,), x_test (m, 28, 28) and y_test (m,), all uint8.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no such file; says what was expected and what was found.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected MNIST (mnist.npz), found no such file")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            parts = [arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    except BROKEN as error:
        raise ValueError(
            f"{path}: expected MNIST as Keras keeps it (x_train, y_train, x_test, y_test in an "
            f".npz), found a broken or foreign file ({type(error).__name__})"
        ) from error
    train = _checked(path, "train", *parts[:2])
    test = _checked(path, "test", *parts[2:])
    return *train, *test


def _checked(
    path: Path, name: str, pixels: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if pixels.ndim != 3 or pixels.shape[1:] != (28, 28) or pixels.dtype != np.uint8:
        raise ValueError(
            f"{path}: expected x_{name} of shape (n, 28, 28) and uint8, found {pixels.shape} "
            f"and {pixels.dtype}"
        )
    if labels.shape != (len(pixels),) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{path}: expected y_{name} of shape ({len(pixels)},) and integers, found "
            f"{labels.shape} and {labels.dtype}"
        )
    if not len(labels) or labels.min() < 0 or labels.max() > 9:
        raise ValueError(f"{path}: expected y_{name} to hold digits from 0 to 9")
    return pixels, labels.astype(np.uint8)


def find(path: str | Path | None = None, configured: str | Path | None = None) -> Path | None:
    """The MNIST file to use: the path given, else config.json's, else Keras's cache, else None.

    Raises:
        FileNotFoundError: a path was given or configured, and there is no such file.
    """
    for place, name in ((path, "the path given"), (configured, "config.json's 'mnist'")):
        if place is not None:
            if not Path(place).is_file():
                raise FileNotFoundError(f"{place} ({name}): expected MNIST, found no such file")
            return Path(place)
    return cache_file() if cache_file().is_file() else None


def fetch(
    path: str | Path | None = None,
    configured: str | Path | None = None,
    on_progress: OnProgress = lambda done, message: None,
    address: str = URL,
    sha256: str = SHA256,
) -> Arrays:
    """MNIST from where it is at hand, else downloaded to Keras's cache.

    Raises:
        MnistMissing: it is nowhere and cannot be downloaded; says what was tried and what to do.
        ValueError: a file was found that is not MNIST.
        FileNotFoundError: a path was given or configured, and there is no such file.
    """
    found = find(path, configured)
    if found is None:
        found = cache_file()
        try:
            download(found, on_progress, address, sha256)
        except (OSError, ValueError) as error:
            raise MnistMissing(
                f"MNIST is not at {found} and could not be downloaded ({error}). Put mnist.npz "
                "there, name its file ('mnist' in config.json, or --mnist), or train on generated "
                "digits alone (Data: generated, or --data generated)."
            ) from error
    return load(found)


def download(
    target: Path,
    on_progress: OnProgress = lambda done, message: None,
    address: str = URL,
    sha256: str = SHA256,
) -> None:
    """Download MNIST to `target`, which appears only once it is whole and its hash is right.

    Raises:
        OSError: the server cannot be reached, is silent for too long, or the disk is full.
        ValueError: what came has another hash.
    """

    import urllib.request  # 20 ms, which a window that opens does not spend

    def write(temporary: Path) -> None:
        with (
            urllib.request.urlopen(address, timeout=TIMEOUT) as answer,
            temporary.open("wb") as file,
        ):
            found = _copied(
                answer, file, int(answer.headers.get("Content-Length") or 0), on_progress
            )
        if found != sha256:
            raise ValueError(f"expected a file with SHA-256 {sha256[:12]}…, found {found[:12]}…")

    atomic_write(target, write)


def _copied(answer: BinaryIO, file: BinaryIO, size: int, on_progress: OnProgress) -> str:
    """Copy the answer of a server to a file; its SHA-256."""
    digest, done = hashlib.sha256(), 0
    for block in _blocks(answer):
        file.write(block)
        digest.update(block)
        done += len(block)
        on_progress(done / size if size else 0.0, f"downloading MNIST, {done / 1e6:.1f} MB")
    if size and done != size:
        raise OSError(f"the connection ended after {done} of {size} bytes")
    return digest.hexdigest()


def _blocks(answer: BinaryIO) -> Iterator[bytes]:
    while block := answer.read(1 << 16):
        yield block
