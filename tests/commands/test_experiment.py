"""The experiment command: an object for each run; resuming; a run is repeated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from Main import main
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs import run_list
from number_recognition.learning.sweeps.sweep_file import new_sweep
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import TrainingSettings

TINY = ["--sources", "synthetic", "--synthetic-samples", "200", "--batch-size", "20",
        "--epochs", "1", "--distortion", "0"]  # fmt: skip


def run(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return subprocess.run([sys.executable, str(PROJECT_DIR / "Main.py"), *words], env=environment,
                          capture_output=True, text=True, timeout=120)  # fmt: skip


def test_every_combination_is_printed_and_one_is_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.json").write_text("{}")
    config = ["--config", str(tmp_path / "config.json")]
    done = run("experiment", *config, *TINY, "--hidden-layers", "4", "8x4", "--json", "--workers=1")
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout)
    assert sorted(entry["settings"]["hidden_layers"] for entry in listed) == [[4], [8, 4]]
    for entry in listed:
        assert entry["error"] is None and entry["seconds"] > 0
        assert 0 <= entry["metrics"]["validation"] <= 1
        assert (Path(entry["folder"]) / "model.keras").exists()

    folder = Path(listed[0]["folder"])
    run_list.export_run(folder, tmp_path / "shared.json")
    # In this process, which may have imported TensorFlow already.
    assert main(["train", *config, "--recipe", str(tmp_path / "shared.json"), "--json"]) == 0
    repeated = json.loads(capsys.readouterr().out)
    assert repeated["settings"] == listed[0]["settings"]
    assert repeated["metrics"]["temperature"] == listed[0]["metrics"]["temperature"]
    assert [row["loss"] for row in repeated["history"]] == [
        row["loss"] for row in run_list.read_history(folder)
    ]


def test_an_experiment_with_a_failed_run_has_failed(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    wild = ["--optimizer", "sgd", "--activation", "linear", "--hidden-layers", "8x8x8x8"]
    rates = ["--learning-rate", "0.001", "10"]
    config = ["--config", str(tmp_path / "config.json")]
    done = run("experiment", *config, *TINY, *wild, *rates, "--epochs", "3", "--json")
    errors = [entry["error"] for entry in json.loads(done.stdout)]
    assert None in errors and any(errors), "one is trained, one is not"
    assert done.returncode == 1


def test_what_cannot_be_resumed_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    resume = ["experiment", "--config", str(tmp_path / "config.json"), "--resume"]
    none = run(*resume)
    assert none.returncode == 1 and "expected an unfinished experiment" in none.stderr
    sweep = new_sweep([TrainingSettings()], DataPaths(), tmp_path / "models" / "runs")
    sweep.save()
    wrong = run(*resume, "nope")
    assert wrong.returncode == 1
    assert f"expected one of {sweep.name}, found 'nope'" in wrong.stderr
    ignored = run(*resume, "--epochs", "3")
    assert ignored.returncode == 2 and "expected no --epochs with it" in ignored.stderr


def test_a_wrong_value_is_named(tmp_path: Path) -> None:
    wrong = run("experiment", "--learning-rate", "0.1", "fast")
    assert wrong.returncode == 2 and "expected a number, found 'fast'" in wrong.stderr
