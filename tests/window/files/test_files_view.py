"""The Files view in the whole window: images of a folder, their predictions, and the pad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from PIL import Image
from pillow_heif import register_heif_opener
from window_support import wait_until

from number_recognition.window.app import App
from number_recognition.window.files.files_view import FilesView


@pytest.fixture
def view(app: App) -> FilesView:
    view = app.show_view("Files")
    assert isinstance(view, FilesView)
    return view


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
    wait_until(lambda: "expected an image" in app.status.message, app)


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
    pages = [rasterized(drawing(digit)) for digit in (7, 4)]
    pages[0].save(folder / "scan.tif", save_all=True, append_images=pages[1:])
    pages[0].save(folder / "z.png")
    view.list_folder(folder)
    wait_until(lambda: not view.busy, app)
    names = ["scan.tif[1]", "scan.tif[2]", "z.png"]
    assert [name for name, _, _ in view.rows] == names
    view.table.selection_set(view.table.get_children()[1])
    wait_until(lambda: app.pad.image is not None, app)
    assert np.array_equal(np.asarray(app.pad.image.convert("L")), np.asarray(pages[1]))
    app.model_menu.use_network(app.session.network_path)  # all files are read again
    wait_until(lambda: not view.busy, app)
    assert [name for name, _, _ in view.rows] == names
