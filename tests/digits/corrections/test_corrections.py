"""Kept drawings: ten folders, the originals beside them, whole or not at all."""

from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from PIL import Image

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.drawing.stroke_files import format_line, read_strokes
from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_files import (
    list_labelled_images,
    open_image,
    read_pixels,
)
from number_recognition.storage.counters import read_counters
from number_recognition.storage.files import PROJECT_DIR


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "images" / "fine_tuning")


PIXELS = frame(rasterized(drawing(4))).pixels


def test_a_kept_drawing_is_in_the_folder_of_its_digit_with_its_strokes(
    corrections: Corrections,
) -> None:
    strokes = drawing(4).drawing
    kept = corrections.keep(PIXELS, 4, strokes, predicted=9, confidence=0.7, model="digits.keras")

    assert kept.path.parent == corrections.folder / "4"
    with Image.open(kept.path) as image:
        assert (image.mode, image.size) == ("L", (28, 28))
        assert (np.asarray(image) == np.round(PIXELS * 255)).all()
    original = corrections.original(kept)
    assert len(original.strokes) == len(strokes.strokes)
    with corrections.log.path.open(newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["label"], row["predicted"], row["model"]) == ("4", "9", "digits.keras")
    assert corrections.folder.parent / row["file"] == kept.path


def test_the_folder_holds_ten_classes_and_nothing_else(corrections: Corrections) -> None:
    corrections.keep(PIXELS, 4, drawing(4).drawing)
    corrections.keep(PIXELS, None, rasterized(drawing(4)))
    assert sorted(path.name for path in corrections.folder.iterdir()) == list("0123456789")


def test_a_counterexample_is_kept_in_its_own_folder(corrections: Corrections) -> None:
    picture = rasterized(drawing(4))
    kept = corrections.keep(PIXELS, None, picture)
    assert kept.label is None
    beside = corrections.folder.with_name("fine_tuning_counterexamples")
    assert kept.path.parent == beside / "not_a_digit"
    assert corrections.digits() == []
    assert corrections.original(kept).tobytes() == picture.tobytes()


def test_the_strokes_of_a_counterexample_can_be_read_again(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, None, drawing(4).drawing)
    assert corrections.original(kept).strokes


def test_kept_drawings_are_listed_label_by_label(corrections: Corrections) -> None:
    for label in (7, 0, 7):
        corrections.keep(PIXELS, label)
    assert [kept.label for kept in corrections.digits()] == [0, 7, 7]


def test_images_that_a_person_put_there_count_as_kept(corrections: Corrections) -> None:
    corrections.prepare()
    for name in ("photo.JPG", "scan.tiff", ".half.png"):
        rasterized(drawing(4)).save(corrections.folder / "4" / name, "PNG")
    (corrections.folder / "4" / "notes.txt").write_text("no picture")
    found = corrections.digits()
    assert [entry.path.name for entry in found] == ["photo.JPG", "scan.tiff"]
    [moved] = corrections.relabel(found[:1], 7)
    assert moved.path.name == "photo.JPG" and [e.label for e in corrections.digits()] == [4, 7]
    [thrown] = corrections.trash([moved])
    assert corrections.trashed() == [thrown] and corrections.restore([thrown]) == [moved]


def test_removing_a_kept_drawing_deletes_all_its_files(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing)
    corrections.remove(kept)
    corrections.remove(kept)
    assert corrections.digits() == []
    assert not [path for path in corrections.originals.folder.rglob("*") if path.is_file()]


