"""A run: one training with its settings, history and network, in a folder of its own."""

from __future__ import annotations

import contextlib
import csv
import io
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from number_recognition.core.progress import (
    Progress,
    Report,
    Stopped,
    TrainingFailed,
    WorkStopped,
    ignore,
    never,
)
from number_recognition.learning.data.gather import gather
from number_recognition.learning.data.samples import DataPaths, GatheredSamples, Samples
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.settings_checks import (
    check_initial_weights,
    validate_schedule,
)
from number_recognition.learning.runs.display_names import NOTE_FILE, check_run_name
from number_recognition.learning.runs.run_files import (
    SETTINGS_FILE,
    SUMMARY_FILE,
    read_settings,
    read_summary,
)
from number_recognition.storage.fields import as_dict, from_dict
from number_recognition.storage.files import (
    PROJECT_DIR,
    atomic_write,
    read_json_object,
    write_json,
    write_text,
)
from number_recognition.storage.locks import is_locked, lock
from number_recognition.storage.settings import TrainingSettings

RUNS = PROJECT_DIR / "models" / "runs"
CHECKPOINT = "checkpoint.npz"
_SETTINGS_FILES = {SETTINGS_FILE, NOTE_FILE, f".{CHECKPOINT}.lock"}
_COLUMNS = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss", "learning_rate", "seconds")


@dataclass(frozen=True)
class Run:
    """What is kept of one training.

    `metrics` holds accuracies from 0 to 1 by name (validation, mnist_test), the number of weights
    and the seconds it took; `samples` how many it learnt from, by source; `baseline` the accuracies
    of the network in use on the same samples, where it was judged, too.
    """

    folder: Path
    settings: TrainingSettings
    history: list[dict[str, float]] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)
    samples: dict[str, int] = field(default_factory=dict)
    completed: bool = False
    baseline: dict[str, float] = field(default_factory=dict)

    @property
    def model(self) -> Path:
        """The file of the trained network."""
        return self.folder / "model.keras"


