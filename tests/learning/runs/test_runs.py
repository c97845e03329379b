"""The folder of a run: there when there is something in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from number_recognition.core.progress import WorkStopped
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.run import make_run_folder, remove_if_empty, write_settings
from number_recognition.learning.runs.run_files import read_settings
from number_recognition.learning.runs.training_job import train_run
from number_recognition.storage.files import read_json_object, write_json
from number_recognition.storage.settings import TrainingSettings

SETTINGS = TrainingSettings(
    hidden_layers=(4,), sources=("synthetic",), synthetic_samples=40, batch_size=20, epochs=2
)


def test_a_training_that_fails_before_its_first_epoch_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        train_run(SETTINGS, DataPaths(), runs=tmp_path, baseline=tmp_path / "none.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_training_that_is_stopped_before_its_first_epoch_leaves_no_folder(
    tmp_path: Path,
) -> None:
    on_progress: list[object] = []
    with pytest.raises(WorkStopped):
        train_run(
            SETTINGS,
            DataPaths(),
            runs=tmp_path,
            report=on_progress.append,
            stopped=lambda: bool(on_progress),
        )
    assert on_progress and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["checkpoint.npz", "summary.json", "model.keras"])
def test_what_was_written_in_a_folder_stays(tmp_path: Path, name: str) -> None:
    folder = make_run_folder(tmp_path, "")
    write_settings(folder, SETTINGS, DataPaths())
    (folder / name).touch()
    remove_if_empty(folder)
    assert (folder / name).exists()


def test_a_run_finds_its_stroke_files_again_and_so_does_one_begun_with_a_single_file(
    tmp_path: Path,
) -> None:
    files = (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    write_settings(tmp_path, SETTINGS, DataPaths(strokes=files))
    assert DataPaths(**read_settings(tmp_path)[1]).strokes == files
    begun = read_json_object(tmp_path / "settings.json")
    begun["paths"]["strokes"] = str(files[0])
    write_json(tmp_path / "settings.json", begun)
    assert DataPaths(**read_settings(tmp_path)[1]).strokes == files[:1]
    begun["paths"]["strokes"] = [str(files[0]), 3]
    write_json(tmp_path / "settings.json", begun)
    with pytest.raises(ValueError, match=r"'paths\.strokes': expected text, found 3"):
        read_settings(tmp_path)
