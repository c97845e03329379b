"""The window, through real pointer and key events on a real X server."""

from __future__ import annotations

import inspect
import json
import operator
import os
import subprocess
import sys
import tkinter as tk
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest
from PIL import Image, ImageGrab
from window_support import (
    ONE,
    SEVEN,
    UserInput,
    close_afterwards,
    find_button,
    list_kept_files,
    open_window,
    wait_until,
)

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.drawing.drawing import DEFAULT_PEN, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport
from number_recognition.learning.fine_tuning.version_store import list_candidates
from number_recognition.session.session import Session
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import read_counters
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.window.app import App
from number_recognition.window.dialogs import fine_tuning_result
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog


def shown_picture(app: App) -> np.ndarray:
    """The image of the pad as Tk has it, (height, width) grey."""
    wait_until(lambda: app.pad.renderer.complete, app)
    view = app.pad.renderer.view
    name = app.pad.canvas.itemcget(app.pad.renderer.item, "image")
    data = app.tk.call(name, "data", "-format", "ppm")
    size = view.height, view.width, 3
    grey = np.frombuffer(bytes(data)[-3 * view.height * view.width :], np.uint8).reshape(size)
    return grey[:, :, 0]


def path_of(app: App) -> np.ndarray:
    return np.concatenate(
        [np.asarray(stroke.points) for stroke in app.session.content.drawing.strokes]
    )


