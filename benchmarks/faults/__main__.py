"""Try faults at random, and print what did not hold: `python -m benchmarks.faults`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults.failing_calls import fail_calls
from benchmarks.faults.files.hostile import read_hostile
from benchmarks.faults.files.mutations import mutate_files
from benchmarks.faults.files.overwrites import write_over
from benchmarks.faults.installs import try_installs
from benchmarks.faults.kills import (
    kill_fine_tunings,
    kill_operations,
    kill_trainings,
)
from benchmarks.faults.long_use import use_long
from benchmarks.faults.processes import kill_lock_holder, share_folders
from benchmarks.faults.row import Row
from benchmarks.faults.surroundings import try_places, try_servers
from benchmarks.faults.sweeps import kill_sweeps
from Recognition import SHIPPED

_SLOW = 20
"""A round of a training counts as so many others."""


def main(arguments: list[str] | None = None) -> int:
    """Try the rows asked for; 1 where something did not hold."""
    options = _parse(arguments)
    rows = []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        for name, measure in _rows(Path(folder), options).items():
            if options.row and name not in options.row:
                continue
            begin = time.monotonic()
            row = measure()
            row.notes["seconds"] = time.monotonic() - begin
            rows.append(row)
            if not options.json:
                print(row.as_text(), flush=True)
    if options.json:
        print(json.dumps({"seed": options.seed, "rows": [row.as_dict() for row in rows]}, indent=2))
    return int(any(row.failures for row in rows))


def _rows(folder: Path, options: argparse.Namespace) -> dict[str, Callable[[], Row]]:
    seed, rounds = options.seed, options.rounds
    slow = max(1, rounds // _SLOW)
    return {
        "kills": lambda: kill_operations(folder, seed, rounds),
        "trainings": lambda: kill_trainings(folder, seed, slow),
        "sweeps": lambda: kill_sweeps(folder, seed, slow),
        "fine-tunings": lambda: kill_fine_tunings(folder, seed, slow, SHIPPED),
        "calls": lambda: fail_calls(folder, seed, options.cases or slice(5 * rounds)),
        "mutations": lambda: mutate_files(folder, seed, 10 * rounds),
        "overwrites": lambda: write_over(folder, seed, 4 * rounds),
        "hostile": lambda: read_hostile(folder),
        "processes": lambda: share_folders(folder, seed, options.seconds),
        "locks": lambda: kill_lock_holder(folder),
        "servers": lambda: try_servers(folder),
        "places": lambda: try_places(folder),
        "installs": lambda: try_installs(folder),
        "use": lambda: use_long(folder, SHIPPED, options.use, options.activity),
    }


def _cases(text: str) -> slice:
    first, end = text.split(":")
    return slice(int(first), int(end))


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same")
    parser.add_argument("--rounds", type=int, default=40, help="how often each is tried")
    parser.add_argument("--seconds", type=float, default=10, help="of several processes at once")
    parser.add_argument(
        "--use", type=float, default=0.02, help="the part of the long use: 1 for 8,000 strokes, …"
    )
    parser.add_argument(
        "--activity", action="append", default=[], help="only this one of the long use; repeatable"
    )
    parser.add_argument("--row", action="append", help="only this row; may be given repeatedly")
    parser.add_argument(
        "--cases", type=_cases, help="of the calls, in place of rounds: 300:500, for example"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
