"""The folder of a run: there when there is something in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from learning.progress import WorkStopped
from learning.runs import begin_run, forget_if_empty, new_folder, train_run
from learning.samples import Places
from learning.summaries import read_beginning
from storage.files import read_json_object, write_json
from storage.settings import TrainingSettings

SETTINGS = TrainingSettings(
    hidden_layers=(4,), data=("generated",), generated_samples=40, batch_size=20, epochs=2
)


def test_a_training_that_fails_before_its_first_epoch_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        train_run(SETTINGS, Places(), runs=tmp_path, beside=tmp_path / "none.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_training_that_is_stopped_before_its_first_epoch_leaves_no_folder(
    tmp_path: Path,
) -> None:
    heard: list[object] = []
    with pytest.raises(WorkStopped):
        train_run(
            SETTINGS, Places(), runs=tmp_path, report=heard.append, stopped=lambda: bool(heard)
        )
    assert heard and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["checkpoint.npz", "summary.json", "model.keras"])
def test_what_was_written_in_a_folder_stays(tmp_path: Path, name: str) -> None:
    folder = new_folder(tmp_path, "")
    begin_run(folder, SETTINGS, Places())
    (folder / name).touch()
    forget_if_empty(folder)
    assert (folder / name).exists()


def test_a_run_finds_its_stroke_files_again_and_so_does_one_begun_with_a_single_file(
    tmp_path: Path,
) -> None:
    files = (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    begin_run(tmp_path, SETTINGS, Places(strokes=files))
    assert Places(**read_beginning(tmp_path)[1]).strokes == files
    begun = read_json_object(tmp_path / "settings.json")
    begun["places"]["strokes"] = str(files[0])
    write_json(tmp_path / "settings.json", begun)
    assert Places(**read_beginning(tmp_path)[1]).strokes == files[:1]
    begun["places"]["strokes"] = [str(files[0]), 3]
    write_json(tmp_path / "settings.json", begun)
    with pytest.raises(ValueError, match=r"'places\.strokes': expected text, found 3"):
        read_beginning(tmp_path)
