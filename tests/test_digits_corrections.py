"""Kept drawings: ten folders, the originals beside them, whole or not at all."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, painted
from PIL import Image

from digits.corrections import Corrections
from digits.frame import frame
from digits.images import open_image, read_labelled_folder


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "images" / "fine_tuning")


PIXELS = frame(painted(drawing(4))).pixels


def test_a_kept_drawing_stands_under_its_digit_with_its_strokes(corrections: Corrections) -> None:
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
    corrections.keep(PIXELS, None, painted(drawing(4)))
    assert sorted(path.name for path in corrections.folder.iterdir()) == list("0123456789")


def test_what_is_no_digit_is_kept_apart(corrections: Corrections) -> None:
    picture = painted(drawing(4))
    kept = corrections.keep(PIXELS, None, picture)
    assert kept.label is None and kept.path.parent.name == "not_a_digit"
    assert list(corrections) == []
    assert corrections.original(kept).tobytes() == picture.tobytes()


def test_the_strokes_of_what_is_no_digit_can_be_read_again(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, None, drawing(4).drawing)
    assert corrections.original(kept).strokes


def test_kept_drawings_come_back_label_by_label(corrections: Corrections) -> None:
    for label in (7, 0, 7):
        corrections.keep(PIXELS, label)
    assert [kept.label for kept in corrections] == [0, 7, 7]


def test_taking_a_keeping_back_removes_all_its_files(corrections: Corrections) -> None:
    kept = corrections.keep(PIXELS, 4, drawing(4).drawing)
    corrections.remove(kept)
    corrections.remove(kept)
    assert list(corrections) == []
    assert not [path for path in corrections.originals.rglob("*") if path.is_file()]


def test_when_the_picture_cannot_be_written_nothing_is_kept(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Image.Image, path: Path, *arguments: object) -> None:
        Path(path).write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space"):
        corrections.keep(PIXELS, 4, drawing(4).drawing)
    folders = (corrections.folder, corrections.originals)
    assert not [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("label", [10, -1, "4"])
def test_a_label_that_is_no_digit_is_refused(corrections: Corrections, label: object) -> None:
    with pytest.raises(ValueError, match="label"):
        corrections.keep(PIXELS, label)


def test_images_of_a_folder_come_with_the_digit_of_their_subfolder(tmp_path: Path) -> None:
    for name in ("3/a.png", "3/.hidden.png", "0/b.png", "notes/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    paths, labels = read_labelled_folder(tmp_path)
    assert [path.name for path in paths] == ["b.png", "a.png"] and labels == [0, 3]
    with pytest.raises(ValueError, match="found none"):
        read_labelled_folder(tmp_path / "3")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "another file"), (b"hello", "another file"), (None, "no such file")],
)
def test_what_is_no_image_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises((ValueError, FileNotFoundError), match=words) as caught:
        open_image(path)
    assert str(path) in str(caught.value)


def test_half_an_image_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.png"
    noise = np.random.default_rng(1).integers(0, 256, (100, 100), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(ValueError, match="broken"):
        open_image(path)