def test_undo_ends_though_the_strokes_cannot_be_deleted(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing)
    unlink = Path.unlink

    def fails_for_strokes(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".jsonl":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", fails_for_strokes)
    corrections.remove(kept)
    assert corrections.digits() == [] and corrections.find(kept) is None
    [warning] = corrections.warnings
    assert f"{kept.path.stem}.jsonl: cannot be deleted" in warning and "by hand" in warning


def test_a_drawing_whose_image_cannot_be_deleted_stays_kept_with_its_strokes(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing)

    def fails(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "unlink", fails)
    with pytest.raises(OSError, match=f"{kept.path.name}: cannot be deleted, because the disk is"):
        corrections.remove(kept)
    assert corrections.digits() == [kept] and corrections.original(kept) is not None
    assert kept.path.name in corrections.log.path.read_text()


def test_when_the_image_cannot_be_written_nothing_is_kept(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Image.Image, path: Path, *arguments: object) -> None:
        Path(path).write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space"):
        corrections.keep(PIXELS, 4, drawing(4).drawing)
    folders = (corrections.folder, corrections.originals.folder)
    assert not [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("label", [10, -1, "4"])
def test_a_label_that_is_not_a_digit_is_rejected(corrections: Corrections, label: object) -> None:
    with pytest.raises(ValueError, match="label"):
        corrections.keep(PIXELS, label)


def test_images_of_a_folder_have_the_label_of_their_subfolder(tmp_path: Path) -> None:
    for name in ("3/a.png", "3/.hidden.png", "3/notes.txt", "0/b.png", "notes/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "3" / "folder.png").mkdir()
    listed = list_labelled_images(tmp_path)
    assert [(path.name, label) for path, label in listed] == [("b.png", 0), ("a.png", 3)]
    with pytest.raises(ValueError, match="found none"):
        list_labelled_images(tmp_path / "3")


def test_views_and_training_agree_on_what_is_kept(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, 7)
    (kept.path.parent / "notes.txt").write_text("not a drawing")
    (kept.path.parent / "folder.png").mkdir()
    assert list_labelled_images(corrections.folder) == [(kept.path, 7)]
    assert corrections.digits() == [kept] and corrections.list_kept() == ([kept], {})


def test_a_folder_that_cannot_be_listed_is_reported_and_the_rest_is_listed(
    corrections: Corrections,
) -> None:
    kept = [corrections.keep(PIXELS, label) for label in (7, None)]
    broken = corrections.folder / "3"
    broken.rmdir()
    broken.write_text("a file in place of the folder")
    listed, problems = corrections.list_kept()
    assert listed == kept and list(problems) == [broken]
    assert str(broken) in problems[broken]
    with pytest.raises(OSError, match="cannot be listed"):
        list_labelled_images(corrections.folder)
    with pytest.raises(OSError, match="cannot be listed"):
        corrections.digits()
    more = corrections.keep(PIXELS, 7)
    assert len(corrections.list_kept()[0]) == 3
    corrections.trash([more])
    assert len(corrections.list_trash()[0]) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "an empty file"), (b"hello", "another file"), (None, "no such file")],
)
def test_a_file_that_is_not_an_image_is_named(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises((ValueError, FileNotFoundError), match=words) as caught:
        open_image(path)
    assert str(path) in str(caught.value)


def test_a_truncated_image_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "half.png"
    noise = np.random.default_rng(1).integers(0, 256, (100, 100), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(ValueError, match="broken"):
        open_image(path)


def rows(corrections: Corrections) -> dict[str, tuple[str, str, str]]:
    with corrections.log.path.open(newline="") as lines:
        return {
            row["file"]: (row["label"], row["predicted"], row["model"])
            for row in csv.DictReader(lines)
        }


def test_relabel_changes_the_drawing_its_strokes_and_its_row(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing, predicted=9, model="digits.keras")
    [moved] = corrections.relabel([kept], 7)
    assert moved.path == corrections.folder / "7" / kept.path.name and not kept.path.exists()
    assert corrections.digits() == [moved] and corrections.find(kept) == moved
    strokes = (corrections.originals.folder / f"{kept.path.stem}.jsonl").read_text()
    assert '"label":7' in strokes and corrections.original(moved).strokes
    assert rows(corrections) == {f"fine_tuning/7/{kept.path.name}": ("7", "9", "digits.keras")}
    [none] = corrections.relabel([moved], None)
    strokes_path = corrections.originals.folder / f"{kept.path.stem}.jsonl"
    assert read_strokes(strokes_path)[0].label is None
    assert corrections.digits() == [] and corrections.counterexamples() == [none]
    assert corrections.relabel([none], 4) == [kept]


def test_relabel_preserves_other_keys_of_the_stroke_file(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing)
    strokes_path = corrections.originals.folder / f"{kept.path.stem}.jsonl"
    strokes_path.write_text(format_line(drawing(4).drawing, 4, "anna", pad="tablet"))
    corrections.relabel([kept], 7)
    entry = json.loads(strokes_path.read_text())
    assert (entry["label"], entry["writer"], entry["pad"]) == (7, "anna", "tablet")


@pytest.mark.parametrize(
    "line", ['{"strokes":"gone"}', '{"strokes":[[[1,2]]],"at":1,"at":2}', '{"strokes":']
)
def test_strokes_that_are_not_understood_are_not_written_over(
    corrections: Corrections, line: str
) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing)
    strokes_path = corrections.originals.folder / f"{kept.path.stem}.jsonl"
    strokes_path.write_text(line)
    [moved] = corrections.relabel([kept], 7)
    assert moved.label == 7 and strokes_path.read_text() == line


@pytest.mark.parametrize("label", [10, -1, "4"])
def test_relabel_rejects_a_label_that_is_not_a_digit(
    corrections: Corrections, label: object
) -> None:
    kept = corrections.keep(PIXELS, 4)
    with pytest.raises(ValueError, match="label"):
        corrections.relabel([kept], label)
    assert corrections.digits() == [kept]


def test_restore_brings_everything_back_from_the_trash(corrections: Corrections) -> None:
    kept = [corrections.keep(PIXELS, label, drawing(4).drawing) for label in (4, 5, None)]
    trashed = corrections.trash(kept)
    assert corrections.digits() == [] and corrections.counterexamples() == []
    assert corrections.trashed() == trashed
    assert sorted(path.name for path in corrections.folder.iterdir()) == list("0123456789")
    assert corrections.restore(trashed) == kept
    assert corrections.trashed() == [] and corrections.original(kept[0]).strokes


def test_of_several_drawings_all_are_moved_or_none(corrections: Corrections) -> None:
    kept = [corrections.keep(PIXELS, label, drawing(4).drawing) for label in (4, 5)]
    (corrections.folder / "7" / kept[1].path.name).write_text("another drawing of that name")
    with pytest.raises(FileExistsError, match="is there already"):
        corrections.relabel(kept, 7)
    assert all(entry.path.exists() for entry in kept)
    assert '"label":4' in (corrections.originals.folder / f"{kept[0].path.stem}.jsonl").read_text()
    kept[1].path.unlink()
    with pytest.raises(FileNotFoundError):
        corrections.trash(kept)
    assert kept[0].path.exists() and corrections.trashed() == []


def test_a_log_that_a_full_disk_left_empty_gets_its_heading(
    corrections: Corrections,
) -> None:
    corrections.log.path.parent.mkdir(parents=True)
    corrections.log.path.touch()
    kept = corrections.keep(PIXELS, 4)
    assert [row["label"] for row in corrections.log.read().values()] == ["4"]
    assert kept.path.exists()


def test_a_photo_is_rotated_by_its_exif_orientation(tmp_path: Path) -> None:
    upright = rasterized(drawing(4)).resize((200, 280))
    tag = Image.Exif()
    tag[0x0112] = 6  # to be turned clockwise by a quarter
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "photo.png", exif=tag)
    assert open_image(tmp_path / "photo.png").tobytes() == upright.tobytes()


