"""One run of a sweep: its settings and folder, its training, and its outcome."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from number_recognition.core.progress import (
    Report,
    Stopped,
    TrainingFailed,
    WorkStopped,
    ignore,
    never,
)
from number_recognition.learning.data.gather import gather
from number_recognition.learning.data.samples import SAMPLE_SETTINGS, DataPaths, GatheredSamples
from number_recognition.learning.runs.display_names import NOTE_FILE
from number_recognition.learning.runs.run import (
    Run,
    is_completed,
    read_run,
    record_failure,
    remove_if_empty,
    write_settings,
)
from number_recognition.learning.runs.run_files import SETTINGS_FILE
from number_recognition.learning.runs.run_list import annotate
from number_recognition.learning.runs.training_job import train_in_folder
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


def train_spec(
    spec: RunSpec, folder: Path, *, report: Report = ignore, stopped: Stopped = never
) -> Outcome | None:
    """Train a run in a folder, from its checkpoint where it has one.

    Errors are returned in the outcome: the run is not tried again, and errors of other libraries
    cannot always be pickled. None where it was stopped before its first epoch was done.
    """
    try:
        return Outcome(spec.settings, _train(spec, folder, report, stopped))
    except WorkStopped:
        remove_if_empty(folder)
        return None
    except (TrainingFailed, ValueError, OSError) as error:
        return Outcome(spec.settings, error=str(error))
    except Exception as error:
        traceback.print_exc()
        return Outcome(spec.settings, error=f"{type(error).__name__}: {error}")


def _train(spec: RunSpec, folder: Path, report: Report, stopped: Stopped) -> Run:
    if is_completed(folder):
        return read_run(folder)  # a worker completed it and died
    if stopped():
        raise WorkStopped("before it was started")
    prepare_folder(spec, folder)
    samples = load_samples(spec, report, stopped)
    return train_in_folder(folder, spec.settings, samples, report=report, stopped=stopped)


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


_sample_cache: dict[tuple[TrainingSettings, DataPaths, str], GatheredSamples] = {}


def load_samples(
    spec: RunSpec, report: Report = ignore, stopped: Stopped = never
) -> GatheredSamples:
    """The samples of a run, cached by each worker for the runs of a sweep that share them.

    Raises:
        ValueError, FileNotFoundError, WorkStopped: see `learning.data.samples.gather`.
    """
    key = (sample_settings(spec.settings), spec.paths, spec.sweep)
    if key not in _sample_cache:
        samples = gather(spec.settings, spec.paths, report=report, stopped=stopped)
        while len(_sample_cache) >= KEPT_SAMPLES:
            del _sample_cache[next(iter(_sample_cache))]
        _sample_cache[key] = samples
    return _sample_cache[key]
