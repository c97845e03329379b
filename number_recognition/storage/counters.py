"""counters.json: how many drawings were kept and networks trained."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from number_recognition.storage.file_errors import reason
from number_recognition.storage.files import PROJECT_DIR, quarantine, read_json_object, write_json
from number_recognition.storage.locks import lock

COUNTERS = PROJECT_DIR / "counters.json"


@dataclass(frozen=True)
class Counters:
    """What was counted so far.

    `kept` drawings by digit, `not_a_digit` counterexamples, `trainings` and `fine_tunings`
    finished, and `new` drawings kept since the last fine-tuning.
    """

    kept: tuple[int, ...] = (0,) * 10
    not_a_digit: int = 0
    trainings: int = 0
    fine_tunings: int = 0
    new: int = 0

    @property
    def total(self) -> int:
        """How many drawings are kept, counterexamples included."""
        return sum(self.kept) + self.not_a_digit


def read_counters(path: str | Path = COUNTERS) -> tuple[Counters, str | None]:
    """Read counters.json; returns the counters and a warning, None where nothing is wrong.

    A missing file counts from 0. A corrupt one is renamed, and counting starts from 0 again.

    Raises:
        OSError: it cannot be read or renamed.
    """
    path = Path(path)
    if not path.exists():
        return Counters(), None
    try:
        return _parse(read_json_object(path), path), None
    except ValueError as error:
        return Counters(), f"{error}. It was renamed to {quarantine(path).name}; counting from 0."


def write_counters(counters: Counters, path: str | Path = COUNTERS) -> None:
    """Write counters.json (see `storage.files.atomic_write`)."""
    write_json(path, {**dataclasses.asdict(counters), "kept": list(counters.kept)})


def update_counters(
    change: Callable[[Counters], Counters],
    path: str | Path = COUNTERS,
    known: Counters | None = None,
) -> tuple[Counters, str | None]:
    """Read counters.json, change it and write it, under a lock against other windows.

    It is called after the work that it counts, and so it raises no OSError.

    Args:
        change: returns the new counters.
        path: counters.json.
        known: the counters to change where the file cannot be read or written.

    Returns:
        The counters after the change, and a warning, None where nothing is wrong.
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
    return f"{path}: cannot be read or written ({reason(error)}). Counts may be wrong."


def count_fine_tuning(
    trained: int, path: str | Path = COUNTERS, known: Counters | None = None
) -> tuple[Counters, str | None]:
    """Count a fine-tuning that was kept (see `update_counters`).

    Args:
        trained: how many drawings were new when it began; those kept since then stay new.
        path: counters.json.
        known: the counters to change where the file cannot be read or written.
    """
    return update_counters(
        lambda counters: dataclasses.replace(
            counters, new=max(0, counters.new - trained), fine_tunings=counters.fine_tunings + 1
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


def _parse(values: dict[str, Any], path: Path) -> Counters:
    names = {each.name for each in dataclasses.fields(Counters)}
    for key, value in values.items():
        if key not in names:
            raise ValueError(f"{path}: unknown key {key!r}; known are {', '.join(sorted(names))}")
        counts = value if key == "kept" else [value]
        right_length = not isinstance(counts, list) or len(counts) == (10 if key == "kept" else 1)
        all_counts = isinstance(counts, list) and all(type(n) is int and n >= 0 for n in counts)
        if not (all_counts and right_length):
            expected = "ten whole numbers" if key == "kept" else "a whole number"
            raise ValueError(f"{path}, {key!r}: expected {expected} from 0 on, found {value!r}")
    plain: dict[str, Any] = {k: tuple(v) if k == "kept" else v for k, v in values.items()}
    return Counters(**plain)
