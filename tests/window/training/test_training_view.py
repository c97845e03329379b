"""The Training view in the whole window: start, watch, hold, stop, use; killed and resumed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from tkinter import ttk

import pytest
from window_support import SEVEN, Hand, wait_until

from number_recognition.core.progress import Progress
from number_recognition.learning.runs.runs import SETTINGS_FILE, SUMMARY_FILE, find_interrupted
from number_recognition.storage.counters import read_counters
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.training.training_form import GROUPS
from number_recognition.window.training.training_view import TrainingView


@pytest.fixture
def app(lasting_app: App) -> App:
    return lasting_app


@pytest.fixture
def view(app: App, hand: Hand) -> TrainingView:
    """The view, as F5 shows it."""
    app.pad.canvas.focus_force()
    hand.press("F5")
    wait_until(lambda: isinstance(app.views.current, TrainingView), app)
    app.views.current._fill()
    return app.views.current


def test_the_form_has_every_setting_with_its_help() -> None:
    names = [name for _, names in GROUPS for name in names]
    assert sorted(names) == sorted(entry.name for entry in dataclasses.fields(TrainingSettings))
    assert all(entry.metadata["help"] for entry in dataclasses.fields(TrainingSettings))


def test_what_a_training_leaves_out_is_told(app: App, view: TrainingView) -> None:
    refused = ["3/broken.png: expected an image, found another file"]
    view._hear(Progress("1 kept drawing left out", details={"refused": refused}))
    assert app.status.message == f"1 kept drawing left out: {refused[0]}"
    assert [button["text"] for button in app.status._actions.winfo_children()] == ["Show why"]


def test_tab_goes_from_field_to_field_and_a_digit_in_the_form_corrects_nothing(
    app: App, view: TrainingView, hand: Hand
) -> None:
    hand.draw(SEVEN)
    view.form.fields["batch_normalization"].widget.focus_force()
    app.update()
    hand.press("Tab")
    order = list(view.form.fields)
    following = order[order.index("batch_normalization") + 1]
    assert app.focus_get() is view.form.fields[following].widget
    hand.press("1", "shift+Tab", "1")
    assert app.session.content and app.session.counters.new == 0


def test_a_view_that_was_away_comes_back_in_the_colours_of_today(
    app: App, view: TrainingView
) -> None:
    def ground() -> str:
        return view.course.curves._canvas.get_tk_widget()["background"]

    before = ground()
    app.choose_view("Files")
    wait_until(lambda: app.views.current is not view, app)
    app.view_menu.toggle_theme()
    app.choose_view("Training")
    wait_until(lambda: ground() != before, app)
    app.view_menu.toggle_theme()
    assert ground() == before


def test_a_wrong_value_is_marked_as_it_is_typed(app: App, view: TrainingView, hand: Hand) -> None:
    field = view.form.fields["learning_rate"]
    view.form.see(field.widget)
    hand.click(field.widget)
    hand.press("ctrl+a", "minus", "2")
    assert field.help["text"] == "Expected more than 0, found -2.0"
    assert view.start_button.instate(["disabled"])
    hand.press("ctrl+a", "0", "period", "0", "1")
    assert "step" in field.help["text"] and view.start_button.instate(["!disabled"])
    assert view.form.settings.learning_rate == 0.01


def test_settings_that_do_not_go_together_are_marked_as_they_are_typed(
    app: App, view: TrainingView, hand: Hand
) -> None:
    fields = view.form.fields
    view.form.see(fields["teachers"].widget)
    hand.click(fields["teachers"].widget)
    hand.press("ctrl+a", "2")
    assert fields["teachers"].help["text"].startswith("Expected 0 where 'convolution_epochs' is 0")
    assert view.start_button.instate(["disabled"])
    fields["convolution_epochs"].text.set("1")
    assert not fields["teachers"].conflict
    assert fields["epochs"].help["text"].startswith("Expected more than the 41")
    fields["epochs"].text.set("60")
    assert fields["hidden_layers"].help["text"].startswith("With convolution_epochs, expected a")
    fields["hidden_layers"].text.set("144")
    assert view.form.errors == [] and view.start_button.instate(["!disabled"])


def test_train_watch_and_use(app: App, view: TrainingView, hand: Hand, home: Path) -> None:
    before = app.session.network_path
    hand.press("Return")
    assert app.jobs.running and view.start_button.instate(["disabled"])
    wait_until(lambda: view.run is not None, app, 60)
    assert len(view.course.curves.history) == 3 and view.course.curves.draw_count
    assert view.run.completed and set(view.run.baseline) == {"validation"}
    assert read_counters(home / "counters.json")[0].trainings == 1
    assert app.session.network_path == before
    view.course.result.buttons["Use it"].focus_force()
    hand.press("Return")
    wait_until(lambda: app.session.network_path != before, app)
    config = json.loads((home / "config.json").read_text())
    assert config["places"]["network"].startswith("models/runs/")
    hand.draw(SEVEN)
    assert app.session.prediction.digit is not None


def test_hold_draw_stop_and_discard(app: App, view: TrainingView, hand: Hand) -> None:
    view.form.fields["epochs"].text.set("5000")
    view.start_button.focus_force()
    hand.press("Return")
    wait_until(lambda: view.course.curves.history, app, 60)
    hand.click(view.course.pause)
    wait_until(lambda: app.jobs.paused, app)
    hand.draw(SEVEN)
    assert app.session.prediction.digit is not None
    hand.click(view.course.pause)
    wait_until(lambda: not app.jobs.paused, app)
    hand.click(view.course.stop)
    wait_until(lambda: view.run is not None, app, 20)
    assert "Stopped after" in view.course.words and view.run.model.exists()
    folder = view.run.folder
    hand.click(view.course.result.buttons["Discard"])
    assert not folder.exists() and (folder.parent / ".trash" / folder.name).is_dir()
    assert not view.course.result.winfo_ismapped()


def test_a_training_that_leads_nowhere_is_explained(app: App, view: TrainingView) -> None:
    for name, value in (("optimizer", "sgd"), ("learning_rate", "100"), ("activation", "linear"),
                        ("hidden_layers", "64x64"), ("epochs", "40")):  # fmt: skip
        view.form.fields[name].text.set(value)
    view.form.fields["batch_normalization"].text.set("false")
    view.start()
    wait_until(lambda: not app.jobs.running, app, 60)
    assert "learning_rate" in view.course.words
    assert app.status.message == view.course.words


def test_plots_are_saved_in_every_form(view: TrainingView, tmp_path: Path) -> None:
    curves = view.course.curves
    rows = [{"epoch": i, "loss": 1.0 / (i + 1), "accuracy": 0.5} for i in range(3)]
    curves.show(rows, 3)
    for name in ("a.png", "a.svg", "a.csv"):
        curves.write(tmp_path / name, curves.table)
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "0,1.0,0.5"
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "a.svg").read_text()


def test_a_killed_training_is_offered_and_resumed(
    app: App, view: TrainingView, hand: Hand, home: Path
) -> None:
    view.form.fields["epochs"].text.set("60")
    view.start()
    wait_until(lambda: len(view.course.curves.history) >= 2, app, 60)
    [process] = app.jobs._worker._executor._processes.values()
    process.kill()
    wait_until(lambda: not app.jobs.running, app, 20)
    folder = find_interrupted(home / "models" / "runs")
    assert folder is not None and not (folder / SUMMARY_FILE).exists()

    app.model_menu.offer_resuming()
    [resume, _] = app.status._actions.winfo_children()
    assert isinstance(resume, ttk.Button) and resume["text"] == "Resume"
    hand.click(resume)
    wait_until(lambda: view.run is not None, app, 60)
    assert view.run.folder == folder and len(view.run.history) == 60
    assert [row["epoch"] for row in view.run.history] == list(range(60))
    assert find_interrupted(home / "models" / "runs") is None and (folder / SETTINGS_FILE).exists()
