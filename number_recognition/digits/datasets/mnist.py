"""Finds, checks and downloads MNIST."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from number_recognition.core.progress import OnProgress
from number_recognition.storage.files import atomic_write, check_archive

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
TIMEOUT = 20.0
"""In seconds, for each answer of the server."""

READ_ERRORS = (
    *(OSError, ValueError, KeyError, EOFError, TypeError, RuntimeError, ArithmeticError),
    *(MemoryError, zipfile.BadZipFile, zlib.error),
)
"""What NumPy raises for a broken file or one of another kind."""

MAX_BYTES = 300_000_000
"""A file with more when unpacked is not MNIST, which has 55 million."""

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class MnistMissing(FileNotFoundError):
    """MNIST was not found and could not be downloaded; the message says what to do."""


def cache_file() -> Path:
    """Return the path of MNIST in Keras's cache, in `$KERAS_HOME` or `~/.keras`."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "datasets" / "mnist.npz"


def load(path: str | Path) -> Arrays:
    """Load MNIST from a file in Keras's format (`.npz`), and check its arrays.

    Returns:
        x_train (n, 28, 28), y_train (n,), x_test (m, 28, 28) and y_test (m,), all uint8.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is another file; says what was expected and what was found.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected MNIST (mnist.npz), found {_instead(path)}")
    try:
        check_archive(path, MAX_BYTES)
        with np.load(path, allow_pickle=False) as arrays:
            parts = [arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    except READ_ERRORS as error:
        raise ValueError(
            f"{path}: expected MNIST in Keras's format (x_train, y_train, x_test, y_test in an "
            f".npz), found a broken file or one of another kind ({type(error).__name__})"
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


def _instead(path: Path) -> str:
    return "a folder" if path.is_dir() else "no such file"


def find(path: str | Path | None = None, configured: str | Path | None = None) -> Path | None:
    """Return the MNIST file: the path given, else config.json's, else Keras's cache, else None.

    Raises:
        FileNotFoundError: a path was given or configured, and there is no such file.
    """
    for candidate, name in ((path, "the path given"), (configured, "config.json's 'mnist'")):
        if candidate is not None:
            if not Path(candidate).is_file():
                found = _instead(Path(candidate))
                raise FileNotFoundError(f"{candidate} ({name}): expected MNIST, found {found}")
            return Path(candidate)
    return cache_file() if cache_file().is_file() else None


def fetch(
    path: str | Path | None = None,
    configured: str | Path | None = None,
    on_progress: OnProgress = lambda done, message: None,
    address: str = URL,
    sha256: str = SHA256,
    instead: str = "",
) -> Arrays:
    """Load MNIST from a file (see `find`), or download it to Keras's cache first.

    Args:
        path: see `find`, as `configured`.
        on_progress: called with the part of the download that is done, and a message.
        address: where it is downloaded from.
        sha256: the hash of the file there.
        instead: what else can be done where there is no MNIST, for the message.

    Raises:
        MnistMissing: it was not found and cannot be downloaded; says what to do.
        ValueError: a file was found that is not MNIST.
        FileNotFoundError: a path was given or configured, and there is no such file.
    """
    file = find(path, configured)
    if file is None:
        file = cache_file()
        try:
            download(file, on_progress, address, sha256)
        except (OSError, ValueError) as error:
            raise MnistMissing(
                f"MNIST is not at {file} and could not be downloaded ({_why(error)}). "
                "Put mnist.npz there, name its file ('mnist' in config.json, or --mnist)"
                f"{instead and f', or {instead}'}."
            ) from error
    return load(file)


def _why(error: Exception) -> str:
    """Why a download failed; an error of the connection without its number and class."""
    reason = getattr(error, "reason", None)
    return str(reason.strerror or reason) if isinstance(reason, OSError) else str(error)


def download(
    target: Path,
    on_progress: OnProgress = lambda done, message: None,
    address: str = URL,
    sha256: str = SHA256,
) -> None:
    """Download MNIST to `target`, which is created only if complete and of the expected hash.

    Raises:
        OSError: the server cannot be reached, does not answer, or the disk is full.
        ValueError: the download has another hash.
    """

    import urllib.request  # takes 20 ms, and the window opens without it

    def write(temporary: Path) -> None:
        with (
            urllib.request.urlopen(address, timeout=TIMEOUT) as response,
            temporary.open("wb") as file,
        ):
            size = int(response.headers.get("Content-Length") or 0)
            digest = _copy_response(response, file, size, on_progress)
        if digest != sha256:
            raise ValueError(f"expected a file with SHA-256 {sha256[:12]}…, found {digest[:12]}…")

    atomic_write(target, write)


def _copy_response(response: BinaryIO, file: BinaryIO, size: int, on_progress: OnProgress) -> str:
    """Copy the response of a server to a file, and return its SHA-256."""
    digest, done = hashlib.sha256(), 0
    for block in _blocks(response):
        file.write(block)
        digest.update(block)
        done += len(block)
        on_progress(done / size if size else 0.0, f"downloading MNIST, {done / 1e6:.1f} MB")
    if size and done != size:
        raise OSError(f"the connection ended after {done} of {size} bytes")
    return digest.hexdigest()


def _blocks(response: BinaryIO) -> Iterator[bytes]:
    while block := response.read(1 << 16):
        yield block
