"""Runs with the names of an earlier version: listed, read, resumed, and left as they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from number_recognition.core.progress import Progress
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.runs.run import read_run
from number_recognition.learning.runs.run_files import read_settings, read_summary
from number_recognition.learning.runs.run_list import export_run, list_runs
from number_recognition.learning.runs.training_job import resume_run
from number_recognition.learning.sweeps.sweep_file import read_sweep

DATA = Path(__file__).parents[2] / "data"
"""What the version of commit 3189801 wrote."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "20261128T164429-old"
    shutil.copytree(DATA / "run_of_3189801", folder)
    return folder


def test_an_old_run_is_read_with_the_names_of_today(folder: Path) -> None:
    run = read_run(folder)
    assert run.settings.sources == ("synthetic",)
    assert (run.settings.ema_momentum, run.settings.synthetic_samples) == (0.5, 40)
    assert run.metrics["weights"] == 1600
    assert run.samples == {"synthetic": 36}
    assert run.baseline == {"validation": 1.0}
    assert read_settings(folder)[0] == run.settings


def test_an_old_run_is_listed_and_stays_as_it_is(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for _ in range(2):  # from its files, then from the index
        (listed,) = list_runs(folder.parent)
        assert (listed.state, listed.error) == ("stopped", "")
        assert listed.metrics["weights"] == 1600
        assert listed.settings["sources"] == ["synthetic"]
        assert "generated_samples" not in listed.settings
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_list_of_runs_comes_out_of_its_index(folder: Path) -> None:
    list_runs(folder.parent)
    index = folder.parent / ".index.json"
    stamp = index.stat().st_mtime_ns
    values = json.loads(index.read_text())
    values[folder.name]["run"]["metrics"]["weights"] = 7
    index.write_text(json.dumps(values))
    (listed,) = list_runs(folder.parent)
    assert listed.metrics["weights"] == 7
    assert index.stat().st_mtime_ns != stamp


def test_an_index_with_the_old_names_is_made_again(folder: Path) -> None:
    list_runs(folder.parent)
    index = folder.parent / ".index.json"
    values = json.loads(index.read_text())
    run = values[folder.name]["run"]
    run["figures"] = run.pop("metrics")
    index.write_text(json.dumps(values))
    assert list_runs(folder.parent)[0].metrics["weights"] == 1600


def test_an_old_run_is_exported_with_the_names_of_today(folder: Path, tmp_path: Path) -> None:
    export_run(folder, tmp_path / "exported.json")
    values = json.loads((tmp_path / "exported.json").read_text())
    assert values["metrics"]["weights"] == 1600
    assert values["settings"]["sources"] == ["synthetic"]
    assert values["samples"] == {"synthetic": 36}


def test_an_old_exported_run_is_a_recipe(folder: Path) -> None:
    assert load_recipe(DATA / "exported_by_3189801.json") == read_run(folder).settings


def test_an_old_recipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text('{"data": ["generated"], "weight_average": 0.5, "start": "a.keras"}')
    settings = load_recipe(path)
    assert settings.sources == ("synthetic",)
    assert (settings.ema_momentum, settings.initial_weights) == (0.5, "a.keras")


def test_an_old_run_is_resumed_to_its_end(folder: Path) -> None:
    reports: list[Progress] = []
    run = resume_run(folder, report=reports.append)
    assert run.completed
    assert [row["epoch"] for row in run.history] == [0, 1, 2]
    summary, _ = read_summary(folder)
    assert set(summary) >= {"metrics", "baseline"}
    # To save the network after each epoch takes longer than the epoch of a small one.
    assert reports and not any("saved_epoch" in progress.details for progress in reports)


def test_an_old_sweep_is_read(folder: Path, tmp_path: Path) -> None:
    settings = json.loads((folder / "settings.json").read_text())
    file = tmp_path / "runs" / ".sweeps" / "20261128T164429-old" / "sweep.json"
    file.parent.mkdir(parents=True)
    places = {"mnist": None, "images": None, "strokes": ["/a.jsonl"]}
    run = {"folder": folder.name, "title": "0.5", "settings": settings["training"]}
    file.write_text(json.dumps({"ended": True, "places": places, "runs": [run]}))
    (spec,) = read_sweep(file).specs
    assert spec.settings == read_run(folder).settings
    assert spec.paths.strokes == (Path("/a.jsonl"),)
