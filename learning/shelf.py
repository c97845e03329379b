"""The runs on the disk: listed quickly, named, thrown away and taken back, shared as one file."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from learning.naming import NOTE_FILE
from learning.runs import SETTINGS_FILE, SUMMARY_FILE
from storage.files import read_json_object, write_json

_INDEX = ".index.json"
_TRASH = ".trash"


@dataclass(frozen=True)
class Row:
    """What a list shows of one run.

    `folder` is its name in the folder of runs, `name` what people call it, `state` done, stopped,
    failed or unfinished; settings and figures are plain values.
    """

    folder: str
    name: str
    when: str
    state: str
    epochs: int = 0
    note: str = ""
    error: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)


def rows(runs: Path) -> list[Row]:
    """Every run of a folder, the newest first.

    What was read before comes out of an index beside the runs; a run is read anew when its files
    have changed.
    """
    if not runs.is_dir():
        return []
    known = _read_index(runs)
    listed = {
        entry.name: _entry(Path(entry.path), known.get(entry.name))
        for entry in os.scandir(runs)
        if entry.is_dir() and not entry.name.startswith(".")
    }
    if listed != known:
        with contextlib.suppress(OSError):
            write_json(runs / _INDEX, listed)
    return [Row(**listed[name]["row"]) for name in sorted(listed, reverse=True)]


def _read_index(runs: Path) -> dict[str, Any]:
    """The index; one that cannot be read is made anew."""
    try:
        known = read_json_object(runs / _INDEX)
        for entry in known.values():
            Row(**entry["row"])
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return known


def _entry(folder: Path, known: dict[str, Any] | None) -> dict[str, Any]:
    stamps = [_stamp(folder / name) for name in (SUMMARY_FILE, SETTINGS_FILE, NOTE_FILE)]
    if known is not None and known.get("stamps") == stamps:
        return known
    return {"stamps": stamps, "row": asdict(_read_row(folder))}


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read_row(folder: Path) -> Row:
    when, _, name = folder.name.partition("-")
    called = _read(folder / NOTE_FILE)
    summary = _read(folder / SUMMARY_FILE)
    settings = summary.get("settings") or _read(folder / SETTINGS_FILE).get("training", {})
    state = "unfinished"
    if summary:
        state = "done" if summary.get("completed") else "stopped"
    if summary.get("error"):
        state = "failed"
    return Row(
        folder=folder.name,
        name=called.get("name") or name or when,
        when=when,
        state=state,
        epochs=len(summary.get("history", ())),
        note=called.get("note", ""),
        error=summary.get("error") or "",
        settings=settings,
        figures=summary.get("figures", {}),
    )


def _read(path: Path) -> dict[str, Any]:
    """A JSON file of a run; one that is not there or not sound says nothing."""
    try:
        return read_json_object(path)
    except (OSError, ValueError):
        return {}


def history(folder: Path) -> list[dict[str, float]]:
    """The epochs of a run; none where it has no summary."""
    return list(_read(folder / SUMMARY_FILE).get("history", ()))


def describe(folder: Path, *, name: str | None = None, note: str | None = None) -> None:
    """Call a run by another name, or write a note to it; its folder stays where it is.

    Raises:
        OSError: it cannot be written.
    """
    values = _read(folder / NOTE_FILE)
    changes = {"name": name, "note": note}
    values |= {key: value for key, value in changes.items() if value is not None}
    write_json(folder / NOTE_FILE, values)


def throw_away(folder: Path) -> Path:
    """Move a run to the trash folder beside it; where it is now.

    Raises:
        OSError: it cannot be moved.
    """
    trash = folder.parent / _TRASH
    trash.mkdir(exist_ok=True)
    return _move(folder, trash)


def take_back(thrown: Path) -> Path:
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
        ValueError, OSError: it is no finished run, or cannot be written.
    """
    summary = read_json_object(folder / SUMMARY_FILE)
    row = _read_row(folder)
    write_json(
        path,
        {
            "name": row.name,
            "note": row.note,
            "seed": summary["settings"].get("seed"),
            **{
                key: summary[key]
                for key in ("settings", "versions", "samples", "figures", "completed", "history")
            },
        },
    )
