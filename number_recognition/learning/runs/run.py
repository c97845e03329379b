"""A run: the settings, history and metrics of one training, and the files in its folder."""

from __future__ import annotations

import contextlib
import csv
import io
import platform
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.display_names import NOTE_FILE, check_run_name
from number_recognition.learning.runs.run_files import (
    MODEL_FILE,
    SETTINGS_FILE,
    SUMMARY_FILE,
    read_settings,
    read_summary,
)
from number_recognition.storage.fields import as_dict
from number_recognition.storage.files import PROJECT_DIR, quarantine_unless, write_json, write_text
from number_recognition.storage.settings import PathSettings, TrainingSettings, resolve_path

RUNS = PROJECT_DIR / "models" / "runs"
CHECKPOINT = "checkpoint.npz"
LAST_EPOCH = "last_epoch.keras"
"""The network as of the last epoch, while it is trained."""
SWEEPS = ".sweeps"
"""The folder of unfinished sweeps in that of the runs."""
_FILES_BEFORE_TRAINING = {SETTINGS_FILE, NOTE_FILE, f".{CHECKPOINT}.lock"}
_COLUMNS = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss", "learning_rate", "seconds")


@dataclass(frozen=True)
class Run:
    """The result of one training.

    `metrics` holds accuracies from 0 to 1 by name (validation, mnist_test), the number of weights
    and the seconds it took; `samples` how many it was trained on, by source; `baseline` the
    accuracies of the network in use on the same samples, where it was evaluated, too.
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
        return self.folder / MODEL_FILE


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
    """Whether a run was completed; False where its summary is missing or damaged."""
    try:
        summary, _ = read_summary(folder)
    except (OSError, ValueError):
        return False
    return summary["completed"] and not summary.get("error")


def runs_folder(paths: PathSettings, config: str | Path) -> Path:
    """Return the folder of the runs; relative paths start at the folder of this config.json."""
    return resolve_path(paths.models, config) / "runs"


def make_run_folder(runs: Path, name: str) -> Path:
    """Make a folder for a run, named after the time in UTC and its name.

    Raises:
        ValueError: the name cannot be a folder's (see `check_run_name`).
        OSError: the folder cannot be made.
    """
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


def remove_if_empty(folder: Path) -> bool:
    """Remove the folder of a run that has no checkpoint and no result; whether it was removed."""
    with contextlib.suppress(OSError):
        files = list(folder.iterdir())
        if {path.name for path in files} <= _FILES_BEFORE_TRAINING:
            for path in files:
                path.unlink()
            folder.rmdir()
            return True
    return False


def write_settings(folder: Path, settings: TrainingSettings, paths: DataPaths) -> None:
    """Write settings.json, from which a run is resumed."""
    quarantine_unless(folder / SETTINGS_FILE, lambda: read_settings(folder))
    values = {
        "training": as_dict(settings),
        "paths": absolute_paths(paths),
        "versions": _versions(),
    }
    write_json(folder / SETTINGS_FILE, values)


def write_run(run: Run, error: str | None = None) -> None:
    """Write summary.json and history.csv; `error` says why the run failed."""
    summary = run.folder / SUMMARY_FILE
    quarantine_unless(summary, lambda: read_summary(run.folder))
    write_text(run.folder / "history.csv", _history_csv(run.history))
    write_json(
        summary,
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


def record_failure(folder: Path, settings: TrainingSettings, error: str) -> None:
    """Write into a run's folder why it failed, where the training itself has not done so."""
    with contextlib.suppress(OSError, ValueError):
        if read_summary(folder)[0].get("error") == error:
            return
    write_run(Run(folder, settings), error)


def absolute_paths(paths: DataPaths) -> dict[str, str | list[str] | None]:
    """The paths of the samples as absolute paths, as JSON values by name."""
    return {
        "mnist": str(paths.mnist.resolve()) if paths.mnist else None,
        "images": str(paths.images.resolve()) if paths.images else None,
        "strokes": [str(path.resolve()) for path in paths.strokes],
    }


def _history_csv(history: list[dict[str, float]]) -> str:
    """The history as Keras's CSVLogger writes it, epochs counted from 0."""
    text = io.StringIO()
    columns = [name for name in _COLUMNS if history and name in history[0]]
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**row, "epoch": int(row["epoch"])} for row in history)
    return text.getvalue()


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("tensorflow", "keras", "numpy", "pillow")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
