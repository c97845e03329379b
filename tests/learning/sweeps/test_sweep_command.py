"""Sweeps of the command line on both kinds of workers: Ctrl+C, kill and resume."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sweep_support import LONG, STOP_SECONDS, TINY, Workers, epochs_of
from waiting import wait_until

from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run import read_run
from number_recognition.learning.sweeps.sweep_file import sweep_files
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.locks import is_locked
from number_recognition.storage.settings import TrainingSettings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes as POSIX does")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line in a process group of its own, as a terminal does."""
    (tmp_path / "config.json").write_text("{}")
    command = [sys.executable, str(PROJECT_DIR / "Main.py"), "experiment",
               "--config", str(tmp_path / "config.json"), "--json"]  # fmt: skip
    started = []

    def start(*words: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [*command, *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):  # the group has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def options(settings: TrainingSettings) -> list[str]:
    return ["--hidden-layers", "16", "--sources", "synthetic", "--synthetic-samples", "200",
            "--batch-size", "20", "--distortion", "0", "--dropout", "0.1",
            "--epochs", str(settings.epochs)]  # fmt: skip


def test_ctrl_c_ends_the_command_and_keeps_what_is_done(
    tmp_path: Path, workers: Workers, start: Callable[..., subprocess.Popen[str]]
) -> None:
    process = start(*options(LONG), "--seed", "1", "2", "3", *workers.arguments)
    runs = tmp_path / "models" / "runs"
    wait_until(lambda: list(runs.glob("*/checkpoint.npz")), 180)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert time.monotonic() - began < STOP_SECONDS
    assert process.returncode == 130, errors
    assert "Traceback" not in errors and "0 of 3 runs are finished" in errors
    kept = {Path(run["folder"]).name for run in json.loads(output) if not run["completed"]}
    rows = run_list.list_runs(runs)
    assert rows and {row.folder for row in rows if row.state == "stopped"} == kept
    assert all((runs / row.folder / "checkpoint.npz").exists() for row in rows)
    assert all((runs / folder / "model.keras").exists() for folder in kept)


def test_a_killed_sweep_is_resumed_with_all_its_runs(
    tmp_path: Path, workers: Workers, start: Callable[..., subprocess.Popen[str]]
) -> None:
    # Long enough to be killed before one of them ends.
    short = dataclasses.replace(TINY, epochs=60)
    process = start(*options(short), "--seed", "1", "2", "3", *workers.arguments)
    runs = tmp_path / "models" / "runs"
    wait_until(lambda: list(runs.glob("*/checkpoint.npz")), 180)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not any(map(is_locked, runs.glob("*/checkpoint.npz"))))
    assert len(run_list.list_runs(runs)) < 3
    before = {path.parent: epochs_of(path) for path in runs.glob("*/checkpoint.npz")}

    # One process is enough, and another number of them than before may be chosen.
    resumed = start("--resume", *workers.arguments, *workers.fewer)
    output, errors = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, errors
    assert "3 runs of 3 not finished: 1; 2; 3" in errors
    assert sorted(run["settings"]["seed"] for run in json.loads(output)) == [1, 2, 3]
    assert all(run["completed"] for run in json.loads(output))
    # The seconds are measured: a run that was started again would have others.
    assert before and all(
        read_run(folder).history[: len(history)] == history for folder, history in before.items()
    )
    assert sweep_files(runs) == []
