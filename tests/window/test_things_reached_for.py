"""Menus with marks, tooltips, errors that stay, about and help, a label against a sure answer."""

from __future__ import annotations

import tkinter as tk
import zipfile
from pathlib import Path

from visible_text import cut_off
from window_support import (
    SEVEN,
    UserInput,
    find_button,
    list_kept_files,
    visible_texts,
    wait_until,
)

from number_recognition import VERSION
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.window.app import App
from number_recognition.window.dialogs.help_dialogs import HELP
from number_recognition.window.toolkit.theme import palette


def menu(app: App, title: str) -> tk.Menu:
    bar = app.nametowidget(app["menu"])
    found = app.nametowidget(bar.entrycget(bar.index(title), "menu"))
    app.menus.show_marks()
    return found


def is_marked(of: tk.Menu, label: str) -> bool:
    index = of.index(label)
    value = "onvalue" if of.type(index) == "checkbutton" else "value"
    return of.getvar(of.entrycget(index, "variable")) == of.entrycget(index, value)


def test_menus_mark_what_is_chosen(app: App) -> None:
    app.draw_menu.set_tool("eraser")
    assert is_marked(menu(app, "Draw"), "Eraser") and not is_marked(menu(app, "Draw"), "Pen")
    assert not is_marked(menu(app, "View"), "Dark theme")
    marks, texts = (str(menu(app, "View")[each]) for each in ("selectcolor", "foreground"))
    assert marks == texts == palette(app).text, "marks can be seen on what is behind them"
    app.view_menu.toggle_theme()
    app.choose_view("Training")
    assert is_marked(menu(app, "View"), "Dark theme") and is_marked(menu(app, "View"), "Training")
    menu(app, "View").invoke("Simple mode")
    assert is_marked(menu(app, "View"), "Simple mode")


