"""The Results view: F7, the matrix and its images, relabelling from it, plots saved."""

from __future__ import annotations

import os
import sys
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from digit_images import drawing, rasterized, write_mnist
from network_files import random_network
from PIL import Image
from visible_text import texts_on_each_other
from window_support import (
    SEVEN,
    UserInput,
    close_afterwards,
    descendants,
    list_kept_files,
    open_window,
    wait_until,
)

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.images.frame import frame
from number_recognition.learning.evaluation.evaluate_job import KEPT, MNIST, EvaluationResult
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.storage.counters import read_counters
from number_recognition.storage.files import write_json
from number_recognition.window.app import App
from number_recognition.window.results.confusion_matrix import Cell, ConfusionMatrix
from number_recognition.window.results.results_view import ResultsView
from number_recognition.window.toolkit.job_runner import DONE


def results(app: App) -> ResultsView:
    view = app.show_view("Results")
    assert isinstance(view, ResultsView)
    app.update()
    return view


def keep(home: Path) -> list[Correction]:
    corrections = Corrections(home / "images" / "fine_tuning")
    entries = []
    for number, label in enumerate((4, 4, 7, 0, 1)):
        written = drawing(4, seed=number)
        entries.append(corrections.keep(frame(rasterized(written)).pixels, label, written.drawing))
    return entries


def made_up_result(home: Path) -> EvaluationResult:
    """Made-up predictions for many images: every second 3 is read as a 5."""
    rng = np.random.default_rng(1)
    labels = np.arange(2000) % 10
    answers = np.where((labels == 3) & (np.arange(2000) % 20 == 3), 5, labels)
    probabilities = rng.uniform(0, 0.05, (2000, 10)).astype("f4")
    probabilities[np.arange(2000), answers] += rng.uniform(0.3, 0.9, 2000).astype("f4")
    pixels = rng.integers(0, 256, (2000, 28, 28), dtype=np.uint8)
    evaluation = Evaluation.of(labels, probabilities)
    return EvaluationResult("made-up digits", home / "network.keras", evaluation, pixels)


def click_cell(user: UserInput, view: ResultsView, cell: Cell) -> None:
    x, y = view.matrix.middle(cell)
    left, top = view.matrix.winfo_rootx(), view.matrix.winfo_rooty()
    user.click_at(left + x, top + y)


