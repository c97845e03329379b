"""The Experiments view in the whole window: sweeps, the table of runs, and actions on runs."""

from __future__ import annotations

import dataclasses
import errno
import itertools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tkinter import simpledialog

import numpy as np
import pytest
from window_support import UserInput, find_button, visible_texts, wait_until

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.estimates import (
    START_SECONDS,
    estimate_drawing,
    estimate_learning,
)
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweep
from number_recognition.storage.fields import as_dict
from number_recognition.storage.files import write_json
from number_recognition.storage.locks import lock
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.experiments.experiment_form import estimate_seconds
from number_recognition.window.experiments.experiments_view import ExperimentsView
from number_recognition.window.experiments.run_states import (
    describe_state,
    values_of,
    varied_settings,
)
from number_recognition.window.experiments.setting_effects import comparable_runs, pair_means
from number_recognition.window.toolkit.theme import palette


@pytest.fixture
def app(shared_app: App) -> App:
    return shared_app


def states(view: ExperimentsView) -> list[str]:
    table = view.runs_page.table
    return [table.tree.set(row, "state") for row in table.rows]


@pytest.fixture
def view(app: App) -> ExperimentsView:
    view = app.show_view("Experiments")
    assert isinstance(view, ExperimentsView)
    return view


def test_a_sweep_from_the_form_to_its_effects(
    app: App, view: ExperimentsView, user: UserInput, home: Path
) -> None:
    view.show_form()
    fields = view.experiment_form.form.fields
    fields["initial_weights"].set_text("models/my net.keras")
    assert view.experiment_form.form.values["initial_weights"] == ["models/my net.keras"]
    fields["initial_weights"].set_text("none")
    field = fields["hidden_layers"]
    user.click(field.widget)
    user.press("ctrl+a", "8", "space", "4", "x", "4")
    fields["learning_rate"].set_text("0.01 zero")
    assert view.experiment_form.start_button.instate(
        ["disabled"]
    ) and view.experiment_form.form.errors == ["learning_rate"]
    fields["learning_rate"].set_text("1,024")
    assert view.experiment_form.form.errors == ["learning_rate"], "one number, not two"
    fields["learning_rate"].set_text("0.01, 0.001")
    view.experiment_form.workers_box.set("none")
    user.press("Return")
    assert view.experiment_form.summary["text"].endswith(
        "a whole number from 1 to 64, found 'none'."
    )
    assert not app.jobs.running
    view.experiment_form.workers_box.set("1")
    assert re.fullmatch(r"4 runs, about \d+:\d\d", view.experiment_form.summary["text"])
    fields["synthetic_samples"].set_text("1000")
    user.press("Return")
    assert app.jobs.running
    drawing = "running: drawing synthetic digits"
    wait_until(lambda: drawing in states(view), app, 60)
    assert re.search(r"0 of 4 runs done; drawing .*, [\d,]+ of 1,000", app.jobs.progress.message)
    shown = visible_texts(view.runs_page)
    assert any(re.fullmatch(r"Drawing synthetic digits, [\d,]+ of 1,000", text) for text in shown)
    wait_until(lambda: drawing not in states(view), app, 60)
    wait_until(lambda: not app.jobs.running, app, 240)
    assert not any("rawing" in text for text in visible_texts(view.runs_page))
    fields["synthetic_samples"].set_text("200")
    assert len(view.runs_page.runs) == 4 and {row.state for row in view.runs_page.runs} == {"done"}
    assert {row.name for row in view.runs_page.runs} >= {"8, 0.01", "4x4, 0.001"}
    assert len(view.runs_page.table.selected) == 4
    wait_until(lambda: len(view.runs_page.plots.curves.plots[0].lines) == 4, app)
    assert varied_settings(view.runs_page.table.selected) == ["hidden_layers", "learning_rate"]
    effects = view.runs_page.plots.effects
    assert len(effects.table()) == 1 + 4 + 4
    for _ in ("to the other theme", "back"):
        app.view_menu.toggle_theme()
        assert {text.get_color() for text in effects.plots[0].texts} == {palette(app).text}
    assert len(list((home / "models" / "runs").glob("*/model.keras"))) == 4


