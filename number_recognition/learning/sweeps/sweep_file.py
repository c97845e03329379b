"""The file of an unfinished sweep, which lists all its runs."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from number_recognition.core.formatting import pluralize
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.models.settings_checks import check_initial_weights
from number_recognition.learning.runs.display_names import check_run_name
from number_recognition.learning.runs.run import SWEEPS, absolute_paths, read_run
from number_recognition.learning.runs.run_files import SUMMARY_FILE, read_paths, read_summary
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec
from number_recognition.storage.fields import as_dict, from_dict, to_text
from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import read_json_object, write_json
from number_recognition.storage.locks import is_locked, lock
from number_recognition.storage.settings import TrainingSettings

_FILE = "sweep.json"
_MOST_NAMES = 100_000
_MOST_BYTES = 100_000_000
"""Of its file, which lists the settings of each run."""


@dataclass(frozen=True)
class Sweep:
    """Several runs with different settings.

    `file` lists them while not all are finished; `specs` are the runs in their order. `ended` is
    true after a stop; an unfinished sweep that has not ended and is not running was killed.
    """

    file: Path
    specs: tuple[RunSpec, ...]
    ended: bool = False

    @property
    def name(self) -> str:
        """Its folder's name: the time it was begun and its name."""
        return self.file.parent.name

    def __str__(self) -> str:
        name = self.name.partition("-")[2] or self.name
        unfinished = len(self.unfinished())
        count = pluralize(len(self.specs), "run")
        return f"Experiment “{name}”: {unfinished} of {count} not finished"

    def finished(self) -> list[Outcome]:
        """The outcomes of the runs that are completed or failed, in their order."""
        return [outcome for spec in self.specs if (outcome := _outcome(spec)) is not None]

    def unfinished(self) -> list[RunSpec]:
        """The runs that were stopped or killed, or have not begun."""
        return [spec for spec in self.specs if _outcome(spec) is None]

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Lock the sweep while it runs; deletes its file at the end if all runs are finished.

        Raises:
            OSError: another process runs it, or its file cannot be written.
        """
        with lock(self.file, seconds=0):
            self.save()
            yield
            if self.unfinished():
                dataclasses.replace(self, ended=True).save()
                return
        self.discard()

    def save(self) -> None:
        """Write its file."""
        runs = [
            {"folder": s.folder.name, "title": s.title, "settings": as_dict(s.settings)}
            for s in self.specs
        ]
        paths = absolute_paths(self.specs[0].paths)
        write_json(self.file, {"ended": self.ended, "paths": paths, "runs": runs})

    def discard(self) -> None:
        """Delete the file of the sweep: its runs stay, and it cannot be resumed.

        Where it cannot be deleted, the sweep stays in the list of those that can be resumed.
        """
        with contextlib.suppress(OSError):  # rmtree raises some of the errors it should ignore
            shutil.rmtree(self.file.parent, ignore_errors=True)


def new_sweep(
    settings: Sequence[TrainingSettings], paths: DataPaths, runs: Path, name: str = "experiment"
) -> Sweep:
    """A sweep with a run for each of the settings; nothing is written yet.

    Args:
        settings: one for each run, at least one.
        paths: the files of the samples.
        runs: the folder of runs.
        name: its name.

    Raises:
        ValueError: the name cannot be a folder's, or the initial weights do not fit.
        OSError: the network of the initial weights is missing, or the folder cannot be listed.
    """
    check_run_name(name)
    for each in settings:
        check_initial_weights(each)
    stem = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{name}"
    names = _free_names(runs, stem, len(settings))
    file = runs / SWEEPS / names[0] / _FILE
    absolute = DataPaths(**read_paths({"paths": absolute_paths(paths)}, file))
    specs = (
        RunSpec(each, absolute, runs / folder, names[0], title)
        for each, folder, title in zip(settings, names, _titles(settings), strict=True)
    )
    return Sweep(file, tuple(specs))


def _free_names(runs: Path, stem: str, count: int) -> list[str]:
    existing: set[str] = set()
    for folder in (runs, runs / SWEEPS):
        with explained(folder, "cannot be listed"):
            existing |= {path.name for path in folder.glob(f"{stem}*")}
    for first in range(1, _MOST_NAMES):
        numbers = range(first, first + count)
        names = [stem if number == 1 else f"{stem}-{number}" for number in numbers]
        if existing.isdisjoint(names):
            return names
    raise OSError(f"{runs}: expected free names like {stem}, found none")


def varied_settings(settings: Sequence[TrainingSettings]) -> list[str]:
    """The names of the settings that are not the same in all runs."""
    return [
        field.name
        for field in dataclasses.fields(TrainingSettings)
        if len({getattr(each, field.name) for each in settings}) > 1
    ]


def _titles(settings: Sequence[TrainingSettings]) -> list[str]:
    """The values in which each of the settings differs from the others, as text."""
    names = varied_settings(settings)
    return [", ".join(to_text(getattr(each, name)) for name in names) for each in settings]


def sweep_files(runs: Path) -> list[Path]:
    """The files of unfinished sweeps that are not running, newest first.

    Raises:
        OSError: the folder cannot be listed.
    """
    with explained(runs / SWEEPS, "cannot be listed"):
        files = sorted((runs / SWEEPS).glob(f"*/{_FILE}"), reverse=True)
        return [file for file in files if not is_locked(file)]


def read_sweeps(runs: Path) -> tuple[list[Sweep], list[str]]:
    """The unfinished sweeps that are not running, newest first, and why others cannot be read.

    Raises:
        OSError: the folder cannot be listed.
    """
    sweeps, problems = [], []
    for file in sweep_files(runs):
        try:
            sweeps.append(read_sweep(file))
        except FileNotFoundError:
            continue  # its last run has ended meanwhile
        except (OSError, ValueError) as error:
            problems.append(str(error))
    return sweeps, problems


def read_sweep(file: Path) -> Sweep:
    """Read the file of an unfinished sweep.

    Raises:
        ValueError: it is damaged; names the file and key.
        OSError: it cannot be read.
    """
    values = read_json_object(file, most=_MOST_BYTES)
    paths = DataPaths(**read_paths(values, file))
    entries = values.get("runs")
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"{file}, 'runs': expected a list of runs, found {entries!r}")
    specs = tuple(_spec(entry, paths, file, number) for number, entry in enumerate(entries))
    return Sweep(file, specs, values.get("ended") is True)


def is_shared(spec: RunSpec) -> bool:
    """Whether this machine has the folder of the sweep, as on a shared disk."""
    return (spec.folder.parent / SWEEPS / spec.sweep / _FILE).exists()


def _spec(entry: Any, paths: DataPaths, file: Path, number: int) -> RunSpec:
    key = f"runs.{number}"
    if not isinstance(entry, dict):
        raise ValueError(f"{file}, {key!r}: expected an object, found {entry!r}")
    folder, title = entry.get("folder"), entry.get("title", "")
    if not isinstance(folder, str) or Path(folder).name != folder or folder.startswith("."):
        raise ValueError(f"{file}, '{key}.folder': expected a folder's name, found {folder!r}")
    if not isinstance(title, str):
        raise ValueError(f"{file}, '{key}.title': expected text, found {title!r}")
    settings = from_dict(TrainingSettings, entry.get("settings"), f"{file}, '{key}.settings'")
    return RunSpec(settings, paths, file.parents[2] / folder, file.parent.name, title)


def _outcome(spec: RunSpec) -> Outcome | None:
    """The outcome of a run; None where it is unfinished, or its summary is damaged."""
    if not (spec.folder / SUMMARY_FILE).exists():
        return None
    try:
        summary, _ = read_summary(spec.folder)
        if summary.get("error"):
            return Outcome(spec.settings, error=summary["error"])
        return Outcome(spec.settings, read_run(spec.folder)) if summary["completed"] else None
    except (OSError, ValueError):
        return None
