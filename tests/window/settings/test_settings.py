"""The settings dialog, and changes made in config.json while the window is open."""

from __future__ import annotations

import gc
from pathlib import Path

from window_support import UserInput, find_button, wait_until

from number_recognition.storage.config_file import read_config
from number_recognition.storage.files import read_json_object, write_json, write_text
from number_recognition.window.app import App
from number_recognition.window.settings.settings_dialog import SettingsDialog
from number_recognition.window.toolkit.theme import palette


def opened(app: App, user: UserInput) -> SettingsDialog:
    app.pad.canvas.focus_force()
    app.update()
    user.press("ctrl+comma")
    wait_until(lambda: app.settings.dialog is not None, app)
    app.settings.dialog.update()
    return app.settings.dialog


def test_the_dialog_has_every_setting(app: App, user: UserInput, tmp_path: Path) -> None:
    dialog = opened(app, user)
    saved = read_json_object(tmp_path / "config.json")
    assert {section: set(names) for section, names in saved.items()} == {
        section: set(fields) for section, fields in dialog.fields.items()
    }
    assert all(not field.error for fields in dialog.fields.values() for field in fields.values())


def test_a_dialog_that_was_closed_leaves_nothing_in_tk(app: App) -> None:
    def names_after_closing() -> list[int]:
        app.settings.open()
        app.update()
        app.settings.dialog.destroy()
        app.update()
        gc.collect()
        return [
            len(app.tk.splitlist(app.tk.call("info", kind, *pattern)))
            for kind, *pattern in (("commands",), ("vars", "::*"))
        ]

    assert names_after_closing() == names_after_closing()


def test_a_setting_is_used_and_saved_at_once(app: App, user: UserInput, tmp_path: Path) -> None:
    dialog = opened(app, user)
    theme = dialog.fields["window"]["theme"]
    theme.set_text("dark")
    theme.widget.event_generate("<<ComboboxSelected>>")
    wait_until(lambda: palette(app).paper < 128, app)
    pen = dialog.fields["window"]["pen"]
    pen.set_text("31")
    pen.widget.event_generate("<FocusOut>")
    assert app.pad.pen_width == 31
    unsure = dialog.fields["recognition"]["unsure_below"]
    unsure.set_text("0.25")
    unsure.widget.event_generate("<FocusOut>")
    assert app.prediction_panel.unsure_below == 0.25
    config = read_config(tmp_path / "config.json")
    assert (config.window.theme, config.window.pen) == ("dark", 31)
    assert config.recognition.unsure_below == 0.25


def test_a_wrong_value_is_explained_as_for_the_file_and_not_saved(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    dialog = opened(app, user)
    pen = dialog.fields["window"]["pen"]
    pen.set_text("1")
    pen.widget.event_generate("<FocusOut>")
    assert pen.help["text"] == "Expected at least 2, found 1.0"
    assert read_config(tmp_path / "config.json").window.pen == 18


def test_an_error_in_the_file_ends_when_it_is_repaired(app: App, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    good = file.read_text()
    for bad in ('{"window": {,}}', '{"window": {"pen": "many"}}'):
        file.write_text(bad)
        app.settings.check_file()
        [error] = app.status.pending.errors
        assert error.startswith(str(file))
        assert app.status.message.endswith("The settings stay as they were.")
    file.write_text(good + "\n")
    app.settings.check_file()
    assert app.status.pending.errors == []


def test_changes_of_the_file_are_seen_by_the_open_window(app: App, tmp_path: Path) -> None:
    write_json(tmp_path / "config.json", {"window": {"simple": True, "pen": 9}})
    app.settings.check_file()
    assert app.pad.pen_width == 9 and not app.views.winfo_ismapped()
    assert "config.json was changed" in app.status.message
    write_text(tmp_path / "config.json", '{"window": {"pen": 999}}')
    app.settings.check_file()
    assert app.pad.pen_width == 9
    assert "at most 60, found 999" in app.status.message


def test_where_no_editor_is_found_the_dialog_says_where_the_file_is(
    app: App, user: UserInput, tmp_path: Path, monkeypatch: object
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    app.settings.open()
    dialog = app.settings.dialog
    find_button(dialog, "Open config.json").invoke()
    assert "No editor was found" in dialog.message["text"]
    assert str(tmp_path / "config.json") in dialog.message["text"]


def test_ctrl_a_selects_all_of_a_field(app: App, user: UserInput) -> None:
    field = app.show_view("Training").form.fields["learning_rate"].widget
    field.focus_force()
    app.update()
    user.press("ctrl+a")
    wait_until(lambda: field.selection_present(), app)
    assert field.selection_get() == field.get()
