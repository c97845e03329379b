"""Sweeps on processes of this machine and on a Dask cluster, which must behave the same."""

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
from sweep_support import (
    LONG,
    TINY,
    Workers,
    check_a_worker_that_dies,
    checkpoints,
    epochs_of,
    names,
)
from waiting import wait_until

from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.runs.run import read_run
from number_recognition.learning.sweeps.run_spec import Outcome
from number_recognition.learning.sweeps.sweep import combinations, run_sweep
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweep, sweep_files
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.locks import is_locked
from number_recognition.storage.settings import TrainingSettings

STOP_SECONDS = 5

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes as POSIX does")


def weights(run: Path) -> list[bytes]:
    network = NumpyNetwork.load(run / "model.keras")
    return [array.tobytes() for layer in network.layers for array in vars(layer).values()
            if hasattr(array, "tobytes")]  # fmt: skip


def test_every_combination_in_the_order_given() -> None:
    settings = combinations(
        TINY, {"hidden_layers": [(8,), (16, 8)], "learning_rate": [0.01, 0.001]}
    )
    assert [(s.hidden_layers, s.learning_rate) for s in settings] == [
        ((8,), 0.01), ((8,), 0.001), ((16, 8), 0.01), ((16, 8), 0.001)
    ]  # fmt: skip
    assert {s.synthetic_samples for s in settings} == {200}


def test_the_same_settings_give_the_same_weights_and_a_failure_is_listed(
    tmp_path: Path, workers: Workers
) -> None:
    diverging = dataclasses.replace(
        TINY, synthetic_samples=1200, learning_rate=100.0, epochs=9, batch_normalization=False,
        tensorboard=True,
    )  # fmt: skip
    received: list[Outcome] = []
    reported: list[Progress] = []
    sweep = new_sweep([TINY, diverging], DataPaths(), tmp_path)
    outcomes = run_sweep(
        sweep, on_outcome=received.append, report=reported.append, **workers.options
    )
    assert received == outcomes and len(outcomes) == 2
    [first] = [outcome.run for outcome in outcomes if outcome.run is not None]
    assert read_run(first.folder).metrics == first.metrics

    [failed] = [outcome for outcome in outcomes if outcome.run is None]
    assert failed.settings == diverging and "no better than chance" in failed.error
    assert reported[-1].message == "1 of 2 runs done, 1 failed"
    [row] = [row for row in run_list.list_runs(tmp_path) if row.state != "done"]
    assert (row.state, row.error) == ("failed", failed.error)
    begun = list((tmp_path / row.folder / "tensorboard").iterdir())
    assert len(begun) == 1, "expected it to be trained once"
    assert sweep_files(tmp_path) == []

    run_list.export_run(first.folder, tmp_path / "shared.json")
    repeated = new_sweep([load_recipe(tmp_path / "shared.json")], DataPaths(), tmp_path)
    [again] = run_sweep(repeated, **workers.options)
    assert again.run is not None and again.run.folder != first.folder
    assert weights(again.run.folder) == weights(first.folder)


def test_a_run_without_samples_is_listed_with_the_error(tmp_path: Path, workers: Workers) -> None:
    settings = dataclasses.replace(TINY, sources=("corrections",))
    sweep = new_sweep([settings], DataPaths(images=tmp_path / "none"), tmp_path / "runs")
    [outcome] = run_sweep(sweep, **workers.options)
    assert outcome.run is None and outcome.error
    [row] = run_list.list_runs(tmp_path / "runs")
    assert (row.state, row.error) == ("failed", outcome.error)


def stop_when(condition: Callable[[], object]) -> tuple[Callable[[], bool], list[float]]:
    """A `stopped` that is true once a condition holds, and the time since when."""
    since: list[float] = []

    def stopped() -> bool:
        if not since and condition():
            since.append(time.monotonic())
        return bool(since)

    return stopped, since


def test_a_stop_keeps_what_is_done_and_the_sweep_can_be_resumed(
    tmp_path: Path, workers: Workers
) -> None:
    settings = [dataclasses.replace(TINY, seed=seed, epochs=80) for seed in (1, 2, 3)]
    sweep = new_sweep(settings, DataPaths(), tmp_path, "mine")
    stopped, since = stop_when(lambda: checkpoints(sweep))
    outcomes = run_sweep(sweep, stopped=stopped, **workers.options)
    assert time.monotonic() - since[0] < STOP_SECONDS
    assert len(outcomes) < 3 and not any(outcome.finished for outcome in outcomes)
    for outcome in outcomes:
        assert outcome.run and outcome.run.model.exists() and outcome.run.history
    before = {path: epochs_of(path) for path in checkpoints(sweep)}
    assert before and names(tmp_path) == {path.parent.name for path in before}

    [file] = sweep_files(tmp_path)
    resumed = read_sweep(file)
    assert resumed.ended and resumed.specs == sweep.specs
    outcomes = run_sweep(resumed, **workers.options)
    assert sorted(o.run.settings.seed for o in outcomes if o.run and o.run.completed) == [1, 2, 3]
    for path, history in before.items():
        assert read_run(path.parent).history[: len(history)] == history
    assert sweep_files(tmp_path) == []
    assert {row.name for row in run_list.list_runs(tmp_path)} == {"1", "2", "3"}


def test_of_a_worker_that_dies_at_most_an_epoch_is_lost(tmp_path: Path, workers: Workers) -> None:
    check_a_worker_that_dies(tmp_path, workers)


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
            "--batch-size", "20", "--distortion", "0",
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


def test_a_killed_sweep_is_resumed_with_all_its_runs(
    tmp_path: Path, workers: Workers, start: Callable[..., subprocess.Popen[str]]
) -> None:
    short = dataclasses.replace(TINY, epochs=30)
    process = start(*options(short), "--seed", "1", "2", "3", *workers.arguments)
    runs = tmp_path / "models" / "runs"
    wait_until(lambda: list(runs.glob("*/checkpoint.npz")), 180)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not any(map(is_locked, runs.glob("*/checkpoint.npz"))))
    assert len(run_list.list_runs(runs)) < 3

    resumed = start("--resume", *workers.arguments)
    output, errors = resumed.communicate(timeout=120)
    assert resumed.returncode == 0, errors
    assert "3 runs of 3 not finished: 1; 2; 3" in errors
    assert sorted(run["settings"]["seed"] for run in json.loads(output)) == [1, 2, 3]
    assert all(run["completed"] for run in json.loads(output))
    assert sweep_files(runs) == []
