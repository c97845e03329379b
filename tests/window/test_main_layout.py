"""Pad, answer and views share the window so that no text is cut off, however large it is."""

from __future__ import annotations

import pytest
from window_support import SEVEN, wait_until

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.window.app import App


def resized(app: App, width: int, height: int) -> None:
    app.geometry(f"{width}x{height}")
    least = app.minsize()
    size = (max(width, least[0]), max(height, least[1]))
    wait_until(lambda: (app.winfo_width(), app.winfo_height()) == size, app)
    for _ in range(3):
        app.update()


@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5])
def test_in_the_smallest_window_no_probability_is_cut_off(app: App, zoom: float) -> None:
    app.view_menu.zoom_to(zoom)
    resized(app, 100, 100)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    app.update()
    bars = app.prediction_panel.bars
    items = bars.find_all()
    boxes = [bars.bbox(item) for item in items if bars.type(item) == "rectangle"]
    ends = [box[2] for box in boxes if box is not None]
    percentages = [item for item in items if bars.type(item) == "text"][1::2]
    assert len(percentages) == len(bars.texts)
    for item in percentages:
        left, top, right, bottom = bars.bbox(item)
        assert max(ends) <= left and right <= bars.winfo_width() + 1
        assert top >= -2 and bottom <= bars.winfo_height() + 2
    assert app.tools.winfo_width() >= app.tools.min_width
    assert app.views.winfo_width() >= app.views.winfo_reqwidth()


def test_large_text_makes_the_views_wider(app: App) -> None:
    resized(app, 1400, 700)
    before = app.views.winfo_width()
    app.view_menu.zoom_to(1.5)
    resized(app, 1400, 760)
    assert app.views.winfo_width() > before


def test_simple_mode_makes_the_pad_wider(app: App) -> None:
    resized(app, 1200, 700)
    before = app.main_layout.pad_column.winfo_width()
    app.view_menu.toggle_simple()
    resized(app, 1200, 700)
    assert app.main_layout.pad_column.winfo_width() > before + 300
    resized(app, 600, 560)
    assert app.winfo_width() < 700
    app.view_menu.toggle_simple()
    wait_until(lambda: app.winfo_width() == app.minsize()[0], app)
    assert app.views.winfo_ismapped()


def test_in_the_smallest_window_no_button_of_a_drawing_is_cut_off(app: App) -> None:
    resized(app, 100, 100)
    view = app.show_view("Drawings")
    for _ in range(3):
        app.update()
    for button in view.details.buttons.values():
        assert button.winfo_width() >= button.winfo_reqwidth()
        assert button.winfo_rootx() + button.winfo_width() <= app.winfo_rootx() + app.winfo_width()


def test_clearing_the_pad_survives_resizing(app: App) -> None:
    resized(app, 1400, 860)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    app.update()
    app.draw_menu.clear()
    resized(app, 1100, 620)
    assert app.pad.canvas.itemcget(app.pad.renderer.item, "state") == "hidden"
