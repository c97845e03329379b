"""The file of an unfinished sweep."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from sweep_support import TINY

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.run_list import annotate, list_runs
from number_recognition.learning.sweeps.run_spec import mark_failed, prepare_folder
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweep, sweep_files


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
def test_a_damaged_file_names_file_and_key(
    tmp_path: Path, damage: dict[str, Any], key: str
) -> None:
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    sweep.save()
    [file] = sweep_files(tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | damage))
    with pytest.raises(ValueError, match=rf"sweep\.json.*{key}"):
        read_sweep(file)


def test_a_run_whose_sweep_was_killed_before_it_had_its_name_gets_it(tmp_path: Path) -> None:
    settings = [dataclasses.replace(TINY, seed=seed) for seed in (1, 2)]
    specs = new_sweep(settings, DataPaths(), tmp_path).specs
    for spec in specs:
        spec.folder.mkdir()  # and was killed
    prepare_folder(specs[0], specs[0].folder)
    annotate(specs[0].folder, note="mine")
    prepare_folder(specs[0], specs[0].folder)
    mark_failed(specs[1], "its worker died")
    found = {(run.name, run.note, run.settings["seed"]) for run in list_runs(tmp_path)}
    assert found == {("1", "mine", 1), ("2", "", 2)}