def test_f7_evaluates_the_kept_drawings_and_keys_relabel_them(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    keep(tmp_path)
    results(app).source = KEPT
    user.press("F7")
    view = app.views.current
    wait_until(lambda: app.jobs.state == DONE and view.result is not None, app, 60)
    assert app.status.message.startswith("Evaluation finished: ")
    assert view.result.evaluation.confusion.sum() == 5 and "of 5 right" in view.summary
    answer = int(view.result.evaluation.predictions[0])
    label = int(view.result.evaluation.labels[0])
    click_cell(user, view, (label, answer))
    wait_until(lambda: bool(view.images.selected), app)
    before = len(view.images.thumbnails.order)
    target = next(digit for digit in range(10) if digit not in (0, 1, 4, 7))
    view.images.thumbnails.canvas.focus_force()
    user.press(str(target))
    wait_until(lambda: view.result.evaluation.labels.tolist().count(target) == 1, app)
    assert len(view.images.thumbnails.order) == before - 1
    assert [path.parent.name for path in list_kept_files(tmp_path)].count(str(target)) == 1
    assert read_counters(tmp_path / "counters.json")[0].kept[target] == 1
    view.matrix.focus_force()
    user.press("ctrl+z")
    wait_until(lambda: len(view.images.thumbnails.order) == before, app)
    assert [path.parent.name for path in list_kept_files(tmp_path)].count(str(target)) == 0
    view.images.details.buttons["pad"].focus_force()  # in a low window it is reached by scrolling
    user.press("space")
    wait_until(lambda: bool(app.session.content.drawing), app)


def test_the_confidence_of_another_evaluation_is_drawn_once_it_is_seen(
    app: App, tmp_path: Path
) -> None:
    from number_recognition.window.results.plots import Reliability

    view = results(app)
    view.show_evaluated(made_up_result(tmp_path))
    view.choose_tab(1)
    app.update()
    [chart] = (each for each in descendants(view) if isinstance(each, Reliability))
    drawn: list[object] = []
    chart.figure.canvas.mpl_connect("draw_event", drawn.append)
    app.update()
    view.choose_tab(0)
    view.show_evaluated(made_up_result(tmp_path))
    app.update()
    drawn.clear()
    view.choose_tab(1)
    wait_until(lambda: drawn, app, 5)


def test_a_cell_shows_its_images_by_confidence(app: App, user: UserInput, tmp_path: Path) -> None:
    view = results(app)
    view.show_evaluated(made_up_result(tmp_path))
    app.update()
    click_cell(user, view, (3, 5))
    wait_until(lambda: view.matrix.selected == (3, 5), app)
    numbers = view.images.thumbnails.order
    assert view.images.caption.startswith("A 3 read as a 5: 100 images")
    evaluation = view.result.evaluation
    assert len(numbers) == 100
    assert all(evaluation.labels[n] == 3 and evaluation.predictions[n] == 5 for n in numbers)
    sure = evaluation.probabilities[numbers].max(axis=1)
    assert (np.diff(sure) <= 0).all()
    view.matrix.select((4, 4))
    app.update_idletasks()
    assert len(view.images.thumbnails.order) == 200
    assert view.relabel(7) is False  # pictures that are not among the kept drawings


def test_in_a_wide_window_all_figures_of_the_matrix_grow(
    bare_window: tk.Tk, tmp_path: Path
) -> None:
    matrix = ConfusionMatrix(bare_window)
    matrix.pack(fill="x")
    matrix.show(made_up_result(tmp_path).evaluation)
    heights = []
    for width in (640, 1400):
        bare_window.geometry(f"{width}x700")
        wait_until(lambda width=width: matrix.winfo_width() == width, bare_window)
        bare_window.update()
        boxes = [matrix.bbox(each) for each in matrix.find_all() if matrix.type(each) == "text"]
        heights.append([bottom - top for _, top, _, bottom in boxes])
        assert not texts_on_each_other(bare_window)
    assert all(large > 1.4 * small for small, large in zip(*heights, strict=True))


def test_cells_of_the_matrix_are_selected_by_keys(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    view = results(app)
    view.show_evaluated(made_up_result(tmp_path))
    view.matrix.focus_force()
    view.matrix.cursor = (2, 4)
    app.update()
    user.press("Down", "Right", "Return")
    assert view.matrix.selected == (3, 5)
    user.press("Left", "Left", "Left", "Left", "Left", "Left", "Return")
    assert view.matrix.selected == (3, -1)
    assert view.images.caption == "A 3 read as another digit: 100 images"
    view.images.thumbnails.canvas.focus_force()
    user.press("Right", "Return")
    wait_until(lambda: app.pad.image is not None, app)


@pytest.mark.parametrize("tab", [0, 1])
def test_plots_are_saved(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tab: int
) -> None:
    def save(ending: str) -> None:
        path = str(tmp_path / f"plot.{ending}")
        monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **options: path)
        view.save_plot()

    view = results(app)
    view.show_evaluated(made_up_result(tmp_path))
    view.choose_tab(tab)
    app.update()
    for ending in ("png", "svg", "csv"):
        save(ending)
        assert app.status.message == f"Saved plot.{ending}."
    with Image.open(tmp_path / "plot.png") as image:
        assert min(image.size) > 300
    assert "<svg" in (tmp_path / "plot.svg").read_text()
    lines = (tmp_path / "plot.csv").read_text().splitlines()
    assert len(lines) == (12 if tab == 0 else 16)
    if tab == 0:
        assert lines[4] == "3,0,0,0,100,0,100,0,0,0,0,0.500000"
    save("xyz")
    assert app.status.message.startswith("Not saved: ")


@pytest.mark.skipif(sys.platform != "linux", reason="xclip copies on X11")
def test_the_matrix_is_copied_by_its_menu(
    app: App, user: UserInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xclip").write_text(f"#!/bin/sh\ncat > {tmp_path / 'copied.png'}\n")
    (tmp_path / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    view = results(app)
    assert view.matrix.menu.fill().entrycget(0, "state") == "disabled"
    view.show_evaluated(made_up_result(tmp_path))
    app.update()
    user.click_at(view.matrix.winfo_rootx() + 60, view.matrix.winfo_rooty() + 60, button=3)
    wait_until(view.matrix.menu.menu.winfo_ismapped, app)
    user.press("Down", "Return")
    wait_until(lambda: app.status.message == "Copied.", app, 30)
    with Image.open(tmp_path / "copied.png") as image:
        assert min(image.size) > 600


def test_a_missing_folder_gives_an_error(app: App, user: UserInput, tmp_path: Path) -> None:
    view = results(app)
    view.evaluate_on(tmp_path / "nowhere")
    wait_until(lambda: app.jobs.state == DONE, app, 60)
    assert "Evaluation failed" in app.status.message and "nowhere" in app.status.message
    assert view.result is None


@pytest.fixture
def app_with_mnist(display: str, network: Path, tmp_path: Path) -> Iterator[object]:
    """The window with a small file in MNIST's format."""
    write_mnist(tmp_path / "mnist.npz")
    write_json(tmp_path / "config.json", {"paths": {"mnist": "mnist.npz"}})
    window, errors = open_window(network, tmp_path)
    yield from close_afterwards(window, errors)


def test_the_view_opens_on_mnist_evaluated_once_for_each_network(
    app_with_mnist: App, network: Path, tmp_path: Path
) -> None:
    app = app_with_mnist
    app.model_menu.evaluate()  # showing the view begins it already
    assert app.status.message == "Evaluation is running."
    view = results(app)
    texts = [button["text"] for button in buttons_in_front(view)]
    assert "Stop" in texts, "the evaluation can be stopped"
    view.evaluate_on(tmp_path)
    assert "Evaluation is still running: stop it" in app.status.message, "another one"
    view.source = MNIST
    wait_until(lambda: view.result is not None, app, 60)
    first = view.result
    assert len(first.evaluation.labels) == 20 and "MNIST's test set" in view.summary
    assert view.images.thumbnails.order == first.evaluation.mistakes().tolist(), "all misread"
    app.model_menu.use_network(random_network(tmp_path / "other.keras"))
    app.show_view("Network")
    results(app)
    wait_until(lambda: view.result.network.name == "other.keras", app, 60)
    app.model_menu.use_network(network)
    app.update()
    assert view.result is first and not app.jobs.running, "known already"


def test_an_image_of_the_test_set_is_not_kept(app_with_mnist: App, tmp_path: Path) -> None:
    app, view, user = app_with_mnist, results(app_with_mnist), UserInput(app_with_mnist)
    wait_until(lambda: view.result is not None, app, 60)
    evaluation = view.result.evaluation
    view.matrix.select((int(evaluation.labels[0]), int(evaluation.predictions[0])))
    view.images.event_generate("<<OpenOnPad>>")
    wait_until(lambda: app.session.content.image is not None, app)
    app.pad.canvas.focus_force()
    user.press("3")
    assert not list_kept_files(tmp_path), "networks are compared on it"
    assert "test set" in app.status.pending.errors[-1] and app.session.content
    user.draw([(100, 240), (140, 240)])
    user.press("3")
    assert not list_kept_files(tmp_path), "nor with a line on it"
    user.press("ctrl+Delete")
    user.draw(SEVEN)
    user.press("7")
    assert len(list_kept_files(tmp_path)) == 1


def buttons_in_front(view: ResultsView) -> list[tk.Misc]:
    """The buttons of the view that are not covered."""
    found, pending = [], [view]
    while pending:
        widget = pending.pop()
        pending += widget.winfo_children()
        if widget.winfo_class() == "TButton" and widget.winfo_viewable():
            x = widget.winfo_rootx() + widget.winfo_width() // 2
            y = widget.winfo_rooty() + widget.winfo_height() // 2
            if widget.winfo_containing(x, y) is widget:
                found.append(widget)
    return found


def test_the_summary_names_the_network_in_use_where_it_is_another(app: App, tmp_path: Path) -> None:
    view = results(app)
    view.show_evaluated(made_up_result(tmp_path))
    assert f"In use now: {app.session.network_path.name}" in view.summary


def test_keys_select_the_views(app: App, user: UserInput) -> None:
    for number in (2, 3, 4, 5, 6, 1):
        user.press(f"ctrl+{number}")
        wait_until(lambda number=number: app.views.title == app.views.titles[number - 1], app)
        wait_until(lambda: app.views.current is not None, app)


def test_ctrl_o_opens_and_ctrl_s_saves(
    app: App, user: UserInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "seven.png", tmp_path / "saved.png"
    rasterized(drawing(7)).save(source)
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **options: str(source))
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **options: str(target))
    user.press("ctrl+o")
    wait_until(lambda: app.pad.image is not None, app)
    assert app.status.message == "Opened seven.png."
    user.press("ctrl+s")
    wait_until(target.exists, app)
    with Image.open(source) as before, Image.open(target) as after:
        assert np.array_equal(np.asarray(before), np.asarray(after))
