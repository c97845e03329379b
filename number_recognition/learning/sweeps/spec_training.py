"""The training of one run of a sweep.

What a sweep is, and how far it is, is read without this: a window lists sweeps as it opens, and the
sources of samples take a tenth of that time to import.
"""

from __future__ import annotations

import traceback
from pathlib import Path

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
from number_recognition.learning.runs.run import Run, is_completed, read_run, remove_if_empty
from number_recognition.learning.runs.training_job import train_in_folder
from number_recognition.learning.sweeps.run_spec import (
    KEPT_SAMPLES,
    Outcome,
    RunSpec,
    prepare_folder,
    sample_settings,
)
from number_recognition.storage.settings import TrainingSettings


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


_sample_cache: dict[tuple[TrainingSettings, DataPaths, str], GatheredSamples] = {}


def load_samples(
    spec: RunSpec, report: Report = ignore, stopped: Stopped = never
) -> GatheredSamples:
    """The samples of a run, cached by each worker for the runs of a sweep that share them.

    Raises:
        ValueError, FileNotFoundError, WorkStopped: see `learning.data.gather.gather`.
    """
    key = (sample_settings(spec.settings), spec.paths, spec.sweep)
    if key not in _sample_cache:
        samples = gather(spec.settings, spec.paths, report=report, stopped=stopped)
        while len(_sample_cache) >= KEPT_SAMPLES:
            del _sample_cache[next(iter(_sample_cache))]
        _sample_cache[key] = samples
    return _sample_cache[key]
