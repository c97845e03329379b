"""Experiments: every combination runs, a failure is a row, a worker's death costs a retry."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from waiting import wait_until

from learning import shelf
from learning.experiments import Outcome, combinations, experiment
from learning.numpy_network import NumpyNetwork
from learning.runs import RUNS, load_recipe, read_run, resume_run
from learning.samples import Places
from storage.files import HOME, write_json
from storage.settings import TrainingSettings

TINY = TrainingSettings(
    hidden_layers=(8,),
    data=("generated",),
    generated_samples=200,
    batch_size=20,
    epochs=2,
    distortion=0.0,
)


def weights(outcome: Outcome) -> list[bytes]:
    network = NumpyNetwork.load(outcome.run.model)
    return [array.tobytes() for layer in network.layers for array in vars(layer).values()
            if hasattr(array, "tobytes")]  # fmt: skip


def test_every_combination_in_the_order_given() -> None:
    chosen = combinations(TINY, {"hidden_layers": [(8,), (16, 8)], "learning_rate": [0.01, 0.001]})
    assert [(s.hidden_layers, s.learning_rate) for s in chosen] == [
        ((8,), 0.01), ((8,), 0.001), ((16, 8), 0.01), ((16, 8), 0.001)
    ]  # fmt: skip
    assert {s.generated_samples for s in chosen} == {200}


def test_runs_repeats_and_failures(tmp_path: Path) -> None:
    """Twice the same settings: the same weights to the last bit; wrong ones: a row that says so."""
    hopeless = dataclasses.replace(TINY, data=("corrections",))
    heard: list[Outcome] = []
    outcomes = experiment(
        [TINY, hopeless, TINY], Places(images=tmp_path), runs=tmp_path / "runs", workers=2,
        heard=heard.append,
    )  # fmt: skip
    assert heard == outcomes and len(outcomes) == 3
    [failed] = [outcome for outcome in outcomes if outcome.run is None]
    assert failed.settings == hopeless and "images" in failed.error
    first, second = (outcome for outcome in outcomes if outcome.run is not None)
    assert weights(first) and weights(first) == weights(second)
    assert first.run.folder != second.run.folder

    shelf.export(first.run.folder, tmp_path / "shared.json")
    repeated = load_recipe(tmp_path / "shared.json")
    [third] = experiment([repeated], Places(), runs=tmp_path / "elsewhere", workers=2)
    assert weights(third) == weights(first)


def test_a_stop_cancels_what_has_not_started(tmp_path: Path) -> None:
    long = dataclasses.replace(TINY, epochs=100_000)
    begun = threading.Event()

    def stopped() -> bool:
        if any((tmp_path / "runs").glob("*/checkpoint.npz")):
            begun.set()
        return begun.is_set()

    outcomes = experiment([long] * 6, Places(), runs=tmp_path / "runs", workers=2, stopped=stopped)
    assert 1 <= len(outcomes) < 6
    assert outcomes[0].run.history and not outcomes[0].run.completed
    assert len(list((tmp_path / "runs").iterdir())) == len(outcomes)


def test_runs_are_listed_named_noted_and_thrown_away(tmp_path: Path) -> None:
    folder = tmp_path / "20260101T000000-first"
    write_json(folder / "settings.json", {"training": {"epochs": 3}})
    [row] = shelf.rows(tmp_path)
    assert (row.name, row.state, row.settings) == ("first", "unfinished", {"epochs": 3})
    shelf.describe(folder, name="wide", note="twice as wide")
    [row] = shelf.rows(tmp_path)
    assert (row.name, row.note, row.folder) == ("wide", "twice as wide", folder.name)
    thrown = shelf.throw_away(folder)
    assert shelf.rows(tmp_path) == [] and thrown.is_dir()
    assert shelf.take_back(thrown) == folder and len(shelf.rows(tmp_path)) == 1


SOUND = {
    "settings": {"seed": 1},
    "figures": {"validation": 0.9},
    "samples": {"generated": 10},
    "completed": True,
    "history": [{"epoch": 0, "loss": 0.1, "accuracy": 0.9}],
}


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ({"figures": ...}, "'figures'"),
        ({"figures": [1]}, "'figures'"),
        ({"figures": {"validation": "high"}}, "'figures.validation'"),
        ({"settings": {"seed": "one"}}, "'seed'"),
        ({"settings": {"no such": 1}}, "'no such'"),
        ({"history": [{"epoch": 0, "loss": 0.1}]}, "'history.0.accuracy'"),
        ({"history": [7]}, "'history.0'"),
        ({"completed": "yes"}, "'completed'"),
        ({"error": 3}, "'error'"),
        ({"samples": None}, "'samples'"),
    ],
)
def test_a_damaged_run_names_file_and_key_and_hides_no_other(
    tmp_path: Path, damage: dict, place: str
) -> None:
    write_fast(tmp_path / "20260101T000000-sound", SOUND)
    broken = {key: value for key, value in (SOUND | damage).items() if value is not ...}
    folder = tmp_path / "20260102T000000-broken"
    write_fast(folder, broken)
    damaged, sound = shelf.rows(tmp_path)
    assert (damaged.state, sound.state) == ("damaged", "done")
    assert "summary.json" in damaged.error and place in damaged.error
    assert "\n" not in damaged.error and shelf.history(folder) == []
    for read in (read_run, lambda folder: shelf.export(folder, tmp_path / "shared.json")):
        with pytest.raises(ValueError, match=r"summary\.json"):
            read(folder)


@pytest.mark.parametrize("text", ["{", "[]", "", "[" * 100_000, "\udcff"])
@pytest.mark.parametrize("name", ["summary.json", "settings.json", "note.json"])
def test_a_file_that_is_no_json_damages_its_run_alone(tmp_path: Path, name: str, text: str) -> None:
    write_fast(tmp_path / "20260101T000000-sound", SOUND)
    folder = tmp_path / "20260102T000000-broken"
    folder.mkdir()
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    damaged, _ = shelf.rows(tmp_path)
    assert damaged.state == "damaged" and name in damaged.error


@pytest.mark.parametrize("places", [[], {"mnist": 1}, {"moon": None}])
def test_a_run_with_damaged_places_is_not_resumed(tmp_path: Path, places: object) -> None:
    write_json(tmp_path / "settings.json", {"training": {}, "places": places})
    with pytest.raises(ValueError, match=r"settings\.json, 'places"):
        resume_run(tmp_path)


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    write_fast(tmp_path / "20260101T000000-sound", SOUND)
    rows = shelf.rows(tmp_path)
    index = json.loads((tmp_path / ".index.json").read_text())
    for damage in ({"figures": None}, {"moon": 1}):
        [entry] = index.values()
        write_json(tmp_path / ".index.json", {rows[0].folder: entry | {"run": damage}})
        assert shelf.rows(tmp_path) == rows


def test_runs_are_listed_the_newest_first_and_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write_fast(tmp_path / f"2026010{number}T000000-run", SOUND)
    rows = shelf.rows(tmp_path)
    assert [row.when[7] for row in rows] == ["2", "1", "0"]
    monkeypatch.setattr(shelf, "read_summary", None)
    assert shelf.rows(tmp_path) == rows


def write_fast(folder: Path, summary: dict) -> None:
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(summary))


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A Dask scheduler and two workers, as people start them, on this machine."""
    environment = {**os.environ, "PYTHONPATH": str(HOME), "DASK_LOGGING__DISTRIBUTED": "error"}
    started: list[subprocess.Popen] = []

    def start(*words: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:]],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    try:
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
              "--scheduler-file", "scheduler.json")  # fmt: skip
        wait_until(lambda: (folder / "scheduler.json").exists())
        wait_until(lambda: (folder / "scheduler.json").read_text().endswith("}"))
        address = json.loads((folder / "scheduler.json").read_text())["address"]
        workers = [start("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
                   for _ in range(2)]  # fmt: skip
        yield address, workers
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_worker_of_a_cluster_dies_and_every_run_comes_back(tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="the cluster needs: pip install -r requirements-cluster.txt"
    )
    settings = [dataclasses.replace(TINY, seed=seed, epochs=60) for seed in range(1, 4)]
    with cluster(tmp_path) as (address, workers):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)

        def kill_one(outcome: Outcome) -> None:
            if workers[0].poll() is None:
                workers[0].send_signal(signal.SIGKILL)

        outcomes = experiment(
            settings, Places(), runs=tmp_path / "runs", cluster=address, heard=kill_one
        )
        assert workers[0].wait(10) == -signal.SIGKILL
    assert [o.error for o in outcomes] == [""] * 3
    assert sorted(o.run.settings.seed for o in outcomes) == [1, 2, 3]
    for outcome in outcomes:
        assert outcome.run.folder.parent == tmp_path / "runs" and outcome.run.folder != RUNS
        assert read_run(outcome.run.folder).figures == outcome.run.figures
        assert NumpyNetwork.load(outcome.run.model)
