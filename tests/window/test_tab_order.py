"""Tab goes from one widget that can be seen to the next, and each shows that it has the focus."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from functools import partial

import pytest
from PIL import Image, ImageChops, ImageGrab
from window_support import UserInput, wait_until

from number_recognition.digits.drawing.examples import example
from number_recognition.window.app import App


@pytest.fixture
def app(empty_app: App) -> App:
    return empty_app


def screen(app: App, display: str) -> Image.Image:
    app.update()
    return ImageGrab.grab(xdisplay=display)


def box_of(widget: tk.Misc) -> tuple[int, int, int, int]:
    """Where a widget is on the screen, with three pixels around it."""
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    return left - 3, top - 3, left + widget.winfo_width() + 3, top + widget.winfo_height() + 3


def is_marked(app: App, widget: tk.Misc, before: Image.Image, display: str) -> bool:
    """Whether a widget looks different from before; a plot is drawn a moment later."""
    changed = ImageChops.difference(before, screen(app, display))
    return changed.crop(box_of(widget)).getbbox() is not None


def show_and_focus_pad(app: App, view: str) -> None:
    app.show_view(view)
    app.pad.canvas.focus_force()
    wait_until(lambda: app.focus_get() is app.pad.canvas, app)


def stops(app: App) -> Iterator[tk.Misc]:
    """Each widget that has the focus while Tab is pressed, from the pad until it is there again."""
    keyboard = UserInput(app)
    while True:
        before = app.focus_get()
        keyboard.press("Tab")
        wait_until(lambda before=before: app.focus_get() not in (before, None), app)
        if app.focus_get() is app.pad.canvas:
            return
        yield app.focus_get()


@pytest.mark.parametrize("has_drawing", [False, True])
def test_every_stop_shows_that_it_has_the_focus(app: App, display: str, has_drawing: bool) -> None:
    if has_drawing:
        app.put_on_pad(example(1))
    for view in app.views.titles:
        show_and_focus_pad(app, view)
        before = screen(app, display)
        for widget in stops(app):
            wait_until(partial(is_marked, app, widget, before, display), app)


def test_tab_goes_from_the_tabs_to_what_is_beside_them(app: App) -> None:
    views = app.views
    show_and_focus_pad(app, "Network")
    order = list(stops(app))
    assert order.index(views.buttons[0]) < order.index(views.menu_button)
    assert order[-1] is views.current.empty_page.button


def test_shift_tab_goes_back(app: App) -> None:
    show_and_focus_pad(app, "Network")
    last = list(stops(app))[-1]
    UserInput(app).press("shift+Tab")
    wait_until(lambda: app.focus_get() is last, app)
