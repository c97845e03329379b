"""The window, through real pointer and key events on a real X server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tkinter as tk
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest
from PIL import Image
from window_support import (
    ONE,
    SEVEN,
    Hand,
    closing,
    labelled_files,
    opened,
    wait_until,
)

from number_recognition.digits.corrections.corrections import Correction
from number_recognition.digits.drawing.drawing import DEFAULT_PEN, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.learning.fine_tuning.fine_tune_job import Change, FineTuningReport
from number_recognition.storage.counters import read_counters
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import read_config
from number_recognition.window.app import App
from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog


def shown_picture(app: App) -> np.ndarray:
    """The pad's picture as Tk has it, (side, side) grey."""
    wait_until(lambda: app.pad.renderer.complete, app)
    side = app.pad.renderer.side
    name = app.pad.canvas.itemcget(app.pad.renderer._item, "image")
    data = app.tk.call(name, "data", "-format", "ppm")
    grey = np.frombuffer(bytes(data)[-3 * side * side :], np.uint8).reshape(side, side, 3)
    return grey[:, :, 0]


def path_of(app: App) -> np.ndarray:
    return np.concatenate(
        [np.asarray(stroke.points) for stroke in app.session.content.drawing.strokes]
    )


def test_a_stroke_is_read(app: App, hand: Hand) -> None:
    hand.draw(SEVEN)
    [stroke] = app.session.content.drawing.strokes
    assert stroke.width == DEFAULT_PEN
    assert np.allclose(stroke.points[0], SEVEN[0], atol=1.5)
    assert np.allclose(stroke.points[-1], SEVEN[-1], atol=1.5)
    assert len(stroke.points) >= len(SEVEN)
    prediction = app.session.prediction
    assert prediction.digit in range(10)
    assert prediction.frame.pixels.shape == (28, 28)
    assert app.prediction_panel._digit["text"] == str(prediction.digit)


def test_the_answer_follows_the_pen(app: App, hand: Hand) -> None:
    assert app.session.prediction.digit is None
    hand.touch(SEVEN)
    wait_until(lambda: app.session.prediction.digit is not None, app)
    assert app.pad.busy and not app.session.content
    hand.lift()
    assert app.session.content.drawing


def test_the_screen_shows_what_is_painted_from_the_points(app: App, hand: Hand) -> None:
    hand.draw(SEVEN)
    shown = shown_picture(app).astype(float)
    painted = np.asarray(rasterize(app.session.content.drawing, app.pad.renderer.side), float)
    shades = np.asarray(app.pad.renderer._shades, float)
    assert np.abs(shown - shades[painted.astype(int)]).max() <= 1


def test_a_click_makes_a_dot(app: App, hand: Hand) -> None:
    hand.draw([(140, 140)])
    assert shown_picture(app).min() < 60
    assert app.session.prediction.digit is not None


def test_undo_redo_and_clear(app: App, hand: Hand) -> None:
    hand.draw(SEVEN)
    first = app.session.content.drawing
    hand.draw(ONE)
    hand.press("ctrl+Delete")
    assert not app.session.content and app.prediction_panel._sentence["text"] == "Draw a digit"
    hand.press("ctrl+z")
    assert len(app.session.content.drawing.strokes) == 2
    hand.press("ctrl+z")
    assert app.pad.drawing is first
    hand.press("ctrl+y")
    assert len(app.pad.drawing.strokes) == 2
    hand.press("ctrl+z", "ctrl+shift+z", "ctrl+z", "ctrl+z", "ctrl+z")
    assert not app.session.content and app.session.history.next_undo is None


def test_escape_takes_a_running_stroke_back(app: App, hand: Hand) -> None:
    hand.draw(ONE)
    hand.touch(SEVEN)
    hand.press("Escape")
    assert len(app.pad.drawing.strokes) == 1 and not app.pad.busy
    hand.lift()
    assert len(app.session.content.drawing.strokes) == 1


@pytest.mark.parametrize("way", ["right button", "eraser"])
def test_erasing_cuts_a_stroke_in_two(app: App, hand: Hand, way: str) -> None:
    hand.draw(ONE)
    if way == "eraser":
        hand.press("e")
    hand.draw([(100, 140), (120, 140), (180, 140)], button=1 if way == "eraser" else 3)
    assert len(app.session.content.drawing.strokes) == 2
    hand.press("ctrl+z")
    assert len(app.session.content.drawing.strokes) == 1
    hand.press("b")
    assert app.pad.tool == "pen"