@pytest.mark.parametrize("call", ["fsync", "write"])
def test_on_a_full_disk_nothing_is_kept(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = corrections.keep(PIXELS, 4, drawing(4).drawing)

    def full(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match=r"because the disk is full\. Free some space, then try"):
        corrections.keep(PIXELS, 5, drawing(5).drawing)
    assert corrections.digits() == [before]
    assert len([path for path in corrections.originals.folder.rglob("*") if path.is_file()]) == 1


def test_temporary_files_are_not_read(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, 4)
    kept.path.with_name(f".{kept.path.stem}-x.png").write_bytes(b"\x89PNG")
    assert corrections.digits() == [kept]
    assert [path.name for path, _ in list_labelled_images(corrections.folder)] == [kept.path.name]


KEEPING = """
import sys
from dataclasses import replace
import numpy as np
from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.storage.counters import update_counters
def counted(counters, label):
    kept = tuple(count + (digit == label) for digit, count in enumerate(counters.kept))
    return replace(counters, kept=kept, new=counters.new + 1)
corrections = Corrections(sys.argv[1])
for number in range(int(sys.argv[2])):
    strokes = Drawing((Stroke(((1.0, 2.0), (3.0, 4.0))),))
    corrections.keep(np.eye(28, dtype=np.float32), number % 10, strokes, predicted=1)
    update_counters(lambda counters: counted(counters, number % 10), sys.argv[3])
    print(number, flush=True)
"""


def start_keeping(corrections: Corrections, count: int) -> subprocess.Popen:
    counters = corrections.folder.parent / "counters.json"
    arguments = [str(corrections.folder), str(count), str(counters)]
    return subprocess.Popen(
        [sys.executable, "-c", KEEPING, *arguments],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_programs_that_keep_at_the_same_time_lose_nothing(corrections: Corrections) -> None:
    processes = [start_keeping(corrections, 30) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    for process in processes:
        process.stdout.close()
    assert len(corrections.digits()) == 60 and len(rows(corrections)) == 60
    counters, warning = read_counters(corrections.folder.parent / "counters.json")
    assert (counters.kept, counters.new, warning) == ((6,) * 10, 60, None)


def test_a_program_killed_while_keeping_loses_nothing_kept(corrections: Corrections) -> None:
    process = start_keeping(corrections, 1000)
    for _ in range(10):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    kept = corrections.digits()
    assert len(kept) >= 10
    assert all(read_pixels(entry.path).shape == (28, 28) for entry in kept)
    counters, _ = read_counters(corrections.folder.parent / "counters.json")
    assert counters.new >= 10
    corrections.keep(PIXELS, 4)
    # It may have died between a file and its row.
    assert len(rows(corrections)) - len(kept) in (0, 1)


def test_an_original_that_png_cannot_store_is_kept_as_tiff(corrections: Corrections) -> None:
    picture = rasterized(drawing(4)).convert("CMYK")
    kept = corrections.keep(PIXELS, 4, picture)
    assert corrections.original(kept).mode == "CMYK"
