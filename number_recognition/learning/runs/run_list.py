"""The runs on the disk: listed quickly, named, thrown away and taken back, shared as one file."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from number_recognition.learning.runs.display_names import NOTE_FILE
from number_recognition.learning.runs.run_files import (
    SETTINGS_FILE,
    SUMMARY_FILE,
    read_settings,
    read_summary,
)
from number_recognition.storage.files import read_json_object, write_json
from number_recognition.storage.renamed_settings import rename_settings
from number_recognition.storage.values import printable, shown

_INDEX = ".index.json"
_TRASH = ".trash"
_STATES = ("done", "stopped", "failed", "unfinished", "damaged")


@dataclass(frozen=True)
class RunSummary:
    """What a list shows of one run.

    `folder` is its name in the folder of runs, `name` what people call it, `state` done, stopped,
    failed, unfinished or damaged; settings and figures are plain values. `error` says why it
    failed, or which of its files and keys is damaged.
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


def list_runs(runs: Path) -> list[RunSummary]:
    """Every run of a folder, the newest first.

    What was read before comes out of an index beside the runs; a run is read anew when its files
    have changed, or when the name of its folder is no UTF-8.
    """
    if not runs.is_dir():
        return []
    known = _read_index(runs)
    listed = {
        entry.name: _entry(Path(entry.path), known.get(entry.name))
        for entry in os.scandir(runs)
        if entry.is_dir() and not entry.name.startswith(".")
    }
    indexed = {name: entry for name, entry in listed.items() if printable(name) == name}
    if indexed != known:
        with contextlib.suppress(OSError):
            write_json(runs / _INDEX, indexed)
    return [RunSummary(**listed[name]["run"]) for name in sorted(listed, reverse=True)]


def _read_index(runs: Path) -> dict[str, Any]:
    """The index; one that cannot be read is made anew."""
    try:
        known = read_json_object(runs / _INDEX)
        sound = all(_is_summary(entry["run"]) for entry in known.values())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return known if sound else {}


def _is_summary(values: dict[str, Any]) -> bool:
    """Whether these are the values of a row, each of the kind that it must be."""
    blank = asdict(RunSummary("", "", "", ""))
    return (
        values.keys() == blank.keys()
        and values["state"] in _STATES
        and all(type(value) is type(blank[name]) for name, value in values.items())
        and all(type(figure) in (int, float) for figure in values["metrics"].values())
    )


def _entry(folder: Path, known: dict[str, Any] | None) -> dict[str, Any]:
    stamps = [_stamp(folder / name) for name in (SUMMARY_FILE, SETTINGS_FILE, NOTE_FILE)]
    if known is not None and known.get("stamps") == stamps:
        return known
    return {"stamps": stamps, "run": asdict(_read_run_summary(folder))}


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read_run_summary(folder: Path) -> RunSummary:
    when, _, name = folder.name.partition("-")
    row = RunSummary(folder.name, name or when, when, "unfinished")
    try:
        row = replace(row, name=printable(row.name))
        row = _with_note(row, folder)
        if (folder / SUMMARY_FILE).exists():
            return _with_summary(row, folder)
        if (folder / SETTINGS_FILE).exists():
            read_settings(folder)
            begun = read_json_object(folder / SETTINGS_FILE)
            return replace(row, settings=rename_settings(begun["training"]))
        return row
    except (OSError, ValueError) as error:
        return replace(row, state="damaged", error=printable(" ".join(str(error).split())))


def _with_summary(row: RunSummary, folder: Path) -> RunSummary:
    summary, _ = read_summary(folder)
    error = summary.get("error") or ""
    state = "failed" if error else "done" if summary["completed"] else "stopped"
    return replace(
        row,
        state=state,
        epochs=len(summary["history"]),
        error=printable(error),
        settings=summary["settings"],
        metrics=summary["metrics"],
    )


def _with_note(row: RunSummary, folder: Path) -> RunSummary:
    """What a person calls a run and noted of it, in place of what its folder says."""
    path = folder / NOTE_FILE
    if not path.exists():
        return row
    called = read_json_object(path)
    for key in ("name", "note"):
        if not isinstance(called.get(key, ""), str):
            raise ValueError(f"{path}, {key!r}: expected text, found {shown(called[key])}")
    name, note = called.get("name") or row.name, called.get("note", "")
    return replace(row, name=printable(name), note=printable(note))


def read_history(folder: Path) -> list[dict[str, float]]:
    """The epochs of a run; none where it has no sound summary."""
    try:
        return list(read_summary(folder)[0]["history"])
    except (OSError, ValueError):
        return []


def describe(folder: Path, *, name: str | None = None, note: str | None = None) -> None:
    """Call a run by another name, or write a note to it; its folder stays where it is.

    Raises:
        OSError: it cannot be written.
    """
    values = _note(folder)
    changes = {"name": name, "note": note}
    values |= {key: value for key, value in changes.items() if value is not None}
    write_json(folder / NOTE_FILE, values)


def _note(folder: Path) -> dict[str, Any]:
    """What was noted before; what is no text is written over."""
    with contextlib.suppress(OSError, ValueError):
        values = read_json_object(folder / NOTE_FILE)
        return {key: value for key, value in values.items() if isinstance(value, str)}
    return {}


def move_to_trash(folder: Path) -> Path:
    """Move a run to the trash folder beside it; where it is now.

    Raises:
        OSError: it cannot be moved.
    """
    trash = folder.parent / _TRASH
    trash.mkdir(exist_ok=True)
    return _move(folder, trash)


def restore(thrown: Path) -> Path:
    """Move a run out of the trash; where it is now.

    Raises:
        OSError: it cannot be moved.
    """
    return _move(thrown, thrown.parent.parent)


def _move(folder: Path, to: Path) -> Path:
    target, number = to / folder.name, 1
    while target.exists():
        number += 1
        target = to / f"{folder.name}-{number}"
    shutil.move(str(folder), str(target))
    return target


def export(folder: Path, path: Path) -> None:
    """Write a run as one JSON file that another copy of the program opens and repeats.

    Raises:
        ValueError: it is damaged; names the file and key.
        OSError: it is no finished run, or cannot be written.
    """
    summary, settings = read_summary(folder)
    row = _read_run_summary(folder)
    write_json(
        path,
        {
            "name": row.name,
            "note": row.note,
            "seed": settings.seed,
            **{
                key: summary.get(key)
                for key in ("settings", "versions", "samples", "metrics", "completed", "history")
            },
        },
    )
