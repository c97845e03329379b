"""The settings of a training: presets, a missing MNIST, what is remembered, what curves mean."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from pathlib import Path

import numpy as np
import pytest
from visible_text import cut_off
from window_support import close, open_window, visible_texts, wait_until

from number_recognition.core.progress import Progress, ProgressTimer, count_pause
from number_recognition.digits.datasets import mnist
from number_recognition.learning.runs import estimates
from number_recognition.learning.runs.estimates import (
    describe_time,
    estimate_learning,
    estimate_seconds,
)
from number_recognition.learning.runs.run import Run
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.config_file import read_config
from number_recognition.storage.fields import as_dict
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.training.presets import presets
from number_recognition.window.training.progress_page import (
    describe_overfitting,
    describe_saved_epoch,
    describe_validation_above,
)
from number_recognition.window.training.training_result import (
    NEITHER_LEARNT,
    NOT_COMPARABLE,
    TrainingResult,
)
from number_recognition.window.training.training_view import TrainingView


@pytest.fixture
def view(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingView:
    """The view, on a machine without MNIST."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    view = app.show_view("Training")
    app.update()
    return view


def test_presets_fill_the_form_and_say_how_long_they_take(app: App, view: TrainingView) -> None:
    bar = view.settings_page.presets
    bar.buttons["One minute"].invoke()
    assert view.form.settings.hidden_layers == (64,)
    assert view.form.settings.sources == ("mnist",)
    assert bar.buttons["One minute"].instate(["selected"])
    assert app.focus_get() is view.start_button, "Enter starts it"
    view.form.fields["epochs"].set_text("3")
    assert not bar.buttons["One minute"].instate(["selected"]), "no longer that preset"
    bar.buttons["Good"].invoke()
    assert view.form.settings == TrainingSettings()
    times = {name: label["text"] for name, label in bar.times.items()}
    assert all("minute" in text or "hours" in text for text in times.values())
    assert [preset.name for preset in presets()] == list(times)


