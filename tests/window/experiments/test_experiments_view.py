"""The Experiments view in the whole window: a sweep, the table of runs, and what is done there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from window_support import Hand, wait_until

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweep
from number_recognition.storage.files import write_json
from number_recognition.window.app import App
from number_recognition.window.experiments.experiments_view import ExperimentsView
from number_recognition.window.experiments.plots import pair_means, varied_settings


@pytest.fixture
def app(lasting_app: App) -> App:
    return lasting_app


@pytest.fixture
def view(app: App) -> ExperimentsView:
    view = app.show_view("Experiments")
    assert isinstance(view, ExperimentsView)
    return view


def test_a_sweep_from_the_form_to_its_effects(
    app: App, view: ExperimentsView, hand: Hand, home: Path
) -> None:
    view._pages.select(1)
    view.plan.form.fields["start"].text.set("models/my net.keras")
    assert view.plan.form.values["start"] == ["models/my net.keras"]
    view.plan.form.fields["start"].text.set("none")
    field = view.plan.form.fields["hidden_layers"]
    hand.click(field.widget)
    hand.press("ctrl+a", "8", "space", "4", "x", "4")
    view.plan.form.fields["learning_rate"].text.set("0.01 nought")
    assert view.plan.start_button.instate(["disabled"]) and view.plan.form.errors == [
        "learning_rate"
    ]
    view.plan.form.fields["learning_rate"].text.set("0.01 0.001")
    view.plan.workers_box.set("none")
    hand.press("Return")
    assert view.plan.count["text"].endswith("a whole number from 1 to 64, found 'none'.")
    assert not app.jobs.running
    view.plan.workers_box.set("1")
    assert view.plan.count["text"] == "4 runs"
    hand.press("Return")
    assert app.jobs.running
    wait_until(lambda: not app.jobs.running, app, 240)
    assert len(view.rows) == 4 and {row.state for row in view.rows} == {"done"}
    assert {row.name for row in view.rows} >= {"8, 0.01", "4x4, 0.001"}
    assert len(view.table.chosen) == 4
    wait_until(lambda: len(view.overlay.plots[0].lines) == 4, app)
    assert varied_settings(view.table.chosen) == ["hidden_layers", "learning_rate"]
    assert len(view.effects.table()) == 1 + 4 + 4
    assert "about" in view.plan.count["text"]
    assert len(list((home / "models" / "runs").glob("*/model.keras"))) == 4


def test_a_stopped_sweep_is_resumed_as_a_whole(
    app: App, view: ExperimentsView, hand: Hand, home: Path
) -> None:
    runs = home / "models" / "runs"
    before = {row.folder for row in view.rows}
    assert view.buttons["Resume"].instate(["disabled"])
    view._pages.select(1)
    view.plan.form.fields["hidden_layers"].text.set("8")
    view.plan.form.fields["learning_rate"].text.set("0.01")
    view.plan.form.fields["seed"].text.set("5 6")
    view.plan.form.fields["epochs"].text.set("60")
    hand.click(view.plan.start_button)
    wait_until(lambda: any(runs.glob("*/checkpoint.npz")), app, 240)
    app.jobs.stop()
    wait_until(lambda: not app.jobs.running, app, 60)
    assert (
        app.status.message == "Experiment “experiment”: 2 of 2 runs not finished. Resume goes on."
    )
    hand.click(view.buttons["Resume"])
    assert app.jobs.running and view.buttons["Resume"].instate(["disabled"])
    wait_until(lambda: not app.jobs.running, app, 240)
    added = [row for row in view.rows if row.folder not in before]
    assert sorted((row.name, row.state, row.epochs) for row in added) == [
        ("5", "done", 60), ("6", "done", 60)
    ]  # fmt: skip
    assert view.unfinished is None and view.buttons["Resume"].instate(["disabled"])
    for row in added:
        run_list.move_to_trash(runs / row.folder)
    view.list_runs()


def test_a_killed_sweep_is_offered_when_the_window_opens(app: App, home: Path) -> None:
    settings = dataclasses.replace(app.session.config.training, seed=7)
    sweep = new_sweep([settings], DataPaths(), home / "models" / "runs", "mine")
    sweep.save()
    assert app.model_menu.offer_resuming()
    assert app.status.message == "Experiment “mine”: 1 of 1 run not finished."
    _, leave = app.status._actions.winfo_children()
    leave.invoke()
    assert read_sweep(sweep.file).ended and not app.model_menu.offer_resuming()
    sweep.discard()


def test_sort_rename_delete_and_take_back(app: App, view: ExperimentsView, hand: Hand) -> None:
    view._pages.select(0)
    view.table.sort("learning_rate")
    rates = [view.table.tree.set(row, "learning_rate") for row in view.table.tree.get_children()]
    assert rates == ["0.01", "0.01", "0.001", "0.001"]
    first = view.table.tree.get_children()[0]
    view.table.choose([first])
    app.update()
    view.table.answer = "the best"
    view.table.event_generate("<<RenameRun>>")
    assert view.table.tree.set(first, "name") == "the best"

    hand.click(view.buttons["Delete"])
    assert first not in view.table.tree.get_children()
    [undo] = app.status._actions.winfo_children()
    hand.click(undo)
    assert first in view.table.tree.get_children()


def test_naming_needs_one_run_and_says_so(app: App, view: ExperimentsView) -> None:
    view.table.choose([])
    app.update()
    for entry, words in (
        ("Name …", "Choose one run to name:"),
        ("Note …", "Choose one run to note"),
    ):
        app.notify("Something else.")
        view.more.invoke(entry)
        assert app.status.message.startswith(words)


def test_the_network_in_use_is_not_deleted(app: App, view: ExperimentsView, hand: Hand) -> None:
    first = view.table.tree.get_children()[0]
    view.table.choose([first])
    app.update()
    hand.click(view.buttons["Use"])
    wait_until(lambda: first in str(app.session.network_path), app)
    view.delete()
    assert "in use" in app.status.message and first in view.table.tree.get_children()


def test_a_damaged_run_is_told_of_and_hides_no_other(
    app: App, view: ExperimentsView, home: Path
) -> None:
    before = len(view.rows)
    folder = home / "models" / "runs" / "20240101T000000-broken"
    folder.mkdir()
    summary = {"settings": {}, "samples": {}, "completed": True, "history": []}
    write_json(folder / "summary.json", summary)
    view.refresh("shown")
    assert app.status.message.startswith("1 run is damaged: ")
    assert "summary.json, 'figures'" in app.status.message
    assert len(view.table.tree.get_children()) == before + 1
    app.notify("Something else.")
    view.table.choose([folder.name])
    wait_until(lambda: "summary.json, 'figures'" in app.status.message, app)
    view.delete()
    assert len(view.rows) == before


def test_a_run_whose_figures_are_no_numbers_is_listed_and_chosen(
    app: App, view: ExperimentsView, home: Path
) -> None:
    names = []
    for rate, wrong in ((0.01, float("inf")), (0.02, float("nan"))):
        folder = home / "models" / "runs" / f"20240102T000000-{wrong}"
        folder.mkdir(parents=True)
        summary = {
            "settings": {"learning_rate": rate},
            "figures": dict.fromkeys(("validation", "weights", "seconds"), wrong),
            "samples": {},
            "completed": True,
            "history": [{"epoch": 0, "loss": wrong, "accuracy": wrong}],
        }
        write_json(folder / "summary.json", summary)
        names.append(folder.name)
    view.list_runs()
    view.table.choose(names)
    app.update()
    for name in names:
        cells = view.table.tree.set(name)
        assert {cells[c] for c in ("validation", "seconds", "weights")} == {"not a number"}
    view.delete()


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
