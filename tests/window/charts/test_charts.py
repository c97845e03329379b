"""Charts in a real window: axes, zoom, scale, lines, values, pictures, by pointer, key and menu."""

from __future__ import annotations

import csv
import itertools
import os
import sys
import tkinter as tk
from pathlib import Path

import pytest
from PIL import Image
from window_support import UserInput, wait_until

from number_recognition.core.progress import Progress
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.charts.mpl_chart import Chart
from number_recognition.window.charts.scales import value_limits
from number_recognition.window.experiments.learning_curves import LearningCurves
from number_recognition.window.training.training_curves import TrainingCurves


def history(epochs: int) -> list[dict[str, float]]:
    """Curves that approach 99 %."""
    return [
        {
            "epoch": epoch, "loss": 0.8 * 0.7**epoch + 0.05, "val_loss": 0.6 * 0.7**epoch + 0.03,
            "accuracy": 0.98 - 0.1 * 0.7**epoch, "val_accuracy": 0.99 - 0.08 * 0.7**epoch,
        }
        for epoch in range(epochs)
    ]  # fmt: skip


@pytest.fixture
def app(shared_app: App) -> App:
    return shared_app


@pytest.fixture
def curves(app: App) -> TrainingCurves:
    """The curves of a training after 8 of 40 epochs, drawn."""
    view = app.show_view("Training")
    page = view.progress_page
    view.show_progress_page()
    page.begin(TrainingSettings(epochs=40))
    for name in list(page.curves.hidden):
        page.curves.toggle_line(name)
    if page.curves.is_log:
        page.curves.toggle_log()
    page.curves.show_all()
    rows = history(8)
    now = {"epoch": 9, "epochs": 40, "epoch_done": 0.5, "loss": 0.1, "accuracy": 0.975}
    page.show_progress(Progress("", 0.2, None, {**now, "history": rows}))
    wait_until(lambda: page.curves.plots[0].bbox.height > 50, app)
    draw_all(app, page.curves)
    return page.curves


def draw_all(app: App, curves: Chart) -> None:
    """Let Matplotlib draw what has changed: positions are known then."""
    app.update()
    curves.figure.canvas.draw()
    app.update()


def on_screen(curves: TrainingCurves, point: tuple[float, float]) -> tuple[int, int]:
    """A point of the figure on the screen."""
    widget = curves.widget
    top = widget.winfo_height() - point[1]
    return round(widget.winfo_rootx() + point[0]), round(widget.winfo_rooty() + top)


def click_in_middle(user: UserInput, curves: TrainingCurves, plot: int = 0) -> None:
    box = curves.plots[plot].bbox
    user.click_at(*on_screen(curves, (box.x0 + box.width / 2, box.y0 + box.height / 2)))


def test_axes_follow_the_data(curves: TrainingCurves) -> None:
    loss, accuracy = curves.plots
    assert 9 <= loss.get_xlim()[1] < 12
    low, high = accuracy.get_ylim()
    assert 84 < low < 88 and 99 <= high <= 100
    assert loss.get_ylim()[0] == 0 and 0.85 <= loss.get_ylim()[1] <= 1


def test_axes_change_at_most_twice_in_the_first_ten_epochs(curves: TrainingCurves) -> None:
    """While the first epoch lowers the loss, and when it is done."""
    epochs, parts, seen = 40, 20, []
    curves.show([], epochs)
    for step in range(10 * parts):
        done, part = divmod(step, parts)
        value = 2.3 * 0.8 ** (step / 3) + 0.05
        now = {"epoch": done + 1, "epoch_done": part / parts, "loss": value,
               "accuracy": 1 - value / 2.5}  # fmt: skip
        curves.show(history(done), epochs, now)
        seen.append([(plot.get_xlim(), plot.get_ylim()) for plot in curves.plots])
    for plot in zip(*seen, strict=True):
        assert len({limits for limits, _ in plot}) == 1, "epochs"
        changes = [after for before, after in itertools.pairwise(plot) if after != before]
        assert len(changes) <= 2, changes
    assert seen[-1][0][1][1] < 1.2, "the curves fill the plot once the first epoch is done"


def test_limits_stay_while_most_of_the_axis_is_used() -> None:
    assert value_limits([0.1, 0.79], False, False, (0.0, 0.9)) == (0.0, 0.9)
    assert value_limits([0.1, 0.2], False, False, (0.0, 0.9))[1] < 0.3
    assert value_limits([97, 99.5], False, True)[1] == 100


def test_a_dragged_rectangle_fills_the_plot_and_a_double_click_shows_all(
    app: App, curves: TrainingCurves, user: UserInput
) -> None:
    plot = curves.plots[0]
    full = plot.get_xlim(), plot.get_ylim()
    start = on_screen(curves, tuple(plot.transData.transform((2, 0.6))))
    end = on_screen(curves, tuple(plot.transData.transform((6, 0.2))))
    user.drag_on_screen(start, end)
    wait_until(lambda: curves.is_zoomed, app)
    assert plot.get_xlim() == pytest.approx((2, 6), abs=0.1)
    assert plot.get_ylim() == pytest.approx((0.2, 0.6), abs=0.02)
    draw_all(app, curves)
    click_in_middle(user, curves)
    click_in_middle(user, curves)
    wait_until(lambda: not curves.is_zoomed, app)
    assert (plot.get_xlim(), plot.get_ylim()) == full


