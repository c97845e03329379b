"""Tabs: every title is read whole, however narrow the window and however large its text."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest
from window_support import Hand, wait_until

from number_recognition.window.app import App
from number_recognition.window.widgets.tabs import Tabs, rows


def test_titles_take_a_second_row_before_a_menu() -> None:
    widths = [80, 50, 70, 70, 110, 80, 50]
    assert rows(widths, 510) == [range(7)]
    assert rows(widths, 509) == [range(4), range(4, 7)]
    assert rows(widths, 269) == []


def readable(tabs: Tabs) -> bool:
    """Whether each title stands whole in the strip, or the menu has room for the longest."""
    strip, menu = tabs._strip, tabs._menu
    if menu.winfo_ismapped():
        return Tabs.min_width(tabs) <= menu.winfo_width() and menu["text"] == tabs.title
    return all(
        button.winfo_width() >= button.winfo_reqwidth()
        and button.winfo_x() + button.winfo_width() <= strip.winfo_width()
        and button.winfo_y() + button.winfo_height() <= strip.winfo_height()
        for button in tabs._buttons
    )


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0])
def test_titles_are_read_whole_and_come_to_rest_at_every_width(app: App, zoom: float) -> None:
    app.view_menu.zoom_to(zoom)
    found: dict[int, tuple[int, int]] = {}
    widths = [app.minsize()[0], 900, 1000, 1100, 1200, 1300, 1440]
    # Down again: what a width looks like must not depend on how the window came to it.
    for width in [*widths, *reversed(widths)]:
        app.geometry(f"{width}x700")
        wait_until(lambda width=width: app.winfo_width() in (width, app.minsize()[0]), app)
        for _ in range(3):
            app.update()
        place = (app.views.winfo_width(), app.views._strip.winfo_height())
        assert readable(app.views), (width, place)
        assert found.setdefault(app.winfo_width(), place) == place
    on_progress: list[tk.Event] = []
    app.views.bind("<Configure>", on_progress.append)
    for _ in range(20):
        app.update()
    assert not on_progress


def test_arrow_keys_and_ctrl_tab_go_from_view_to_view(app: App, hand: Hand) -> None:
    app.views._buttons[0].focus_force()
    app.update()
    hand.press("Right", "Right")
    assert app.views.title == "Training"
    hand.press("Left", "ctrl+Tab", "ctrl+Tab", "ctrl+shift+Tab")
    assert app.views.title == "Training"
    wait_until(lambda: type(app.views.current).__name__ == "TrainingView", app)
    hand.click(app.views._buttons[6])
    assert app.views.title == "Files"


def test_where_two_rows_are_too_narrow_a_menu_brings_pages_to_the_top(app: App) -> None:
    tabs = Tabs(app)
    for title in app.views.titles:
        tabs.add(ttk.Frame(tabs), title)
    tabs.place(x=0, y=0, width=160, height=200)
    wait_until(tabs._menu.winfo_ismapped, app)
    tabs._entries.invoke(3)
    wait_until(lambda: tabs.index("current") == 3, app)
    assert tabs._menu["text"] == "Results" and tabs._menu.winfo_width() >= tabs.min_width()
    tabs.place(width=700)
    wait_until(tabs._buttons[3].winfo_ismapped, app)
    assert tabs._buttons[3].instate(["selected"]) and not tabs._menu.winfo_ismapped()
