"""The Files view in the whole window: images of a folder, their predictions, and the pad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from number_drawings import number_drawing
from PIL import Image
from pillow_heif import register_heif_opener
from window_support import UserInput, wait_until

from Main import main
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.window.app import App
from number_recognition.window.files.files_view import FilesView
from Recognition import SHIPPED

READS_NUMBERS = pytest.mark.skipif(
    not Path(SHIPPED).exists(), reason="reading numbers needs the bundled network"
)


@pytest.fixture
def view(app: App) -> FilesView:
    view = app.show_view("Files")
    assert isinstance(view, FilesView)
    return view


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """A folder of two numbers, a digit and blank paper, with labels; one label is wrong."""
    folder = tmp_path / "numbers"
    folder.mkdir()
    for name, digits in {"1.png": (7, 1, 3), "2.png": (4, 2), "3.png": (7,)}.items():
        rasterize(number_drawing(*digits), 560).save(folder / name)
    Image.new("L", (90, 90), 255).save(folder / "4.png")
    (folder / "5.png").write_text("no image")
    lines = ["file,label", "1.png,71 3", "2.png,43", "3.png,7", "4.png,none"]
    (folder / "labels.csv").write_text("\n".join(lines))
    return folder


def choose(view: FilesView, kind: str) -> None:
    view.kind_box.set(kind)
    view.kind_box.event_generate("<<ComboboxSelected>>")


@READS_NUMBERS
def test_the_number_in_each_file_is_shown_as_predict_prints_it(
    app: App, numbers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app.model_menu.use_network(SHIPPED)
    view = app.show_view("Files")
    view.list_folder(numbers)
    wait_until(lambda: not view.busy, app)
    shown = {name: read.rstrip("?") for name, read, *_ in view.rows[:3]}
    assert list(shown.values()) == ["713", "42", "7"]
    assert all(confidence.endswith("%") for _, _, confidence, *_ in view.rows[:3])
    main(["predict", "--model", str(SHIPPED), *(str(numbers / name) for name in shown)])
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[1] for line in printed] == list(shown.values())


@READS_NUMBERS
def test_rows_are_compared_with_their_labels_and_those_of_one_kind_are_shown_alone(
    app: App, numbers: Path
) -> None:
    app.model_menu.use_network(SHIPPED)
    view = app.show_view("Files")
    view.list_folder(numbers)
    wait_until(lambda: not view.busy, app)
    compared = [(name[:5], label, correct) for name, _, _, label, correct in view.rows]
    assert compared == [
        ("1.png", "713", "yes"),
        ("2.png", "43", "no"),
        ("3.png", "7", "yes"),
        ("4.png", "none", "yes"),
        ("5.png", "", ""),
    ]
    assert view.summary == "5 images, 75.0 % of 4 labelled pictures right"
    for kind, names in {
        "Wrong": ["2.png"],
        "Several digits": ["1.png", "2.png"],
        "No digit": ["4.png"],
        "Not readable": ["5.png"],
        "All files": ["1.png", "2.png", "3.png", "4.png", "5.png"],
    }.items():
        choose(view, kind)
        assert [name[:5] for name, *_ in view.rows] == names


@READS_NUMBERS
def test_rows_that_are_read_while_one_kind_is_shown_come_in_their_order(
    app: App, numbers: Path
) -> None:
    app.model_menu.use_network(SHIPPED)
    view = app.show_view("Files")
    choose(view, "Several digits")
    view.list_folder(numbers)
    wait_until(lambda: not view.busy, app)
    assert [name for name, *_ in view.rows] == ["1.png", "2.png"]
    assert view.summary.endswith(", 2 shown")
    view.table.selection_set(view.table.get_children()[1])
    wait_until(lambda: app.pad.image is not None, app)


def test_the_table_is_used_by_keys_alone(
    app: App, view: FilesView, user: UserInput, numbers: Path
) -> None:
    view.list_folder(numbers)
    wait_until(lambda: view.rows and not view.busy, app)
    view.table.focus_force()
    user.press("Down")
    wait_until(lambda: view.table.selection() == view.table.get_children()[:1], app)
    user.press("Down")
    wait_until(lambda: view.table.selection() == view.table.get_children()[1:2], app)


def test_the_default_folder_is_listed_and_a_selected_file_is_put_on_the_pad(
    app: App, tmp_path: Path
) -> None:
    folder = tmp_path / "images" / "testing"
    folder.mkdir(parents=True)
    rasterized(drawing(7)).save(folder / "seven.png")
    (folder / "notes.png").write_text("no image")
    view = app.show_view("Files")
    wait_until(lambda: not view.busy, app)
    bad, seven = view.table.get_children()
    assert "expected an image" in view.table.item(bad, "text")
    assert view.table.item(seven, "values")[1].endswith("%")
    view.table.selection_set(seven)
    wait_until(lambda: app.pad.image is not None, app)
    view.table.selection_set(bad)
    wait_until(lambda: app.status.pending.errors, app)
    assert "expected an image" in app.status.pending.errors[0]
    app.status.pending.dismiss_error()
    (folder / "labels.csv").write_bytes(b"\xff\xfe\x00")
    view.list_folder(folder)
    [error] = app.status.pending.errors
    assert "labels.csv: " in error, "stays until it is read"


def test_images_of_every_format_are_listed_and_bad_ones_with_the_reason(
    app: App, view: FilesView, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    register_heif_opener()
    rasterized(drawing(7)).save(folder / "IMG_0001.HEIC")
    (folder / "broken.png").write_text("no picture")
    (folder / "notes.txt").write_text("no picture")
    sixteen_bits = np.asarray(rasterized(drawing(7)), np.uint16) * 257
    Image.fromarray(sixteen_bits).save(folder / "sixteen.png")
    Image.fromarray(np.float32(sixteen_bits) / 65535).save(folder / "floats.tif")
    view.list_folder(folder)
    wait_until(lambda: not view.busy, app)
    rows = view.table.get_children()
    assert [view.table.item(row, "text").split()[0] for row in rows] == [
        "IMG_0001.HEIC",
        "broken.png:",
        "floats.tif",
        "sixteen.png",
    ]
    assert "expected an image" in view.table.item(rows[1], "text")
    for row in rows[:1] + rows[2:]:
        assert view.table.item(row, "values")[1].endswith("%")
        view.table.selection_set(row)
        wait_until(lambda: app.pad.image is not None, app)


def test_every_page_of_a_tiff_has_a_row_and_is_put_on_the_pad(
    app: App, view: FilesView, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    pages = [rasterized(drawing(digit)) for digit in (7, 4, 1)]
    pages[0].save(folder / "scan.tif", save_all=True, append_images=pages[1:])
    pages[0].save(folder / "z.png")
    view.list_folder(folder)
    wait_until(lambda: not view.busy, app)
    names = ["scan.tif[1]", "scan.tif[2]", "scan.tif[3]", "z.png"]
    assert [name for name, _, _ in view.rows] == names
    for number in (2, 3, 1):
        app.draw_menu.clear()
        view.table.selection_set(view.table.get_children()[number - 1])
        wait_until(lambda: app.pad.image is not None, app)
        shown = np.asarray(app.pad.image.convert("L"))
        assert np.array_equal(shown, np.asarray(pages[number - 1])), number
    app.model_menu.use_network(app.session.network_path)  # all files are read again
    wait_until(lambda: not view.busy, app)
    assert [name for name, _, _ in view.rows] == names
