"""Which runs belong to one experiment, which of them wait, and what changes while some train."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from number_recognition.learning.runs.display_names import created_at
from number_recognition.learning.runs.run import CHECKPOINT, SWEEPS
from number_recognition.learning.runs.run_files import MODEL_FILE
from number_recognition.learning.runs.run_list import RUN_FILES, RunSummary
from number_recognition.learning.sweeps.sweep_file import Sweep, read_sweep
from number_recognition.storage.fields import as_dict
from number_recognition.storage.locks import is_locked
from number_recognition.storage.values import printable

WAITING = "waiting"
_ENDED = ("done", "failed", "damaged")
_NO_NAME = "experiment"
"""The name of an experiment that was given none."""
_NUMBERED = re.compile(r"(.+)-([0-9]+)")


@dataclass(frozen=True)
class Experiment:
    """Runs that were begun together; `name` is the name of the folder of the first."""

    name: str
    runs: list[RunSummary]

    @property
    def title(self) -> str:
        """Its name, or when it was begun where it was given none."""
        name = printable(self.name.partition("-")[2])
        return created_at(Path(self.name) / MODEL_FILE) if name == _NO_NAME else f"“{name}”"


def group_runs(runs: list[RunSummary]) -> list[Experiment]:
    """The runs by experiment, in the order of their first runs; single ones are alone in theirs."""
    names = {run.folder for run in runs}
    experiments: dict[str, Experiment] = {}
    for run in runs:
        name = _experiment_of(run.folder, names)
        experiments.setdefault(name, Experiment(name, [])).runs.append(run)
    return list(experiments.values())


def _experiment_of(folder: str, folders: set[str]) -> str:
    """The folder of the first run: those after it end in -2, -3 and so on."""
    match = _NUMBERED.fullmatch(folder)
    return match[1] if match is not None and f"{folder}-2" not in folders else folder


def natural_order(run: RunSummary) -> tuple[str, str, int]:
    """Order runs by the time they were begun, those of an experiment by their numbers."""
    match = _NUMBERED.fullmatch(run.folder)
    return (run.when, match[1], int(match[2])) if match is not None else (run.when, run.folder, 1)


def waiting_runs(runs: Path, begun: list[RunSummary]) -> list[RunSummary]:
    """The runs of unfinished experiments that have no folder yet."""
    folders = {run.folder for run in begun}
    return [
        RunSummary(
            spec.folder.name,
            spec.title or spec.folder.name.partition("-")[2],
            spec.folder.name.partition("-")[0],
            WAITING,
            settings=as_dict(spec.settings),
        )
        for sweep in _sweeps(runs)
        for spec in sweep.specs
        if spec.folder.name not in folders
    ]


def _sweeps(runs: Path) -> Iterator[Sweep]:
    for file in _sweep_files(runs):
        # The view says elsewhere which experiments cannot be read.
        with contextlib.suppress(OSError, ValueError):
            yield read_sweep(file)


def _sweep_files(runs: Path) -> list[Path]:
    # The view says elsewhere that they cannot be listed.
    with contextlib.suppress(OSError):
        return sorted((runs / SWEEPS).glob("*/sweep.json"), reverse=True)
    return []


def is_training(experiment: Experiment, runs: Path) -> bool:
    """Whether a process is training runs of an experiment now, or those that wait."""
    if all(run.state in _ENDED for run in experiment.runs):
        return False
    return is_in_work(runs / SWEEPS / experiment.name / "sweep.json")


def is_in_work(path: Path) -> bool:
    """Whether a process holds the lock of a file, as far as that can be found out."""
    with contextlib.suppress(OSError):
        return is_locked(path)
    return False


def runs_stamp(runs: Path) -> list[tuple[object, ...]]:
    """What is different after a run was begun, got on, ended, was killed, renamed or deleted."""
    stamps: list[tuple[object, ...]] = []
    with contextlib.suppress(OSError):  # listing them says what is wrong
        for entry in os.scandir(runs):
            if entry.is_dir() and not entry.name.startswith("."):
                stamps.append((entry.name, *_run_stamp(entry.path)))
        stamps += [(str(file), is_in_work(file)) for file in _sweep_files(runs)]
    return sorted(stamps, key=lambda stamp: str(stamp[0]))


def _run_stamp(folder: str) -> tuple[object, ...]:
    times = [_modified(f"{folder}/{name}") for name in RUN_FILES]
    is_open = times[0] == 0 or times[-1] != 0
    return (*times, is_open and is_in_work(Path(folder, CHECKPOINT)))


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