def test_the_window_is_drawn_before_the_network_is_loaded(
    display: str, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shades: list[int] = []
    load = Session.load_network

    def load_and_look(session: Session) -> None:
        screen = ImageGrab.grab(xdisplay=display).convert("L")
        shades.append(len(screen.getcolors()))
        load(session)

    monkeypatch.setattr(Session, "load_network", load_and_look)
    app = App(network, tmp_path / "config.json")
    for widget in (app.pad, app.pad.canvas):
        widget.event_generate("<Map>")  # a slow screen: what is mapped is drawn later
    while not shades:
        app.tk.dooneevent()  # one event after the other, as `mainloop` does
    for _ in close_afterwards(app, []):
        # An empty window has the shade of its background alone.
        assert shades[0] > 50


def test_a_stroke_is_predicted(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    [stroke] = app.session.content.drawing.strokes
    assert stroke.width == DEFAULT_PEN
    assert np.allclose(stroke.points[0], SEVEN[0], atol=1.5)
    assert np.allclose(stroke.points[-1], SEVEN[-1], atol=1.5)
    assert len(stroke.points) >= len(SEVEN)
    prediction = app.session.prediction
    assert prediction.digit in range(10)
    assert prediction.frame.pixels.shape == (28, 28)
    assert app.prediction_panel.digit == str(prediction.digit)


def test_the_prediction_is_updated_during_a_stroke(app: App, user: UserInput) -> None:
    assert app.session.prediction.digit is None
    user.press_and_move(SEVEN)
    wait_until(lambda: app.session.prediction.digit is not None, app)
    assert app.pad.pressed and not app.session.content
    user.release_button()
    assert app.session.content.drawing


def test_the_screen_shows_the_rasterized_drawing(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    shown = shown_picture(app).astype(float)
    painted = np.asarray(rasterize(app.session.content.drawing, app.pad.renderer.view), float)
    shades = np.asarray(app.pad.renderer.shades, float)
    assert np.abs(shown - shades[painted.astype(int)]).max() <= 1


def test_a_click_makes_a_dot(app: App, user: UserInput) -> None:
    user.draw([(140, 140)])
    assert shown_picture(app).min() < 60
    assert not app.session.prediction.is_blank


def test_undo_redo_and_clear(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    first = app.session.content.drawing
    user.draw(ONE)
    user.press("ctrl+Delete")
    assert not app.session.content and app.prediction_panel.text == "Draw a digit"
    user.press("ctrl+z")
    assert len(app.session.content.drawing.strokes) == 2
    user.press("ctrl+z")
    assert app.pad.drawing is first
    user.press("ctrl+y")
    assert len(app.pad.drawing.strokes) == 2
    user.press("ctrl+z", "ctrl+shift+z", "ctrl+z", "ctrl+z", "ctrl+z")
    assert not app.session.content and app.session.history.next_undo is None


def test_escape_discards_an_unfinished_stroke(app: App, user: UserInput) -> None:
    user.draw(ONE)
    user.press_and_move(SEVEN)
    user.press("Escape")
    assert len(app.pad.drawing.strokes) == 1 and not app.pad.pressed
    user.release_button()
    assert len(app.session.content.drawing.strokes) == 1


@pytest.mark.parametrize("way", ["right button", "eraser"])
def test_erasing_cuts_a_stroke_in_two(app: App, user: UserInput, way: str) -> None:
    user.draw(ONE)
    if way == "eraser":
        user.press("e")
    user.draw([(100, 140), (120, 140), (180, 140)], button=1 if way == "eraser" else 3)
    assert len(app.session.content.drawing.strokes) == 2
    user.press("ctrl+z")
    assert len(app.session.content.drawing.strokes) == 1
    user.press("b")
    assert app.pad.tool == "pen"


def test_a_drawing_is_unchanged_when_the_window_is_resized(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    drawing, scale = app.session.content.drawing, app.pad.renderer.view.scale
    app.geometry("1000x560")
    wait_until(lambda: app.pad.renderer.view.scale < scale, app)
    assert app.pad.drawing is drawing
    painted = np.asarray(rasterize(drawing, app.pad.renderer.view))
    shown = shown_picture(app)
    assert shown.shape == painted.shape and ((shown < 128) == (painted < 122)).mean() > 0.999
    user.draw(ONE)
    assert np.allclose(app.session.content.drawing.strokes[1].points[0], ONE[0], atol=1.5)


def test_keys_change_the_pen_for_the_next_stroke(app: App, user: UserInput) -> None:
    user.draw(ONE)
    user.press("bracketright", "bracketright", "bracketleft")
    user.draw(SEVEN)
    assert [stroke.width for stroke in app.session.content.drawing.strokes] == [18.0, 20.0]
    assert read_config(app.session.config_path).window.pen == 20.0


def test_a_key_keeps_the_drawing_and_undo_removes_it(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    drawing = app.session.content.drawing
    user.press("7")
    [kept] = list_kept_files(tmp_path)
    assert kept.parent.name == "7" and not app.session.content
    assert app.status.message == "Kept as a 7 (1 new)."
    counters, _ = read_counters(tmp_path / "counters.json")
    assert counters.kept[7] == 1 and counters.new == 1
    user.press("ctrl+z")
    assert not list_kept_files(tmp_path) and app.pad.drawing == drawing
    counters, _ = read_counters(tmp_path / "counters.json")
    assert counters.kept[7] == 0 and counters.new == 0
    user.press("ctrl+y")
    assert len(list_kept_files(tmp_path)) == 1 and not app.session.content


def test_the_kept_image_is_the_input_of_the_network(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    pixels, drawing = app.session.prediction.frame.pixels, app.session.content.drawing
    user.press("KP_7")
    [kept] = list_kept_files(tmp_path)
    assert np.array_equal(np.asarray(Image.open(kept)), np.round(pixels * 255).astype(np.uint8))
    original = app.session.corrections.original(Correction(kept, 7))
    assert np.allclose(original.strokes[0].points, drawing.strokes[0].points, atol=0.01)


def test_strokes_and_keepings_are_undone_in_order(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(ONE)
    user.press("1")
    user.draw(SEVEN)
    user.press("7")
    user.draw(ONE)
    user.press("ctrl+z", "ctrl+z")
    assert [path.parent.name for path in list_kept_files(tmp_path)] == ["1"]
    assert len(app.session.content.drawing.strokes) == 1
    user.press("ctrl+z", "ctrl+z")
    assert not list_kept_files(tmp_path) and len(app.session.content.drawing.strokes) == 1
    user.press("ctrl+y", "ctrl+y", "ctrl+y")
    assert [path.parent.name for path in list_kept_files(tmp_path)] == ["1", "7"]
    assert app.session.counters.new == 2


def test_a_button_keeps_a_drawing_as_no_digit(app: App, user: UserInput, tmp_path: Path) -> None:
    user.draw(ONE)
    user.click(app.prediction_panel.buttons[10])
    assert app.status.message.startswith("Kept as no digit (1 new)")
    assert not list_kept_files(tmp_path) and app.session.counters.not_a_digit == 1
    user.press("ctrl+z")
    assert app.session.counters.not_a_digit == 0 and app.session.content


def test_keys_without_a_drawing_keep_nothing(app: App, user: UserInput, tmp_path: Path) -> None:
    user.press("3", "n", "minus", "ctrl+Delete")
    assert not list_kept_files(tmp_path) and app.session.history.next_undo is None
    user.press("7")
    assert app.status.message.startswith("Draw a digit first: the keys 0 to 9 then say which")
    blank = Image.new("L", (50, 50), 255)
    app.put_on_pad(blank)
    user.press("7")
    assert app.status.message.startswith("The image is blank")


def test_digits_typed_into_an_entry_label_nothing(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    entry = ttk.Entry(app.status)
    entry.grid(row=0, column=9)
    entry.focus_force()
    app.update()
    user.press("4", "2", "b", "ctrl+z")
    assert entry.get().startswith("4") and not list_kept_files(tmp_path)
    assert app.session.content and app.pad.tool == "pen"
    user.draw([(40, 40)])
    user.press("7")
    assert len(list_kept_files(tmp_path)) == 1


def test_digits_with_alt_or_control_label_nothing(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    user.press("alt+7", "ctrl+8")
    assert not list_kept_files(tmp_path) and app.session.content


def test_a_drawing_that_cannot_be_kept_stays_on_the_pad(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    user.draw(SEVEN)
    drawing = app.session.content.drawing
    # A file where the folder should be stops root, too, whom no permission stops.
    (tmp_path / "images").write_text("")
    user.press("7")
    assert app.status.message.startswith("Not kept, and still on the pad: ")
    assert app.pad.drawing is drawing and app.session.content.drawing is drawing
    assert not list_kept_files(tmp_path)


def test_an_image_is_opened_predicted_and_kept(app: App, user: UserInput, tmp_path: Path) -> None:
    rasterize(Drawing((Stroke(tuple(SEVEN)),))).save(tmp_path / "seven.png")
    user.draw(ONE)
    app.image_menu.open_file(tmp_path / "seven.png")
    app.update()
    assert app.pad.image is not None and app.session.prediction.digit is not None
    user.press("7")
    assert len(list_kept_files(tmp_path)) == 1
    user.press("ctrl+z")
    opened = app.pad.image
    assert opened is not None
    user.draw(ONE)
    assert app.pad.image not in (None, opened) and not app.session.content.drawing
    user.press("ctrl+z")
    assert app.pad.image == opened
    user.press("ctrl+z")
    assert app.pad.image is None and len(app.session.content.drawing.strokes) == 1


def test_a_file_that_is_no_image_gives_one_error(app: App, user: UserInput, tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("no image")
    user.draw(ONE)
    app.image_menu.open_file(tmp_path / "notes.png")
    assert (
        "expected an image" in app.status.message and len(app.session.content.drawing.strokes) == 1
    )


def test_two_windows_keep_at_once(app: App, user: UserInput, network: Path, tmp_path: Path) -> None:
    other, errors = open_window(network, tmp_path)
    for second in close_afterwards(other, errors):
        for window in (app, second, app, second):
            window.put_on_pad(Drawing((Stroke(tuple(ONE)),)))
            window.draw_menu.keep(1)
            window.update()
        assert second.status.message == "Kept as a 1 (4 new)."
        app.undo()
    assert len(list_kept_files(tmp_path)) == 3
    assert read_counters(tmp_path / "counters.json")[0].new == 3


def test_theme_zoom_and_simple_mode_are_saved(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    user.press("ctrl+d", "ctrl+plus", "F9")
    window = read_config(app.session.config_path).window
    assert (window.theme, window.zoom, window.simple) == ("dark", 1.1, True)
    assert shown_picture(app)[0, 0] < 60 and not app.views.winfo_ismapped()
    user.press("ctrl+d", "ctrl+0", "F9")
    app.update()
    window = read_config(app.session.config_path).window
    assert (window.theme, window.zoom, window.simple) == ("light", 1.0, False)
    assert app.views.winfo_ismapped()


def test_another_pen_or_tool_applies_to_the_next_stroke(app: App, user: UserInput) -> None:
    user.press_and_move(SEVEN[:4])
    app.draw_menu.change_pen(+20)
    app.draw_menu.set_tool("eraser")
    for point in SEVEN[4:]:
        user.move(point)
    user.release_button()
    [stroke] = app.session.content.drawing.strokes
    assert stroke.width == 18 and stroke.points[-1] == pytest.approx(SEVEN[-1], abs=1)
    painted = np.asarray(rasterize(app.session.content.drawing, app.pad.renderer.view), int)
    shades = np.asarray(app.pad.renderer.shades)
    assert np.abs(shown_picture(app) - shades[painted]).mean() < 0.5


def test_a_pen_in_config_json_can_be_thinner_than_usual(app: App) -> None:
    app.pad.set_pen_width(2)
    app.draw_menu.change_pen(-2)
    assert app.pad.pen_width == 2


def test_a_file_set_aside_while_the_window_is_open_gives_a_warning(
    app: App, tmp_path: Path
) -> None:
    (tmp_path / "counters.json").write_text("{")
    app.put_on_pad(Drawing((Stroke(tuple(ONE)),)))
    app.draw_menu.keep(1)
    assert "counters.json.corrupt" in app.status.message and "Kept as a 1" in app.status.message


def test_every_broken_file_gives_a_warning_at_the_start(
    display: str, network: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text("{")
    (tmp_path / "counters.json").write_text("{")
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        assert "Defaults are used" in app.status.message
        assert "counters.json.corrupt" in app.status.message


def test_changes_of_config_json_by_hand_are_preserved(app: App) -> None:
    path = app.session.config_path
    values = json.loads(path.read_text())
    values["training"]["epochs"] = 7
    path.write_text(json.dumps(values))
    app.draw_menu.change_pen(+2)
    app.model_menu.use_network(app.session.network_path)
    config = read_config(path)
    assert (config.training.epochs, config.window.pen) == (7, 20)
    path.write_text("{")
    app.draw_menu.change_pen(+2)
    assert "not written over" in app.status.message and path.read_text() == "{"


def test_a_broken_config_is_named_and_not_written_over(
    display: str, network: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{"window": {"theme": "pink"}}')
    window, errors = open_window(network, tmp_path)
    for app in close_afterwards(window, errors):
        assert "'theme'" in app.status.message
        app.view_menu.toggle_theme()
    assert json.loads((tmp_path / "config.json").read_text()) == {"window": {"theme": "pink"}}


def test_a_file_that_is_no_network_gives_one_error(app: App, tmp_path: Path) -> None:
    (tmp_path / "bad.keras").write_text("no network")
    before = app.session.recognizer
    app.model_menu.use_network(tmp_path / "bad.keras")
    assert "expected a network" in app.status.message and app.session.recognizer is before


def fine_tuned(network: Path, home: Path) -> FineTuningReport:
    """The report of a fine-tuning, its network written to a file."""
    candidate = home / "models" / "versions" / "new.keras"
    candidate.parent.mkdir(parents=True)
    candidate.write_bytes(network.read_bytes())
    kept, same = Change(0.0, 1.0, 1), Change(0.99, 0.99, 100)
    return FineTuningReport(
        candidate, network, 1, kept, same, 3, 0.0, True, "It reads 1 more.", 1.0, 1.0
    )


def results(app: App) -> list[FineTuningResultDialog]:
    return [each for each in app.winfo_children() if isinstance(each, FineTuningResultDialog)]


@pytest.mark.parametrize("is_discarded", [True, False])
def test_a_fine_tuned_network_is_deleted_with_the_window_where_it_was_discarded(
    display: str, network: Path, tmp_path: Path, is_discarded: bool
) -> None:
    report = fine_tuned(network, tmp_path)
    for app in close_afterwards(*open_window(network, tmp_path)):
        app.model_menu.show_fine_tuning_result(report, new=0)
        if is_discarded:
            results(app)[0].buttons["Discard"].invoke()
        assert report.network.exists()
    assert report.network.exists() != is_discarded


@pytest.mark.parametrize("answer", ["Keep", "Discard"])
def test_a_dialog_asks_whether_to_keep_a_fine_tuned_network(
    app: App, user: UserInput, network: Path, tmp_path: Path, answer: str
) -> None:
    user.draw(SEVEN)
    user.press("7")
    report = fine_tuned(network, tmp_path)
    candidate = report.network
    app.model_menu.show_fine_tuning_result(report, new=1)
    app.put_on_pad(Drawing((Stroke(tuple(ONE)),)))
    app.draw_menu.keep(1)
    app.update()
    app.pad.canvas.focus_force()
    user.press("F6")
    [window] = results(app)
    assert app.status.message.startswith("Keep or discard") and not app.jobs.running
    window.buttons[answer].invoke()
    app.update()
    assert not window.winfo_exists()
    if answer == "Keep":
        # What was kept since the fine-tuning began has not been learnt.
        assert app.session.network_path == candidate and app.session.counters.new == 1
        assert read_config(app.session.config_path).paths.network == "models/versions/new.keras"
        assert candidate.with_suffix(".json").exists()
    else:
        assert app.session.network_path == network and app.session.counters.new == 2
        assert not candidate.with_suffix(".json").exists()


def test_a_result_waits_while_another_dialog_takes_all_clicks(
    app: App, user: UserInput, network: Path, tmp_path: Path
) -> None:
    other = tk.Toplevel(app)
    wait_until(lambda: other.winfo_viewable(), app)
    other.grab_set()
    app.model_menu.show_fine_tuning_result(fine_tuned(network, tmp_path), new=0)
    assert not results(app)
    other.destroy()
    app.update()
    user.click(find_button(app.status, "Show it"))
    [window] = results(app)
    window.buttons["Discard"].invoke()


def test_a_result_takes_no_key_from_a_field_that_somebody_types_in(
    app: App, user: UserInput, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = app.show_view("Training").form.fields["epochs"].widget
    field.focus_force()
    monkeypatch.setattr(fine_tuning_result, "KEYS_AFTER", 1)
    app.model_menu.show_fine_tuning_result(fine_tuned(network, tmp_path), new=0)
    user.press("3", "Return", "space")
    assert results(app) and app.session.network_path == network
    assert app.focus_get() is field
    app.pad.canvas.focus_force()
    wait_until(lambda: app.focus_get() is results(app)[0].buttons["Keep"], app)


def test_a_fine_tuned_network_without_an_answer_is_offered_by_the_next_window(
    app: App, network: Path, tmp_path: Path
) -> None:
    report = fine_tuned(network, tmp_path)
    app.model_menu.show_fine_tuning_result(report, new=0)
    assert list_candidates(report.network.parent) == [], "one that is asked about is no leftover"
    app.model_menu.close()
    assert list_candidates(report.network.parent) == [report.network]


def test_a_fine_tuned_network_can_be_kept_after_escape_and_after_it_was_discarded(
    app: App, user: UserInput, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = fine_tuned(network, tmp_path)
    app.pad.canvas.focus_force()
    monkeypatch.setattr(fine_tuning_result, "KEYS_AFTER", 60_000)
    app.model_menu.show_fine_tuning_result(report, new=0)
    user.press("Escape", "space", "Return")
    assert app.focus_get() is app.pad.canvas, "a key pressed now is meant for the pad"
    results(app)[0].put_off()
    monkeypatch.setattr(fine_tuning_result, "KEYS_AFTER", 1)
    app.status.pending.buttons["Show it"].invoke()
    wait_until(lambda: app.focus_get() is results(app)[0].buttons["Keep"], app)
    user.press("Escape")
    wait_until(lambda: not results(app), app)
    assert app.session.network_path == network
    app.model_menu.fine_tune()
    assert results(app) and not app.jobs.running and not app.status.pending.buttons
    results(app)[0].put_off()
    app.status.pending.buttons["Show it"].invoke()
    results(app)[0].buttons["Discard"].invoke()
    assert app.status.message.startswith("Discarded") and not results(app)
    find_button(app.status, "Show it again").invoke()
    results(app)[0].put_off()
    app.status.pending.buttons["Discard"].invoke()
    assert not app.status.pending.buttons
    find_button(app.status, "Show it again").invoke()
    results(app)[0].buttons["Keep"].invoke()
    assert app.session.network_path == report.network and not results(app)


def test_every_command_is_a_method_of_the_window(app: App) -> None:
    assert len(app.commands) > 40
    for command in app.commands:
        method = operator.attrgetter(command.method)(app)
        menu = [app.menus] if command.fills_submenu else []
        inspect.signature(method).bind(*menu, *command.arguments)  # raises where they do not fit
        assert not command.needs or command.needs in app.command_state.current()


def test_every_key_of_the_table_is_one_that_tk_knows(app: App) -> None:
    bound = {key for command in app.commands for key in command.keys}
    assert {"Ctrl+Z", "F5", "?", "[", "7", "Ctrl+Plus"} <= bound
    app.help_menu.show_shortcuts()
    app.update()
    [dialog] = [child for child in app.winfo_children() if isinstance(child, tk.Toplevel)]
    dialog.destroy()


def test_opening_and_predicting_import_no_tensorflow_and_no_matplotlib(
    display: str, network: Path, tmp_path: Path
) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from window_support import ONE, open_window\n"
        "from number_recognition.digits.drawing.drawing import Drawing, Stroke\n"
        "app, errors = open_window(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "app.put_on_pad(Drawing((Stroke(tuple(ONE)),)))\n"
        "app.update()\n"
        "assert app.session.prediction.digit is not None and not errors\n"
        "print([name for name in ('tensorflow', 'keras', 'matplotlib') if name in sys.modules])\n"
        "app.destroy()\n"
    )
    assert in_a_new_process(script, network, tmp_path) == "[]"


def test_an_empty_window_is_on_the_screen_before_numpy_and_pillow_are_imported(
    display: str, network: Path, tmp_path: Path
) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom number_recognition.window.app import App\n"
        "app = App(Path(sys.argv[1]), Path(sys.argv[2]) / 'config.json')\n"
        "def shown(event):\n"
        "    app.update_idletasks()\n"
        "    print([name for name in ('numpy', 'PIL', 'Recognition') if name in sys.modules])\n"
        "    app.after(1, ready)\n"
        "def ready():\n"
        "    app.after(1, ready) if app.session.recognizer is None else app.destroy()\n"
        "app.pad.bind('<Map>', shown, add=True)\n"
        "app.mainloop()\n"
    )
    assert in_a_new_process(script, network, tmp_path) == "[]"


def in_a_new_process(script: str, network: Path, home: Path) -> str:
    """Run a script with a network and a folder; return what it prints."""
    answer = subprocess.run(
        [sys.executable, "-c", script, str(network), str(home)],
        cwd=PROJECT_DIR,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()
