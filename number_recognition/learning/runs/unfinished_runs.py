"""Runs that were stopped or killed, and can be resumed from their checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from number_recognition.learning.runs.run import CHECKPOINT, RUNS
from number_recognition.learning.runs.run_files import SUMMARY_FILE
from number_recognition.storage.locks import is_locked


def find_unfinished(runs: Path = RUNS) -> Path | None:
    """The newest run that was stopped or killed after its first epoch; None without one."""
    return next(_unfinished(runs), None)


def find_interrupted(runs: Path = RUNS) -> Path | None:
    """The newest run that was killed after its first epoch; None without one."""
    return next((folder for folder in _unfinished(runs) if not _has_current_summary(folder)), None)


def discard_checkpoint(folder: Path) -> None:
    """Delete the checkpoint of a run, which can no longer be resumed then."""
    (folder / CHECKPOINT).unlink(missing_ok=True)


def _unfinished(runs: Path) -> Iterator[Path]:
    for checkpoint in sorted(runs.glob(f"[!.]*/{CHECKPOINT}"), reverse=True):
        if not is_locked(checkpoint):
            yield checkpoint.parent


def _has_current_summary(folder: Path) -> bool:
    """Whether its summary is of the last checkpoint: a resumed run has an older one."""
    summary = folder / SUMMARY_FILE
    return summary.exists() and (
        summary.stat().st_mtime_ns >= (folder / CHECKPOINT).stat().st_mtime_ns
    )
