"""The list of runs: read through an index, with notes, a trash folder and export."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from number_recognition.core.formatting import pluralize, setting_name
from number_recognition.learning.runs.display_names import NOTE_FILE
from number_recognition.learning.runs.run import CHECKPOINT
from number_recognition.learning.runs.run_files import (
    SETTINGS_FILE,
    SUMMARY_FILE,
    read_settings,
    read_summary,
)
from number_recognition.learning.training.checkpoints import epochs_done, history_of
from number_recognition.storage.fields import as_dict
from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import quarantine_unless, read_json_object, write_json
from number_recognition.storage.renamed_settings import rename_settings
from number_recognition.storage.settings import TrainingSettings
from number_recognition.storage.values import printable, short_repr

_INDEX = ".index.json"
_MOST_INDEX_BYTES = 100_000_000
_TRASH = ".trash"
_NO_NAME = re.compile(r"(training|experiment)(-[0-9]+)?")
"""Names that say nothing: those that runs get where none is given."""
_IN_TITLES = (
    "mnist_samples",
    "distortion",
    "dropout",
    "activation",
    "optimizer",
    "learning_rate",
    "batch_size",
)
_MOST_IN_TITLE = 2
"""A run without a name has its layers and epochs, and these settings where they are no defaults."""
_DEFAULTS = as_dict(TrainingSettings())
RUN_FILES = (SUMMARY_FILE, SETTINGS_FILE, NOTE_FILE, CHECKPOINT)
"""The files of a run that its summary is read from."""
_STATES = ("done", "stopped", "failed", "unfinished", "damaged")


@dataclass(frozen=True)
class RunSummary:
    """One run in the list.

    `folder` is its name in the folder of runs, `name` its name for people, `when` the time it was
    begun, `state` done, stopped, failed, unfinished or damaged, `epochs` how many are finished;
    settings and metrics are plain values. `error` says why it failed, or which of its files and
    keys is damaged.
    """

    folder: str
    name: str
    when: str
    state: str
    epochs: int = 0
    note: str = ""
    error: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name in lists, from its settings where none was given."""
        if self.name != self.when and not _NO_NAME.fullmatch(self.name):
            return self.name
        layers = self.settings.get("hidden_layers")
        if not isinstance(layers, list):
            return self.name
        parts = ["x".join(map(str, layers)) or "no hidden layer"]
        epochs = self.settings.get("epochs")
        parts += [pluralize(epochs, "epoch")] if type(epochs) is int else []
        values = {name: self.settings.get(name, _DEFAULTS[name]) for name in _IN_TITLES}
        changed = [
            f"{setting_name(name)} {f'{value:g}' if isinstance(value, float) else value}"
            for name, value in values.items()
            if value != _DEFAULTS[name]
        ]
        return ", ".join(parts + changed[:_MOST_IN_TITLE])


_TYPES = {name: type(value) for name, value in asdict(RunSummary("", "", "", "")).items()}


def list_runs(runs: Path) -> list[RunSummary]:
    """Every run of a folder, newest first.

    Runs are read from an index in the folder; a run is read again when its files have changed, or
    when the name of its folder is not UTF-8.

    Raises:
        OSError: the folder cannot be listed.
    """
    with explained(runs, "cannot be listed"):
        if not runs.is_dir():
            return []
        folders = [
            Path(folder.path)
            for folder in os.scandir(runs)
            if folder.is_dir() and not folder.name.startswith(".")
        ]
    index = _read_index(runs)
    entries = {folder.name: _index_entry(folder, index.get(folder.name)) for folder in folders}
    new_index = {name: entry for name, entry in entries.items() if printable(name) == name}
    if new_index != index:
        with contextlib.suppress(OSError):
            write_json(runs / _INDEX, new_index)
    return [RunSummary(**entries[name]["run"]) for name in sorted(entries, reverse=True)]


def _read_index(runs: Path) -> dict[str, Any]:
    """The index; empty where it is damaged."""
    try:
        index = read_json_object(runs / _INDEX, most=_MOST_INDEX_BYTES, derived=True)
        is_valid = all(_is_summary(entry["run"]) for entry in index.values())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return index if is_valid else {}


def _is_summary(values: dict[str, Any]) -> bool:
    """Whether these are the values of a `RunSummary`, each of the right type."""
    return (
        values.keys() == _TYPES.keys()
        and values["state"] in _STATES
        and all(type(value) is _TYPES[name] for name, value in values.items())
        and all(type(value) in (int, float) for value in values["metrics"].values())
    )


