"""Saves the network that is trained after its epochs, so that others can read it meanwhile."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.core.progress import Progress, Report
from number_recognition.storage.files import atomic_write

if TYPE_CHECKING:
    import keras

_INTERVAL = 1.0
"""Seconds between two files: to write one takes longer than an epoch of a small network."""


class EpochSaver:
    """Saves the network after an epoch, at most once a second, and reports after which.

    Attributes:
        epoch: after which it was saved last, 1 is the first; 0 before.
    """

    def __init__(self, path: Path, report: Report) -> None:
        """Save to `path`; `report` is called by `self.report`."""
        self.epoch = 0
        self._path, self._report = path, report
        self._next = 0.0

    def save(self, epoch: int, network: keras.Model) -> None:
        """Save the network as of the end of an epoch, unless the last file is a moment old.

        Raises:
            OSError: the file cannot be written.
        """
        if time.monotonic() < self._next:
            return
        atomic_write(self._path, network.save)
        self.epoch = epoch
        self._next = time.monotonic() + _INTERVAL

    def report(self, progress: Progress) -> None:
        """Report progress, with the epoch in `details["saved_epoch"]`."""
        details = {**progress.details, "saved_epoch": self.epoch}
        self._report(dataclasses.replace(progress, details=details))
