"""The Training view in the whole window: start, pause, stop, use; interrupted and resumed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from window_support import (
    SEVEN,
    UserInput,
    find_button,
    imported_modules,
    kill_worker,
    visible_texts,
    wait_until,
)

from number_recognition.core.progress import Progress
from number_recognition.learning.runs.run import CHECKPOINT, LAST_EPOCH, Run
from number_recognition.learning.runs.run_files import SETTINGS_FILE, SUMMARY_FILE
from number_recognition.learning.runs.unfinished_runs import (
    discard_checkpoint,
    list_interrupted,
)
from number_recognition.storage.counters import read_counters
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.experiments.experiments_view import ExperimentsView
from number_recognition.window.training.training_form import ADVANCED, BASIC
from number_recognition.window.training.training_view import TrainingView


@pytest.fixture
def app(shared_app: App) -> App:
    return shared_app


@pytest.fixture
def view(app: App, user: UserInput) -> TrainingView:
    """The view, opened with F5."""
    app.pad.canvas.focus_force()
    user.press("F5")
    wait_until(lambda: isinstance(app.views.current, TrainingView), app)
    app.views.current.reset_form()
    return app.views.current


def test_abbreviations_are_written_as_such(app: App, view: TrainingView) -> None:
    view.show_settings()
    view.form.show_advanced(True)
    names = {"Learning rate", "MNIST samples", "EMA momentum"}
    wait_until(lambda: names <= set(visible_texts(view.form)), app)
    view.form.show_advanced(False)


def test_the_form_has_every_setting_with_its_help() -> None:
    names = [*BASIC, *(name for _, names in ADVANCED for name in names)]
    assert sorted(names) == sorted(field.name for field in dataclasses.fields(TrainingSettings))
    assert all(field.metadata["help"] for field in dataclasses.fields(TrainingSettings))


def test_skipped_drawings_are_reported(app: App, view: TrainingView) -> None:
    refused = ["3/broken.png: expected an image, found another file"]
    view.on_progress(Progress("1 kept drawing left out", details={"skipped": refused}))
    assert app.status.pending.errors == [f"1 kept drawing left out: {refused[0]}"]
    find_button(app.status, "Show why").invoke()
    assert app.status.pending.errors == [], "whoever asks why has read it"
    [dialog] = [each for each in app.winfo_children() if each.winfo_class() == "Toplevel"]
    dialog.destroy()


def test_tab_moves_between_fields_and_digits_in_the_form_are_no_corrections(
    app: App, view: TrainingView, user: UserInput
) -> None:
    user.draw(SEVEN)
    view.form.show_advanced(True)
    view.form.fields["batch_normalization"].widget.focus_force()
    app.update()
    user.press("Tab")
    order = list(view.form.fields)
    following = order[order.index("batch_normalization") + 1]
    assert app.focus_get() is view.form.fields[following].widget
    user.press("1", "shift+Tab", "1")
    assert app.session.content and app.session.counters.new == 0


def test_a_hidden_view_follows_a_theme_change(app: App, view: TrainingView) -> None:
    def background() -> tuple[float, ...]:
        return view.progress_page.curves.figure.get_facecolor()

    before = background()
    app.choose_view("Files")
    wait_until(lambda: app.views.current is not view, app)
    app.view_menu.toggle_theme()
    app.choose_view("Training")
    wait_until(lambda: background() != before, app)
    app.view_menu.toggle_theme()
    assert background() == before


def test_an_invalid_value_is_marked_while_typing(
    app: App, view: TrainingView, user: UserInput
) -> None:
    field = view.form.fields["learning_rate"]
    view.form.see(field.widget)
    user.click(field.widget)
    user.press("ctrl+a", "minus", "2")
    assert field.help["text"] == "Expected more than 0, found -2.0"
    assert view.start_button.instate(["disabled"])
    user.press("ctrl+a", "0", "period", "0", "1")
    assert "Learning rate" in field.help["text"] and view.start_button.instate(["!disabled"])
    assert view.form.settings.learning_rate == 0.01


def test_conflicting_settings_are_marked_while_typing(
    app: App, view: TrainingView, user: UserInput
) -> None:
    fields = view.form.fields
    view.form.show_advanced(True)
    app.update()
    view.form.see(fields["teachers"].widget)
    user.click(fields["teachers"].widget)
    user.press("ctrl+a", "2")
    assert fields["teachers"].help["text"].startswith("Expected 0 where 'convolution_epochs' is 0")
    assert view.start_button.instate(["disabled"])
    fields["convolution_epochs"].set_text("1")
    assert not fields["teachers"].conflict
    assert fields["epochs"].help["text"].startswith("Expected more than the 41")
    fields["epochs"].set_text("60")
    assert fields["hidden_layers"].help["text"].startswith("With convolution_epochs, expected a")
    fields["hidden_layers"].set_text("144")
    assert view.form.errors == [] and view.start_button.instate(["!disabled"])


def test_train_and_use(app: App, view: TrainingView, user: UserInput, home: Path) -> None:
    before = app.session.network_path
    user.press("Return")
    assert app.jobs.running and view.start_button.instate(["disabled"])
    wait_until(lambda: view.run is not None, app, 60)
    assert len(view.progress_page.curves.history) == 3 and view.progress_page.curves.draw_count
    assert view.run.completed and set(view.run.baseline) == {"validation"}
    assert not view.progress_page.result.buttons["Resume"].winfo_ismapped()
    assert read_counters(home / "counters.json")[0].trainings == 1
    assert app.session.network_path == before
    view.progress_page.result.buttons["Use"].focus_force()
    user.press("Return")
    wait_until(lambda: app.session.network_path != before, app)
    config = json.loads((home / "config.json").read_text())
    assert config["paths"]["network"].startswith("models/runs/")
    user.draw(SEVEN)
    assert app.session.prediction.digit is not None
    modules: list[set[str]] = []
    app.jobs.start("Look", imported_modules, on_done=modules.append)
    wait_until(lambda: modules, app)
    assert "keras" in modules[0] and "matplotlib" not in modules[0], "which takes a second"


def test_a_network_not_used_now_is_kept_and_shown_by_one_click(
    app: App, view: TrainingView, user: UserInput
) -> None:
    view.start()
    wait_until(lambda: view.run is not None, app, 60)
    folder = view.run.folder.name
    user.click(view.progress_page.result.buttons["Not now"])
    wait_until(lambda: "as “8, 3 epochs, distortion 0, dropout 0.1”" in app.status.message, app)
    user.click(find_button(app.status, "Show it"))
    wait_until(lambda: isinstance(app.views.current, ExperimentsView), app)
    table = app.views.current.runs_page.table
    wait_until(lambda: [run.folder for run in table.selected] == [folder], app)
    assert table.names.item(folder, "text").startswith("8, 3 epochs")
    assert table.names.bbox(folder) and table.tree.set(folder, "state") == "done"


def test_pause_draw_stop_and_discard(app: App, view: TrainingView, user: UserInput) -> None:
    view.form.fields["epochs"].set_text("5000")
    view.start_button.focus_force()
    user.press("Return")
    wait_until(lambda: view.progress_page.curves.history, app, 60)
    user.click(view.progress_page.pause_button)
    wait_until(lambda: app.jobs.paused, app)
    user.draw(SEVEN)
    assert app.session.prediction.digit is not None
    user.click(view.progress_page.pause_button)
    wait_until(lambda: not app.jobs.paused, app)
    user.click(view.progress_page.stop_button)
    wait_until(lambda: view.run is not None, app, 20)
    assert "Stopped after" in view.progress_page.text and view.run.model.exists()
    folder, epochs = view.run.folder, len(view.run.history)
    user.click(view.progress_page.result.buttons["Resume"])
    wait_until(lambda: len(view.progress_page.curves.history) > epochs, app, 60)
    user.click(view.progress_page.stop_button)
    wait_until(lambda: view.run is not None, app, 20)
    assert view.run.folder == folder and len(view.run.history) > epochs
    user.click(view.progress_page.result.buttons["Discard"])
    assert not folder.exists() and (folder.parent / ".trash" / folder.name).is_dir()
    assert not view.progress_page.result.winfo_ismapped()


def test_a_resumed_training_shows_its_epochs_at_once_and_its_result_when_stopped_again(
    app: App, view: TrainingView, user: UserInput
) -> None:
    stopped = stopped_training(app, view)
    user.click(view.progress_page.result.buttons["Resume"])
    assert view.progress_page.curves.history == stopped.history
    app.jobs.stop()  # while its samples are read
    wait_until(lambda: view.run is not None, app, 20)
    assert view.run == stopped and view.progress_page.result.winfo_ismapped()
    assert app.status.message.startswith("Stopped before the end of another epoch.")
    view.discard_run()


def test_the_network_in_training_reads_the_pad_if_one_wants(
    app: App, view: TrainingView, user: UserInput, home: Path
) -> None:
    user.draw(SEVEN)
    before = app.session.network_path, app.title(), app.session.prediction
    view.form.fields["epochs"].set_text("5000")
    view.start()
    choice = view.progress_page.pad_choice
    wait_until(lambda: view.progress_page.curves.history, app, 60)
    assert app.title() == before[1] and "network in use" in view.progress_page.note["text"]
    user.click(choice)
    wait_until(lambda: "network in training, epoch" in app.title(), app)
    first = choice.epoch
    assert f"as of epoch {first}" in view.progress_page.note["text"]
    wait_until(lambda: choice.epoch > first, app)
    assert app.session.prediction.confidence != before[2].confidence
    user.click(choice)
    wait_until(lambda: app.title() == before[1], app)
    assert app.session.prediction.confidence == before[2].confidence
    user.click(choice)
    wait_until(lambda: choice.epoch, app)
    user.click(view.progress_page.stop_button)
    wait_until(lambda: view.run is not None, app, 20)
    assert (app.session.network_path, app.title()) == before[:2]
    assert not choice.winfo_ismapped()


def test_a_network_opened_during_a_training_reads_the_pad(
    app: App, view: TrainingView, user: UserInput, network: Path
) -> None:
    view.form.fields["epochs"].set_text("5000")
    view.start()
    choice = view.progress_page.pad_choice
    wait_until(lambda: view.progress_page.curves.history, app, 60)
    user.click(choice)
    wait_until(lambda: choice.epoch, app)
    app.model_menu.use_network(network)
    wait_until(lambda: not choice.instate(["selected"]), app)
    app.jobs.stop()
    wait_until(lambda: view.run is not None, app, 20)
    assert app.session.network_path == network


def test_a_network_in_training_that_cannot_be_read_leaves_the_pad_to_that_in_use(
    app: App, view: TrainingView, tmp_path: Path
) -> None:
    page, title = view.progress_page, app.title()
    view.show_progress_page()
    page.begin(view.form.settings)
    page.pad_choice.invoke()
    (tmp_path / LAST_EPOCH).write_text("no network")
    page.show_progress(Progress("", details={"folder": str(tmp_path), "saved_epoch": 1}))
    [error] = app.status.pending.errors
    assert error.startswith("The network in training does not read the pad: ")
    assert str(tmp_path / LAST_EPOCH) in error
    assert not page.pad_choice.instate(["selected"]) and page.pad_choice.epoch == 0
    assert "network in use" in page.note["text"] and app.title() == title
    page.pad_choice.end()
    find_button(app.status, "OK").invoke()


def test_a_diverging_training_is_explained(app: App, view: TrainingView) -> None:
    for name, value in (("optimizer", "sgd"), ("learning_rate", "100"), ("activation", "linear"),
                        ("hidden_layers", "64x64"), ("epochs", "40")):  # fmt: skip
        view.form.fields[name].set_text(value)
    view.form.fields["batch_normalization"].set_text("false")
    view.start()
    wait_until(lambda: not app.jobs.running, app, 60)
    assert "learning_rate" in view.progress_page.text
    assert app.status.pending.errors == [view.progress_page.text], "stays until it is read"
    find_button(app.status, "OK").invoke()


def test_plots_are_saved_in_every_format(view: TrainingView, tmp_path: Path) -> None:
    curves = view.progress_page.curves
    rows = [{"epoch": i, "loss": 1.0 / (i + 1), "accuracy": 0.5} for i in range(3)]
    curves.show(rows, 3)
    for name in ("a.png", "a.svg", "a.csv"):
        curves.write(tmp_path / name)
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "0,1.0,0.5"
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "a.svg").read_text()


def stopped_training(app: App, view: TrainingView) -> Run:
    """Train for two of five thousand epochs, until it is stopped."""
    view.form.fields["epochs"].set_text("5000")
    view.start()
    wait_until(lambda: len(view.progress_page.curves.history) >= 2, app, 60)
    app.jobs.stop()
    wait_until(lambda: view.run is not None, app, 20)
    return view.run


def interrupted_training(app: App, view: TrainingView, home: Path) -> Path:
    """Train for two of sixty epochs, until the worker is killed; the folder of the run."""
    view.form.fields["epochs"].set_text("60")
    view.start()
    wait_until(lambda: len(view.progress_page.curves.history) >= 2, app, 60)
    kill_worker()
    wait_until(lambda: not app.jobs.running, app, 20)
    [folder] = list_interrupted(home / "models" / "runs")
    return folder


def test_an_interrupted_training_that_is_left_stays_and_is_resumed_later(
    app: App, view: TrainingView, user: UserInput, home: Path
) -> None:
    folder = interrupted_training(app, view, home)
    app.update()
    user.click(find_button(app.status, "Leave it"))
    wait_until(lambda: "stays as it is" in app.status.message, app)
    assert list_interrupted(home / "models" / "runs") == [folder]

    view.resume(folder)
    app.jobs.stop()
    wait_until(lambda: not app.jobs.running, app, 60)
    assert "Nothing was saved" not in app.status.message
    if view.run is None:  # stopped before another epoch
        assert "Those before it are saved." in app.status.message
        find_button(app.status, "Resume")
    assert (folder / CHECKPOINT).exists()
    discard_checkpoint(folder)
    app.offers.withdraw(folder)


def test_a_training_killed_after_it_was_resumed_has_no_result_to_show(
    app: App, view: TrainingView, home: Path
) -> None:
    stopped = stopped_training(app, view)
    folder, epochs = stopped.folder, len(stopped.history)
    view.resume_run()
    wait_until(lambda: len(view.progress_page.curves.history) > epochs + 1, app, 60)
    kill_worker()
    wait_until(lambda: not app.jobs.running, app, 20)
    assert list_interrupted(home / "models" / "runs") == [folder]
    view.resume(folder)
    app.jobs.stop()  # while its samples are read
    wait_until(lambda: not app.jobs.running, app, 60)
    assert view.run is None, "its result is older than its last epochs"
    assert "Those before it are saved." in app.status.message
    find_button(app.status, "Resume")
    discard_checkpoint(folder)
    app.offers.withdraw(folder)


def test_a_checkpoint_that_is_damaged_is_told_of_and_not_called_saved(
    app: App, view: TrainingView, home: Path
) -> None:
    folder = interrupted_training(app, view, home)
    app.offers.withdraw(folder)
    (folder / CHECKPOINT).write_bytes(b"")
    assert view.resume(folder)
    wait_until(lambda: not app.jobs.running, app, 60)
    [error] = app.status.pending.errors
    assert "expected a checkpoint" in error and "saved" not in error
    app.status.pending.dismiss_error()
    discard_checkpoint(folder)


def test_an_interrupted_training_is_resumed_from_the_list_of_runs(
    app: App, view: TrainingView, user: UserInput, home: Path
) -> None:
    folder = interrupted_training(app, view, home)
    app.show_run(folder)
    page = app.views.current.runs_page
    [run] = page.table.selected
    state = f"interrupted after {run.epochs} epochs"
    assert run.epochs >= 2 and page.table.state_of(run) == state
    wait_until(lambda: state.capitalize() in visible_texts(page), app)
    [error] = app.status.pending.errors
    assert "was killed" in error
    user.click(page.buttons["Resume"])
    wait_until(lambda: app.status.message == "Training started.", app)
    assert not app.status.pending.errors, "it goes on: the error is out of date"
    wait_until(lambda: view.run is not None, app, 60)
    assert view.run.folder == folder and len(view.run.history) == 60
    view.keep_run()
    app.show_run(folder)
    assert page.buttons["Resume"].instate(["disabled"])


def test_an_interrupted_training_is_offered_and_resumed(
    app: App, view: TrainingView, user: UserInput, home: Path
) -> None:
    folder = interrupted_training(app, view, home)
    assert not (folder / SUMMARY_FILE).exists()

    [error] = app.status.pending.errors
    assert "was killed (SIGKILL)" in error and "Its last epoch is saved." in error
    app.update()
    user.click(find_button(app.status, "Resume"))
    wait_until(lambda: app.status.message == "Training started.", app)
    wait_until(lambda: view.run is not None, app, 60)
    assert view.run.folder == folder and len(view.run.history) == 60
    assert [row["epoch"] for row in view.run.history] == list(range(60))
    assert not list_interrupted(home / "models" / "runs") and (folder / SETTINGS_FILE).exists()
