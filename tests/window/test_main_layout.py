"""Pad, answer and views share the window so that no text is cut off, however large it is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from tkinter import font as tkfont

import numpy as np
import pytest
from visible_text import cut_off, values_cut_off, wait_until_whole
from window_support import SEVEN, UserInput, close, open_window, wait_until

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.learning.models.prediction import Prediction
from number_recognition.storage.config_file import read_config
from number_recognition.storage.files import write_json, write_text
from number_recognition.window.app import App
from number_recognition.window.prediction.probability_bars import ProbabilityBars
from number_recognition.window.toolkit.theme import CAPTION, set_scaling
from number_recognition.window.toolkit.view import EmptyPage


def resized(app: App, width: int, height: int) -> None:
    app.geometry(f"{width}x{height}")
    least = app.minsize()
    size = (max(width, least[0]), max(height, least[1]))
    wait_until(lambda: (app.winfo_width(), app.winfo_height()) == size, app)
    for _ in range(4):
        app.update()


def texts_of_bars_fit(bars: ProbabilityBars) -> bool:
    """Whether the name and the number of each bar are on the canvas and not on each other."""
    texts = [item for item in bars.find_all() if bars.type(item) == "text"]
    boxes = [bars.bbox(item) for item in texts if bars.itemcget(item, "text")]
    inside = all(
        box[0] >= -1 and box[2] <= bars.winfo_width() + 1 and box[3] <= bars.winfo_height() + 2
        for box in boxes
    )
    pairs = zip(boxes[::2], boxes[1::2], strict=True)
    return inside and all(name[2] <= share[0] for name, share in pairs)


SIZES = [
    (1024, 540, 1.75),
    (1024, 540, 1.0),
    (1280, 740, 1.5),
    (1920, 1020, 0.8),
    (3840, 2100, 1.75),
]
"""Width and height of the window, and the size of the text."""


def test_no_text_is_cut_off_or_covered(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    app.show_view("Training")
    for width, height, zoom in SIZES:
        app.view_menu.zoom_to(zoom)
        resized(app, width, height)
        assert app.winfo_height() <= max(height, 560), "higher than a low screen"
        for title in app.views.titles[:3]:
            app.show_view(title)
            wait_until_whole(app, app.main_layout.pad_column, (title, width, zoom))
        bars = app.prediction_panel.bars
        assert not bars.winfo_viewable() or texts_of_bars_fit(bars), (width, zoom)
        app.view_menu.toggle_simple()
        resized(app, width, height)
        wait_until_whole(app, app.main_layout.pad_column, ("simple", width, zoom))
        app.view_menu.toggle_simple()


A = (((90, 220), (140, 60), (190, 220)), ((110, 160), (170, 160)))


@pytest.mark.parametrize("zoom", [1.0, 1.75])
def test_a_refused_letter_is_answered_in_full_on_a_low_screen(app: App, zoom: float) -> None:
    app.view_menu.zoom_to(zoom)
    resized(app, 1024, 572)
    app.put_on_pad(Drawing(tuple(Stroke(points) for points in A)))
    wait_until(lambda: app.prediction_panel.detail, app)
    wait_until_whole(app, app.main_layout.pad_column, zoom)


def test_the_bars_stand_apart_and_grow_where_there_is_room(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    resized(app, 1360, 740)
    bars = app.prediction_panel.bars
    wait_until(lambda: texts_of_bars_fit(bars), app)
    tracks = [bars.coords(item) for item in bars.find_all() if bars.type(item) == "rectangle"][::2]
    first, second, below = tracks[0], tracks[1], tracks[5]
    assert second[0] - first[2] >= 24, "between two columns"
    assert below[1] - first[3] >= 28, "between two rows"
    assert app.pad.winfo_height() >= 300
    column = app.main_layout.pad_column

    def heights() -> list[int]:
        texts = [item for item in bars.find_all() if bars.type(item) == "text"]
        name = next(item for item in texts if bars.itemcget(item, "text") == "7")
        _, top, _, bottom = bars.bbox(name)
        labels = (app.prediction_panel.answer.digit_label, column.preprocessing_strip)
        return [bottom - top, *(label.winfo_height() for label in labels)]

    usual = heights()
    resized(app, 1920, 1020)
    assert heights() == usual
    resized(app, 3840, 2100)
    assert all(large > 1.5 * small for small, large in zip(usual, heights(), strict=True))
    wait_until_whole(app, column, "large")
    assert texts_of_bars_fit(bars)
    resized(app, 1360, 740)
    assert heights() == usual


@pytest.mark.parametrize("count", [10, 11])
def test_a_name_and_its_number_stay_apart_in_every_size(bare_window: tk.Tk, count: int) -> None:
    bars = ProbabilityBars(bare_window)
    bars.place(x=0, y=0)
    bars.set_outputs(count)
    outputs = np.full(count, 1e-6, np.float32)
    outputs[7] = 1 - 1e-5
    bars.show(Prediction.of(outputs))
    for width in range(160, 620, 8):
        height = bars.needed_height(width)
        bars.place_configure(width=width, height=height)
        bare_window.update()
        texts = [item for item in bars.find_all() if bars.type(item) == "text"]
        for name, share in zip(texts[::2], texts[1::2], strict=True):
            gap = bars.bbox(share)[0] - bars.bbox(name)[2]
            assert gap >= 4, (width, height, bars.grid_shape, bars.itemcget(name, "text"))


def test_the_first_screen_shows_nothing_twice(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    app.update()
    activation_map = app.show_view("Network").activation_map
    numbers = [share for _, share in activation_map.bars.texts if share]
    assert numbers == [] and [grid.layer for grid in activation_map.grids] == [0, 1, 2]
    assert any(share for _, share in app.prediction_panel.bars.texts)


def test_simple_mode_makes_the_pad_and_the_answer_larger(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    resized(app, 1200, 700)
    before = app.pad.winfo_height(), app.prediction_panel.answer.digit_label.winfo_height()
    app.view_menu.toggle_simple()
    resized(app, 1200, 700)
    assert app.pad.winfo_height() > before[0] + 50
    assert app.prediction_panel.answer.digit_label.winfo_height() > 1.5 * before[1]
    assert not app.views.winfo_ismapped() and not app.main_layout.sash.winfo_ismapped()
    app.view_menu.toggle_simple()
    app.update()
    assert app.views.winfo_ismapped()


def test_the_splitter_is_dragged_moved_by_keys_and_put_back(app: App, user: UserInput) -> None:
    resized(app, 1400, 700)
    column, sash = app.main_layout.pad_column, app.main_layout.sash
    before = column.winfo_width()
    sash.event_generate("<B1-Motion>", rootx=sash.winfo_rootx() + 109)
    wait_until(lambda: abs(column.winfo_width() - before - 100) < 3, app)
    user.click(sash)
    user.press("Left")
    wait_until(lambda: abs(column.winfo_width() - before - 76) < 5, app)
    sash.event_generate("<B1-Motion>", rootx=app.winfo_rootx() + 5000)
    app.update()
    assert app.views.winfo_width() >= app.views.min_width(), "the views keep their least width"
    sash.event_generate("<<SashReset>>")
    wait_until(lambda: column.winfo_width() == before, app)


def test_a_view_fills_the_window_on_one_key_and_comes_back(app: App, user: UserInput) -> None:
    resized(app, 1280, 740)
    pad, views = app.pad.winfo_width(), app.views.winfo_width()
    app.views.buttons[1].invoke()
    app.pad.canvas.focus_set()
    user.press("F8")
    wait_until(lambda: app.views.winfo_width() > views + 150, app)
    assert 100 < app.pad.winfo_width() < pad
    wait_until_whole(app, app.main_layout.pad_column, "filled")
    user.draw(SEVEN)
    assert app.session.content, "the small pad is drawn on"
    user.press("Escape")
    wait_until(lambda: app.views.winfo_width() == views, app)
    assert app.pad.winfo_width() == pad


def test_a_plot_below_the_pointer_fills_the_window(app: App, user: UserInput) -> None:
    resized(app, 1280, 740)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    view = app.show_view("Network")
    app.update()
    panel = view.attribution_panel
    before = panel.winfo_width(), panel.winfo_height()
    user.click(panel)
    user.press("F8")
    wait_until(lambda: panel.winfo_height() > 0.9 * view.winfo_height(), app)
    assert panel.winfo_width() > before[0] + 150
    user.press("Escape")
    wait_until(lambda: (panel.winfo_width(), panel.winfo_height()) == before, app)
    user.press("F8")
    wait_until(lambda: panel.winfo_height() > 0.9 * view.winfo_height(), app)
    app.choose_view("Robustness")
    app.choose_view("Network")
    user.press("Escape")
    wait_until(lambda: (panel.winfo_width(), panel.winfo_height()) == before, app)


def test_the_window_opens_as_it_was_closed(display: str, network: Path, tmp_path: Path) -> None:
    app, _ = open_window(network, tmp_path)
    before = read_config(tmp_path / "config.json")
    app.geometry("1111x666+30+40")
    app.main_layout.set_split(0.6)
    app.choose_view("Training")
    wait_until(lambda: app.winfo_width() == 1111, app)
    close(app)
    assert read_config(tmp_path / "config.json") == before
    again = App(network, tmp_path / "config.json")
    wait_until(lambda: again.pad.winfo_viewable() and again.winfo_width() == 1111, again)
    assert again.geometry() == "1111x666+30+40"
    assert again.views.title == "Training" and again.main_layout.split == 0.6
    close(again)


@pytest.fixture
def scaling(display: str) -> Iterator[float]:
    """That of a screen of twice the dpi; Tk keeps it for all windows until it is set back."""
    probe = tk.Tk()
    before = float(probe.tk.call("tk", "scaling"))
    yield 2 * 96 / 72
    probe.tk.call("tk", "scaling", before)
    probe.destroy()


def test_on_a_screen_of_twice_the_dpi_the_window_opens_as_large_and_whole(
    scaling: float, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))  # without MNIST
    state = {"geometry": "700x430+30+40", "dpi": 96.0, "splitter": 0.9, "view": "Training"}
    write_json(tmp_path / "window.json", state)
    app = App(network, tmp_path / "config.json", scaling=scaling)
    wait_until(lambda: app.views.current is not None and app.winfo_width() > 1390, app)
    assert abs(app.winfo_height() - 860) < 10 and app.winfo_width() < 1410
    wait_until(lambda: not cut_off(app) + values_cut_off(app), app)
    training = app.views.current
    training.show_progress_page()
    curves = training.progress_page.curves
    wait_until(curves.widget.winfo_viewable, app)
    app.update()
    line = tkfont.nametofont(CAPTION, app).metrics("linespace")
    assert curves.plots[0].title.get_window_extent().height < 1.3 * line
    for title in ("Network", "Results", "Drawings"):
        pages = app.show_view(title).empty_pages
        wait_until(lambda pages=pages: any(is_whole(app, page) for page in pages), app)
    close(app)


def test_on_a_small_screen_of_many_dpi_all_lengths_are_smaller(
    scaling: float, bare_window: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for screen, dpi in (((1440, 900), 192), ((1024, 600), 131), ((640, 480), 96), ((320, 240), 96)):
        for name, pixels in zip(("width", "height"), screen, strict=True):
            monkeypatch.setattr(tk.Misc, f"winfo_screen{name}", lambda self, pixels=pixels: pixels)
        set_scaling(bare_window, scaling)
        assert abs(bare_window.winfo_fpixels("1i") - dpi) < 1


def is_whole(app: App, page: EmptyPage) -> bool:
    """Whether all of an empty page is seen, its button above the status bar."""
    bottom = page.button.winfo_rooty() + page.button.winfo_height()
    is_above = bottom < app.status.winfo_rooty()
    return bool(page.button.winfo_viewable()) and is_above and not cut_off(page)


@pytest.mark.parametrize(
    "text",
    ["{", '{"geometry": "9x9+1+1", "splitter": "x", "view": 7}', '{"geometry": "800x600+99999+0"}'],
)
def test_what_is_remembered_wrongly_stops_nothing(
    display: str, network: Path, tmp_path: Path, text: str
) -> None:
    write_text(tmp_path / "window.json", text)
    app = App(network, tmp_path / "config.json")
    wait_until(lambda: app.pad.winfo_viewable(), app)
    assert app.winfo_width() >= 600 and app.winfo_rootx() < app.winfo_screenwidth()
    close(app)


def test_in_the_smallest_window_no_button_of_a_drawing_is_cut_off(app: App) -> None:
    resized(app, 100, 100)
    view = app.show_view("Drawings")
    for _ in range(3):
        app.update()
    for button in view.details.buttons.values():
        assert button.winfo_width() >= button.winfo_reqwidth()
        assert button.winfo_rootx() + button.winfo_width() <= app.winfo_rootx() + app.winfo_width()


@pytest.mark.parametrize("size", [(100, 100), (1000, 600), (1100, 620), (1280, 740)])
def test_the_network_view_is_laid_out_a_few_times_after_a_resize(
    app: App, size: tuple[int, int]
) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    view = app.show_view("Network")
    heights: list[int] = []

    def count(event: tk.Event[tk.Misc]) -> None:
        heights.append(event.height)
        if len(heights) > 30:  # ends an endless alternation, so that the test fails
            view.unbind("<Configure>")

    view.bind("<Configure>", count, add=True)
    for show in (
        lambda: view.select_tab(view.attribution_panel),
        lambda: view.select_tab(view.counterfactual_panel),
        lambda: view.activation_map.select_unit((0, 0)),
    ):
        heights.clear()
        show()
        resized(app, 1400, 860)
        resized(app, *size)
        assert len(heights) <= 30, heights


def test_clearing_the_pad_survives_resizing(app: App) -> None:
    resized(app, 1400, 860)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    app.update()
    app.draw_menu.clear()
    resized(app, 1100, 620)
    assert app.pad.canvas.itemcget(app.pad.renderer.item, "state") == "hidden"


def test_the_digit_buttons_are_one_stop_of_tab_with_arrow_keys(app: App, user: UserInput) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    resized(app, 1280, 740)
    buttons = app.prediction_panel.buttons
    stops: list[tk.Misc] = [b for b in buttons if app.tk.getboolean(app.tk.call("tk::FocusOK", b))]
    assert stops == [buttons[0]]
    buttons[0].focus_force()
    app.update()
    user.press("Right", "Right", "Right")
    wait_until(lambda: app.focus_get() is buttons[3], app)
    user.press("space")
    wait_until(lambda: app.session.counters.kept[3] == 1, app)
