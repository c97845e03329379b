"""The file of an unfinished sweep."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sweep_support import TINY

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.run_list import annotate, list_runs
from number_recognition.learning.sweeps import sweep_file
from number_recognition.learning.sweeps.run_spec import mark_failed, prepare_folder
from number_recognition.learning.sweeps.sweep_file import (
    new_sweep,
    read_sweep,
    read_sweeps,
    sweep_files,
)
from number_recognition.storage.locks import lock


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


@pytest.mark.parametrize(
    "act", [sweep_files, lambda runs: new_sweep([TINY], DataPaths(), runs)], ids=["list", "new"]
)
def test_a_folder_of_sweeps_that_cannot_be_listed_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], object]
) -> None:
    new_sweep([TINY], DataPaths(), tmp_path).save()
    monkeypatch.setattr(Path, "glob", _broken)
    with pytest.raises(OSError, match="cannot be listed, because the disk reports an error"):
        act(tmp_path)


def _broken(path: Path, pattern: str) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))


def test_a_sweep_that_ends_while_sweeps_are_listed_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    sweep.save()
    monkeypatch.setattr(sweep_file, "is_locked", lambda file: sweep.discard())
    assert read_sweeps(tmp_path) == ([], [])


def test_a_sweep_of_another_user_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose lock can be read, and not written."""
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    sweep.save()
    with lock(sweep.file):
        pass
    real = os.open

    def open_to_read(path: str, flags: int, *arguments: int, **options: Any) -> int:
        if str(path).endswith(".lock") and flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", open_to_read)
    assert sweep_files(tmp_path) == [sweep.file]


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


def test_a_sweep_whose_folder_cannot_be_deleted_stays_without_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    sweep.save()

    def broken(handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken_disk:
        broken_disk.setattr(os, "fstat", broken)
        sweep.discard()
    assert sweep_files(tmp_path) == [sweep.file]
    sweep.discard()
    assert sweep_files(tmp_path) == []
