"""Sweeps on processes of this machine and on a Dask cluster, which must behave the same."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sweep_support import (
    STOP_SECONDS,
    TINY,
    Workers,
    check_a_worker_that_dies,
    checkpoints,
    epochs_of,
    names,
)

from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run import read_run
from number_recognition.learning.sweeps.run_spec import Outcome
from number_recognition.learning.sweeps.sweep import combinations, run_sweep
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweep, sweep_files

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


def test_the_same_settings_give_the_same_weights_and_failures_are_listed(
    tmp_path: Path, workers: Workers
) -> None:
    """Four runs: two of the same settings, one that learns nothing, one without samples."""
    diverging = dataclasses.replace(
        TINY, synthetic_samples=400, learning_rate=100.0, epochs=12, batch_normalization=False,
        dropout=0.0, tensorboard=True,
    )  # fmt: skip
    received: list[Outcome] = []
    reported: list[Progress] = []
    without_samples = dataclasses.replace(TINY, sources=("corrections",))
    sweep = new_sweep(
        [TINY, diverging, without_samples, TINY], DataPaths(images=tmp_path / "none"), tmp_path
    )
    outcomes = run_sweep(
        sweep, on_outcome=received.append, report=reported.append, **workers.options
    )
    assert received == outcomes and len(outcomes) == 4
    first, second = (outcome.run for outcome in outcomes if outcome.run is not None)
    assert read_run(first.folder).metrics == first.metrics
    assert first.folder != second.folder and weights(first.folder) == weights(second.folder)

    errors = {o.settings: o.error for o in outcomes if o.run is None}
    assert errors.keys() == {diverging, without_samples}
    assert "no better than chance" in errors[diverging]
    assert reported[-1].message == "2 of 4 runs done, 2 failed"
    rows = {row.error: row for row in run_list.list_runs(tmp_path) if row.state == "failed"}
    assert rows.keys() == set(errors.values())
    begun = list((tmp_path / rows[errors[diverging]].folder / "tensorboard").iterdir())
    assert len(begun) == 1, "expected it to be trained once"
    assert sweep_files(tmp_path) == []


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
    settings = [
        dataclasses.replace(TINY, seed=seed, epochs=80, batch_size=100) for seed in (1, 2, 3)
    ]
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