def train_run(
    settings: TrainingSettings,
    paths: DataPaths,
    *,
    name: str = "",
    runs: Path = RUNS,
    baseline: Path | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Run:
    """Train a network in a new folder of `runs`; nothing else is changed.

    Args:
        settings: everything that shapes it.
        paths: where its samples come from.
        name: what to call it.
        runs: the folder of runs.
        beside: a network to judge on the same samples.
        report: see `learning.training.training.train`.
        stopped: likewise.

    Raises:
        ValueError, FileNotFoundError: the samples cannot be had (see `learning.data.samples.gather`).
        TrainingFailed: the training leads nowhere.
        WorkStopped: it was stopped before the first epoch was done.
    """
    validate_schedule(settings, settings.initial_weights is not None)
    check_initial_weights(settings)
    samples = gather(settings, paths, report=report, stopped=stopped)
    folder = make_run_folder(runs, name)
    try:
        write_settings(folder, settings, paths)
        return train_in(folder, settings, samples, baseline, report=report, stopped=stopped)
    except BaseException:
        remove_if_empty(folder)
        raise


def remove_if_empty(folder: Path) -> None:
    """Remove the folder of a run in which nothing but its beginning is noted."""
    with contextlib.suppress(OSError):
        found = list(folder.iterdir())
        if {path.name for path in found} <= _SETTINGS_FILES:
            for path in found:
                path.unlink()
            folder.rmdir()


def write_settings(folder: Path, settings: TrainingSettings, paths: DataPaths) -> None:
    """Note in a folder what is to be trained there."""
    write_json(
        folder / SETTINGS_FILE,
        {"training": as_dict(settings), "paths": absolute_paths(paths), "versions": _versions()},
    )


def resume_run(
    folder: Path,
    *,
    baseline: Path | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Run:
    """Go on with a run that was stopped or killed, at most one epoch behind where it was.

    Raises:
        ValueError: the folder is no run, or its checkpoint is of another one.
        OSError: another process is at work on it.
    """
    settings, paths = read_settings(folder)
    samples = gather(settings, DataPaths(**paths), report=report, stopped=stopped)
    return train_in(folder, settings, samples, baseline, report=report, stopped=stopped)


def find_unfinished(runs: Path = RUNS) -> Path | None:
    """The newest run that was stopped or killed after its first epoch, if there is one."""
    return next(_unfinished(runs), None)


def find_interrupted(runs: Path = RUNS) -> Path | None:
    """The newest run that ended before its end though nobody stopped it, if there is one."""
    return next((folder for folder in _unfinished(runs) if not _has_current_summary(folder)), None)


def _unfinished(runs: Path) -> Iterator[Path]:
    for checkpoint in sorted(runs.glob(f"[!.]*/{CHECKPOINT}"), reverse=True):
        if not is_locked(checkpoint):
            yield checkpoint.parent


def _has_current_summary(folder: Path) -> bool:
    """Whether its summary is of the last checkpoint: one that was resumed has an older one."""
    summary = folder / SUMMARY_FILE
    return summary.exists() and (
        summary.stat().st_mtime_ns >= (folder / CHECKPOINT).stat().st_mtime_ns
    )


def discard_checkpoint(folder: Path) -> None:
    """Let an unfinished run be as it is: it can no longer be resumed."""
    (folder / CHECKPOINT).unlink(missing_ok=True)


def read_run(folder: Path) -> Run:
    """Read a run from its folder.

    Raises:
        ValueError: it is damaged; names the file and key.
        OSError: it is no run, or cannot be read.
    """
    summary, settings = read_summary(folder)
    return Run(
        folder,
        settings,
        summary["history"],
        summary["metrics"],
        summary["samples"],
        summary["completed"],
        summary.get("baseline") or {},
    )


def is_completed(folder: Path) -> bool:
    """Whether a run came to its end; no where its summary is missing or damaged."""
    try:
        summary, _ = read_summary(folder)
    except (OSError, ValueError):
        return False
    return summary["completed"] and not summary.get("error")


def record_failure(folder: Path, settings: TrainingSettings, error: str) -> None:
    """Note in the folder of a run why it failed, where the training itself has not."""
    with contextlib.suppress(OSError, ValueError):
        if read_summary(folder)[0].get("error") == error:
            return
    _write(Run(folder, settings), error=error)


def train_in(
    folder: Path,
    settings: TrainingSettings,
    samples: GatheredSamples,
    baseline: Path | None = None,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Run:
    """Train in a folder that `write_settings` made, on from its checkpoint where it has one.

    Raises:
        as `train_run` and `resume_run`.
    """
    with lock(folder / CHECKPOINT, seconds=0):
        report(Progress(f"starting on {len(samples.training):,} samples"))
        # Judged before, not after: whoever stops a training waits for its end.
        other = _judge(NumpyNetwork.load(baseline), samples) if baseline is not None else {}
        try:
            return _train_in(folder, settings, samples, other, report, stopped)
        except TrainingFailed as error:
            discard_checkpoint(folder)
            _write(Run(folder, settings, samples=samples.training.sources), error=str(error))
            raise


def _train_in(
    folder: Path,
    settings: TrainingSettings,
    samples: GatheredSamples,
    baseline: dict[str, float],
    report: Report,
    stopped: Stopped,
) -> Run:
    from number_recognition.learning.models.keras_network import load
    from number_recognition.learning.training.training import train

    training = train(
        settings,
        samples.training,
        samples.validation,
        initial_network=load(settings.initial_weights) if settings.initial_weights else None,
        checkpoint=folder / CHECKPOINT,
        resume=True,
        events=folder / "tensorboard" if settings.tensorboard else None,
        report=report,
        stopped=stopped,
    )
    if not training.history:
        raise WorkStopped("before the first epoch was done")
    metrics = _finish(training.network, samples, folder)
    metrics |= {"seconds": training.seconds, "weights": training.network.count_params()}
    run = Run(
        folder,
        settings,
        training.history,
        metrics,
        samples.training.sources,
        training.completed,
        baseline,
    )
    _write(run)
    if training.completed:
        (folder / CHECKPOINT).unlink(missing_ok=True)
    return run


def _finish(model: Any, samples: GatheredSamples, folder: Path) -> dict[str, float]:
    """Calibrate and save the network, and judge it as it was saved."""
    from number_recognition.learning.training.calibration import calibrate

    metrics: dict[str, float] = {}
    if len(samples.validation):
        metrics |= calibrate(model, samples.validation)
    atomic_write(folder / "model.keras", model.save)
    return metrics | _judge(NumpyNetwork.load(folder / "model.keras"), samples)


def _judge(network: NumpyNetwork, samples: GatheredSamples) -> dict[str, float]:
    """The accuracy on the samples that were set apart, and on MNIST's test set."""
    return {
        name: evaluate(network, judged).accuracy
        for name, judged in (("validation", samples.validation), ("mnist_test", samples.test))
        if len(judged)
    }


def evaluate(network: NumpyNetwork, samples: Samples) -> Evaluation:
    """Judge a network on framed samples."""
    return Evaluation.of(samples.labels, network.predict_in_batches(samples.pixels))


def _write(run: Run, error: str | None = None) -> None:
    write_text(run.folder / "history.csv", _table(run.history))
    write_json(
        run.folder / SUMMARY_FILE,
        {
            "settings": as_dict(run.settings),
            "metrics": run.metrics,
            "samples": run.samples,
            "baseline": run.baseline,
            "completed": run.completed,
            "error": error,
            "versions": _versions(),
            "history": run.history,
        },
    )


def _table(history: list[dict[str, float]]) -> str:
    """The history as Keras's CSVLogger writes it, epochs counted from 0."""
    text = io.StringIO()
    columns = [name for name in _COLUMNS if history and name in history[0]]
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**row, "epoch": int(row["epoch"])} for row in history)
    return text.getvalue()


def make_run_folder(runs: Path, name: str) -> Path:
    """Make a folder for a run: the time in UTC and its name (see `check_run_name`)."""
    if name:
        check_run_name(name)
    stem = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{name or 'training'}"
    runs.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10000):
        folder = runs / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise OSError(f"{runs}: expected a free name like {stem}, found none")


def absolute_paths(paths: DataPaths) -> dict[str, str | list[str] | None]:
    """The paths by their names, as absolute paths."""
    return {
        "mnist": str(paths.mnist.resolve()) if paths.mnist else None,
        "images": str(paths.images.resolve()) if paths.images else None,
        "strokes": [str(path.resolve()) for path in paths.strokes],
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("tensorflow", "keras", "numpy", "pillow")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def load_recipe(path: Path) -> TrainingSettings:
    """Read a recipe: the settings of a training as one JSON file, or a run that was exported.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
        OSError: it cannot be read.
    """
    values = read_json_object(path)
    settings: TrainingSettings = from_dict(
        TrainingSettings, values.get("settings", values), str(path)
    )
    return settings
