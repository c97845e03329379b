"""Tabs: titles are never cut off, in a narrow window and with large text."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest
from window_support import UserInput, wait_until

from number_recognition.window.app import App
from number_recognition.window.widgets.tabs import Tabs, visible_titles


def test_titles_that_do_not_fit_are_in_the_menu() -> None:
    widths = [80, 50, 70, 70, 110, 80, 50]
    assert visible_titles(widths, 0, 510, 60) == [*range(7)]
    assert visible_titles(widths, 0, 509, 60) == [*range(5)]
    assert visible_titles(widths, 6, 300, 60) == [0, 1, 6], "the selected one is shown"
    assert visible_titles(widths, 4, 150, 60) == []


def readable(tabs: Tabs) -> bool:
    """Whether the selected title and each other one that is shown fit into the one row."""
    shown = [button for button in tabs.buttons if button.winfo_ismapped()]
    if tabs.menu_button.winfo_ismapped():
        shown.append(tabs.menu_button)
    else:
        assert len(shown) == len(tabs.titles)
    selected = tabs.buttons[tabs.index("current")]
    is_named = selected in shown or tabs.menu_button["text"] == tabs.title
    return is_named and all(
        button.winfo_width() >= button.winfo_reqwidth()
        and button.winfo_x() + button.winfo_width() <= tabs.bar.winfo_width()
        and button.winfo_y() + button.winfo_height() == tabs.bar.winfo_height()
        for button in shown
    )


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0])
def test_titles_fit_and_do_not_move_at_any_width(app: App, zoom: float) -> None:
    app.view_menu.zoom_to(zoom)
    sizes: dict[int, tuple[int, int]] = {}
    widths = [app.minsize()[0], 900, 1000, 1100, 1200, 1300, 1440]
    # Back again: the arrangement must not depend on the previous width.
    for width in [*widths, *reversed(widths)]:
        app.geometry(f"{width}x700")
        wait_until(lambda width=width: app.winfo_width() in (width, app.minsize()[0]), app)
        for _ in range(3):
            app.update()
        size = (app.views.winfo_width(), app.views.bar.winfo_height())
        assert readable(app.views), (width, size)
        assert sizes.setdefault(app.winfo_width(), size) == size
    resized: list[tk.Event] = []
    app.views.bind("<Configure>", resized.append)
    for _ in range(20):
        app.update()
    assert not resized


def test_arrow_keys_and_ctrl_tab_select_the_next_view(app: App, user: UserInput) -> None:
    app.views.buttons[0].focus_force()
    app.update()
    user.press("Right", "Right")
    assert app.views.title == "Training"
    user.press("Left", "ctrl+Tab", "ctrl+Tab", "ctrl+shift+Tab")
    assert app.views.title == "Training"
    wait_until(lambda: type(app.views.current).__name__ == "TrainingView", app)
    app.views.menu.invoke(6)
    assert app.views.title == "Files"


def test_a_menu_selects_pages_where_no_title_fits(app: App) -> None:
    tabs = Tabs(app)
    for title in app.views.titles:
        tabs.add(ttk.Frame(tabs), title)
    tabs.place(x=0, y=0, width=140, height=200)
    wait_until(tabs.menu_button.winfo_ismapped, app)
    tabs.menu.invoke(3)
    wait_until(lambda: tabs.index("current") == 3, app)
    assert (
        tabs.menu_button["text"] == "Results" and tabs.menu_button.winfo_width() >= tabs.min_width()
    )
    tabs.place(width=700)
    wait_until(tabs.buttons[3].winfo_ismapped, app)
    assert tabs.buttons[3].instate(["selected"]) and not tabs.menu_button.winfo_ismapped()
