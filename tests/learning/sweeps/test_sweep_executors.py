"""Sweeps on processes of this machine and on a Dask cluster: both must keep the same promises."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dask_cluster import Cluster, running_cluster
from waiting import wait_until

from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.runs import load_recipe, read_run
from number_recognition.learning.sweeps.run_spec import Outcome
from number_recognition.learning.sweeps.sweep import combinations, run_sweep
from number_recognition.learning.sweeps.sweep_file import Sweep, new_sweep, read_sweep, sweep_files
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.locks import is_locked
from number_recognition.storage.settings import TrainingSettings

TINY = TrainingSettings(
    hidden_layers=(16,),
    sources=("synthetic",),
    synthetic_samples=200,
    batch_size=20,
    epochs=2,
    distortion=0.0,
)
LONG = dataclasses.replace(TINY, epochs=100_000)
STOP_SECONDS = 5

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes as POSIX does")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


class Workers:
    """Two workers of one kind: the options that use them, and how one of them is killed."""

    def __init__(self, cluster: Cluster | None) -> None:
        self._cluster = cluster
        self.options: dict[str, Any] = {"cluster": cluster.address} if cluster else {"workers": 2}
        self.words = [f"--{name}={value}" for name, value in self.options.items()]

    def kill_one(self) -> None:
        if self._cluster is not None:
            self._cluster.kill(self._cluster.workers[0])
        else:
            multiprocessing.active_children()[0].kill()

    def replace(self) -> None:
        """Start another for the one that was killed."""
        if self._cluster is not None:
            self._cluster.start_worker()


@pytest.fixture(params=["local", "cluster"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return Workers(None if request.param == "local" else request.getfixturevalue("cluster"))


def weights(run: Path) -> list[bytes]:
    network = NumpyNetwork.load(run / "model.keras")
    return [array.tobytes() for layer in network.layers for array in vars(layer).values()
            if hasattr(array, "tobytes")]  # fmt: skip


def epochs_of(checkpoint: Path) -> list[dict[str, float]]:
    return Checkpoint.read(checkpoint).history


def checkpoints(sweep: Sweep) -> list[Path]:
    return [path for spec in sweep.specs if (path := spec.folder / "checkpoint.npz").exists()]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_every_combination_in_the_order_given() -> None:
    chosen = combinations(TINY, {"hidden_layers": [(8,), (16, 8)], "learning_rate": [0.01, 0.001]})
    assert [(s.hidden_layers, s.learning_rate) for s in chosen] == [
        ((8,), 0.01), ((8,), 0.001), ((16, 8), 0.01), ((16, 8), 0.001)
    ]  # fmt: skip
    assert {s.synthetic_samples for s in chosen} == {200}


def test_the_same_settings_give_the_same_weights_and_a_failure_is_listed(
    tmp_path: Path, workers: Workers
) -> None:
    hopeless = dataclasses.replace(
        TINY, synthetic_samples=1200, learning_rate=100.0, epochs=9, batch_normalization=False,
        tensorboard=True,
    )  # fmt: skip
    noted: list[Outcome] = []
    reported: list[Progress] = []
    sweep = new_sweep([TINY, hopeless, TINY], DataPaths(), tmp_path)
    outcomes = run_sweep(sweep, on_outcome=noted.append, report=reported.append, **workers.options)
    assert noted == outcomes and len(outcomes) == 3
    first, second = (outcome.run for outcome in outcomes if outcome.run is not None)
    assert weights(first.folder) == weights(second.folder) and first.folder != second.folder
    assert read_run(first.folder).metrics == first.metrics

    [failed] = [outcome for outcome in outcomes if outcome.run is None]
    assert failed.settings == hopeless and "no better than chance" in failed.error
    assert reported[-1].message == "2 of 3 runs done, 1 failed"
    [row] = [row for row in run_list.list_runs(tmp_path) if row.state != "done"]
    assert (row.state, row.error) == ("failed", failed.error)
    begun = list((tmp_path / row.folder / "tensorboard").iterdir())
    assert len(begun) == 1, "expected it to be trained once"
    assert sweep_files(tmp_path) == []

    run_list.export(first.folder, tmp_path / "shared.json")
    repeated = new_sweep([load_recipe(tmp_path / "shared.json")], DataPaths(), tmp_path)
    [again] = run_sweep(repeated, **workers.options)
    assert again.run is not None and weights(again.run.folder) == weights(first.folder)


def test_a_run_without_samples_is_listed_with_its_reason(tmp_path: Path, workers: Workers) -> None:
    settings = dataclasses.replace(TINY, sources=("corrections",))
    sweep = new_sweep([settings], DataPaths(images=tmp_path / "none"), tmp_path / "runs")
    [outcome] = run_sweep(sweep, **workers.options)
    assert outcome.run is None and outcome.error
    [row] = run_list.list_runs(tmp_path / "runs")
    assert (row.state, row.error) == ("failed", outcome.error)


def stop_when(condition: Callable[[], object]) -> tuple[Callable[[], bool], list[float]]:
    """A wish to stop once a condition holds, and when it was first uttered."""
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


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for a folder of one's own")
def test_without_a_shared_folder_checkpoints_are_sent_back(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = Path("/proc/self/cwd")  # to each process another folder
    check_a_worker_that_dies(own, Workers(cluster))
    [outcome] = run_sweep(new_sweep([TINY], DataPaths(), own, "short"), cluster=cluster.address)
    assert outcome.run is not None and names(tmp_path / outcome.run.folder.name) == {
        "settings.json", "summary.json", "history.csv", "model.keras"
    }  # fmt: skip


def check_a_worker_that_dies(runs: Path, workers: Workers) -> None:
    """Kill one of two workers once both train, and stop the sweep once both runs have gone on."""
    sweep = new_sweep([LONG, dataclasses.replace(LONG, seed=2)], DataPaths(), runs)
    before: dict[Path, list[dict[str, float]]] = {}

    def have_gone_on() -> bool:
        if not before and len(checkpoints(sweep)) == 2:
            workers.kill_one()
            before.update({path: epochs_of(path) for path in checkpoints(sweep)})
            workers.replace()
        return bool(before) and all(len(epochs_of(p)) > len(h) + 1 for p, h in before.items())

    outcomes = run_sweep(sweep, stopped=have_gone_on, **workers.options)
    assert not any(outcome.error for outcome in outcomes) and len(before) == 2
    for path, history in before.items():
        # The seconds are of the clock: a run that had begun anew would have others.
        assert epochs_of(path)[: len(history)] == history


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    """The command line in a process group of its own, as a terminal starts it."""
    (home / "config.json").write_text("{}")
    return subprocess.Popen(
        [sys.executable, str(PROJECT_DIR / "Main.py"), "experiment",
         "--config", home / "config.json",
         "--json", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def given(settings: TrainingSettings) -> list[str]:
    return ["--hidden-layers", "16", "--sources", "synthetic", "--synthetic-samples", "200",
            "--batch-size", "20", "--distortion", "0",
            "--epochs", str(settings.epochs)]  # fmt: skip


def test_ctrl_c_ends_the_command_and_keeps_what_is_done(tmp_path: Path, workers: Workers) -> None:
    process = start(tmp_path, *given(LONG), "--seed", "1", "2", "3", *workers.words)
    runs = tmp_path / "models" / "runs"
    wait_until(lambda: list(runs.glob("*/checkpoint.npz")))
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


def test_a_killed_sweep_is_gone_on_with_as_a_whole(tmp_path: Path, workers: Workers) -> None:
    short = dataclasses.replace(TINY, epochs=80)
    process = start(tmp_path, *given(short), "--seed", "1", "2", "3", *workers.words)
    runs = tmp_path / "models" / "runs"
    wait_until(lambda: list(runs.glob("*/checkpoint.npz")))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not any(map(is_locked, runs.glob("*/checkpoint.npz"))))
    assert len(run_list.list_runs(runs)) < 3

    shaped = start(tmp_path, "--resume", "--epochs", "3")
    assert "expected no --epochs with it" in shaped.communicate(timeout=60)[1]
    assert shaped.returncode == 2
    wrong = start(tmp_path, "--resume", "nope")
    [file] = sweep_files(runs)
    assert f"expected one of {file.parent.name}, found 'nope'" in wrong.communicate(timeout=60)[1]

    resumed = start(tmp_path, "--resume", *workers.words)
    output, errors = resumed.communicate(timeout=120)
    assert resumed.returncode == 0, errors
    assert "3 runs of 3 not finished: 1; 2; 3" in errors
    assert sorted(run["settings"]["seed"] for run in json.loads(output)) == [1, 2, 3]
    assert all(run["completed"] for run in json.loads(output))
    none = start(tmp_path, "--resume")
    assert "expected an unfinished experiment" in none.communicate(timeout=60)[1]


def test_a_scheduler_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    with pytest.raises(OSError, match="expected a Dask scheduler, found none"):
        run_sweep(sweep, cluster="tcp://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_a_worker_without_the_program_is_named(tmp_path: Path, cluster: Cluster) -> None:
    worker = cluster.start_worker(program=tmp_path)
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    with pytest.raises(ValueError, match=r"No module named.*PYTHONPATH"):
        run_sweep(sweep, cluster=cluster.address)
    cluster.kill(worker)
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_dies_ends_the_sweep_in_words(tmp_path: Path) -> None:
    with running_cluster(tmp_path, workers=1) as cluster:
        sweep = new_sweep([LONG, LONG], DataPaths(), tmp_path / "runs")

        def kill(progress: Progress) -> None:
            if checkpoints(sweep):
                cluster.scheduler.kill()

        with pytest.raises(OSError, match="the cluster was lost after 0 of 2 runs"):
            run_sweep(sweep, cluster=cluster.address, report=kill)
        [checkpoint] = checkpoints(sweep)
        wait_until(lambda: not is_locked(checkpoint))
    [file] = sweep_files(tmp_path / "runs")
    assert not read_sweep(file).ended


@pytest.mark.parametrize(
    ("damage", "key"),
    [
        ({"runs": []}, "'runs'"),
        ({"runs": [1]}, "'runs.0'"),
        ({"runs": [{"folder": "../elsewhere"}]}, "'runs.0.folder'"),
        ({"runs": [{"folder": "one", "title": 1}]}, "'runs.0.title'"),
        ({"runs": [{"folder": "one", "settings": {"epochs": "many"}}]}, "'epochs'"),
        ({"paths": []}, "'paths'"),
    ],
)
def test_a_damaged_file_of_a_sweep_names_file_and_key(
    tmp_path: Path, damage: dict[str, Any], key: str
) -> None:
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    sweep.save()
    [file] = sweep_files(tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | damage))
    with pytest.raises(ValueError, match=rf"sweep\.json.*{key}"):
        read_sweep(file)