def test_a_drawing_keeps_its_place_when_the_window_is_resized(app: App, hand: Hand) -> None:
    hand.draw(SEVEN)
    drawing, side = app.session.content.drawing, app.pad.renderer.side
    app.geometry("1000x560")
    wait_until(lambda: app.pad.renderer.side < side, app)
    assert app.pad.drawing is drawing
    painted = np.asarray(rasterize(drawing, app.pad.renderer.side))
    shown = shown_picture(app)
    assert shown.shape == painted.shape and ((shown < 128) == (painted < 122)).mean() > 0.999
    hand.draw(ONE)
    assert np.allclose(app.session.content.drawing.strokes[1].points[0], ONE[0], atol=1.5)


def test_keys_change_the_pen_and_nothing_drawn(app: App, hand: Hand) -> None:
    hand.draw(ONE)
    hand.press("bracketright", "bracketright", "bracketleft")
    hand.draw(SEVEN)
    assert [stroke.width for stroke in app.session.content.drawing.strokes] == [18.0, 20.0]
    assert read_config(app.session.config_path).window.pen == 20.0


def test_a_key_keeps_the_drawing_and_undo_takes_it_back(
    app: App, hand: Hand, tmp_path: Path
) -> None:
    hand.draw(SEVEN)
    drawing = app.session.content.drawing
    hand.press("7")
    [kept] = labelled_files(tmp_path)
    assert kept.parent.name == "7" and not app.session.content
    assert app.status.message == "Kept as a 7 (1 new)."
    counters, _ = read_counters(tmp_path / "counters.json")
    assert counters.kept[7] == 1 and counters.new == 1
    hand.press("ctrl+z")
    assert not labelled_files(tmp_path) and app.pad.drawing == drawing
    counters, _ = read_counters(tmp_path / "counters.json")
    assert counters.kept[7] == 0 and counters.new == 0
    hand.press("ctrl+y")
    assert len(labelled_files(tmp_path)) == 1 and not app.session.content