def test_keys_zoom_in_and_out_and_show_all(
    app: App, curves: TrainingCurves, user: UserInput
) -> None:
    click_in_middle(user, curves, 1)
    plot = curves.plots[1]
    low, high = plot.get_xlim()
    user.press("Prior", "Prior")
    wait_until(lambda: plot.get_xlim()[1] - plot.get_xlim()[0] < (high - low) / 2, app)
    user.press("Next")
    wait_until(lambda: plot.get_xlim()[1] - plot.get_xlim()[0] > (high - low) / 2, app)
    user.press("Home")
    wait_until(lambda: plot.get_xlim() == (low, high), app)


def test_a_menu_is_opened_while_a_chart_has_the_focus(
    app: App, curves: TrainingCurves, user: UserInput
) -> None:
    click_in_middle(user, curves, 1)
    user.press("F10")  # Tk gives the focus to a copy of the menu bar
    app.update()
    user.press("Escape", "Escape")
    click_in_middle(user, curves, 1)


def test_a_zoomed_plot_stays_while_the_training_goes_on(curves: TrainingCurves) -> None:
    curves.zoom_by(+2)
    zoomed = curves.plot.get_xlim()
    curves.show(history(12), 40)
    assert curves.plot.get_xlim() == zoomed
    curves.show_all()
    assert curves.plot.get_xlim()[1] >= 12


def test_log_scale_by_key_and_by_menu(app: App, curves: TrainingCurves, user: UserInput) -> None:
    click_in_middle(user, curves)
    user.press("l")
    wait_until(lambda: curves.is_log, app)
    loss, accuracy = curves.plots
    assert loss.get_yscale() == "log" and loss.get_ylim()[0] > 0
    # As far from 90 to 99 % as from 99 to 99.9 %.
    low, middle, high = (accuracy.transData.transform((1, value))[1] for value in (90, 99, 99.9))
    assert middle - low == pytest.approx(high - middle)
    assert 86 < accuracy.get_ylim()[0] < 88.1 and accuracy.get_ylim()[1] < 99.5
    menu = curves.menu.fill()
    index = menu.index("Log scale")
    assert menu.getvar(menu.entrycget(index, "variable"))
    menu.invoke(index)
    assert not curves.is_log


def test_a_line_is_hidden_and_shown_by_its_legend(
    app: App, curves: TrainingCurves, user: UserInput
) -> None:
    [legend] = curves.figure.legends
    [box] = [
        text.get_window_extent() for text in legend.get_texts() if text.get_text() == "training"
    ]
    place = on_screen(curves, (box.x0 + box.width / 2, box.y0 + box.height / 2))
    user.click_at(*place)
    wait_until(lambda: curves.hidden == {"training"}, app)
    assert [line.get_visible() for line in curves.plots[0].lines] == [False, True]
    user.click_at(*place)
    wait_until(lambda: not curves.hidden, app)
    menu = curves.menu.fill()
    lines = menu.nametowidget(menu.entrycget(menu.index("Lines"), "menu"))
    lines.invoke("validation")
    assert curves.hidden == {"validation"}


def test_a_point_is_read_below_the_pointer_and_with_arrow_keys(
    app: App, curves: TrainingCurves, user: UserInput
) -> None:
    plot = curves.plots[1]
    place = on_screen(curves, tuple(plot.transData.transform((3, 100 * 0.9508))))
    user.move_on_screen(*place)
    wait_until(lambda: curves.reading == "validation\nepoch 3: 95.1 %", app)
    user.click_at(*place)
    user.press("Right")
    wait_until(lambda: curves.reading == "validation\nepoch 4: 96.3 %", app)
    user.press("Up")
    wait_until(lambda: curves.reading == "training\nepoch 4: 94.6 %", app)


@pytest.mark.skipif(sys.platform != "linux", reason="xclip copies on X11")
def test_the_picture_is_copied_and_saved(
    app: App,
    curves: TrainingCurves,
    user: UserInput,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "xclip").write_text(f"#!/bin/sh\ncat > {tmp_path / 'copied.png'}\n")
    (tmp_path / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    click_in_middle(user, curves)
    user.press("ctrl+c")
    wait_until(lambda: app.status.message == "Copied.", app)
    with Image.open(tmp_path / "copied.png") as picture:
        assert picture.width == 2 * curves.widget.winfo_width()
    curves.write(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open() as file:
        assert len(list(csv.reader(file))) == 1 + 8
    curves.write(tmp_path / "curves.svg")
    assert "<svg" in (tmp_path / "curves.svg").read_text()


def test_the_right_button_opens_the_menu(app: App, curves: TrainingCurves, user: UserInput) -> None:
    box = curves.plots[0].bbox
    user.click_at(*on_screen(curves, (box.x0 + 50, box.y0 + 50)), button=3)
    wait_until(curves.menu.menu.winfo_ismapped, app)
    user.press("Down", "Return")
    wait_until(lambda: curves.is_zoomed, app)


@pytest.mark.parametrize("width", range(300, 661, 30))
def test_curves_of_runs_keep_their_width_and_titles_that_do_not_touch(app: App, width: int) -> None:
    window = tk.Toplevel(app)
    window.geometry(f"{width}x300")
    chart = LearningCurves(window)
    chart.pack(fill="both", expand=True)
    app.update()
    chart.show([(f"{n}: hidden layers 64, learning rate {n}", history(5)) for n in range(2)])
    draw_all(app, chart)
    first, second = (plot.title.get_window_extent() for plot in chart.plots)
    assert first.x0 >= 0 and first.x1 + 5 < second.x0 and second.x1 <= chart.winfo_width()
    assert min(plot.bbox.width for plot in chart.plots) > 70
    window.destroy()
