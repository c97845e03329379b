"""Runs that were stopped or killed, and can be resumed from their checkpoint.

Those of unfinished experiments are none of them: the experiments resume them.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from number_recognition.learning.runs.display_names import NOTE_FILE
from number_recognition.learning.runs.run import (
    CHECKPOINT,
    LAST_EPOCH,
    RUNS,
    SWEEPS,
    remove_if_empty,
)
from number_recognition.learning.runs.run_files import SETTINGS_FILE, SUMMARY_FILE
from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import is_old
from number_recognition.storage.locks import is_locked

_NUMBER = re.compile("-[0-9]+$")


def list_unfinished(runs: Path = RUNS) -> list[Path]:
    """The runs that were stopped or killed after their first epoch, newest first."""
    checkpoints = sorted(runs.glob(f"[!.]*/{CHECKPOINT}"), reverse=True)
    return [each.parent for each in checkpoints if can_be_resumed(each.parent)]


def list_interrupted(runs: Path = RUNS) -> list[Path]:
    """The runs that were killed after their first epoch, newest first."""
    return [folder for folder in list_unfinished(runs) if not has_current_summary(folder)]


def can_be_resumed(folder: Path) -> bool:
    """Whether a run has a checkpoint, and neither a process nor an experiment trains it."""
    checkpoint = folder / CHECKPOINT
    return checkpoint.exists() and not is_locked(checkpoint) and not _is_of_sweep(folder)


def discard_checkpoint(folder: Path) -> None:
    """Delete the checkpoint of a run and its last epoch; it can no longer be resumed then.

    Raises:
        OSError: it cannot be deleted.
    """
    for path in (folder / CHECKPOINT, folder / LAST_EPOCH):
        with explained(path, "cannot be deleted"):
            path.unlink(missing_ok=True)


def remove_begun_runs(runs: Path) -> int:
    """Remove the folders of old runs that were killed in their first epoch; returns how many.

    They hold settings and nothing else. Runs with a note stay, and those that an experiment lists,
    which trains them when it is resumed.
    """
    removed = 0
    with contextlib.suppress(OSError):
        if any((runs / SWEEPS).glob("*")):
            return 0
        for settings in runs.glob(f"[!.]*/{SETTINGS_FILE}"):
            if is_old(settings) and not (settings.parent / NOTE_FILE).exists():
                removed += not is_locked(settings.parent / CHECKPOINT) and remove_if_empty(
                    settings.parent
                )
    return removed


def _is_of_sweep(folder: Path) -> bool:
    """Whether a run belongs to an unfinished experiment, which trains it: a running one, too.

    The folder of an experiment has the name of its first run; the others end in -2, -3 and so on.
    """
    sweeps = folder.parent / SWEEPS
    names = (folder.name, _NUMBER.sub("", folder.name))
    return any((sweeps / name).is_dir() for name in names)


def has_current_summary(folder: Path) -> bool:
    """Whether the summary of a run is of its last checkpoint: a resumed run has an older one."""
    summary = folder / SUMMARY_FILE
    return summary.exists() and (
        summary.stat().st_mtime_ns >= (folder / CHECKPOINT).stat().st_mtime_ns
    )
