"""Pictures in the window: from the clipboard, from files, from a folder."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tkinter as tk
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized
from window_support import UserInput, visible_texts, wait_until

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.storage.recent_images import pictures_folder
from number_recognition.window.app import App
from number_recognition.window.pad.file_drop import accept_files
from number_recognition.window.tables.short_names import LONGEST, shorten_middle
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
    rasterized(drawing(7)).save(tmp_path / "a.png")
    clipboard(tmp_path, monkeypatch, (tmp_path / "a.png").read_bytes())
    assert np.array_equal(paste_image(), rasterized(drawing(7)))


@ON_X11
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "The clipboard contains no image"),
        (b"", "The clipboard contains no image"),
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
    app: App, user: UserInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasterized(drawing(7)).save(tmp_path / "a.png")
    clipboard(tmp_path, monkeypatch, (tmp_path / "a.png").read_bytes())
    user.press("ctrl+v")
    wait_until(lambda: app.pad.image is not None, app)
    assert app.status.message == "Pasted."


def recent_menu(app: App) -> tk.Menu:
    """The submenu of the images opened last, filled as when it opens."""
    file_menu = app.nametowidget(f"{app['menu']}.file")
    menu = app.nametowidget(file_menu.entrycget("Open recent", "menu"))
    app.tk.call(*app.tk.splitlist(menu["postcommand"]))
    return menu


def entries(menu: tk.Menu) -> list[tuple[str, str]]:
    """Label and state of each entry but separators."""
    numbers = range((menu.index("end") or 0) + 1)
    kinds = [number for number in numbers if menu.type(number) != "separator"]
    return [(menu.entrycget(number, "label"), menu.entrycget(number, "state")) for number in kinds]


def test_images_opened_last_are_listed_and_those_that_are_gone_are_grey(
    app: App, tmp_path: Path
) -> None:
    assert entries(recent_menu(app)) == [("No image was opened yet", "disabled")]
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        rasterized(drawing(7)).save(folder / name)
        app.image_menu.open_file(folder / name)
    (folder / "a.png").unlink()
    menu = recent_menu(app)
    assert entries(menu) == [
        (f"b.png  –  {shorten_middle(str(folder), LONGEST, len)}", "normal"),
        ("a.png  –  missing", "disabled"),
        ("Clear list", "normal"),
    ]
    app.draw_menu.clear()
    menu.invoke(0)
    assert app.pad.image is not None and app.status.message == "Opened b.png."
    recent_menu(app).invoke("Clear list")
    assert entries(recent_menu(app)) == [("No image was opened yet", "disabled")]


def test_a_dialog_starts_where_an_image_was_opened_last(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    dialog = "number_recognition.window.image_menu.filedialog.askopenfilename"
    monkeypatch.setattr(dialog, lambda **options: asked.append(options["initialdir"]) or "")
    folder = tmp_path / "pictures"
    folder.mkdir()
    rasterized(drawing(7)).save(folder / "a.png")
    app.image_menu.open()
    app.image_menu.open_file(folder / "a.png")
    app.image_menu.open()
    assert asked == [pictures_folder(), folder]


@ON_X11
def test_a_dialog_lists_no_hidden_folders(app: App, tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    rasterized(drawing(7)).save(tmp_path / "a.png")
    app.image_menu.open_file(tmp_path / "a.png")
    listed: list[str] = []

    def read_and_close() -> None:
        listed.extend(listed_files(app))
        if listed:
            app.tk.call("set", "::tk::Priv(selectFilePath)", "")
        else:
            app.after(20, read_and_close)

    app.after(20, read_and_close)
    app.image_menu.open()
    assert "a.png" in listed and ".hidden" not in listed


def listed_files(app: App) -> list[str]:
    """The names in Tk's file dialog, which Python has no objects for."""
    canvases, children = [], [".__tk_filedialog"]
    while children:
        children = [
            child
            for parent in children
            if app.tk.getboolean(app.tk.call("winfo", "exists", parent))
            for child in app.tk.splitlist(app.tk.call("winfo", "children", parent))
        ]
        canvases += [w for w in children if app.tk.call("winfo", "class", w) == "Canvas"]
    return [
        app.tk.call(canvas, "itemcget", item, "-text")
        for canvas in canvases
        for item in app.tk.splitlist(app.tk.call(canvas, "find", "all"))
        if app.tk.call(canvas, "type", item) == "text"
    ]


