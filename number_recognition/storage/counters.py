"""counters.json: what the program counts. This file alone reads and writes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from number_recognition.storage.files import PROJECT_DIR, quarantine, read_json_object, write_json
from number_recognition.storage.locks import lock

COUNTERS = PROJECT_DIR / "counters.json"


@dataclass(frozen=True)
class Counters:
    """What the program has done so far.

    `kept` drawings by digit, `not_a_digit` counterexamples, `trainings` and `fine_tunings`
    finished, and `new` drawings kept since the last fine-tuning.
    """

    kept: tuple[int, ...] = (0,) * 10
    not_a_digit: int = 0
    trainings: int = 0
    fine_tunings: int = 0
    new: int = 0

    def with_kept(self, label: int | None, step: int, new: int = 0) -> Counters:
        """These and `step` more drawings kept with a label (None: no digit), `new` more new ones.

        No count falls below 0, since drawings come and go without the program, too.
        """
        kept = list(self.kept)
        if label is not None:
            kept[label] = max(0, kept[label] + step)
        return dataclasses.replace(
            self,
            kept=tuple(kept),
            not_a_digit=max(0, self.not_a_digit + (step if label is None else 0)),
            new=max(0, self.new + new),
        )


def read_counters(path: str | Path = COUNTERS) -> tuple[Counters, str | None]:
    """Read counters.json, and say what was wrong with it, if anything.

    A missing file counts from 0. A corrupt one is set aside under another name, and counting
    starts anew; the message says so.

    Raises:
        OSError: it cannot be read, or not be set aside.
    """
    path = Path(path)
    if not path.exists():
        return Counters(), None
    try:
        return _checked(read_json_object(path), path), None
    except ValueError as error:
        return Counters(), f"{error}. It was set aside as {quarantine(path).name}; counting anew."


def write_counters(counters: Counters, path: str | Path = COUNTERS) -> None:
    """Write counters.json whole (see `storage.files.write_whole`)."""
    write_json(path, {**dataclasses.asdict(counters), "kept": list(counters.kept)})


def update_counters(
    change: Callable[[Counters], Counters],
    path: str | Path = COUNTERS,
    known: Counters | None = None,
) -> tuple[Counters, str | None]:
    """Read counters.json, change it and write it, alone: no count of another window is lost.

    It is called after what it counts was done, and so it never raises an OSError.

    Args:
        change: what is counted.
        path: counters.json.
        known: the counters to change where the file cannot be read or written.

    Returns:
        The counters after the change, and what was wrong with the file, if anything.
    """
    try:
        with lock(path):
            before, warning = read_counters(path)
            counters = change(before)
            write_counters(counters, path)
    except OSError as error:
        return change(known or Counters()), counters_problem(path, error)
    return counters, warning


def counters_problem(path: str | Path, error: OSError) -> str:
    """The warning that counters.json cannot be read or written."""
    return f"{path}: cannot be read or written ({error.strerror or error}). Counts may be wrong."


def count_fine_tuning(
    learnt: int, path: str | Path = COUNTERS, known: Counters | None = None
) -> tuple[Counters, str | None]:
    """Count a fine-tuning that was kept (see `update_counters`).

    Args:
        learnt: how many drawings were new when it began; those kept since then are so still.
        path: counters.json.
        known: the counters to change where the file cannot be read or written.
    """
    return update_counters(
        lambda counters: dataclasses.replace(
            counters, new=max(0, counters.new - learnt), fine_tunings=counters.fine_tunings + 1
        ),
        path,
        known,
    )


def count_training(
    path: str | Path = COUNTERS, known: Counters | None = None
) -> tuple[Counters, str | None]:
    """Count a training (see `update_counters`)."""
    return update_counters(
        lambda counters: dataclasses.replace(counters, trainings=counters.trainings + 1),
        path,
        known,
    )


def _checked(values: dict[str, Any], path: Path) -> Counters:
    names = {entry.name for entry in dataclasses.fields(Counters)}
    for key, value in values.items():
        if key not in names:
            raise ValueError(f"{path}: unknown key {key!r}; known are {', '.join(sorted(names))}")
        counts = value if key == "kept" else [value]
        right_length = not isinstance(counts, list) or len(counts) == (10 if key == "kept" else 1)
        whole = isinstance(counts, list) and all(type(n) is int and n >= 0 for n in counts)
        if not (whole and right_length):
            expected = "ten whole numbers" if key == "kept" else "a whole number"
            raise ValueError(f"{path}, {key!r}: expected {expected} from 0 on, found {value!r}")
    plain: dict[str, Any] = {k: tuple(v) if k == "kept" else v for k, v in values.items()}
    return Counters(**plain)
