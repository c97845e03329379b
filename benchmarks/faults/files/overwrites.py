"""Damages every file that the program writes, and lets it write.

What is not understood stays beside; of what is, all values stay but those that are written.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.faults.files.mutations import damage
from benchmarks.faults.home import RUN, make_home, open_session
from benchmarks.faults.operations import OPERATIONS
from benchmarks.faults.row import Row
from number_recognition.digits.drawing.stroke_files import parse_drawing
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.run import Run, write_run, write_settings
from number_recognition.learning.runs.run_files import read_settings, read_summary
from number_recognition.learning.runs.run_list import annotate
from number_recognition.session.preferences.window_state import WindowState
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import read_counters
from number_recognition.storage.files import read_json_object
from number_recognition.storage.recent_images import RECENT_FILE, RecentImages
from number_recognition.storage.settings import TrainingSettings

Write = Callable[[], object]
_WRITTEN = {
    "the strokes of a drawing": ["label"],
    "config.json": ["window.pen"],
    "note.json": ["note"],
    "window.json": ["number"],
    "recent.json": ["folder"],
}
"""The values that are changed, of each file that holds more than these."""


def write_over(folder: Path, seed: int, rounds: int) -> Row:
    """Damage files at random, and write them."""
    row = Row("damaged files that are written")
    random = np.random.default_rng(seed)
    home = make_home(folder / f"over-{seed}")
    kinds = _kinds(home, random)
    for number, name in zip(range(rounds), itertools.cycle(kinds), strict=False):
        path, write, read = kinds[name]
        write()
        for other in path.parent.glob(f"{path.name}.corrupt*"):
            other.unlink()
        damaged = damage(path.read_bytes(), random)
        path.write_bytes(damaged)
        understood = _is_understood(read)
        if understood and name not in _WRITTEN:
            continue  # a changed value is not damage
        row.tried += 1
        with contextlib.suppress(OSError, ValueError):  # refused: it must be as it was
            write()
        kept = [path.read_bytes(), *_beside(path)]
        lost: object = ""
        if not any(damaged in content for content in kept):
            lost = _lost(damaged, kept[0], _WRITTEN[name]) if understood else damaged[:60]
        row.failures += [f"seed {seed}, round {number}, {name}: lost {lost!r}"] if lost else []
        path.unlink()
    return row


def _lost(before: bytes, after: bytes, written: list[str]) -> list[tuple[str, object]]:
    """The values of a JSON object that another lacks; `written` ones may differ."""
    left = _values(json.loads(after))
    lost = []
    for key, value in _values(json.loads(before, object_pairs_hook=_Pairs)):
        if (key, value) in left:
            left.remove((key, value))
        elif key not in written:
            lost.append((key, value))
    return lost


class _Pairs(list[tuple[str, object]]):
    """The names and values of an object; a name may be there twice."""


def _values(value: object, key: str = "") -> list[tuple[str, object]]:
    """The values in a JSON value, each with the names that lead to it."""
    if isinstance(value, _Pairs):
        pairs = list(value)
    elif isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        is_texts = all(isinstance(inner, str) for inner in value)  # they move as some are added
        pairs = [("" if is_texts else str(number), inner) for number, inner in enumerate(value)]
    else:
        return [(key, value)]
    return [
        pair for name, inner in pairs for pair in _values(inner, f"{key}.{name}" if key else name)
    ]


def _beside(path: Path) -> list[bytes]:
    return [other.read_bytes() for other in path.parent.glob(f"{path.name}.corrupt*")]


def _is_understood(read: Write) -> bool:
    try:
        read()
    except (OSError, ValueError):
        return False
    return True


def _check_counters(home: Path) -> None:
    """Read counters.json without putting it aside; ValueError where it is damaged."""
    counters = home / "counters.json"
    content = counters.read_bytes()
    if read_counters(counters)[1]:
        counters.write_bytes(content)
        for other in home.glob("counters.json.corrupt*"):
            other.unlink()
        raise ValueError("damaged")


def _window_files(home: Path) -> dict[str, tuple[Path, Write, Write]]:
    """What the window remembers by itself."""
    window, recent, numbers = home / "window.json", home / RECENT_FILE, itertools.count()

    def write_window() -> None:
        state = WindowState(window, [])
        state.set("number", next(numbers))
        state.save()

    def write_recent() -> None:
        RecentImages(recent).add(home / f"{next(numbers)}.png")

    return {
        "window.json": (window, write_window, lambda: read_json_object(window)),
        "recent.json": (recent, write_recent, lambda: read_json_object(recent)),
    }


def _strokes(home: Path, random: np.random.Generator) -> tuple[Path, Write, Write]:
    session, labels = open_session(home), itertools.cycle(range(10))
    [name] = OPERATIONS["keep"](session, random)
    originals = session.corrections.originals
    path = (originals.folder / name).with_suffix(".jsonl")
    whole = path.read_bytes()

    def write() -> None:
        if not path.exists():
            path.write_bytes(whole)
        originals.relabel(path.stem, next(labels))

    return path, write, lambda: parse_drawing(path.read_text("utf-8"))


def _kinds(home: Path, random: np.random.Generator) -> dict[str, tuple[Path, Write, Write]]:
    """Each file with what writes it, and what raises where it is damaged."""
    run = home / RUN
    settings = TrainingSettings()

    def operation(name: str) -> Write:
        return lambda: OPERATIONS[name](open_session(home), random)

    def write_config() -> None:
        if not (home / "config.json").exists():
            make_home(home)
        OPERATIONS["settings"](open_session(home), random)

    log = open_session(home).corrections.log
    return {
        **_window_files(home),
        "the strokes of a drawing": _strokes(home, random),
        "config.json": (
            home / "config.json",
            write_config,
            lambda: read_config(home / "config.json"),
        ),
        "counters.json": (
            home / "counters.json",
            operation("keep"),
            partial(_check_counters, home),
        ),
        "the log": (log.path, operation("keep"), log.read),
        "note.json": (run / "note.json", lambda: annotate(run, note="a"), lambda: _note(run)),
        "settings.json": (
            run / "settings.json",
            lambda: write_settings(run, settings, DataPaths()),
            lambda: read_settings(run),
        ),
        "summary.json": (
            run / "summary.json",
            lambda: write_run(Run(run, settings)),
            lambda: read_summary(run),
        ),
    }


def _note(run: Path) -> None:
    values = read_json_object(run / "note.json")
    if not all(isinstance(values.get(key, ""), str) for key in ("name", "note")):
        raise ValueError("damaged")
