"""The list of runs: names, notes, trash; a damaged run does not hide the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run import Run, read_run, write_run, write_settings
from number_recognition.learning.runs.training_job import resume_run
from number_recognition.storage.files import write_json
from number_recognition.storage.settings import TrainingSettings


def test_runs_are_renamed_annotated_and_moved_to_the_trash(tmp_path: Path) -> None:
    folder = tmp_path / "20260101T000000-first"
    write_json(folder / "settings.json", {"training": {"epochs": 3}})
    [row] = run_list.list_runs(tmp_path)
    assert (row.name, row.state, row.settings["epochs"]) == ("first", "unfinished", 3)
    assert row.settings["mnist_samples"] == TrainingSettings().mnist_samples, "older runs lack it"
    run_list.annotate(folder, name="wide", note="twice as wide")
    [row] = run_list.list_runs(tmp_path)
    assert (row.name, row.note, row.folder) == ("wide", "twice as wide", folder.name)
    trashed = run_list.move_to_trash(folder)
    assert run_list.list_runs(tmp_path) == [] and trashed.is_dir()
    assert run_list.restore(trashed) == folder and len(run_list.list_runs(tmp_path)) == 1


VALID = {
    "settings": {"seed": 1},
    "metrics": {"validation": 0.9},
    "samples": {"synthetic": 10},
    "completed": True,
    "history": [{"epoch": 0, "loss": 0.1, "accuracy": 0.9}],
}


def test_a_run_that_another_window_moved_is_said_in_words(tmp_path: Path) -> None:
    run = tmp_path / "20260101T000000-a"
    for edit in (run_list.move_to_trash, run_list.restore, _annotate):
        with pytest.raises(FileNotFoundError, match="because it is no longer there") as caught:
            edit(run)
        assert "Errno" not in str(caught.value) and str(run) in str(caught.value)
    assert not run.exists()


def _annotate(run: Path) -> None:
    run_list.annotate(run, note="a")


@pytest.mark.parametrize(
    ("damage", "key"),
    [
        ({"metrics": ...}, "'metrics'"),
        ({"metrics": [1]}, "'metrics'"),
        ({"metrics": {"validation": "high"}}, "'metrics.validation'"),
        ({"settings": {"seed": "one"}}, "'seed'"),
        ({"settings": {"no such": 1}}, "'no such'"),
        ({"history": [{"epoch": 0, "loss": 0.1}]}, "'history.0.accuracy'"),
        ({"history": [7]}, "'history.0'"),
        ({"completed": "yes"}, "'completed'"),
        ({"error": 3}, "'error'"),
        ({"samples": None}, "'samples'"),
    ],
)
def test_a_damaged_run_names_file_and_key_and_the_others_are_listed(
    tmp_path: Path, damage: dict, key: str
) -> None:
    write_summary(tmp_path / "20260101T000000-valid", VALID)
    broken = {key: value for key, value in (VALID | damage).items() if value is not ...}
    folder = tmp_path / "20260102T000000-broken"
    write_summary(folder, broken)
    damaged, valid = run_list.list_runs(tmp_path)
    assert (damaged.state, valid.state) == ("damaged", "done")
    assert "summary.json" in damaged.error and key in damaged.error
    assert "\n" not in damaged.error and run_list.read_history(folder) == []
    for read in (read_run, lambda folder: run_list.export_run(folder, tmp_path / "shared.json")):
        with pytest.raises(ValueError, match=r"summary\.json"):
            read(folder)


@pytest.mark.parametrize("text", ["{", "[]", "", "[" * 100_000, "\udcff"])
@pytest.mark.parametrize("name", ["summary.json", "settings.json", "note.json"])
def test_a_file_that_is_no_json_damages_only_its_run(tmp_path: Path, name: str, text: str) -> None:
    write_summary(tmp_path / "20260101T000000-valid", VALID)
    folder = tmp_path / "20260102T000000-broken"
    folder.mkdir()
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    damaged, _ = run_list.list_runs(tmp_path)
    assert damaged.state == "damaged" and name in damaged.error


@pytest.mark.parametrize("paths", [[], {"mnist": 1}, {"moon": None}])
def test_a_run_with_damaged_paths_is_not_resumed(tmp_path: Path, paths: object) -> None:
    write_json(tmp_path / "settings.json", {"training": {}, "paths": paths})
    with pytest.raises(ValueError, match=r"settings\.json, 'paths"):
        resume_run(tmp_path)


def test_a_damaged_index_is_written_again(tmp_path: Path) -> None:
    write_summary(tmp_path / "20260101T000000-valid", VALID)
    rows = run_list.list_runs(tmp_path)
    index = json.loads((tmp_path / ".index.json").read_text())
    for damage in ({"metrics": None}, {"moon": 1}):
        [entry] = index.values()
        write_json(tmp_path / ".index.json", {rows[0].folder: entry | {"run": damage}})
        assert run_list.list_runs(tmp_path) == rows


def test_runs_are_listed_newest_first_and_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write_summary(tmp_path / f"2026010{number}T000000-run", VALID)
    rows = run_list.list_runs(tmp_path)
    assert [row.when[7] for row in rows] == ["2", "1", "0"]
    monkeypatch.setattr(run_list, "read_summary", None)
    assert run_list.list_runs(tmp_path) == rows


def write_summary(folder: Path, summary: dict) -> None:
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(summary))


@pytest.mark.parametrize("content", ["{", "[]", '{"note": 3}'])
def test_a_damaged_note_is_not_written_over(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "20260101T000000-a"
    folder.mkdir()
    (folder / "note.json").write_text(content)
    run_list.annotate(folder, note="mine")
    assert (folder / "note.json.corrupt").read_text() == content
    assert [run.note for run in run_list.list_runs(tmp_path)] == ["mine"]


def test_other_keys_of_a_note_stay(tmp_path: Path) -> None:
    (tmp_path / "note.json").write_text('{"name": "a", "mine": [1, 2]}')
    run_list.annotate(tmp_path, note="b")
    assert json.loads((tmp_path / "note.json").read_text()) == {
        "name": "a",
        "mine": [1, 2],
        "note": "b",
    }


def test_a_damaged_summary_and_settings_are_not_written_over(tmp_path: Path) -> None:
    for name in ("summary.json", "settings.json"):
        (tmp_path / name).write_text('{"half": ')
    write_settings(tmp_path, TrainingSettings(), DataPaths())
    write_run(Run(tmp_path, TrainingSettings()))
    for name in ("summary.json", "settings.json"):
        assert (tmp_path / f"{name}.corrupt").read_text() == '{"half": '
    write_run(Run(tmp_path, TrainingSettings(), completed=True))
    assert len(list(tmp_path.glob("*.corrupt*"))) == 2 and read_run(tmp_path).completed
