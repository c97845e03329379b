"""kill -9 of a sweep at random moments: of all its processes, of the first one, or of a worker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np

from benchmarks.faults.home import RUN, TRAINING, check, make_home
from benchmarks.faults.kills import MOST_SECONDS, config_of, end, main_command, start_until
from benchmarks.faults.row import Row
from number_recognition.learning.runs.run_list import list_runs

_SEEDS = ("1", "2")
"""One run for each."""
_STAGES = (".sweeps/*/sweep.json", "2*/settings.json", "2*/checkpoint.npz", "2*/summary.json")
"""A sweep is killed so many seconds after the first such file has appeared."""
_VICTIMS = ("all", "the first process", "a worker")
_WAIT = 2.0


def kill_sweeps(folder: Path, seed: int, rounds: int) -> Row:
    """Kill sweeps, half of them once more while they are resumed; both runs are done at last."""
    row = Row("kill -9 while training a sweep")
    random = np.random.default_rng(seed)
    for number in range(rounds):
        home = make_home(folder / f"sweep-{seed}-{number}")
        stages = [_STAGES[int(random.integers(len(_STAGES)))]]
        stages += [_STAGES[int(random.integers(len(_STAGES)))]] * int(random.integers(2))
        victim = _VICTIMS[number % len(_VICTIMS)]
        seconds = [float(random.uniform(0, _WAIT)) for _ in stages]
        problems = _kill_sweep(home, victim, stages, seconds)
        row.tried += len(stages)
        how = f"{victim} killed {seconds[0]:.2f} s after {stages[0]}"
        row.failures += [f"seed {seed}, round {number}, {how}: {each}" for each in problems]
    return row


def _kill_sweep(home: Path, victim: str, stages: list[str], seconds: list[float]) -> list[str]:
    """Kill a sweep at each stage, and resume it; what does not hold."""
    runs = home / "models" / "runs"
    command = ["experiment", "--seed", *_SEEDS]
    for stage, wait in zip(stages, seconds, strict=True):
        done = _done(runs)
        problem = _run_and_kill([*command, *_options(home)], runs, stage, wait, victim)
        if problem:
            return [problem]
        if any(_done(runs).get(name) != content for name, content in done.items()):
            return ["a run that was done has been trained again"]
        if not any(runs.glob(_STAGES[0])):
            break  # it was quicker, or went on by itself
        command = ["experiment", "--resume"]
    done = _done(runs)
    error = ""
    if any(runs.glob(_STAGES[0])):
        error = main_command("experiment", "--resume", *_options(home))[1]
    if any(_done(runs).get(name) != content for name, content in done.items()):
        return ["a run that was done has been trained again"]
    return [*check(home, set(), set()), *_wrong(runs, error)]


def _options(home: Path) -> tuple[str, ...]:
    return ("--workers", "1", *config_of(home))


def _run_and_kill(arguments: list[str], runs: Path, stage: str, seconds: float, victim: str) -> str:
    """Start a sweep and kill it; why that was not possible."""
    process, problem = start_until(arguments, runs, stage)
    time.sleep(seconds)
    if victim == "all" or process.poll() is not None:
        end(process)
    elif victim == "the first process":
        process.kill()
        process.communicate(timeout=MOST_SECONDS)  # until its workers have ended as well
    else:
        _kill_workers(process)
        output = process.communicate(timeout=MOST_SECONDS)[0]
        if process.returncode:
            return f"exit status {process.returncode} without a worker: {output[-300:]}"
    return problem


def _kill_workers(process: subprocess.Popen[str]) -> None:
    for task in Path(f"/proc/{process.pid}/task").glob("*/children"):
        for child in task.read_text("ascii").split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)


def _done(runs: Path) -> dict[str, bytes]:
    """The summaries of the runs that are done."""
    names = [run.folder for run in list_runs(runs) if run.state == "done"]
    return {name: (runs / name / "summary.json").read_bytes() for name in names}


def _wrong(runs: Path, error: str) -> list[str]:
    """What is missing of the two runs, or was left beside them."""
    problems = [f"left: {path}" for path in runs.glob(_STAGES[0])]
    found = [run for run in list_runs(runs) if run.folder != RUN.name]
    done = [(run.name, run.epochs) for run in found if run.state == "done"]
    if sorted(done) != [(seed, TRAINING["epochs"]) for seed in _SEEDS] or len(found) != len(done):
        states = ", ".join(f"{run.name}: {run.state}, {run.epochs} epochs" for run in found)
        problems.append(f"expected the runs {', '.join(_SEEDS)}, found {states}; {error[-300:]}")
    return problems
