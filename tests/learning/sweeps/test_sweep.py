"""Sweeps on processes of this machine and on a Dask cluster, which must behave the same."""

from __future__ import annotations

import dataclasses
import itertools
import os
from pathlib import Path

import pytest
from sweep_support import (
    TINY,
    Workers,
    check_a_worker_that_dies,
)

from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run import read_run
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec
from number_recognition.learning.sweeps.spec_training import load_samples
from number_recognition.learning.sweeps.sweep import combinations, run_sweep
from number_recognition.learning.sweeps.sweep_file import new_sweep, sweep_files

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
    for one, other in itertools.pairwise(reported):
        if one.done == other.done and one.seconds_left is not None:
            assert (other.seconds_left or 0) < one.seconds_left, "the time left falls"
    rows = {row.error: row for row in run_list.list_runs(tmp_path) if row.state == "failed"}
    assert rows.keys() == set(errors.values())
    begun = list((tmp_path / rows[errors[diverging]].folder / "tensorboard").iterdir())
    assert len(begun) == 1, "expected it to be trained once"
    assert sweep_files(tmp_path) == []


def test_runs_with_other_data_settings_have_samples_of_their_own(tmp_path: Path) -> None:
    few = dataclasses.replace(TINY, synthetic_samples=20)
    refuses = dataclasses.replace(few, no_digit=True, counterexamples=10)
    first, second, third = [
        load_samples(RunSpec(settings, DataPaths(), tmp_path, "sweep"))
        for settings in (few, refuses, dataclasses.replace(few, epochs=9))
    ]
    assert (len(first.training), len(second.training)) == (18, 27)
    assert third is first, "only the epochs differ"


def test_of_a_process_that_dies_at_most_an_epoch_is_lost(tmp_path: Path) -> None:
    # Workers of a cluster: test_without_a_shared_folder_checkpoints_are_sent_back.
    check_a_worker_that_dies(tmp_path, Workers(None))
