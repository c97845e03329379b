"""The job that downloads MNIST, with its progress, and can be stopped."""

from __future__ import annotations

from pathlib import Path

from number_recognition.core.progress import (
    Progress,
    Report,
    Stopped,
    ignore,
    never,
    progress_callback,
)
from number_recognition.digits.datasets import mnist


def download_mnist(
    target: Path,
    address: str = mnist.URL,
    sha256: str = mnist.SHA256,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Path:
    """Download MNIST to a file, which is there only if complete; return it.

    Raises:
        OSError: the server cannot be reached, does not answer, or the disk is full.
        ValueError: the download has another hash.
        WorkStopped: it was stopped; nothing is left behind.
    """

    report(Progress("connecting to the server"))
    target.parent.mkdir(parents=True, exist_ok=True)
    mnist.download(target, progress_callback(report, stopped), address, sha256)
    return target
