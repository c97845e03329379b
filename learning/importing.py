"""Importing labelled pictures as a job: it tells how far it is, and can be stopped."""

from __future__ import annotations

from pathlib import Path

from digits.corrections import Corrections
from digits.imports import Imported, import_pictures
from learning.progress import Pace, Progress, Report, Stopped, ignore, never


def import_run(
    source: Path, folder: Path, *, report: Report = ignore, stopped: Stopped = never
) -> Imported:
    """Keep the pictures of `source` in `folder`; when stopped, those so far stay kept.

    Raises:
        ValueError: see `digits.imports.import_pictures`.
        OSError: see there.
    """
    pace = Pace()

    def go_on(done: int, count: int) -> bool:
        if pace.due():
            part = done / count
            message = f"importing, {done:,} of {count:,}"
            report(Progress(message, part, pace.seconds_left(part)))
        return not stopped()

    return import_pictures(source, Corrections(folder), go_on)