def test_a_stopped_sweep_is_resumed_as_a_whole(
    app: App, view: ExperimentsView, user: UserInput, home: Path
) -> None:
    runs = home / "models" / "runs"
    before = {row.folder for row in view.runs_page.runs}
    assert view.runs_page.buttons["Resume"].instate(["disabled"])
    view.show_form()
    fields = view.experiment_form.form.fields
    fields["hidden_layers"].set_text("8")
    fields["learning_rate"].set_text("0.01")
    fields["seed"].set_text("5 6")
    fields["epochs"].set_text("40")
    user.click(view.experiment_form.start_button)
    wait_until(lambda: any(runs.glob("*/checkpoint.npz")), app, 240)
    app.jobs.stop()
    wait_until(lambda: not app.jobs.running, app, 60)
    assert (
        app.status.message
        == "Experiment “experiment”: 2 of 2 runs not finished. Press Resume to continue."
    )
    assert view.unfinished is not None
    dataclasses.replace(view.unfinished, ended=False).save()
    other = new_sweep([app.session.config.training], DataPaths(), runs, "other")
    # The view resumes the newest, and may list this one before Resume is pressed.
    older = runs / ".sweeps" / "20250101T000000-other" / other.file.name
    other = dataclasses.replace(other, file=older)
    other.save()
    app.model_menu.offer_resuming()
    user.click(view.runs_page.buttons["Resume"])
    assert app.jobs.running and view.runs_page.buttons["Resume"].instate(["disabled"])
    find_button(app.status, "Resume").invoke()
    assert app.status.message.startswith("Experiment is still running: stop it")
    app.update()
    assert f"{other}." in visible_texts(app.status), "what is resumed is no longer offered"
    other.discard()
    app.offers.withdraw(other.file)
    wait_until(lambda: not app.jobs.running, app, 240)
    added = [row for row in view.runs_page.runs if row.folder not in before]
    assert sorted((row.name, row.state, row.epochs) for row in added) == [
        ("5", "done", 40), ("6", "done", 40)
    ]  # fmt: skip
    assert view.unfinished is None and view.runs_page.buttons["Resume"].instate(["disabled"])
    for row in added:
        run_list.move_to_trash(runs / row.folder)
    view.list_runs()


def test_resume_goes_on_with_the_selected_experiment_or_else_the_newest(
    app: App, view: ExperimentsView, home: Path
) -> None:
    runs, settings = home / "models" / "runs", [app.session.config.training]
    new = new_sweep(settings, DataPaths(), runs, "new")
    old = new_sweep(settings, DataPaths(), runs, "old")
    old_folder = runs / "20250101T000000-old"
    old = dataclasses.replace(
        old,
        file=runs / ".sweeps" / old_folder.name / old.file.name,
        specs=(dataclasses.replace(old.specs[0], folder=old_folder),),
    )
    for sweep in (old, new):
        sweep.save()
    view.list_runs()
    view.runs_page.select([])
    wait_until(lambda: f"{new}" in visible_texts(view.runs_page), app)
    view.runs_page.select([old_folder.name])
    wait_until(lambda: f"{old}" in visible_texts(view.runs_page), app)
    for sweep in (old, new):
        sweep.discard()
    view.list_runs()


def test_a_failed_run_of_an_experiment_says_why(
    app: App, view: ExperimentsView, user: UserInput, home: Path
) -> None:
    before = {run.folder for run in view.runs_page.runs}
    view.show_form()
    fields = view.experiment_form.form.fields
    for name, text in (("sources", "corrections"), ("learning_rate", "0.01"), ("seed", "1")):
        fields[name].set_text(text)
    user.click(view.experiment_form.start_button)
    wait_until(lambda: not app.jobs.running, app, 60)
    [error] = app.status.pending.errors
    reason = error.removeprefix("1 run failed: ")
    [run] = [run for run in view.runs_page.runs if run.folder not in before]
    assert run.state == "failed" and reason == run.error and "expected images" in reason
    assert "Experiment finished: 1 run, 1 failed." in visible_texts(app.status)
    find_button(app.status, "OK").invoke()
    view.runs_page.select([])
    app.update()
    view.runs_page.select([run.folder])
    wait_until(lambda: app.status.message == f"{run.name}: {reason}", app)
    run_list.move_to_trash(home / "models" / "runs" / run.folder)
    view.experiment_form.form.fill(app.session.config.training)
    view.list_runs()


