"""Runs in the table can be told apart, and are followed while they train, wherever they do."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from tkinter import font as tkfont

import numpy as np
import pytest
from window_support import BareContext, UserInput, find_button, visible_texts, wait_until

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.run import CHECKPOINT, Run, write_run, write_settings
from number_recognition.learning.runs.run_files import SUMMARY_FILE
from number_recognition.learning.runs.run_list import annotate
from number_recognition.learning.sweeps.run_spec import mark_failed
from number_recognition.learning.sweeps.sweep_file import Sweep, new_sweep
from number_recognition.storage.locks import lock
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.experiments.experiments_view import ExperimentsView
from number_recognition.window.experiments.runs_page import RunsPage
from number_recognition.window.tables.whole_texts import shorten_end
from number_recognition.window.toolkit.theme import BODY

SETTINGS = TrainingSettings(hidden_layers=(8,), epochs=5)


@pytest.fixture
def view(shared_app: App) -> ExperimentsView:
    view = shared_app.show_view("Experiments")
    assert isinstance(view, ExperimentsView)
    view.show_runs()
    return view


@pytest.fixture
def runs(home: Path) -> Path:
    return home / "models" / "runs"


def history(epochs: int) -> list[dict[str, float]]:
    return [{"epoch": e, "loss": 1 / (e + 1), "accuracy": 0.9 + e / 100} for e in range(epochs)]


def write_done(folder: Path, settings: TrainingSettings) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    metrics = {"validation": 0.93, "weights": 6370.0, "seconds": 3.0}
    write_run(Run(folder, settings, history(5), metrics, completed=True))


def write_checkpoint(folder: Path, epochs: int) -> None:
    rows = history(epochs)
    values = [list(row.values()) for row in rows]
    with (folder / CHECKPOINT).open("wb") as file:
        np.savez(file, columns=np.array(list(rows[0])), history=np.array(values))


@contextlib.contextmanager
def half_done_sweep(runs: Path) -> Iterator[Sweep]:
    """An experiment in training elsewhere: a run done, one failed, one running, one waiting."""
    rates = [dataclasses.replace(SETTINGS, learning_rate=rate) for rate in (0.1, 0.2, 0.3, 0.4)]
    sweep = new_sweep(rates, DataPaths(), runs, "mine")
    done, failed, running, _ = sweep.specs
    with lock(sweep.file), lock(running.folder / CHECKPOINT):
        sweep.save()
        write_done(done.folder, done.settings)
        mark_failed(failed, "the loss is NaN")
        write_settings(running.folder, running.settings, running.paths)
        write_checkpoint(running.folder, 2)
        yield sweep
    sweep.discard()


def states(view: ExperimentsView) -> dict[str, str]:
    tree = view.runs_page.table.tree
    return {row: tree.set(row, "state") for row in view.runs_page.table.rows}


def assert_states_are_whole(app: App, view: ExperimentsView) -> None:
    """At the least size of the window and of the text before and after it grew."""
    table = view.runs_page.table
    for zoom, size in ((1.3, "1024x572"), (1.0, "1200x700")):
        app.view_menu.zoom_to(zoom)
        app.geometry(size)
        wait_until(lambda size=size: app.geometry().startswith(size), app)
        view.refresh("theme")
        app.update()
        measure = tkfont.nametofont(BODY, app).measure
        for row in (*table.names.get_children(), *states(view)):
            left, _, width, _ = table.tree.bbox(row, "state")
            needed = measure(table.tree.set(row, "state"))
            assert needed < width, (zoom, row)
            is_group = row in table.names.get_children()
            assert is_group or left + needed < table.tree.winfo_width(), (zoom, row)


def test_states_groups_legends_and_live_curves(
    shared_app: App, view: ExperimentsView, runs: Path
) -> None:
    app, table, curves = shared_app, view.runs_page.table, view.runs_page.plots.curves
    with half_done_sweep(runs) as sweep:
        names = [spec.folder.name for spec in sweep.specs]
        wait_until(lambda: set(names) <= states(view).keys(), app)
        assert [states(view)[name] for name in names] == [
            "done", "failed: the loss is NaN", "running: epoch 3 of 5", "waiting"
        ]  # fmt: skip
        [group] = table.names.get_children()
        assert table.names.item(group, "text") == "“mine”"
        assert table.names.set(group, "number") == "1–4"
        assert table.tree.set(group, "state") == "1 of 4 done, 1 failed, 1 running, 1 waiting"
        assert [str(table.names.set(name, "number")) for name in names] == ["1", "2", "3", "4"]
        assert_states_are_whole(app, view)
        for one, other in ((table.names, table.tree), (table.tree, table.names)):
            for is_open in (False, True):
                one.focus(group)
                one.item(group, open=is_open)
                one.event_generate("<<TreeviewOpen>>" if is_open else "<<TreeviewClose>>")
                assert app.tk.getboolean(other.item(group, "open")) == is_open
        table.names.selection_set([group])
        wait_until(lambda: len(curves.plots[0].lines) == 4, app)
        texts = {line.get_label() for line in curves.plots[0].lines}
        assert texts == {f"{n}: learning rate 0.{n}" for n in (1, 2, 3, 4)}
        write_checkpoint(sweep.specs[2].folder, 4)
        wait_until(
            lambda: sorted(len(line.get_xdata()) for line in curves.plots[0].lines) == [0, 0, 4, 5],
            app,
        )
        assert states(view)[names[2]] == "running: epoch 5 of 5"
        view.runs_page.delete()
        assert {names[2], names[3]} <= states(view).keys(), "what trains or waits is not deleted"
    wait_until(lambda: states(view).get(names[2]) == "interrupted after 4 epochs", app)


def test_a_run_of_the_command_line_appears_with_a_name_from_its_settings(
    shared_app: App, view: ExperimentsView, runs: Path
) -> None:
    folder = runs / "20240202T000000-training"
    write_done(folder, SETTINGS)
    table = view.runs_page.table
    wait_until(lambda: folder.name in table.rows, shared_app)
    assert table.names.item(folder.name, "text") == "8, 5 epochs"
    assert table.names.parent(folder.name) == "", "alone, not in an experiment"


def test_names_stay_while_the_table_is_scrolled_sideways(
    shared_app: App, view: ExperimentsView, runs: Path
) -> None:
    folder = runs / "20240303T000000-wide"
    write_done(folder, SETTINGS)
    table = view.runs_page.table
    wait_until(lambda: folder.name in table.rows, shared_app)
    table.names.see(folder.name)
    shared_app.update()
    before = table.names.bbox(folder.name, "#0")
    assert before and table.tree.bbox(folder.name, "state")
    table.tree.xview_moveto(1)
    shared_app.update()
    assert table.names.bbox(folder.name, "#0") == before
    assert table.tree.bbox(folder.name, "note") and table.names.winfo_viewable()
    assert table.names.bbox(folder.name)[1] == table.tree.bbox(folder.name)[1], "beside each other"


def test_a_run_is_selected_by_a_click_on_its_name_and_deleted(
    shared_app: App, view: ExperimentsView, runs: Path
) -> None:
    app, table, user = shared_app, view.runs_page.table, UserInput(shared_app)
    folders = [runs / f"20240404T000000-set{number}" for number in ("", "-2", "-3")]
    for folder in folders:
        write_done(folder, SETTINGS)
    wait_until(lambda: folders[2].name in table.rows, app)
    table.names.see(folders[1].name)
    app.update()
    left, top, width, height = table.names.bbox(folders[1].name, "#0")
    corner = table.names.winfo_rootx() + left, table.names.winfo_rooty() + top
    user.click_at(corner[0] + width // 2, corner[1] + height // 2)
    wait_until(lambda: [run.folder for run in table.selected] == [folders[1].name], app)
    assert table.tree.selection() == (folders[1].name,)
    wait_until(lambda: view.runs_page.buttons["Delete"].instate(["!disabled"]), app)
    user.click(view.runs_page.buttons["Delete"])
    wait_until(lambda: folders[1].name not in table.rows, app)
    user.click(find_button(app.status, "Undo"))
    wait_until(lambda: folders[1].name in table.rows, app)


def test_the_right_button_selects_a_run_and_opens_its_menu(
    shared_app: App, view: ExperimentsView, runs: Path
) -> None:
    app, table, user = shared_app, view.runs_page.table, UserInput(shared_app)
    menu = view.runs_page.menu.menu
    for name in ("20260101T000000-first", "20260101T000001-second"):
        write_done(runs / name, SETTINGS)
    wait_until(lambda: {"20260101T000000-first"} <= states(view).keys(), app)
    table.names.selection_set([])
    table.tree.xview_moveto(0)
    table.names.see("20260101T000000-first")
    app.update()
    left, top, _, height = table.tree.bbox("20260101T000000-first")
    x, y = table.tree.winfo_rootx() + left + 10, table.tree.winfo_rooty() + top + height // 2
    user.click_at(x, y, button=3)
    wait_until(menu.winfo_ismapped, app)
    assert [run.folder for run in table.selected] == ["20260101T000000-first"]
    labels = [menu.entrycget(n, "label") for n in range(7) if menu.type(n) != "separator"]
    assert labels[:2] == ["Use", "Delete"] and "Rename …" in labels and "Export run …" in labels
    assert menu.entrycget("Use", "state") == menu.entrycget("Delete", "state") == "normal"
    user.press("Escape")
    menu.invoke("Delete")
    wait_until(lambda: "20260101T000000-first" not in states(view), app)
    assert "20260101T000001-second" in states(view)


def test_one_run_shows_training_and_validation_and_several_show_validation(
    view: ExperimentsView, runs: Path, shared_app: App
) -> None:
    both = [{**row, "val_loss": 2.0, "val_accuracy": 0.5} for row in history(5)]
    names = ["20260105T000000-a", "20260105T000001-b"]
    for name in names:
        (runs / name).mkdir(parents=True)
        write_run(Run(runs / name, SETTINGS, both, {"weights": 6370.0, "seconds": 3.0}))
    page, curves = view.runs_page, view.runs_page.plots.curves
    page.list_runs()
    page.select(names[:1])
    wait_until(lambda: curves.line_names == ["training", "validation"], shared_app)
    accuracy = curves.plots[0]
    assert [line.get_ydata()[-1] for line in accuracy.lines] == pytest.approx([94, 50])
    assert accuracy.get_title() == "Accuracy, %"
    page.select(names)
    wait_until(lambda: len(curves.line_names) == 2 and "training" not in curves.line_names,
               shared_app)  # fmt: skip
    assert [line.get_ydata()[-1] for line in accuracy.lines] == pytest.approx([50, 50])
    assert accuracy.get_title().split() == ["Validation", "accuracy,", "%"]


def test_a_long_reason_of_a_failure_ends_after_a_whole_word() -> None:
    reason = "failed: expected images of digits, found none"
    assert shorten_end(reason, 100, len) == reason
    assert shorten_end(reason, 30, len) == "failed: expected images of …"


def test_a_thousand_runs_are_listed_before_plots_are_drawn_and_stay_sorted(
    bare_window: tk.Tk, bare_context: BareContext, tmp_path: Path
) -> None:
    folders = [tmp_path / "models" / "runs" / f"20240101T{n:06}-training" for n in range(1000)]
    write_done(folders[0], SETTINGS)
    for folder in folders[1:]:
        folder.mkdir()
        os.link(folders[0] / SUMMARY_FILE, folder / SUMMARY_FILE)
    bare_window.update()
    page = RunsPage(bare_window, bare_context)
    page.pack(fill="both", expand=True)
    page.list_runs()
    newest = folders[-1].name
    page.select([newest])
    bare_window.update_idletasks()
    assert len(page.table.rows) == 1000 and page.table.names.bbox(newest)
    assert visible_texts(page.plots) == ["Select runs in the table"]
    wait_until(lambda: visible_texts(page.plots) == [], bare_window)
    assert len(page.plots.curves.plots[0].lines) == 1, "the history has no validation"
    page.table.sort("note")
    annotate(folders[500], note="the best")
    page.list_runs()
    assert page.table.rows[0] == folders[500].name, "sorted again where a run has changed"
    assert page.table.tree.set(folders[500].name, "note") == "the best"
    assert [run.folder for run in page.table.selected] == [newest]
