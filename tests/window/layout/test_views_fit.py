"""Every view, filled, at the smallest size and with large text: nothing is cut off or covered."""

from __future__ import annotations

import shutil
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

import numpy as np
import pytest
from digit_images import drawing, rasterized
from visible_text import cut_off, texts_on_each_other, values_cut_off
from window_support import SEVEN, wait_until

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.runs.run import Run, write_run
from number_recognition.learning.runs.run_list import RunSummary, annotate
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.app import App
from number_recognition.window.charts.mpl_chart import Chart
from number_recognition.window.widgets.heatmaps import Heatmap

SIZES = [(1024, 540, 1.75), (1024, 572, 1.0)]
"""Width and height of the window, and the size of the text."""
LONG = "seven-on-squared-paper-of-the-second-notebook-scanned-in-spring"


def a_run(folder: Path, rate: float = 0.004) -> Run:
    history = [
        {"epoch": n, "loss": 1 / n, "accuracy": n / 5, "val_loss": 1.1 / n, "val_accuracy": n / 6}
        for n in range(1, 5)
    ]
    metrics = {"validation": 0.93, "mnist_test": 0.91, "weights": 6370.0, "seconds": 3.0}
    settings = TrainingSettings(
        hidden_layers=(32,), sources=("synthetic",), epochs=4, learning_rate=rate
    )
    baseline = {"mnist_test": 0.9921}
    return Run(folder, settings, history, metrics, completed=True, baseline=baseline)


def an_evaluation(network: Path) -> EvaluationResult:
    """Made-up answers, every confidence among them, and some refusals."""
    rng = np.random.default_rng(1)
    labels = np.arange(9000) % 10
    answers = np.where(rng.uniform(size=9000) < 0.02, rng.integers(0, 11, 9000), labels)
    probabilities = rng.uniform(0, 0.05, (9000, 11)).astype("f4")
    probabilities[np.arange(9000), answers] += rng.uniform(0.1, 0.9, 9000).astype("f4")
    pixels = rng.integers(0, 256, (9000, 28, 28), dtype=np.uint8)
    return EvaluationResult(
        "MNIST's test set", network, Evaluation.of(labels, probabilities), pixels
    )


@pytest.fixture(scope="module")
def app(shared_app: App, home: Path) -> App:
    """The window with a run, a training's result, an evaluation, a kept drawing and files."""
    app = shared_app
    for name, rate in (("first", 0.004), ("second", 0.0125)):
        folder = home / "models" / "runs" / f"20260101T000000-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        write_run(a_run(folder, rate))
    annotate(folder, name=LONG)
    (home / "scans").mkdir(exist_ok=True)
    rasterized(drawing(7)).save(home / "scans" / f"{LONG}.png")
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    app.draw_menu.keep(7)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    training = app.show_view("Training").progress_page
    training.begin(a_run(home).settings)
    training.finish(a_run(home))
    app.show_view("Training").run = a_run(home)
    app.show_view("Training").refresh("shown")
    app.show_view("Results").show_evaluated(an_evaluation(home / f"{LONG}.keras"))
    app.show_view("Files").list_folder(home / "scans")
    wait_until(lambda: not app.show_view("Files").busy, app)
    return app


def pages(app: App) -> dict[str, Callable[[], object]]:
    """What shows each page of each view."""
    view = app.show_view
    network, results = view("Network"), view("Results")
    return {
        "why": lambda: view("Network").select_tab(network.attribution_panel),
        "what if": lambda: view("Network").select_tab(network.counterfactual_panel),
        "no unit": lambda: view("Network").select_tab(network.unit_panel),
        "unit": lambda: view("Network").activation_map.select_unit((0, 0)),
        "robustness": lambda: view("Robustness"),
        "settings": lambda: view("Training").show_settings(),
        "progress": lambda: view("Training").show_progress_page(),
        "confusion": lambda: (view("Results"), results.choose_tab(0)),
        "confidence": lambda: (view("Results"), results.choose_tab(1)),
        "runs": lambda: (view("Experiments").show_runs(), select_runs(app)),
        "effects": lambda: show_effects(app),
        "new experiment": lambda: view("Experiments").show_form(),
        "drawings": lambda: view("Drawings"),
        "files": lambda: view("Files"),
    }


def select_runs(app: App) -> None:
    page = app.show_view("Experiments").runs_page
    page.select([run.folder for run in page.runs])


