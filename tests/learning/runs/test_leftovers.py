"""What killed programs left: removed where nobody misses it, else offered."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.imports import import_images
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.fine_tuning.version_store import (
    discard_version,
    list_candidates,
    list_versions,
)
from number_recognition.learning.runs.leftovers import Leftovers, clean_up, delete, keep
from number_recognition.learning.runs.run import make_run_folder, write_settings
from number_recognition.learning.runs.run_list import annotate
from number_recognition.learning.sweeps.sweep_file import new_sweep
from number_recognition.storage import files
from number_recognition.storage.files import PROJECT_DIR, atomic_write
from number_recognition.storage.settings import TrainingSettings

PIXELS = np.eye(28, dtype=np.float32)


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    corrections.prepare()
    return corrections


def cleaned_up(corrections: Corrections, home: Path, in_use: Path | None = None) -> Leftovers:
    return clean_up(corrections, home / "models", home, in_use or home / "none.keras")


def grow_old(folder: Path) -> None:
    """Make every file below a folder two hours old."""
    then = time.time() - 7200
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def killed_while_writing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave what a program leaves that is killed before the new file takes its place."""
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", lambda *names: None)
        atomic_write(path, lambda temporary: temporary.write_bytes(b"new"))


def test_old_temporary_files_go_and_nothing_else(
    corrections: Corrections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run_folder(tmp_path / "models" / "runs", "mine")
    places = [
        tmp_path / "counters.json",
        corrections.folder / "4" / "20260101T000000-0123456789ab.png",
        corrections.folders.originals / "20260101T000000-0123456789ab.jsonl",
        tmp_path / "models" / "versions" / "new.keras",
        run / "checkpoint.npz",
    ]
    others = [tmp_path / ".settings-of_mine.json", run / "notes.txt"]
    for path in places:
        killed_while_writing(path, monkeypatch)
    for path in others:
        path.write_text("mine")
    before = set(tmp_path.rglob("*"))
    assert not cleaned_up(corrections, tmp_path) and set(tmp_path.rglob("*")) == before
    grow_old(tmp_path)
    assert not cleaned_up(corrections, tmp_path)
    left = before - set(tmp_path.rglob("*"))
    assert {path.parent for path in left} == {path.parent for path in places}
    assert len(left) == len(places) and all(path.exists() for path in others)


def test_a_run_that_was_killed_in_its_first_epoch_goes(
    corrections: Corrections, tmp_path: Path
) -> None:
    runs = tmp_path / "models" / "runs"
    begun, noted = make_run_folder(runs, "begun"), make_run_folder(runs, "noted")
    for folder in (begun, noted):
        write_settings(folder, TrainingSettings(), DataPaths())
    annotate(noted, note="try again with more units")
    cleaned_up(corrections, tmp_path)
    assert begun.exists()
    grow_old(tmp_path)
    cleaned_up(corrections, tmp_path)
    assert not begun.exists() and noted.exists()


def test_a_run_that_a_killed_sweep_lists_stays(corrections: Corrections, tmp_path: Path) -> None:
    sweep = new_sweep([TrainingSettings()], DataPaths(), tmp_path / "models" / "runs")
    sweep.save()
    [spec] = sweep.specs
    spec.folder.mkdir()
    write_settings(spec.folder, spec.settings, spec.paths)
    grow_old(tmp_path)
    cleaned_up(corrections, tmp_path)
    assert spec.folder.exists()


def lone_original(corrections: Corrections, original: object, label: int | None) -> Path:
    """The original of a drawing that was being kept when the program was killed."""
    corrections.originals.save("20260101T000000-0123456789ab", label, original)
    grow_old(corrections.folder.parent)
    [path] = corrections.originals.list_files()
    return path


def test_strokes_that_were_being_kept_are_offered_and_kept_with_their_label(
    corrections: Corrections, tmp_path: Path
) -> None:
    path = lone_original(corrections, drawing(7).drawing, 7)
    corrections.keep(PIXELS, 4, drawing(4).drawing)
    corrections.trash([corrections.keep(PIXELS, 5, drawing(5).drawing)])
    grow_old(tmp_path)
    found = cleaned_up(corrections, tmp_path)
    assert found == Leftovers([path], [])
    assert keep(found, corrections) == []
    [kept] = [each for each in corrections.digits() if each.path.stem == path.stem]
    assert kept.label == 7 and len(corrections.original(kept).strokes) == 2
    assert not cleaned_up(corrections, tmp_path)


def test_an_image_that_was_being_kept_is_put_in_the_trash(
    corrections: Corrections, tmp_path: Path
) -> None:
    lone_original(corrections, rasterized(drawing(7)), None)
    assert keep(cleaned_up(corrections, tmp_path), corrections) == []
    [kept] = corrections.trashed()
    assert corrections.original(kept).size == (280, 280) and not corrections.digits()


def test_an_original_that_cannot_be_kept_stays(corrections: Corrections, tmp_path: Path) -> None:
    path = lone_original(corrections, drawing(7).drawing, 7)
    path.write_text("{")
    grow_old(tmp_path)
    [problem] = keep(cleaned_up(corrections, tmp_path), corrections)
    assert "expected a JSON object" in problem and path.read_text() == "{"


def test_originals_are_not_offered_while_a_folder_cannot_be_listed(
    corrections: Corrections, tmp_path: Path
) -> None:
    lone_original(corrections, drawing(7).drawing, 7)
    (corrections.folder / "7").rmdir()
    (corrections.folder / "7").write_text("a file in place of the folder")
    assert not cleaned_up(corrections, tmp_path)


def test_networks_that_were_neither_kept_nor_discarded_are_offered(
    corrections: Corrections, tmp_path: Path
) -> None:
    versions = tmp_path / "models" / "versions"
    versions.mkdir(parents=True)
    names = ("a.keras", "b.keras", "c.keras", "d.keras")
    a, b, c, d = paths = [versions / name for name in names]
    for path in paths:
        path.write_bytes(b"a network")
    d.with_suffix(".json").write_text("{}")
    assert not cleaned_up(corrections, tmp_path)
    grow_old(tmp_path)
    assert cleaned_up(corrections, tmp_path, in_use=c) == Leftovers([], [b, a])
    assert keep(Leftovers(candidates=[a]), corrections) == []
    assert delete(Leftovers(candidates=[b])) == []
    assert [path for path, _ in list_versions(versions)] == [d, a] and not b.exists()
    assert not cleaned_up(corrections, tmp_path, in_use=c)


def test_versions_that_cannot_be_listed_or_deleted_are_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = Change(0.5, 0.9, 3)
    network = tmp_path / "a.keras"
    report = FineTuningReport(network, network, 3, change, change, 1, 0.0, True, "", 1.0, 1.0)
    network.touch()

    def broken(path: Path, *arguments: str, **options: bool) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(Path, "glob", broken)
    monkeypatch.setattr(Path, "unlink", broken)
    for list_some in (list_versions, list_candidates):
        with pytest.raises(OSError, match="cannot be listed, because the disk reports an error"):
            list_some(tmp_path)
    with pytest.raises(OSError, match=r"a\.keras: cannot be deleted, because the disk"):
        discard_version(report)


def test_the_log_matches_the_folders_again(corrections: Corrections, tmp_path: Path) -> None:
    kept, gone, moved = (corrections.keep(PIXELS, 4, predicted=label) for label in (1, 2, 3))
    before = corrections.log.read()
    gone.path.unlink()  # a program was killed before it removed the row
    moved.path.rename(corrections.folder / "9" / moved.path.name)
    added = corrections.folder / "2" / "added.png"
    added.write_bytes(kept.path.read_bytes())
    cleaned_up(corrections, tmp_path)
    rows = corrections.log.read()
    assert {Path(file).name for file in rows} == {kept.path.name, moved.path.name, "added.png"}
    assert rows[f"fine_tuning/4/{kept.path.name}"] == before[f"fine_tuning/4/{kept.path.name}"]
    assert rows[f"fine_tuning/9/{moved.path.name}"]["label"] == "9"
    content = corrections.log.path.read_bytes()
    cleaned_up(corrections, tmp_path)
    assert corrections.log.path.read_bytes() == content


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with three images, which its name makes hard to write into a line."""
    source = tmp_path / 'a "new"\nfolder'
    for label in (3, 4, 5):
        (source / str(label)).mkdir(parents=True)
        rasterized(drawing(label)).save(source / str(label) / "a.png")
    return source


KILLED_IMPORT = """
import os, sys
from pathlib import Path
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.imports import import_images
corrections = Corrections(sys.argv[2])
import_images(Path(sys.argv[1]), corrections, lambda done, count: done < 2 or os._exit(9))
"""


def killed_import(source: Path, corrections: Corrections) -> None:
    """Import two images in a process that ends then, as if it were killed."""
    command = [sys.executable, "-c", KILLED_IMPORT, str(source), str(corrections.folder)]
    subprocess.run(command, cwd=PROJECT_DIR, check=False)


def test_a_killed_import_is_found_with_what_it_kept(
    corrections: Corrections, tmp_path: Path, source: Path
) -> None:
    corrections.keep(PIXELS, 9)
    before = sorted((tmp_path / "images").iterdir())
    killed_import(source, corrections)
    corrections.keep(PIXELS, 8)
    [found] = cleaned_up(corrections, tmp_path).imports
    assert found.source == str(source) and {each.label for each in found.kept} == {3, 4}
    found.forget()
    assert not cleaned_up(corrections, tmp_path) and len(corrections.digits()) == 4
    left = {path.name for path in (tmp_path / "images").iterdir()} - {each.name for each in before}
    assert left == {"fine_tuning_originals"}


def test_an_import_of_which_nothing_is_kept_is_forgotten(
    corrections: Corrections, tmp_path: Path, source: Path
) -> None:
    killed_import(source, corrections)
    [found] = cleaned_up(corrections, tmp_path).imports
    (corrections.folder / "7").rmdir()
    (corrections.folder / "7").write_text("a file in place of the folder: who knows what it holds")
    corrections.trash(found.kept)
    assert not cleaned_up(corrections, tmp_path) and found.record.exists()
    (corrections.folder / "7").unlink()
    assert not cleaned_up(corrections, tmp_path) and not found.record.exists()


@pytest.mark.parametrize("content", [b"", b"{\n", b"[" * 99_999, b"\xff\0\n../../a\n", b"1\n"])
def test_a_damaged_record_of_an_import_offers_nothing(
    corrections: Corrections, tmp_path: Path, content: bytes
) -> None:
    corrections.keep(PIXELS, 4)
    record = tmp_path / "images" / "fine_tuning_import-1.jsonl"
    record.write_bytes(content)
    assert not cleaned_up(corrections, tmp_path) and not record.exists()


def test_an_import_at_work_is_no_leftover(
    corrections: Corrections, tmp_path: Path, source: Path
) -> None:
    found: list[bool] = []

    def look(done: int, count: int) -> bool:
        found.append(bool(cleaned_up(corrections, tmp_path)))
        return True

    assert len(import_images(source, corrections, look).kept) == 3
    assert found == [False] * 3 and not cleaned_up(corrections, tmp_path)
    assert not list((tmp_path / "images").glob("*_import-*"))