def _index_entry(folder: Path, indexed: dict[str, Any] | None) -> dict[str, Any]:
    stamps = [_modified(f"{folder}/{name}") for name in RUN_FILES]
    if indexed is not None and indexed.get("stamps") == stamps:
        return indexed
    return {"stamps": stamps, "run": asdict(_read_run_summary(folder))}


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _read_run_summary(folder: Path) -> RunSummary:
    when, _, name = folder.name.partition("-")
    run = RunSummary(folder.name, name or when, when, "unfinished")
    try:
        run = replace(run, name=printable(run.name), epochs=epochs_done(folder / CHECKPOINT))
        run = _with_note(run, folder)
        if (folder / SUMMARY_FILE).exists():
            return _with_summary(run, folder)
        if (folder / SETTINGS_FILE).exists():
            read_settings(folder)
            settings = read_json_object(folder / SETTINGS_FILE)["training"]
            return replace(run, settings={**_DEFAULTS, **rename_settings(settings)})
        return run
    except (OSError, ValueError) as error:
        return replace(run, state="damaged", error=printable(" ".join(str(error).split())))


def _with_summary(run: RunSummary, folder: Path) -> RunSummary:
    summary, _ = read_summary(folder)
    error = summary.get("error") or ""
    state = "failed" if error else "done" if summary["completed"] else "stopped"
    return replace(
        run,
        state=state,
        epochs=max(run.epochs, len(summary["history"])),
        error=printable(error),
        settings={**_DEFAULTS, **summary["settings"]},
        metrics=summary["metrics"],
    )


def _with_note(run: RunSummary, folder: Path) -> RunSummary:
    """The run with the name and note that it was given later."""
    path = folder / NOTE_FILE
    if not path.exists():
        return run
    values = _note(path)
    name, note = values.get("name") or run.name, values.get("note", "")
    return replace(run, name=printable(name), note=printable(note))


def read_history(folder: Path) -> list[dict[str, float]]:
    """The epochs of a run, those so far while it trains; none where its files are damaged."""
    try:
        history = list(read_summary(folder)[0]["history"])
    except (OSError, ValueError):
        history = []
    return max(history, history_of(folder / CHECKPOINT), key=len)


def annotate(folder: Path, *, name: str | None = None, note: str | None = None) -> None:
    """Rename a run or write a note to it; its folder keeps its name.

    Raises:
        OSError: the run is gone, the note that there is cannot be read, or this one not be written.
    """
    path = folder / NOTE_FILE
    with explained(folder, "its name and note cannot be changed"):
        folder.stat()  # else the note would be all that is in the folder of a run
    values: dict[str, Any] = {}
    quarantine_unless(path, lambda: values.update(_note(path)))
    changes = {"name": name, "note": note}
    values |= {key: value for key, value in changes.items() if value is not None}
    write_json(path, values)


def _note(path: Path) -> dict[str, Any]:
    """The name and note of a run; raises ValueError where one is no text."""
    values = read_json_object(path)
    for key in ("name", "note"):
        if not isinstance(values.get(key, ""), str):
            raise ValueError(f"{path}, {key!r}: expected text, found {short_repr(values[key])}")
    return values


def move_to_trash(folder: Path) -> Path:
    """Move a run to the trash folder; returns its new path.

    Raises:
        OSError: it cannot be moved.
    """
    return _move(folder, folder.parent / _TRASH)


def restore(folder: Path) -> Path:
    """Move a run out of the trash; returns its new path.

    Raises:
        OSError: it cannot be moved.
    """
    return _move(folder, folder.parent.parent)


def _move(folder: Path, to: Path) -> Path:
    target, number = to / folder.name, 1
    with explained(folder, f"cannot be moved to {to}"):
        to.mkdir(exist_ok=True)
        while target.exists():
            number += 1
            target = to / f"{folder.name}-{number}"
        shutil.move(str(folder), str(target))
    return target


def export_run(folder: Path, path: Path) -> None:
    """Write a run as one JSON file, which can be opened elsewhere as a recipe.

    Raises:
        ValueError: it is damaged; names the file and key.
        OSError: it is no finished run, or cannot be written.
    """
    summary, settings = read_summary(folder)
    run = _read_run_summary(folder)
    write_json(
        path,
        {
            "name": run.name,
            "note": run.note,
            "seed": settings.seed,
            **{
                key: summary.get(key)
                for key in ("settings", "versions", "samples", "metrics", "completed", "history")
            },
        },
    )