def test_what_is_kept_is_what_the_network_saw(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.draw(SEVEN)
    pixels, drawing = app.session.prediction.frame.pixels, app.session.content.drawing
    hand.press("KP_7")
    [kept] = labelled_files(tmp_path)
    assert np.array_equal(np.asarray(Image.open(kept)), np.round(pixels * 255).astype(np.uint8))
    original = app.session.corrections.original(Correction(kept, 7))
    assert np.allclose(original.strokes[0].points, drawing.strokes[0].points, atol=0.01)


def test_strokes_and_keepings_are_undone_in_turn(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.draw(ONE)
    hand.press("1")
    hand.draw(SEVEN)
    hand.press("7")
    hand.draw(ONE)
    hand.press("ctrl+z", "ctrl+z")
    assert [path.parent.name for path in labelled_files(tmp_path)] == ["1"]
    assert len(app.session.content.drawing.strokes) == 1
    hand.press("ctrl+z", "ctrl+z")
    assert not labelled_files(tmp_path) and len(app.session.content.drawing.strokes) == 1
    hand.press("ctrl+y", "ctrl+y", "ctrl+y")
    assert [path.parent.name for path in labelled_files(tmp_path)] == ["1", "7"]
    assert app.session.counters.new == 2


def test_a_button_says_not_a_digit(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.draw(ONE)
    hand.click(app.prediction_panel._buttons[10])
    assert app.status.message == "Kept as no digit (1 new)."
    assert not labelled_files(tmp_path) and app.session.counters.not_a_digit == 1
    hand.press("ctrl+z")
    assert app.session.counters.not_a_digit == 0 and app.session.content


def test_keys_without_a_drawing_keep_nothing(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.press("3", "n", "minus", "ctrl+Delete")
    assert not labelled_files(tmp_path) and app.session.history.next_undo is None


def test_digits_typed_into_an_entry_label_nothing(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.draw(SEVEN)
    entry = ttk.Entry(app.status)
    entry.grid(row=0, column=9)
    entry.focus_force()
    app.update()
    hand.press("4", "2", "b", "ctrl+z")
    assert entry.get().startswith("4") and not labelled_files(tmp_path)
    assert app.session.content and app.pad.tool == "pen"
    hand.draw([(40, 40)])
    hand.press("7")
    assert len(labelled_files(tmp_path)) == 1


def test_digits_with_alt_or_control_label_nothing(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.draw(SEVEN)
    hand.press("alt+7", "ctrl+8")
    assert not labelled_files(tmp_path) and app.session.content


def test_what_cannot_be_kept_stays_on_the_pad(app: App, hand: Hand, tmp_path: Path) -> None:
    hand.draw(SEVEN)
    drawing = app.session.content.drawing
    # A file where the folder should be stops root, too, whom no permission stops.
    (tmp_path / "images").write_text("")
    hand.press("7")
    assert app.status.message.startswith("Not kept, and still on the pad: ")
    assert app.pad.drawing is drawing and app.session.content.drawing is drawing
    assert not labelled_files(tmp_path)


def test_an_image_is_opened_read_and_kept(app: App, hand: Hand, tmp_path: Path) -> None:
    rasterize(Drawing((Stroke(tuple(SEVEN)),))).save(tmp_path / "seven.png")
    hand.draw(ONE)
    app.image_menu.open_file(tmp_path / "seven.png")
    app.update()
    assert app.pad.image is not None and app.session.prediction.digit is not None
    hand.press("7")
    assert len(labelled_files(tmp_path)) == 1
    hand.press("ctrl+z")
    assert app.pad.image is not None
    hand.draw(ONE)
    assert app.pad.image is None and len(app.session.content.drawing.strokes) == 1
    hand.press("ctrl+z", "ctrl+z")
    assert app.pad.image is None and len(app.session.content.drawing.strokes) == 1


def test_a_file_that_is_no_image_gets_one_line(app: App, hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("no image")
    hand.draw(ONE)
    app.image_menu.open_file(tmp_path / "notes.png")
    assert (
        "expected an image" in app.status.message and len(app.session.content.drawing.strokes) == 1
    )


def test_two_windows_keep_at_once(app: App, hand: Hand, network: Path, tmp_path: Path) -> None:
    other, errors = opened(network, tmp_path)
    for second in closing(other, errors):
        for window in (app, second, app, second):
            window.put_on_pad(Drawing((Stroke(tuple(ONE)),)))
            window.draw_menu.keep(1)
            window.update()
        assert second.status.message == "Kept as a 1 (4 new)."
        app.undo()
    assert len(labelled_files(tmp_path)) == 3
    assert read_counters(tmp_path / "counters.json")[0].new == 3


def test_looks_are_remembered(app: App, hand: Hand) -> None:
    hand.draw(SEVEN)
    hand.press("ctrl+d", "ctrl+plus", "F9")
    window = read_config(app.session.config_path).window
    assert (window.theme, window.zoom, window.simple) == ("dark", 1.1, True)
    assert shown_picture(app)[0, 0] < 60 and not app.views.winfo_ismapped()
    hand.press("ctrl+d", "ctrl+0", "F9")
    app.update()
    window = read_config(app.session.config_path).window
    assert (window.theme, window.zoom, window.simple) == ("light", 1.0, False)
    assert app.views.winfo_ismapped()


def test_another_pen_or_tool_waits_for_the_next_stroke(app: App, hand: Hand) -> None:
    hand.touch(SEVEN[:4])
    app.draw_menu.change_pen(+20)
    app.draw_menu.set_tool("eraser")
    for point in SEVEN[4:]:
        hand._move(point)
    hand.lift()
    [stroke] = app.session.content.drawing.strokes
    assert stroke.width == 18 and stroke.points[-1] == pytest.approx(SEVEN[-1], abs=1)
    painted = np.asarray(rasterize(app.session.content.drawing, app.pad.renderer.side), int)
    shades = np.asarray(app.pad.renderer._shades)
    assert np.abs(shown_picture(app) - shades[painted]).mean() < 0.5


def test_a_pen_of_config_json_can_be_thinner_than_usual(app: App) -> None:
    app.pad.set_pen_width(2)
    app.draw_menu.change_pen(-2)
    assert app.pad.pen_width == 2


def test_what_is_set_aside_while_the_window_is_open_is_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "counters.json").write_text("{")
    app.put_on_pad(Drawing((Stroke(tuple(ONE)),)))
    app.draw_menu.keep(1)
    assert "counters.json.corrupt" in app.status.message and "Kept as a 1" in app.status.message


def test_every_broken_file_is_told_at_the_start(
    display: str, network: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text("{")
    (tmp_path / "counters.json").write_text("{")
    window, errors = opened(network, tmp_path)
    for app in closing(window, errors):
        assert "Defaults are used" in app.status.message
        assert "counters.json.corrupt" in app.status.message


def test_what_people_change_in_config_meanwhile_stays(app: App) -> None:
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


def test_a_broken_config_is_named_and_left_alone(
    display: str, network: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{"window": {"theme": "pink"}}')
    window, errors = opened(network, tmp_path)
    for app in closing(window, errors):
        assert "'theme'" in app.status.message
        app.view_menu.toggle_theme()
    assert json.loads((tmp_path / "config.json").read_text()) == {"window": {"theme": "pink"}}


def test_a_model_that_is_none_gets_one_line(app: App, tmp_path: Path) -> None:
    (tmp_path / "bad.keras").write_text("no network")
    before = app.session.recognizer
    app.model_menu.use_network(tmp_path / "bad.keras")
    assert "expected a network" in app.status.message and app.session.recognizer is before


def fine_tuned(network: Path, home: Path) -> FineTuningReport:
    """The card of a fine-tuning, its network written to a file."""
    candidate = home / "models" / "versions" / "new.keras"
    candidate.parent.mkdir(parents=True)
    candidate.write_bytes(network.read_bytes())
    kept, same = Change(0.0, 1.0, 1), Change(0.99, 0.99, 100)
    return FineTuningReport(
        candidate, network, 1, kept, same, 3, 0.0, True, "It reads 1 more.", 1.0, 1.0
    )


def test_a_network_that_nobody_kept_goes_with_the_window(
    display: str, network: Path, tmp_path: Path
) -> None:
    card = fine_tuned(network, tmp_path)
    for app in closing(*opened(network, tmp_path)):
        app.model_menu.show_fine_tuning_result(card, new=0)
    assert not card.network.exists()


@pytest.mark.parametrize("answer", ["Keep", "Discard"])
def test_a_card_asks_whether_to_keep_a_fine_tuned_network(
    app: App, hand: Hand, network: Path, tmp_path: Path, answer: str
) -> None:
    hand.draw(SEVEN)
    hand.press("7")
    card = fine_tuned(network, tmp_path)
    candidate = card.network
    app.model_menu.show_fine_tuning_result(card, new=1)
    app.put_on_pad(Drawing((Stroke(tuple(ONE)),)))
    app.draw_menu.keep(1)
    app.update()
    app.pad.canvas.focus_force()
    hand.press("F6")
    [window] = [
        child for child in app.winfo_children() if isinstance(child, FineTuningResultDialog)
    ]
    assert app.status.message.startswith("Keep or discard") and not app.jobs.running
    window.buttons[answer].invoke()
    app.update()
    assert not window.winfo_exists()
    if answer == "Keep":
        # What was kept since the fine-tuning began has not been learnt.
        assert app.session.network_path == candidate and app.session.counters.new == 1
        assert read_config(app.session.config_path).places.network == "models/versions/new.keras"
        assert candidate.with_suffix(".json").exists()
    else:
        assert app.session.network_path == network and app.session.counters.new == 2
        assert not candidate.exists()


def test_files_are_listed_and_put_on_the_pad(app: App, hand: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "images" / "testing"
    folder.mkdir(parents=True)
    rasterize(Drawing((Stroke(tuple(SEVEN)),))).save(folder / "seven.png")
    (folder / "notes.png").write_text("no image")
    app.choose_view("Files")
    wait_until(lambda: type(app.views.current).__name__ == "FilesView", app)
    view = app.views.current
    view.refresh("shown")
    wait_until(lambda: not view._waiting and view._reading is None, app)
    bad, seven = view._table.get_children()
    assert "expected an image" in view._table.item(bad, "text")
    assert view._table.item(seven, "values")[1].endswith("%")
    view._table.selection_set(seven)
    wait_until(lambda: app.pad.image is not None, app)
    view._table.selection_set(bad)
    wait_until(lambda: "expected an image" in app.status.message, app)


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
        "from window_support import ONE, opened\n"
        "from number_recognition.digits.drawing.drawing import Drawing, Stroke\n"
        "app, errors = opened(Path(sys.argv[1]), Path(sys.argv[2]))\n"
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
    """Run a script with a network and a home; what it prints."""
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