def test_drawings_that_are_not_there_take_no_time(
    app: App, view: TrainingView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipe learns from stroke files, too; without any, their drawings are left out."""
    module = "number_recognition.learning.runs.estimates"
    monkeypatch.setattr(f"{module}.flops_per_second", lambda: 1e15)
    monkeypatch.setattr(f"{module}.seconds_per_digit", lambda: 0.1)
    page = view.settings_page
    page.presets.buttons["Best"].invoke()
    page.refresh()
    without = page.presets.times["Best"]["text"]
    assert f"{without} on this machine, if nothing else runs." in visible_texts(page)
    app.session.preferences.change("paths", {"strokes": ("strokes.jsonl",)})
    page.refresh()
    assert page.presets.times["Best"]["text"] != without


def test_the_time_of_the_recipe_is_about_that_of_the_bundled_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It took 23 minutes, 18 of training, on two cores of 150 billion operations a second."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    module = "number_recognition.learning.runs.estimates"
    monkeypatch.setattr(f"{module}.flops_per_second", lambda: 150e9)
    monkeypatch.setattr(f"{module}.seconds_per_digit", lambda: 0.0011)
    quick, good, best = (preset.settings for preset in presets())
    assert estimate_seconds(quick) < estimate_seconds(good) < estimate_seconds(best)
    assert 17 < estimate_learning(best) / 60 < 21 and 20 < estimate_seconds(best) / 60 < 26


def test_drawing_the_samples_is_a_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training of seconds on many synthetic digits, and of a run that took seconds before."""
    module = "number_recognition.learning.runs.estimates"
    assert 1e-5 < estimates.seconds_per_digit() < 1
    monkeypatch.setattr(f"{module}.flops_per_second", lambda: 1e12)
    monkeypatch.setattr(f"{module}.seconds_per_digit", lambda: 0.01)
    settings = TrainingSettings(
        hidden_layers=(8,), epochs=1, distortion=0.0, sources=("synthetic",)
    )
    assert describe_time(settings) == "about 4 minutes", "24,000 digits"
    assert describe_time(dataclasses.replace(settings, sources=("mnist",))) == "less than a minute"
    past = RunSummary("1", "1", "", "done", 1, settings=as_dict(settings), metrics={"seconds": 1.0})
    assert describe_time(settings, [past]) == "about 4 minutes"
    fewer = dataclasses.replace(settings, synthetic_samples=200, epochs=1000)
    assert describe_time(fewer, [past]) == "less than a minute", "that run had 24,000 digits"
    drawn = dataclasses.replace(settings, synthetic_samples=10, no_digit=True)
    assert describe_time(drawn) == "about 3 minutes", "12,000 counterexamples"


def test_past_runs_on_this_machine_decide_the_time() -> None:
    settings = TrainingSettings(hidden_layers=(64,), sources=("mnist",), epochs=10)
    values = as_dict(settings)
    metrics = {"seconds": 1800.0}
    past = RunSummary("1", "1", "", "done", epochs=5, settings=values, metrics=metrics)
    assert describe_time(settings, [past]) == "about 60 minutes"
    assert describe_time(dataclasses.replace(settings, seed=2), [past]) == "about 60 minutes"
    more = dataclasses.replace(settings, correction_renderings=100)
    assert describe_time(more, [past]) == describe_time(more), "that run had other samples"


def test_six_settings_and_the_data_come_first(app: App, view: TrainingView) -> None:
    shown = [name for name, field in view.form.fields.items() if field.widget.winfo_ismapped()]
    assert len(shown) == 7 and "sources" in shown
    view.form.advanced_button.invoke()
    fields = view.form.fields.values()
    wait_until(lambda: all(field.widget.winfo_ismapped() for field in fields), app)


def test_without_mnist_there_are_three_ways_on(
    app: App, view: TrainingView, tmp_path: Path
) -> None:
    page = view.settings_page.mnist
    view.form.fields["synthetic_samples"].set_text("10000000")
    view.start()
    app.update()
    assert "hours on this machine" in page.time["text"], "with drawing the digits"
    assert page.winfo_ismapped() and not app.jobs.running
    assert {"Choose mnist.npz …", "Download", "Train on synthetic digits"} < set(page.buttons)
    wrong = tmp_path / "wrong.npz"
    wrong.write_text("no arrays")
    page.choose_file(wrong)
    assert "expected MNIST" in page.text
    pixels, labels = np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10
    file = tmp_path / "mnist.npz"
    np.savez(file, x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    page.choose_file(file)
    wait_until(lambda: app.jobs.running, app)
    app.jobs.stop()
    assert read_config(tmp_path / "config.json").paths.mnist == "mnist.npz"
    wait_until(lambda: not app.jobs.running, app)
    assert not page.winfo_ismapped()


def test_an_mnist_that_cannot_be_remembered_is_used_until_the_window_is_closed(
    app: App, view: TrainingView, tmp_path: Path
) -> None:
    page = view.settings_page.mnist
    view.start()
    pixels, labels = np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10
    file = tmp_path / "mnist.npz"
    np.savez(file, x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    config = tmp_path / "config.json"
    config.unlink()
    config.mkdir()
    page.choose_file(file)
    [error] = app.status.pending.errors
    assert (
        error.startswith("The file is used until the window is closed: ") and str(config) in error
    )
    wait_until(lambda: app.jobs.running, app)
    assert not page.winfo_ismapped() and app.session.config.paths.mnist == "mnist.npz"
    app.jobs.stop()
    wait_until(lambda: not app.jobs.running, app)
    config.rmdir()


def test_synthetic_digits_need_no_file(app: App, view: TrainingView) -> None:
    view.form.fields["sources"].set_text("mnist")
    view.start()
    view.settings_page.mnist.buttons["Train on synthetic digits"].invoke()
    assert app.jobs.running and view.form.settings.sources == ("synthetic",)
    app.jobs.stop()


def test_a_download_that_fails_says_what_to_do(
    app: App, view: TrainingView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    view.start()
    page = view.settings_page.mnist
    page.buttons["Download"].invoke()
    wait_until(lambda: "did not work" in page.text, app, 60)
    assert "http" not in page.text and not mnist.cache_file().exists()


def test_all_settings_are_open_at_the_next_start_and_start_is_in_sight(
    display: str, network: Path, tmp_path: Path
) -> None:
    app, _ = open_window(network, tmp_path)
    form = app.show_view("Training").form
    form.advanced_button.invoke()
    wait_until(lambda: abs(cut_off_above(form.advanced_button, form)) < 16, app, 5)
    form.master.presets.buttons["Good"].invoke()
    wait_until(lambda: cut_off_above(form.inside, form) == 0, app, 5)
    close(app)
    again, _ = open_window(network, tmp_path)
    page = again.views.current.settings_page
    wait_until(lambda: page.form.shows_advanced and not cut_off(again), again, 5)
    bottom = page.start_button.winfo_rooty() + page.start_button.winfo_height()
    assert bottom < again.winfo_rooty() + again.winfo_height()
    close(again)


def cut_off_above(widget: tk.Misc, form: tk.Misc) -> int:
    """How many pixels of a widget are scrolled out of a form above, or below 0 how far it is in."""
    return form.winfo_rooty() - widget.winfo_rooty()


def test_what_was_typed_is_there_at_the_next_start(
    display: str, network: Path, tmp_path: Path
) -> None:
    app, _ = open_window(network, tmp_path)
    view = app.show_view("Training")
    view.form.fields["epochs"].set_text("77")
    close(app)
    again, _ = open_window(network, tmp_path)
    view = again.show_view("Training")
    assert view.form.settings.epochs == 77
    assert read_config(tmp_path / "config.json").training.epochs == 36
    view.settings_page.reset_button.invoke()
    assert view.form.settings.epochs == 36
    close(again)


def test_curves_with_validation_above_training_are_explained(
    app: App, view: TrainingView, tmp_path: Path
) -> None:
    page = view.progress_page
    settings = TrainingSettings(epochs=2, dropout=0.2)
    view.show_progress_page()
    page.begin(settings)
    during = "Until this training is done, the pad is read by the network in use."
    assert page.note["text"] == page.pad_choice.text == during
    app.update()
    place = page.pad_choice.winfo_rooty()
    page.pad_choice.event_generate("<<ShowTooltip>>")
    app.update()
    [tooltip] = [each for each in page.pad_choice.winfo_children() if each.winfo_viewable()]
    assert tooltip.winfo_rooty() >= page.note.winfo_rooty() + page.note.winfo_height()
    page.pad_choice.event_generate("<Leave>")
    row = {"epoch": 0, "loss": 0.3, "accuracy": 0.9, "val_loss": 0.1, "val_accuracy": 0.97}
    details = {"epoch": 2, "epochs": 2, "epoch_done": 0.5, "loss": 0.3, "accuracy": 0.9}
    page.show_progress(Progress("", 0.75, None, {**details, "history": [row]}))
    app.update()
    above = describe_validation_above(settings)
    assert page.note["text"] == f"{page.pad_choice.text} {above}"
    assert "distorted at random" in page.note["text"] and "dropout" in page.note["text"]
    assert page.pad_choice.winfo_rooty() == place, "the box does not move under the pointer"
    row = {**row, "accuracy": 0.98}
    page.show_progress(Progress("", 0.75, None, {**details, "history": [row]}))
    assert page.note["text"] == page.pad_choice.text
    page.finish(Run(tmp_path, settings, [row], {"weights": 10.0, "seconds": 1.0}))
    assert page.note["text"] == ""


@pytest.mark.parametrize("val_accuracy", [0.9, 0.99])
def test_overfitting_is_named_while_the_validation_loss_rises(
    app: App, view: TrainingView, tmp_path: Path, val_accuracy: float
) -> None:
    page, settings, history = view.progress_page, TrainingSettings(epochs=6), []
    page.begin(settings)
    losses = [(0.5, 0.3), (0.4, 0.2), (0.3, 0.21), (0.2, 0.22), (0.1, 0.23)]
    for epoch, (loss, val_loss) in enumerate(losses):
        row = {"epoch": epoch, "loss": loss, "val_loss": val_loss, "accuracy": 0.95}
        history.append({**row, "val_accuracy": val_accuracy})
        details = {"epoch": epoch + 1, "epochs": 6, "epoch_done": 0.5, "loss": loss}
        details = {**details, "accuracy": 0.95, "history": history}
        page.show_progress(Progress("", 0.75, None, details))
        is_named = "Overfitting: the validation loss was lowest in epoch 2" in page.note["text"]
        assert is_named == (epoch == 4), "once it has risen for three epochs"
        assert ("lies above" in page.note["text"]) == (val_accuracy > 0.95 and not is_named)
    page.finish(Run(tmp_path, settings, history, {"weights": 10.0, "seconds": 1.0}))
    assert page.note["text"].startswith("Overfitting: ")
    history[-1]["loss"] = 0.45
    page.finish(Run(tmp_path, settings, history, {"weights": 10.0, "seconds": 1.0}))
    assert "Overfitting" not in page.note["text"], "both losses rise"


@pytest.mark.parametrize(
    ("val_losses", "note"),
    [
        ((0.6, 0.7, 0.75, 0.8), "lowest in epoch 1 (0.600) and has risen since (now 0.800)"),
        ((0.73, 0.73, 0.73, 0.73), "100 % of the training samples are right, but 86.7 % of"),
    ],
)
def test_overfitting_is_named_though_the_training_loss_has_nowhere_to_fall(
    val_losses: tuple[float, ...], note: str
) -> None:
    losses = (0.004, 0.001, 0.0009, 0.001)
    history = [
        {"epoch": float(n), "loss": loss, "val_loss": val, "accuracy": 1.0, "val_accuracy": 0.867}
        for n, (loss, val) in enumerate(zip(losses, val_losses, strict=True))
    ]
    assert note in describe_overfitting(history)
    assert not describe_overfitting(history[:3]), "so few epochs may be chance"
    learning = [{**row, "val_loss": 0.7 - 0.1 * n} for n, row in enumerate(history)]
    assert not describe_overfitting(learning), "the validation loss still falls"


def test_it_is_said_of_which_epoch_the_saved_network_is(tmp_path: Path) -> None:
    history = [
        {"epoch": float(n), "loss": 0.1, "accuracy": 1.0, "val_loss": 0.1, "val_accuracy": accuracy}
        for n, accuracy in enumerate((0.9, 0.95, 0.95, 0.94))
    ]
    run = Run(tmp_path, TrainingSettings(epochs=4), history, completed=True)
    assert "network of epoch 3, which has the best" in describe_saved_epoch(run)
    mean = dataclasses.replace(run, settings=TrainingSettings(epochs=4, restarts=1))
    assert describe_saved_epoch(mean) == "", "with restarts it is a mean of several"


def test_tab_follows_the_form_from_above_to_below(app: App, view: TrainingView) -> None:
    page = view.settings_page
    page.form.show_advanced(True)
    app.update()
    order = ["hidden_layers", "sources", "advanced", "dropout", "tensorboard", "start", "reset"]
    widgets = {name: field.widget for name, field in page.form.fields.items()}
    widgets |= {"advanced": page.form.advanced_button}
    widgets |= {"start": page.start_button, "reset": page.reset_button}
    names = {str(widget): name for name, widget in widgets.items()}
    stops, widget = [], page.form.fields["hidden_layers"].widget
    while str(widget) not in stops:
        stops.append(str(widget))
        widget = widget.tk_focusNext()
    assert [names[stop] for stop in stops if names.get(stop) in order] == order


def test_digits_that_are_drawn_for_a_training_have_a_bar(app: App, view: TrainingView) -> None:
    page = view.progress_page
    view.show_progress_page()
    page.begin(TrainingSettings())
    page.show_progress(Progress("drawing synthetic digits, 500 of 1,000", 0.5, 7))
    app.update()
    assert {"Samples", "50 %, 0:07 left"} <= set(visible_texts(page))
    page.show_progress(Progress("starting on 900 samples", details={"folder": "runs/1"}))
    app.update()
    assert not {"Samples", "0 %"} & set(visible_texts(page)), "they are all there"
    details = {"epoch": 1, "epochs": 2, "epoch_done": 0.2, "loss": 0.3, "accuracy": 0.9}
    page.show_progress(Progress("", 0.1, None, {**details, "history": []}))
    app.update()
    assert {"Epoch", "20 %"} <= set(visible_texts(page))


def test_only_what_a_training_does_explains_its_curves() -> None:
    [quick, *_] = [preset.settings for preset in presets()]
    text = describe_validation_above(quick)
    assert "distorted" not in text and "dropout" not in text and "still learns" in text


def test_networks_are_compared_on_what_neither_has_learnt(
    bare_window: tk.Tk, tmp_path: Path
) -> None:
    card = TrainingResult(bare_window)
    card.pack()
    metrics = {"validation": 0.99, "mnist_test": 0.98, "weights": 7.0, "seconds": 1.0}
    baseline = {"validation": 0.9985, "mnist_test": 0.99}
    card.show(Run(tmp_path, TrainingSettings(), metrics=metrics, baseline=baseline))
    bare_window.update()
    texts = visible_texts(card)
    assert {"98.00 %", "99.00 %", "-1.00"} <= set(texts) and NEITHER_LEARNT in texts
    assert "99.85 %" not in texts, "the network in use may have learnt the digits for validation"
    assert card.default_button is card.buttons["Not now"]

    card.show(Run(tmp_path, TrainingSettings(), metrics=metrics, baseline={"mnist_test": 0.97}))
    assert card.default_button is card.buttons["Use"]

    del metrics["mnist_test"]
    card.show(Run(tmp_path, TrainingSettings(), metrics=metrics, baseline={"validation": 0.9985}))
    bare_window.update()
    texts = visible_texts(card)
    assert NOT_COMPARABLE in texts and "99.85 %" not in texts
    assert card.default_button is card.buttons["Not now"]
    assert {str(each["style"]) for each in card.buttons.values()} == {"TButton"}

    card.show(Run(tmp_path, TrainingSettings(), metrics=metrics))
    assert card.default_button is card.buttons["Use"] and not card.note["text"]


def test_the_time_left_leaves_pauses_out() -> None:
    now = [0.0]
    from number_recognition.core import progress

    timer = ProgressTimer()
    before = progress.working_time()
    count_pause(1000.0)
    assert progress.working_time() < before - 900
    assert timer.seconds() < -900
    clock = ProgressTimer(clock=lambda: now[0])
    now[0] = 10.0
    assert clock.seconds_left(0.5) == 10.0
    count_pause(-1000.0)
