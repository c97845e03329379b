"""The right button opens a menu on images and rows: copy, save, show in folder."""

from __future__ import annotations

import os
import sys
import tkinter as tk
from pathlib import Path

import pytest
from digit_images import drawing, rasterized
from PIL import Image
from window_support import SEVEN, UserInput, wait_until

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.window.app import App
from number_recognition.window.widgets.context_menu import ContextMenu
from number_recognition.window.widgets.heatmaps import Heatmap

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="programs stand in for X11's")


def stand_in(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program of this name first, which writes its input or arguments to a file."""
    written = folder / f"{name}.out"
    what = "cat" if name == "xclip" else 'echo "$@"'
    (folder / name).write_text(f"#!/bin/sh\n{what} > {written}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return written


def labels(menu: ContextMenu) -> list[str]:
    filled = menu.fill()
    last = filled.index("end")
    return [
        str(filled.entrycget(index, "label"))
        for index in range(0 if last is None else last + 1)
        if filled.type(index) != "separator"
    ]


def heatmaps(widget: tk.Misc) -> list[Heatmap]:
    found = [widget] if isinstance(widget, Heatmap) else []
    return found + [each for child in widget.winfo_children() for each in heatmaps(child)]


def test_images_are_copied_by_the_right_button(
    app: App, user: UserInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = stand_in(tmp_path, "xclip", monkeypatch)
    view = app.show_view("Network")
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    [shown, *_] = heatmaps(view.attribution_panel)
    wait_until(lambda: shown.pixels is not None and shown.winfo_viewable(), app)
    assert labels(shown.menu) == ["Copy picture", "Save picture …"]
    x, y = shown.winfo_rootx() + shown.winfo_width() // 2, shown.winfo_rooty() + 40
    user.click_at(x, y, button=3)
    wait_until(shown.menu.menu.winfo_ismapped, app)
    user.press("Down", "Return")
    wait_until(lambda: app.status.message == "Copied.", app)
    with Image.open(copied) as picture:
        assert picture.width % 28 == 0 and picture.width == picture.height
    step = app.preprocessing_strip.picture(3)
    assert step is not None and step.getextrema() == (0, 255)


def test_the_network_map_and_the_robustness_curve_are_copied_and_saved(
    app: App, user: UserInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = stand_in(tmp_path, "xclip", monkeypatch)
    saved = tmp_path / "saved.png"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **options: str(saved))
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    robustness = app.show_view("Robustness")
    wait_until(lambda: robustness.chart.curve is not None, app)
    network = app.show_view("Network")
    for view, canvas in ((network, network.activation_map), (robustness, robustness.chart)):
        app.show_view("Network" if view is network else "Robustness")
        app.update()
        copied.unlink(missing_ok=True)
        user.click_at(canvas.winfo_rootx() + 60, canvas.winfo_rooty() + 60, button=3)
        wait_until(view.picture_menu.menu.winfo_ismapped, app)
        user.press("Down", "Return")
        wait_until(lambda: app.status.message == "Copied.", app)
        with Image.open(copied) as picture:
            assert picture.size == (2 * canvas.winfo_width(), 2 * canvas.winfo_height())
            assert len(picture.convert("RGB").getcolors(1 << 20)) > 20, "drawn, not empty"
        view.picture_menu.menu.invoke("Save picture …")
        with Image.open(saved) as picture:
            assert min(picture.size) > 200
        app.notify("Draw a digit.")
    saved = tmp_path / "values.csv"
    robustness.picture_menu.menu.invoke("Save values …")
    header, *rows = saved.read_text().splitlines()
    assert header.startswith("Turn,read as,0,1") and header.endswith("9,no digit")
    assert len(rows) == len(robustness.chart.curve.points)
    assert app.status.message == "Saved values.csv."
    saved = tmp_path / "values.csv" / "is no folder.csv"
    for entry in ("Save values …", "Save picture …"):
        robustness.picture_menu.menu.invoke(entry)
        assert "Not saved: " in app.status.pending.errors[-1], "stays until it is read"
        app.status.action_buttons["OK"].invoke()
    app.draw_menu.clear()
    wait_until(lambda: view.picture_menu.fill().entrycget(0, "state") == "disabled", app)


def test_files_are_shown_in_their_folder(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = stand_in(tmp_path, "xdg-open", monkeypatch)
    (tmp_path / "scans").mkdir()
    rasterized(drawing(7)).save(tmp_path / "scans" / "seven.png")
    view = app.show_view("Files")
    view.list_folder(tmp_path / "scans")
    wait_until(lambda: not view.busy and view.table.get_children(), app)
    view.table.selection_set(view.table.get_children()[0])
    assert labels(view.menu) == ["Open on pad", "Show in folder"]
    view.menu.menu.invoke("Show in folder")
    assert shown.read_text().split() == [str(tmp_path / "scans")]
    monkeypatch.setenv("PATH", "")
    view.menu.menu.invoke("Show in folder")
    text = f"No file manager was found. The folder: {tmp_path / 'scans'}"
    assert app.status.pending.errors == [text]


def test_a_menu_that_opens_again_and_again_leaves_nothing_behind(bare_window: tk.Tk) -> None:
    def fill(menu: ContextMenu) -> None:
        menu.add("Copy", lambda: None)
        lines = menu.add_submenu("Lines")
        menu.add_check("loss", True, lambda: None, menu=lines)

    menu = ContextMenu(bare_window, fill)

    def commands_after_opening() -> int:
        menu.fill()
        return len(bare_window.tk.splitlist(bare_window.tk.call("info", "commands")))

    assert commands_after_opening() == commands_after_opening() == commands_after_opening()
    assert menu.menu.index("end") == 1
