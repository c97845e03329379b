"""Importing labelled pictures as a job: it tells how far it is, and can be stopped."""

from __future__ import annotations

from pathlib import Path

from number_recognition.core.progress import Progress, ProgressTimer, Report, Stopped, ignore, never
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.imports import ImportResult, import_images


def import_run(
    source: Path, folder: Path, *, report: Report = ignore, stopped: Stopped = never
) -> ImportResult:
    """Keep the pictures of `source` in `folder`; when stopped, those so far stay kept.

    Raises:
        ValueError: see `digits.corrections.imports.import_images`.
        OSError: see there.
    """
    timer = ProgressTimer()

    def go_on(done: int, count: int) -> bool:
        if timer.ready():
            part = done / count
            message = f"importing, {done:,} of {count:,}"
            report(Progress(message, part, timer.seconds_left(part)))
        return not stopped()

    return import_images(source, Corrections(folder), go_on)
