"""Import labelled images as a job, with progress reports and a stop."""

from __future__ import annotations

from pathlib import Path

from number_recognition.core.progress import Progress, ProgressTimer, Report, Stopped, ignore, never
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.imports import ImportResult, import_images


def import_job(
    source: Path, folder: Path, *, report: Report = ignore, stopped: Stopped = never
) -> ImportResult:
    """Import the images of `source` into `folder`; when stopped, those imported so far stay.

    Raises:
        ValueError: see `digits.corrections.imports.import_images`.
        OSError: see there.
    """
    timer = ProgressTimer()

    def continue_importing(done: int, count: int) -> bool:
        if timer.ready():
            part = done / count
            message = f"importing, {done:,} of {count:,}"
            report(Progress(message, part, timer.seconds_left(part)))
        return not stopped()

    return import_images(source, Corrections(folder), continue_importing)