def test_an_interrupted_sweep_is_offered_when_the_window_opens(app: App, home: Path) -> None:
    settings = dataclasses.replace(app.session.config.training, seed=7)
    sweep = new_sweep([settings], DataPaths(), home / "models" / "runs", "mine")
    sweep.save()
    app.model_menu.offer_resuming()
    app.update()
    assert "Experiment “mine”: 1 of 1 run not finished." in visible_texts(app.status)
    find_button(app.status, "Leave it").invoke()
    app.model_menu.offer_resuming()
    assert read_sweep(sweep.file).ended and not app.status.action_buttons
    sweep.discard()


def test_a_folder_of_experiments_that_cannot_be_listed_is_told(
    app: App, view: ExperimentsView, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeps = home / "models" / "runs" / ".sweeps"
    sweeps.mkdir(parents=True, exist_ok=True)
    real = Path.glob

    def broken(path: Path, pattern: str) -> Iterator[Path]:
        if path == sweeps:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return real(path, pattern)

    monkeypatch.setattr(Path, "glob", broken)
    view.refresh("runs")
    view.experiment_form.event_generate("<<StartExperiment>>")
    assert ".sweeps: cannot be listed, because the disk reports an error" in app.status.message
    assert not app.jobs.running
    find_button(app.status, "OK").invoke()
    assert app.status.pending.errors == []


def test_a_run_whose_lock_cannot_be_read_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    with lock(tmp_path / "a" / "checkpoint.npz"):
        pass

    def refuse(path: str, *arguments: int) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(os, "open", refuse)
    run = RunSummary("a", "a", "20260101T000000", "unfinished")
    assert describe_state(run, tmp_path) == "interrupted"


def test_sort_rename_delete_and_restore(app: App, view: ExperimentsView, user: UserInput) -> None:
    view.show_runs()
    table = view.runs_page.table
    table.sort("learning_rate")
    rates = [table.tree.set(row, "learning_rate") for row in table.rows]
    assert rates == ["0.01", "0.01", "0.001", "0.001"]
    first = table.rows[0]
    view.runs_page.select([first])
    app.update()
    table.changes = {"name": "the best"}
    table.event_generate("<<RunEdited>>")
    assert table.names.item(first, "text") == "the best"

    user.click(view.runs_page.buttons["Delete"])
    assert first not in table.rows
    user.click(find_button(app.status, "Undo"))
    assert first in table.rows


def test_keys_with_control_neither_delete_nor_rename_a_run(
    app: App, view: ExperimentsView, user: UserInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(simpledialog, "askstring", lambda title, *_, **__: asked.append(title))
    table = view.runs_page.table
    first = table.rows[0]
    view.runs_page.select([first])
    table.names.focus_force()
    app.update()
    for key in ("ctrl+F2", "ctrl+Delete", "F2"):
        user.press(key)
    wait_until(lambda: bool(asked), app)
    assert asked == ["Name"] and first in table.rows


def test_several_runs_are_selected_with_keys_alone(
    app: App, view: ExperimentsView, user: UserInput
) -> None:
    table = view.runs_page.table
    view.runs_page.select([])
    table.names.focus_force()
    app.update()

    def selected_after(*keys: str) -> int:
        user.press(*keys)
        app.update()
        return len(table.names.selection())

    assert selected_after("Home") == 1
    assert selected_after("shift+Down", "shift+Down") == 3
    assert selected_after("shift+Up") == 2
    assert selected_after("ctrl+a") > 3 and {run.folder for run in table.selected} == set(
        table.rows
    )


def test_editing_needs_one_selected_run(app: App, view: ExperimentsView) -> None:
    view.runs_page.select([])
    app.update()
    for label, text in (
        ("Rename …", "Select one run in the table to rename it."),
        ("Edit note …", "Select one run in the table to edit its note."),
    ):
        app.notify("Something else.")
        view.runs_page.more_menu.invoke(label)
        assert app.status.message == text


def test_the_network_in_use_is_not_deleted(
    app: App, view: ExperimentsView, user: UserInput
) -> None:
    first = view.runs_page.table.rows[0]
    view.runs_page.select([first])
    app.update()
    user.click(view.runs_page.buttons["Use"])
    wait_until(lambda: first in str(app.session.network_path), app)
    view.runs_page.delete()
    assert "in use" in app.status.message and first in view.runs_page.table.rows


def test_a_damaged_run_is_reported_and_hides_no_other(
    app: App, view: ExperimentsView, home: Path
) -> None:
    before = len(view.runs_page.runs)
    folder = home / "models" / "runs" / "20240101T000000-broken"
    folder.mkdir(parents=True)
    summary = {"settings": {}, "samples": {}, "completed": True, "history": []}
    write_json(folder / "summary.json", summary)
    view.refresh("shown")
    [damaged] = app.status.pending.errors
    assert damaged.startswith("1 run is damaged: ") and "summary.json, 'metrics'" in damaged
    find_button(app.status, "OK").invoke()
    assert len(view.runs_page.table.rows) == before + 1
    app.notify("Something else.")
    view.runs_page.select([folder.name])
    wait_until(lambda: "summary.json, 'metrics'" in app.status.message, app)
    gone = folder.with_name("20240101T000001-gone")
    shutil.copytree(folder, gone)
    view.runs_page.list_runs()
    view.runs_page.select([folder.name, gone.name])
    app.update()
    shutil.rmtree(gone)
    view.runs_page.delete()
    assert len(view.runs_page.runs) == before
    assert app.status.message == "Moved 1 run to the trash."
    [error] = app.status.pending.errors
    assert gone.name in error, "is not replaced by what was done with the others"
    find_button(app.status, "OK").invoke()


def test_a_run_with_nan_metrics_is_listed_and_selected(
    app: App, view: ExperimentsView, home: Path
) -> None:
    names = []
    for rate, value in ((0.01, float("inf")), (0.02, float("nan"))):
        folder = home / "models" / "runs" / f"20240102T000000-{value}"
        folder.mkdir(parents=True)
        summary = {
            "settings": {"learning_rate": rate},
            "metrics": dict.fromkeys(("validation", "weights", "seconds"), value),
            "samples": {},
            "completed": True,
            "history": [{"epoch": 0, "loss": value, "accuracy": value}],
        }
        write_json(folder / "summary.json", summary)
        names.append(folder.name)
    view.list_runs()
    view.runs_page.select(names)
    app.update()
    for name in names:
        cells = view.runs_page.table.tree.set(name)
        assert {cells[c] for c in ("validation", "seconds", "weights")} == {"not a number"}
    view.runs_page.delete()


@pytest.mark.parametrize(
    ("layers_and_rates", "compared"),
    [
        ([("8", 0.1), ("16", 0.01)], []),
        ([("8", 0.1), ("8", 0.01)], [0, 1]),
        ([("8", 0.1), ("8", 0.01), ("16", 0.1)], [0, 1]),
        ([("8", 0.1), ("8", 0.01), ("16", 0.001)], [0, 1]),
        ([("8", 0.1), ("8", 0.01), ("16", 0.1), ("16", 0.01)], [0, 1, 2, 3]),
    ],
)
def test_a_setting_is_compared_in_runs_that_differ_in_it_alone(
    layers_and_rates: list[tuple[str, float]], compared: list[int]
) -> None:
    runs = [
        RunSummary(
            str(n), "", "", "done", settings={"hidden_layers": layers, "learning_rate": rate}
        )
        for n, (layers, rate) in enumerate(layers_and_rates)
    ]
    found = comparable_runs(runs, ("learning_rate",), varied_settings(runs))
    assert found == [runs[n] for n in compared]


def test_a_pair_of_settings_is_compared_in_runs_that_differ_in_them_alone() -> None:
    rows = itertools.product((0.1, 0.01), (0.0, 0.5), (3, 10))
    settings = [
        {"learning_rate": rate, "dropout": dropout, "epochs": epochs}
        for rate, dropout, epochs in [*rows][:-1]
    ]
    runs = [RunSummary(str(n), "", "", "done", settings=each) for n, each in enumerate(settings)]
    found = comparable_runs(runs, ("dropout", "learning_rate"), varied_settings(runs))
    assert [run.settings for run in found] == [each for each in settings if each["epochs"] == 3]


def test_values_are_in_the_order_of_the_numbers_in_them() -> None:
    layers = [[256], [64], [], [16, 32], [16, 8]]
    runs = [RunSummary(str(n), "", "", "done", settings={"hidden_layers": each})
            for n, each in enumerate(layers)]  # fmt: skip
    assert values_of(runs, "hidden_layers") == ["none", "16x8", "16x32", "64", "256"]


def test_means_of_pairs() -> None:
    rows = [
        RunSummary(
            "a", "a", "", "done", settings={"dropout": d, "seed": s}, metrics={"validation": v}
        )
        for d, s, v in ((0.0, 1, 0.5), (0.0, 2, 0.7), (0.5, 1, 0.9))
    ]
    assert varied_settings(rows) == ["dropout"]
    grid = pair_means(rows, "dropout", "seed")
    assert np.allclose(grid, [[50, 70], [90, np.nan]], equal_nan=True)


def test_a_damaged_sweep_hides_no_other_that_was_killed(app: App, home: Path) -> None:
    runs = home / "models" / "runs"
    [damaged, killed, stopped] = [
        new_sweep(
            [dataclasses.replace(app.session.config.training, seed=seed)], DataPaths(), runs, n
        )
        for seed, n in ((1, "c"), (2, "b"), (3, "a"))
    ]
    for sweep in (damaged, killed):
        sweep.save()
    dataclasses.replace(stopped, ended=True).save()
    damaged.file.write_text("{")
    app.model_menu.offer_resuming()
    app.notify("Draw a digit.")
    assert "Not resumed: " in app.status.message and str(damaged.file) in app.status.message
    find_button(app.status, "OK").invoke()
    app.update()
    assert "Experiment “b”: 1 of 1 run not finished." in visible_texts(app.status)
    find_button(app.status, "Leave it").invoke()
    assert read_sweep(killed.file).ended
    for sweep in (damaged, killed, stopped):
        sweep.discard()


def test_the_time_of_an_experiment_counts_the_start_and_parallel_runs() -> None:
    runs = [TrainingSettings(hidden_layers=(64,), epochs=10, sources=("mnist",))] * 5
    past = RunSummary(
        "1", "1", "", "done", 10, settings=as_dict(runs[0]), metrics={"seconds": 30.0}
    )
    alone = estimate_seconds(runs, [past])
    assert alone == pytest.approx(5 * 30 + START_SECONDS)
    # Two at a time share the processor: three rounds, each as long as two runs.
    assert estimate_seconds(runs, [past], 2) == pytest.approx(3 * 2 * 30 + START_SECONDS)
    assert estimate_seconds(runs, []) > START_SECONDS
    generated = TrainingSettings(hidden_layers=(64,), epochs=10, sources=("synthetic",))
    seconds, drawing = estimate_learning(generated), estimate_drawing(generated)
    both = [generated, dataclasses.replace(generated, learning_rate=0.1)]
    once = estimate_seconds(both, [past])
    assert once == pytest.approx(2 * seconds + drawing + START_SECONDS), "drawn once for both"
    seeds = [generated, dataclasses.replace(generated, seed=2)]
    assert estimate_seconds(seeds, [past]) == pytest.approx(once + drawing), "other digits"
    assert estimate_seconds(seeds, [past], 2) == pytest.approx(once), "both draw at once"
