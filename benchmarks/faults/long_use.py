"""Long use of the window: nothing grows without end, and nothing becomes slower."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.faults.row import Row
from benchmarks.probes.display import own_display
from number_recognition.storage.files import PROJECT_DIR

_MOST_SLOWDOWN = 1.1
_MOST_GROWTH = {"MB": 30.0, "objects": 500}
"""Over the last half; 0 of other kinds."""
_LEAST_ROUNDS = 40
"""Of fewer rounds, the time is not compared: the halves differ by chance."""
_SECONDS = 3 * 3600.0


def use_long(folder: Path, model: Path, part: float, names: list[str]) -> Row:
    """Use a window in a process of its own.

    Args:
        folder: where it keeps its files.
        model: the network.
        part: the part of the whole that is done: of 8,000 strokes, 100 fine-tunings, …
        names: the activities (see `use_probe.ACTIVITIES`); all where it is empty.
    """
    row = Row("long use of the window")
    home = folder / "long"
    home.mkdir(parents=True)
    command = ["-m", "benchmarks.probes.use_probe", str(model), str(home), str(part), *names]
    with own_display() as display:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT_DIR,
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.PIPE,
            text=True,
            timeout=_SECONDS,
        )
    if done.returncode:
        row.failures.append(f"exit status {done.returncode}")
        return row
    for name, found in json.loads(done.stdout.splitlines()[-1]).items():
        row.tried += found["rounds"]
        row.notes[f"{name} MB"] = found["growth"]["MB"]
        row.notes[f"{name} objects"] = found["growth"]["objects"]
        row.notes[f"{name} ratio"] = found["slowdown"]
        row.notes[f"{name} relative"] = found["relative slowdown"]
        row.failures += [f"{name}: {problem}" for problem in _problems(found)]
    return row


def _problems(found: dict[str, Any]) -> list[str]:
    """What has grown over the last half of the rounds of an activity, or become slower."""
    problems = []
    for kind, growth in found["growth"].items():
        most = _MOST_GROWTH.get(kind, 0)
        if growth > most:
            types = found["types"] if kind == "objects" else ""
            problems.append(f"{growth:g} more {kind} {types}".rstrip())
    ratios = found["slowdown"], found["relative slowdown"]
    if found["rounds"] >= _LEAST_ROUNDS and max(ratios) > _MOST_SLOWDOWN:
        slow = f"{ratios[0]:.2f} times as slow in the last half as in the first"
        # Others who use the processor change the first figure where they slow it down, and the
        # second where they do so while the reference is measured.
        unsure = "" if min(ratios) > _MOST_SLOWDOWN else "; measure again with nobody beside"
        problems.append(f"{slow}, {ratios[1]:.2f} times of a fixed piece of work{unsure}")
    return problems
