"""kill -9 at random moments: of operations on kept drawings, of trainings, fine-tunings."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.faults.home import check, make_home, open_corrections
from benchmarks.faults.operations import IMPORTED, OPERATIONS
from benchmarks.faults.row import Row
from number_recognition.digits.corrections.leftovers import find_unfinished_imports
from number_recognition.learning.runs.run_list import list_runs
from number_recognition.storage.files import PROJECT_DIR

MOST_SECONDS = 600.0
"""Until a command has begun, and until one ends: minutes where others use the processor."""


def kill_operations(folder: Path, seed: int, rounds: int) -> Row:
    """Kill a process that keeps, undoes, relabels, imports, …; check what the next start finds."""
    row = Row("kill -9 while keeping, undoing, importing, …")
    random = np.random.default_rng(seed)
    for number in range(rounds):
        home = folder / f"kill-{seed}-{number}"
        make_home(home)
        problems = _kill_once(home, int(random.integers(1 << 30)), float(random.uniform(0, 0.6)))
        row.tried += 1
        row.failures += [f"seed {seed}, round {number}: {problem}" for problem in problems]
    return row


def _kill_once(home: Path, seed: int, seconds: float) -> list[str]:
    names = list(OPERATIONS)
    process = start(["-m", "benchmarks.faults.operations", str(home), str(seed), *names])
    assert process.stdout is not None, "its output is a pipe"
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    lines = [first, *process.stdout.read().splitlines()]
    process.wait()
    if not first.startswith("begin"):
        return [f"it did not begin: {first!r}"]
    done = [line.split() for line in lines if line.startswith("done")]
    acknowledged = {name for _, what, *files in done for name in files if what != "undo"}
    removed = {name for _, what, *files in done for name in files if what == "undo"}
    problems = check(home, acknowledged, removed)
    problems += _without_undo(home, acknowledged, lines[-1].startswith("begin import"))
    if lines[-1].startswith("begin undo"):  # it may have taken back one, or have not
        lost = [problem for problem in problems if problem.startswith("lost: ")]
        problems = [problem for problem in problems if problem not in lost[:1]]
    return problems


def _without_undo(home: Path, acknowledged: set[str], was_importing: bool) -> list[str]:
    """Drawings of a killed import that the next start does not offer to move to the trash."""
    corrections = open_corrections(home)
    offered = {
        each.path.name
        for unfinished in find_unfinished_imports(corrections)
        for each in unfinished.kept
    }
    kept = {each.path.name for each in corrections.list_kept()[0]}
    missing = kept - acknowledged - offered if was_importing else set()
    if len(missing) == IMPORTED:  # it was killed between the end of the import and saying so
        missing = set()
    return [
        *(f"imported without an undo: {name}" for name in sorted(missing)),
        *(f"offered though it was kept: {name}" for name in sorted(offered & acknowledged)),
    ]


def kill_trainings(folder: Path, seed: int, rounds: int) -> Row:
    """Kill a training at a random moment after its first epoch, and resume it to its end."""
    row = Row("kill -9 while training")
    random = np.random.default_rng(seed)
    for number in range(rounds):
        home = make_home(folder / f"train-{seed}-{number}")
        problem = _kill_training(home, float(random.uniform(0, 1.5)))
        row.tried += 1
        row.failures += [f"seed {seed}, round {number}: {problem}"] if problem else []
    return row


def _kill_training(home: Path, seconds: float) -> str:
    runs = home / "models" / "runs"
    problem = _kill_after(["train", *config_of(home)], runs, "*/checkpoint.npz", seconds)
    if _finished(runs) == 1:
        return ""  # it was quicker
    if problem:
        return problem
    _, error = main_command("train", "--resume", *config_of(home))
    epochs = [len(_summary(run)["history"]) for run in runs.glob("2*") if _has_summary(run)]
    return "" if epochs == [30] and not error else f"resumed to {epochs} epochs; {error[-300:]}"


def kill_fine_tunings(folder: Path, seed: int, rounds: int, model: Path) -> Row:
    """Kill a fine-tuning at a random moment: the drawings and the network stay as they were."""
    row = Row("kill -9 while fine-tuning")
    random = np.random.default_rng(seed)
    before = model.read_bytes()
    for number in range(rounds):
        home = make_home(folder / f"tune-{seed}-{number}")
        for label in range(10):
            pixels = np.zeros((28, 28), np.float32)
            pixels[4:24, 12:16] = 1
            open_corrections(home).keep(pixels, label)
        options = ["fine-tune", *config_of(home), "--model", str(model)]
        process = start(["Main.py", *options])
        time.sleep(float(random.uniform(0, 12)))
        end(process)
        row.tried += 1
        problems = check(home, set(), set())
        if model.read_bytes() != before:
            problems.append("the network in use has changed")
        row.failures += [f"seed {seed}, round {number}: {problem}" for problem in problems]
    return row


def start(arguments: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process with those that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _kill_after(arguments: list[str], runs: Path, pattern: str, seconds: float) -> str:
    """Kill a command so many seconds after a file of its runs has appeared; why that was not so."""
    process, problem = start_until(arguments, runs, pattern)
    time.sleep(seconds)
    end(process)
    return problem


def start_until(
    arguments: list[str], runs: Path, pattern: str
) -> tuple[subprocess.Popen[str], str]:
    """Start a command and wait until a file of its runs has appeared; why there is none, or ""."""
    process, last = start(["Main.py", *arguments]), time.monotonic() + MOST_SECONDS
    while not any(runs.glob(pattern)) and process.poll() is None and time.monotonic() < last:
        time.sleep(0.01)
    has_begun = any(runs.glob(pattern))
    return process, "" if has_begun else f"found no {pattern} within {MOST_SECONDS:g} s"


def main_command(*arguments: str) -> tuple[str, str]:
    """Output of a command, and its errors where it failed."""
    done = subprocess.run(
        [sys.executable, "Main.py", *arguments],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
    )
    return done.stdout, done.stderr if done.returncode else ""


def config_of(home: Path) -> tuple[str, ...]:
    return ("--config", str(home / "config.json"))


def _finished(runs: Path) -> int:
    return sum(run.state == "done" for run in list_runs(runs))


def _has_summary(run: Path) -> bool:
    return (run / "summary.json").exists()


def _summary(run: Path) -> dict[str, list[object]]:
    values: dict[str, list[object]] = json.loads((run / "summary.json").read_bytes())
    return values
