"""One run of a sweep: its settings and folder, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from number_recognition.learning.data.samples import SAMPLE_SETTINGS, DataPaths
from number_recognition.learning.runs.display_names import NOTE_FILE
from number_recognition.learning.runs.run import (
    Run,
    record_failure,
    write_settings,
)
from number_recognition.learning.runs.run_files import SETTINGS_FILE
from number_recognition.learning.runs.run_list import annotate
from number_recognition.storage.fields import as_dict
from number_recognition.storage.settings import TrainingSettings

KEPT_SAMPLES = 2
"""A worker keeps the samples of so many settings."""


@dataclass(frozen=True)
class RunSpec:
    """One run of a sweep before it is trained.

    `folder` is where it is trained, `sweep` the name of the sweep, `title` the name of the run.
    """

    settings: TrainingSettings
    paths: DataPaths
    folder: Path
    sweep: str
    title: str = ""


@dataclass(frozen=True)
class Outcome:
    """The outcome of one run of a sweep: the run, or an error.

    A run that was stopped has its best network so far, and can be resumed.
    """

    settings: TrainingSettings
    run: Run | None = None
    error: str = ""

    @property
    def finished(self) -> bool:
        """Whether the run is completed or failed; False where it was stopped."""
        return self.run is None or self.run.completed

    def as_dict(self) -> dict[str, Any]:
        """Settings, metrics, seconds, folder and error as plain values."""
        return {
            "settings": as_dict(self.settings),
            "metrics": self.run.metrics if self.run else {},
            "seconds": self.run.metrics.get("seconds") if self.run else None,
            "folder": str(self.run.folder) if self.run else None,
            "completed": bool(self.run and self.run.completed),
            "error": self.error or None,
        }


def is_prepared(folder: Path) -> bool:
    """Whether the folder of a run has its name and settings; not where a kill left it bare."""
    return (folder / SETTINGS_FILE).exists()  # which is written last


def prepare_folder(spec: RunSpec, folder: Path) -> None:
    """Make the folder of a run with its name and settings; a name that it has stays."""
    folder.mkdir(parents=True, exist_ok=True)
    if spec.title and not (folder / NOTE_FILE).exists():
        annotate(folder, name=spec.title)
    write_settings(folder, spec.settings, spec.paths)


def mark_failed(spec: RunSpec, reason: str) -> None:
    """Write into the folder of a run why it failed, so that it is listed with the reason."""
    if not is_prepared(spec.folder):
        prepare_folder(spec, spec.folder)
    record_failure(spec.folder, spec.settings, reason)


def sample_settings(settings: TrainingSettings) -> TrainingSettings:
    """Return the settings that the samples depend on, all others with their defaults."""
    return TrainingSettings(**{name: getattr(settings, name) for name in SAMPLE_SETTINGS})