def test_the_digits_are_in_the_menu(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    draw = menu(app, "Draw")
    keep = app.nametowidget(draw.entrycget(draw.index("Keep as"), "menu"))
    keep.invoke("Keep as 7")
    assert app.session.counters.kept[7] == 1


def test_tooltips_name_the_key(app: App, user: UserInput) -> None:
    texts = [tooltip.text for tooltip in app.tools.tooltips]
    assert "Draw with the left button (B)" in texts and "Undo (Ctrl+Z)" in texts
    tooltip = app.tools.tooltips[0]
    tooltip.show()
    assert tooltip.window is not None
    tooltip.hide()
    assert tooltip.window is None


def test_errors_stay_until_they_are_read(app: App, user: UserInput) -> None:
    app.show_error("first.png: not read")
    app.show_error("second.png: not read")
    app.notify("Draw a digit.")
    user.draw(SEVEN)
    user.press("7")
    pending = app.status.pending
    assert pending.winfo_ismapped()
    assert pending.errors == ["first.png: not read", "second.png: not read"]
    row = find_button(pending, "OK").master.master
    [label] = [child for child in row.winfo_children() if child.winfo_class() == "TLabel"]
    assert str(label["foreground"]) == palette(app).warning
    app.offers.add("The run was interrupted.", ("Resume", app.undo), about="run")
    app.update()
    text = "second.png: not read (and 1 error before)"
    assert visible_texts(pending) == [text, "The run was interrupted."], "both have room"
    assert list(pending.buttons) == ["Resume", "OK"]
    app.geometry("640x480")
    wait_until(lambda: len(visible_texts(pending)) == 1, app)
    app.geometry("1200x700")
    wait_until(lambda: len(visible_texts(pending)) == 2, app)
    app.offers.withdraw("run")
    find_button(pending, "OK").invoke()
    assert pending.errors == ["first.png: not read"]
    find_button(pending, "OK").invoke()
    app.update()
    assert not pending.winfo_ismapped()


def test_in_a_low_window_an_error_an_offer_and_the_notice_can_be_read(
    app: App, user: UserInput
) -> None:
    def read() -> str:
        return " ".join(visible_texts(app.status))

    user.draw(SEVEN)
    user.press("7")
    app.geometry("640x480")
    resume, later = ("Resume", app.undo), ("Not now", lambda: None)
    app.offers.add("The run was interrupted.", resume, later, about="run")
    app.show_error("/a/long/path/to/config.json: cannot be written: permission denied. " * 2)
    wait_until(lambda: "permission denied. (and 1 offer)" in read(), app)
    wait_until(lambda: "Kept as a 7 (1 new)." in read() and not cut_off(app), app)
    assert app.pad.winfo_height() >= 120
    user.click(app.status.action_buttons["OK"])
    wait_until(lambda: "The run was interrupted." in read(), app)
    assert "Kept as a 7 (1 new)." in read() and not cut_off(app)
    user.click(app.status.action_buttons["Not now"])
    assert list(app.status.action_buttons) == ["Undo"]
    app.show_error("a.png: not read. " * 200)
    wait_until(app.status.pending.winfo_ismapped, app)
    assert [line for line in cut_off(app.status) if "a.png" not in line] == []


def test_a_notice_ends_with_the_drawing_it_speaks_of(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    user.press("7")
    find_button(app.status, "Undo")
    user.draw(SEVEN)
    assert "Undo" not in app.status.action_buttons


def test_the_status_line_never_speaks_of_a_state_before(app: App, user: UserInput) -> None:
    def status() -> str:
        app.update()
        return " ".join(visible_texts(app.status)).strip()

    assert status() == "Draw a digit."
    user.press_and_move(SEVEN)
    wait_until(lambda: status() == "", app)
    user.release_button()
    user.press("ctrl+Delete")
    assert status() == "Cleared."
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    assert status() == ""
    app.notify("The training was interrupted.", ("Resume", app.undo))
    app.draw_menu.clear()
    user.press("ctrl+z")
    assert status() == "Undone."
    app.notify("Training finished.", lasting=True)
    user.draw(SEVEN)
    assert status() == "Training finished.", "what drawing does not change"


def test_a_label_against_a_sure_answer_is_kept_and_said(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    wait_until(lambda: app.session.prediction.confidence > 0.99, app)
    user.press("8")
    assert [path.parent.name for path in list_kept_files(tmp_path)] == ["8"]
    assert "though it is read as a 7" in app.status.message
    app.status.action_buttons["Undo"].invoke()
    wait_until(lambda: not list_kept_files(tmp_path), app)


def test_about_says_version_network_and_where_files_are(app: App, tmp_path: Path) -> None:
    assert f'version = "{VERSION}"' in (PROJECT_DIR / "pyproject.toml").read_text()
    app.help_menu.show_about()
    [dialog] = [child for child in app.winfo_children() if isinstance(child, tk.Toplevel)]
    texts = " ".join(_texts(dialog))
    for part in (VERSION, "MIT License", app.session.network_label, str(tmp_path)):
        assert part in texts
    app.update()
    middle = dialog.winfo_rootx() + dialog.winfo_width() / 2
    assert abs(middle - app.winfo_rootx() - app.winfo_width() / 2) < 40


def test_the_help_covers_every_view(app: App) -> None:
    assert set(app.views.titles) <= {heading for heading, _ in HELP}
    app.help_menu.show()
    [dialog] = [child for child in app.winfo_children() if isinstance(child, tk.Toplevel)]
    assert "Robustness" in list(_texts(dialog))


def test_kept_drawings_have_a_menu_and_are_exported(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    for key in ("7", "1"):
        app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
        app.draw_menu.keep(int(key))
    view = app.show_view("Drawings")
    wait_until(lambda: len(view.drawings.kept) == 2 and not view.is_reading, app)
    view.thumbnails.select([view.drawings.kept[0]])
    view.details.fill_menu()
    labels = [view.details.menu.entrycget(n, "label") for n in range(4)]
    assert labels[0] == "Change label" and "Open on pad" in labels and "Move to trash" in labels
    view.imports.export(tmp_path / "drawings.zip")
    wait_until(lambda: "2 drawings exported" in app.status.message, app)
    with zipfile.ZipFile(tmp_path / "drawings.zip") as archive:
        table = archive.read("labels.csv").decode().split()
        assert table[0] == "file,label" and {row[-1] for row in table[1:]} == {"7", "1"}
        assert {row.split(",")[0] for row in table[1:]} < set(archive.namelist())


def _texts(widget: tk.Misc) -> list[str]:
    found = [str(widget.cget("text"))] if widget.winfo_class() == "TLabel" else []
    return found + [text for child in widget.winfo_children() for text in _texts(child)]