def test_errors_of_images_end_with_the_next_image(app: App, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no image")
    (tmp_path / "empty.png").touch()
    app.show_error("Another error.")
    for name in ("text.png", "empty.png"):
        app.image_menu.open_file(tmp_path / name)
    assert [error.split(":")[0] for error in app.status.pending.errors] == [
        "Another error.",
        str(tmp_path / "empty.png"),
    ]
    rasterized(drawing(7)).save(tmp_path / "a.png")
    app.image_menu.open_file(tmp_path / "a.png")
    assert app.status.pending.errors == ["Another error."]


def test_what_is_left_out_of_a_file_is_said(app: App, tmp_path: Path) -> None:
    image = rasterized(drawing(7))
    for name in ("a.gif", "a.tif"):
        image.save(tmp_path / name, save_all=True, append_images=[image.rotate(20)])
    app.image_menu.open_file(tmp_path / "a.gif")
    assert app.status.message == "Opened a.gif: of an animation, the first image is read."
    app.image_menu.open_file(tmp_path / "a.tif")
    assert app.status.message.startswith("Opened the first page of a.tif.")
    image.save(tmp_path / "my scan 2.png")
    app.image_menu.open_file(tmp_path / "my scan 2.png")
    assert app.status.message == "Opened my scan 2.png."
    no_break = "my scan 2.png".replace(" ", "\N{NO-BREAK SPACE}")
    assert f"Opened {no_break}." in visible_texts(app.status), "no line ends within the name"


class FileManager:
    """Another program's window, from which files are dragged."""

    def __init__(self, app: App, user: UserInput, *files: Path) -> None:
        self._app, self._user, self._said = app, user, b""
        script = Path(__file__).with_name("drag_source.py")
        command = [sys.executable, str(script), "1300", "50", *map(str, files)]
        self._program = subprocess.Popen(command, stdout=subprocess.PIPE)

    def drag_to_pad(self) -> None:
        """Drag the files to the pad and drop them there."""
        canvas = self._app.pad.canvas
        try:
            wait_until(lambda: self._says(b"shown"), self._app)
            self._user.move_on_screen(1320, 70)
            self._user.hold_button()
            self._move_until(b"dragged", 1340, 90)
            self._move_until(b"copy", canvas.winfo_rootx() + 50, canvas.winfo_rooty() + 50)
            self._user.release_button()
            wait_until(lambda: self._says(b"dropped"), self._app)
        finally:
            self._program.kill()
            self._program.communicate()

    def _move_until(self, word: bytes, x: float, y: float) -> None:
        def has_moved() -> bool:
            self._user.move_on_screen(x, y)
            return self._says(word)

        wait_until(has_moved, self._app)

    def _says(self, word: bytes) -> bool:
        if select.select([self._program.stdout], [], [], 0)[0]:
            self._said += os.read(self._program.stdout.fileno(), 1000)
        return word in self._said.split()


@pytest.mark.skipif(sys.platform != "linux", reason="xdotool drags")
def test_files_are_dropped_on_the_pad(app: App, user: UserInput, tmp_path: Path) -> None:
    pytest.importorskip("tkinterdnd2")
    pictures = [tmp_path / "a 7.png", tmp_path / "eine größere 7.png"]
    for picture in pictures:
        rasterized(drawing(7)).save(picture)
    (tmp_path / "text.png").write_text("no image")
    FileManager(app, user, pictures[0]).drag_to_pad()
    wait_until(lambda: app.status.message == "Opened a 7.png.", app)
    assert app.pad.image is not None and app.pad.drawing == Drawing()
    FileManager(app, user, tmp_path / "text.png").drag_to_pad()
    wait_until(lambda: "text.png: expected an image" in app.status.message, app)
    FileManager(app, user, *pictures).drag_to_pad()
    names = [picture.name for picture in pictures]
    wait_until(lambda: app.views.title == "Files", app)
    wait_until(lambda: [row[0] for row in app.views.show("Files").rows] == names, app)


def test_without_the_library_for_dropped_files_the_window_opens(
    bare_window: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    accept_files(bare_window, print)