def show_effects(app: App) -> None:
    """The effects of two settings and of both together."""
    view = app.show_view("Experiments")
    view.show_runs()
    select_runs(app)
    wait_until(lambda: view.runs_page.plots.effects.plots[0].get_title(), app)
    view.runs_page.plots.effects.show(
        [
            RunSummary(f"{n}", "", "", "done", settings={"dropout": n % 2, "epochs": n // 2},
                       metrics={"validation": 0.9 + n / 100})
            for n in range(4)
        ]
    )  # fmt: skip
    view.runs_page.plots.select(1)


def covered_plots(parent: tk.Misc) -> list[str]:
    """Return a line for each visible plot whose legend or title covers another, or of no height."""
    lines = []
    for child in parent.winfo_children():
        if isinstance(child, Chart) and child.winfo_viewable():
            legends = [each.get_window_extent() for each in child.figure.legends]
            boxes = [plot.get_window_extent() for plot in child.plots]
            lines += [
                f"a legend on a plot: {child}" for box in boxes if box.count_overlaps(legends)
            ]
            lines += [f"{box.size} pixels: {child}" for box in boxes if min(box.size) < 30]
            titles = [plot.title.get_window_extent().padded(2) for plot in child.plots]
            touching = any(title.count_overlaps(titles) > 1 for title in titles)
            lines += [f"titles that touch: {child}"] if touching else []
            width = child.winfo_width()
            cut = [title for title in titles if title.x0 < 0 or title.x1 > width]
            lines += [f"titles that are cut off: {child}"] if cut else []
        lines += covered_plots(child)
    return lines


def short_buttons(parent: tk.Misc) -> list[tk.Misc]:
    """The buttons of a short word in a window, shown or not, without those below a sentence."""
    found = []
    for child in parent.winfo_children():
        kinds = ("TButton", "TMenubutton", "TCheckbutton")
        is_explained = child.winfo_class() in kinds and "Large" in str(child.cget("style"))
        is_short = child.winfo_class() in kinds and 0 < len(str(child.cget("text"))) <= 12
        if is_short and not is_explained:
            found.append(child)
        found += short_buttons(child) if child.winfo_toplevel() is parent.winfo_toplevel() else []
    return found


def tooltip_of(widget: tk.Misc) -> str:
    """What the tooltip of a widget says, "" without one."""
    widget.event_generate("<<ShowTooltip>>")
    windows = [child for child in widget.winfo_children() if isinstance(child, tk.Toplevel)]
    texts = [str(window.winfo_children()[0].cget("text")) for window in windows]
    widget.event_generate("<Leave>")
    return " ".join(texts)


def test_every_short_button_has_a_tooltip(app: App) -> None:
    for show in pages(app).values():
        show()
    buttons = short_buttons(app)
    assert len(buttons) > 40
    missing = {str(each.cget("text")): str(each) for each in buttons if not tooltip_of(each)}
    assert not missing, "\n".join(f"{text}: {name}" for text, name in missing.items())
    keys = {"Evaluate": "F7", "Undo": "Ctrl+Z", "Fine-tune": "F6", "Stop": "Ctrl+F2", "⤢": "F8"}
    for button in buttons:
        text = str(button.cget("text"))
        assert keys.get(text, "") in tooltip_of(button), text


def tooltip_of_row(table: ttk.Treeview, row: str) -> str:
    left, top, *_ = table.bbox(row)
    table.event_generate("<Motion>", x=left + 40, y=top + 5)
    return tooltip_of(table)


def test_a_long_name_is_shortened_in_the_middle_and_whole_in_a_tooltip(app: App) -> None:
    app.view_menu.zoom_to(1.75)
    app.geometry("1024x540")
    runs, files = app.show_view("Experiments"), app.show_view("Files")
    for title, table in (("Experiments", runs.runs_page.table.names), ("Files", files.table)):
        app.show_view(title)
        wait_until(lambda table=table: shortened_rows(table), app)
        [row] = shortened_rows(table)
        assert LONG in tooltip_of_row(table, row)
        start, end = table.item(row, "text").strip().split("…")
        assert (
            start
            and LONG.startswith(start)
            and end
            and any(each.endswith(end) for each in (LONG, f"{LONG}.png"))
        )
    results = app.show_view("Results")
    wait_until(lambda: [each for each in labels_in(results) if is_shortened(each)], app)
    [label] = [each for each in labels_in(results) if is_shortened(each)]
    assert LONG in tooltip_of(label) and LONG in results.summary
    app.view_menu.zoom_to(1.0)


def test_a_long_name_is_shortened_in_the_title_messages_menus_and_dialogs(
    app: App, home: Path, network: Path
) -> None:
    folder = home / LONG
    folder.mkdir()
    long = folder / f"{LONG}.keras"
    shutil.copyfile(network, long)
    app.model_menu.use_network(long)
    start, end = app.title().split("…")
    assert start.endswith("seven-on-squared-paper-o") and "canned-in-spring.keras" in end
    app.update()
    [label] = [each for each in labels_in(app.status) if "…" in str(each["text"])]
    assert str(label["text"]).startswith("Network in use: seven") and LONG in tooltip_of(label)
    app.offers.add(f"Convert {LONG}?", ("Yes", lambda: None), about="offer")
    app.notify(f"{LONG}.h5 is old.", (f"Convert to {LONG}.keras", lambda: None))
    app.update()
    button = app.status.action_buttons[f"Convert to {LONG}.keras"]
    assert len(button["text"]) < 64 and LONG in tooltip_of(button)
    [offer] = [each for each in labels_in(app.offers) if "…" in str(each["text"])]
    assert LONG in tooltip_of(offer)
    app.offers.withdraw("offer")
    rasterized(drawing(7)).save(folder / f"{LONG}.png")
    app.image_menu.open_file(folder / f"{LONG}.png")
    menu = tk.Menu(app, tearoff=False)
    app.image_menu.list_recent(menu)
    assert len(menu.entrycget(0, "label")) < 110 and menu.entrycget(0, "label").count("…") == 2
    app.model_menu.show_versions()
    [dialog] = [each for each in app.winfo_children() if each.winfo_class() == "Toplevel"]
    wait_until(lambda: shortened_rows(dialog.table), app)
    assert LONG in tooltip_of_row(dialog.table, shortened_rows(dialog.table)[0])
    dialog.destroy()
    app.model_menu.use_network(network)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))


