"""Pictures in the window: from the clipboard, from files, from a folder."""

from __future__ import annotations

import os
import sys
import tkinter as tk
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest
from digit_images import drawing, painted
from PIL import Image
from pillow_heif import register_heif_opener
from window_support import Hand, wait_until

from number_recognition.window.app import App
from number_recognition.window.files.files_view import FilesView
from number_recognition.window.toolkit.clipboard import paste_image

ON_X11 = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="X11 and Wayland alone")


def clipboard(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> None:
    """Let a stand-in for xclip print this content, or fail where there is none."""
    programs, file = folder / "programs", folder / "content"
    programs.mkdir()
    if content is not None:
        file.write_bytes(content)
    (programs / "xclip").write_text(f"#!/bin/sh\nexec cat {file}\n")
    (programs / "gs").write_text(f"#!/bin/sh\ntouch {folder / 'ran'}\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", os.environ.get("DISPLAY", ":0"))


@ON_X11
def test_a_picture_on_the_clipboard_is_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted(drawing(7)).save(tmp_path / "a.png")
    clipboard(tmp_path, monkeypatch, (tmp_path / "a.png").read_bytes())
    assert np.array_equal(paste_image(), painted(drawing(7)))


@ON_X11
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no picture on the clipboard"),
        (b"", "There is no picture on the clipboard"),
        (b"\x89PNG\r\n\x1a\n", "The clipboard: expected an image, found a broken PNG"),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n%%EndComments\nshowpage\n",
            "The clipboard: expected an image, found another file",
        ),
    ],
    ids=["none", "empty", "broken", "a program"],
)
def test_what_is_no_picture_on_the_clipboard_is_refused_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    clipboard(tmp_path, monkeypatch, content)
    with pytest.raises(ValueError, match=words):
        paste_image()
    assert not (tmp_path / "ran").exists()


@ON_X11
def test_the_keys_paste_a_picture(
    app: App, hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted(drawing(7)).save(tmp_path / "a.png")
    clipboard(tmp_path, monkeypatch, (tmp_path / "a.png").read_bytes())
    hand.press("ctrl+v")
    wait_until(lambda: app.pad.image is not None, app)
    assert app.status.message == "Pasted."


def test_a_folder_lists_every_picture_and_says_why_one_is_not_read(
    app: App, hand: Hand, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    register_heif_opener()
    painted(drawing(7)).save(folder / "IMG_0001.HEIC")
    (folder / "broken.png").write_text("no picture")
    (folder / "notes.txt").write_text("no picture")
    sixteen = np.asarray(painted(drawing(7)), np.uint16) * 257
    Image.fromarray(sixteen).save(folder / "sixteen.png")
    Image.fromarray(np.float32(sixteen) / 65535).save(folder / "floats.tif")
    app.choose_view("Files")
    wait_until(lambda: isinstance(app.views.current, FilesView), app)
    app.views.current.list_folder(folder)
    [table] = widgets(app.views.current, ttk.Treeview)
    rows = table.get_children()
    wait_until(lambda: all(table.item(row, "values") for row in rows), app)
    assert [table.item(row, "text").split()[0] for row in rows] == [
        "IMG_0001.HEIC",
        "broken.png:",
        "floats.tif",
        "sixteen.png",
    ]
    assert "expected an image" in table.item(rows[1], "text")
    for row in rows[:1] + rows[2:]:
        assert table.item(row, "values")[1].endswith("%")
        table.selection_set(row)
        wait_until(lambda: app.pad.image is not None, app)


def widgets(parent: tk.Misc, kind: type) -> list[tk.Misc]:
    """Every widget of a kind within another."""
    children = parent.winfo_children()
    inner = [found for child in children for found in widgets(child, kind)]
    return [child for child in children if isinstance(child, kind)] + inner
