"""One run of a sweep: what shapes it, where it belongs, how it is trained, what came of it."""

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
from number_recognition.learning.data.samples import DataPaths, GatheredSamples
from number_recognition.learning.runs.run_list import describe
from number_recognition.learning.runs.runs import (
    Run,
    is_completed,
    read_run,
    record_failure,
    remove_if_empty,
    train_in,
    write_settings,
)
from number_recognition.storage.fields import as_dict
from number_recognition.storage.settings import TrainingSettings

_SAMPLE_SETTINGS = (
    "sources",
    "mnist_morphs",
    "synthetic_samples",
    "stroke_renderings",
    "held_out_writers",
    "correction_renderings",
    "validation_split",
    "seed",
)
"""The settings that shape the samples: runs that agree in them learn from the same."""
_MOST_KEPT = 2


@dataclass(frozen=True)
class RunSpec:
    """One run of a sweep: everything that shapes it, and the folder it belongs in.

    `sweep` is the name of the sweep, `title` what people call the run.
    """

    settings: TrainingSettings
    paths: DataPaths
    folder: Path
    sweep: str
    title: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one run of a sweep: the run, or why there is none.

    A run that was stopped has its best network so far, and can be resumed.
    """

    settings: TrainingSettings
    run: Run | None = None
    error: str = ""

    @property
    def finished(self) -> bool:
        """Whether the run is done or failed; no where it was stopped."""
        return self.run is None or self.run.completed

    def as_dict(self) -> dict[str, Any]:
        """Settings, figures, seconds and folder as plain values."""
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
    """Train a run in a folder, on from its checkpoint where it has one.

    Every error becomes the outcome's: it is not tried again, and errors of other libraries cannot
    always be sent from one process to another. None where it was stopped before its first epoch.
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
        return read_run(folder)  # by a worker that died before it could say so
    if stopped():
        raise WorkStopped("before it had started")
    begin_spec(spec, folder)
    samples = load_samples(spec, stopped)
    return train_in(folder, spec.settings, samples, report=report, stopped=stopped)


def begin_spec(spec: RunSpec, folder: Path) -> None:
    """Make the folder of a run, and note in it what is to be trained there."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        if spec.title:
            describe(folder, name=spec.title)
    write_settings(folder, spec.settings, spec.paths)


def fail_spec(spec: RunSpec, reason: str) -> None:
    """Note in the folder of a run why it failed, so that it is listed with the reason."""
    if not spec.folder.is_dir():
        begin_spec(spec, spec.folder)
    record_failure(spec.folder, spec.settings, reason)


_kept: dict[tuple[TrainingSettings, DataPaths, str], GatheredSamples] = {}


def load_samples(spec: RunSpec, stopped: Stopped = never) -> GatheredSamples:
    """The samples of a run, read once by each worker for all runs of a sweep that share them.

    Raises:
        ValueError, FileNotFoundError, WorkStopped: see `learning.data.samples.gather`.
    """
    values = {name: getattr(spec.settings, name) for name in _SAMPLE_SETTINGS}
    key = (TrainingSettings(**values), spec.paths, spec.sweep)
    if key not in _kept:
        samples = gather(spec.settings, spec.paths, stopped=stopped)
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = samples
    return _kept[key]