def shortened_rows(table: ttk.Treeview) -> list[str]:
    return [row for row in table.get_children() if "…" in table.item(row, "text")]


def is_shortened(label: tk.Misc) -> bool:
    return str(label.cget("text")).startswith("seven") and "…" in str(label.cget("text"))


def labels_in(parent: tk.Misc) -> list[tk.Misc]:
    children = parent.winfo_children()
    found = [each for each in children if each.winfo_class() == "TLabel" and each.winfo_viewable()]
    return found + [label for child in children for label in labels_in(child)]


def uneven_pictures(parent: tk.Misc) -> list[str]:
    """Return a line for each row of pictures of which one hangs lower than the others."""
    pictures = [each for each in parent.winfo_children() if isinstance(each, Heatmap)]
    tops = {each.winfo_rooty() for each in pictures if each.winfo_viewable()}
    lines = [f"tops {sorted(tops)}: {parent}"] if len(tops) > 1 else []
    return lines + [line for child in parent.winfo_children() for line in uneven_pictures(child)]


def test_no_scrollbar_stands_in_a_view_without_a_unit(app: App) -> None:
    app.geometry("1024x572")
    view = app.show_view("Network")
    view.select_tab(view.unit_panel)
    view.unit_panel.clear()
    view.refresh("shown")
    app.update()
    wait_until(lambda: view.winfo_height() <= view.master.master.winfo_height(), app)


def problems(app: App) -> list[str]:
    return [
        *cut_off(app), *values_cut_off(app), *texts_on_each_other(app), *covered_plots(app),
        *uneven_pictures(app),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "height", "zoom"), SIZES)
def test_nothing_is_cut_off_in_any_view(app: App, width: int, height: int, zoom: float) -> None:
    app.view_menu.zoom_to(zoom)
    app.geometry(f"{width}x{height}")
    wait_until(lambda: app.winfo_width() == max(width, app.minsize()[0]), app)
    found: dict[str, list[str]] = {}
    for name, show in pages(app).items():
        show()
        app.update()
        try:
            wait_until(lambda: not problems(app), app, 2)
        except pytest.fail.Exception:
            found[name] = problems(app)
    app.view_menu.zoom_to(1.0)
    assert not found, "\n".join(
        f"{name}: {line}" for name, lines in found.items() for line in lines
    )


def test_start_stands_below_the_fields_and_stays_in_view(app: App) -> None:
    training, experiments = app.show_view("Training"), app.show_view("Experiments")
    pages = ((training.show_settings, training.settings_page),
             (experiments.show_form, experiments.experiment_form))  # fmt: skip
    for title, (show, page) in zip(("Training", "Experiments"), pages, strict=True):
        app.show_view(title)
        show()

        def gap(page: tk.Misc = page) -> int:
            advanced, start = page.form.advanced_button, page.start_button
            return start.winfo_rooty() - advanced.winfo_rooty() - advanced.winfo_height()

        for height, most in ((860, 80), (560, 10**6), (860, 80)):
            app.geometry(f"1280x{height}")
            wait_until(lambda height=height: app.winfo_height() == height, app)
            wait_until(lambda most=most: gap() < most and not cut_off(app), app, 5)
        page.form.show_advanced(True)
        wait_until(lambda: gap() > 80 and not cut_off(app), app, 5)
        page.form.show_advanced(False)
        wait_until(lambda: 0 < gap() < 80, app, 5)


def test_with_small_text_the_plots_of_runs_keep_their_height(app: App) -> None:
    app.view_menu.zoom_to(0.8)
    app.geometry("1024x560")
    app.show_view("Experiments").show_runs()
    select_runs(app)
    wait_until(lambda: app.winfo_height() == 560, app)
    plots = app.show_view("Experiments").runs_page.plots
    wait_until(lambda: plots.winfo_height() > 180, app, 5)
    wait_until(lambda: not problems(app), app, 5)
    app.view_menu.zoom_to(1.0)


def test_text_is_no_larger_than_the_screen_has_room_for(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tk.Misc, "winfo_screenwidth", lambda self: 1024)
    monkeypatch.setattr(tk.Misc, "winfo_screenheight", lambda self: 600)
    for zoom in (1.75, 2.25):
        app.view_menu.zoom_to(zoom)
        width, height = app.main_layout.min_size()
        assert width <= 1024 and height <= 500
        assert ("no room on this screen" in app.status.message) == (zoom > 1.75)
    shown = app.main_layout.min_size()[0]
    app.view_menu.zoom(-1)
    assert app.main_layout.min_size()[0] < shown, "from what is shown"
    app.view_menu.zoom_to(1.0)
