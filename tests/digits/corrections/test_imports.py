"""Labelled images are imported from a folder or a CSV; the others are skipped with a reason."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from digit_images import drawing, rasterized
from PIL import Image

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.imports import import_images


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "images" / "fine_tuning")


def test_images_labelled_none_are_imported_as_counterexamples(
    corrections: Corrections, tmp_path: Path
) -> None:
    rasterized(drawing(4)).save(tmp_path / "a.png")
    (tmp_path / "labels.csv").write_text("file,label\na.png,none\n")
    for kept in (1, 0):
        imported = import_images(tmp_path / "labels.csv", corrections)
        assert len(imported.kept) == kept
    assert "already kept as not a digit" in imported.skipped[0]
    assert len(corrections.counterexamples()) == 1


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with images of two digits, a text file and a blank image."""
    for name, label in (("4/a.png", 4), ("4/b.png", 5), ("7/c.png", 7)):
        path = tmp_path / "elsewhere" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rasterized(drawing(label)).save(path)
    (tmp_path / "elsewhere" / "7" / "notes.txt").write_text("no picture")
    Image.new("L", (50, 50), 255).save(tmp_path / "elsewhere" / "7" / "blank.png")
    return tmp_path / "elsewhere"


def test_a_folder_is_imported_and_skipped_files_are_named(
    corrections: Corrections, source: Path
) -> None:
    imported = import_images(source, corrections)
    assert sorted(each.label for each in imported.kept) == [4, 4, 7]
    [refused] = imported.skipped  # the text beside the pictures is none
    assert "blank.png" in refused
    kept = corrections.digits()
    assert corrections.original(kept[0]).size == (280, 280)
    again = import_images(source, corrections)
    assert again.kept == [] and "already kept as a 4" in again.skipped[0]


def test_every_page_of_a_tiff_is_imported(corrections: Corrections, tmp_path: Path) -> None:
    pages = [rasterized(drawing(4, seed)) for seed in (1, 2)]
    blank = Image.new("L", (50, 50), 255)
    (tmp_path / "4").mkdir()
    pages[0].save(tmp_path / "4" / "scan.tif", save_all=True, append_images=[blank, pages[1]])
    imported = import_images(tmp_path, corrections)
    assert [each.label for each in imported.kept] == [4, 4]
    assert "scan.tif[2]: expected a digit, found a blank image" in imported.skipped[0]


@pytest.mark.parametrize(
    "lines",
    ["4/a.png,4\n7/c.png,7\n", "label;file\n4;4/a.png\n7;7/c.png\n", "name\tlabel\n4/a.png\t4\n"],
)
def test_a_csv_of_files_and_labels_is_imported(
    corrections: Corrections, source: Path, lines: str
) -> None:
    path = source / "list.csv"
    path.write_text(lines + lines.splitlines()[1].replace("4", "12").replace("7", "12") + "\n")
    imported = import_images(path, corrections)
    assert [each.label for each in imported.kept].count(4) == 1
    assert len(imported.kept) == len(corrections.digits())
    assert "expected file and label" in imported.skipped[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"file,label\n", b"\xff\xfe\x00", b"a.png,x\n", b"a" * 200_000 + b",1\n"],
    ids=["empty", "a heading alone", "no text", "no digit", "a line without end"],
)
def test_a_csv_without_images_is_rejected(
    corrections: Corrections, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(ValueError, match="expected a CSV"):
        import_images(tmp_path / "list.csv", corrections)


def test_a_stopped_import_keeps_what_was_imported(corrections: Corrections, source: Path) -> None:
    imported = import_images(source, corrections, lambda done, count: done < 1)
    assert len(imported.kept) == 1 and len(corrections.digits()) == 1


def test_a_full_disk_ends_an_import_that_says_what_was_imported(
    corrections: Corrections, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def full_after_a_few(handle: int) -> None:
        written.append(handle)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_after_a_few)
    imported = import_images(source, corrections)
    assert set(imported.kept) == set(corrections.digits()) and len(imported.kept) == 2
    assert "the disk is full" in imported.problem and "Free some space" in imported.problem
    with pytest.raises(OSError, match="the disk is full"):
        import_images(source, Corrections(corrections.folder))
