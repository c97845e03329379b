"""The file of an unfinished sweep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sweep_support import TINY

from number_recognition.learning.data.samples import DataPaths
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
