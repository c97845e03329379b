"""Views with nothing to show say what they show, and offer the button that fills them."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from digit_images import drawing
from window_support import (
    UserInput,
    use_network,
    visible_texts,
    wait_until,
)

from number_recognition.window.app import App

BUTTONS = {
    "Network": "Draw an example",
    "Robustness": "Draw an example",
    "Results": "Download MNIST and evaluate",
    "Experiments": "New experiment",
    "Drawings": "Import drawings …",
    "Files": "Choose folder …",
}


@pytest.fixture
def app(empty_app: App) -> App:
    return empty_app


def descendants(parent: tk.Misc) -> list[tk.Misc]:
    return [parent, *(each for child in parent.winfo_children() for each in descendants(child))]


def is_in_front(widget: tk.Misc) -> bool:
    """Whether the middle of a widget is on the screen, and not covered."""
    x = widget.winfo_rootx() + widget.winfo_width() // 2
    y = widget.winfo_rooty() + widget.winfo_height() // 2
    return widget.winfo_viewable() and widget.winfo_containing(x, y) is widget


def wait_for_button(app: App, view: tk.Misc, text: str) -> tk.Misc:
    """Wait until the button with this text is in front, and return it."""

    def find() -> list[tk.Misc]:
        buttons = [each for each in descendants(view) if each.winfo_class() == "TButton"]
        return [each for each in buttons if each["text"] == text and is_in_front(each)]

    app.update()  # what is shown in a moment may cover a button of the same text
    wait_until(find, app)
    return find()[0]


def test_an_empty_view_offers_the_button_that_fills_it(app: App) -> None:
    for title, text in BUTTONS.items():
        view = app.show_view(title)
        button = wait_for_button(app, view, text)
        page = button.master.master
        middle = page.winfo_rootx() + page.winfo_width() // 2
        assert abs(button.winfo_rootx() + button.winfo_width() // 2 - middle) < 8, title
        assert button.winfo_height() > 1.25 * app.prediction_panel.buttons[0].winfo_height(), title
        [sentence] = visible_texts(page)
        assert sentence.endswith("."), title
        bars = [each for each in descendants(view) if each.winfo_class() == "TScrollbar"]
        assert not any(map(is_in_front, bars)), f"{title}: a scrollbar of nothing"


def test_the_button_fills_the_view(app: App) -> None:
    view = app.show_view("Network")
    wait_for_button(app, view, "Draw an example").invoke()
    wait_until(lambda: is_in_front(view.activation_map), app)
    assert app.session.prediction.digit is not None and len(view.activations) > 0
    app.draw_menu.clear()
    button = wait_for_button(app, view, "Draw an example")
    before = count_commands(app)
    for _ in range(20):
        button.invoke()
        app.draw_menu.clear()
        app.update()
    assert count_commands(app) < before + 20, "covering a view again leaves nothing behind"


def count_commands(app: App) -> int:
    """How many commands Tk has: each function that a widget was given is one."""
    return len(app.tk.splitlist(app.tk.call("info", "commands")))


def test_without_a_network_a_key_says_why_nothing_is_kept(app: App, user: UserInput) -> None:
    use_network(app.session, None)
    app.draw_menu.put_on_pad(drawing(7).drawing)
    app.pad.canvas.focus_force()
    user.press("1")
    assert app.status.message.startswith("There is no network to read it with: Model ▸ Open")
    assert app.session.content, "the drawing stays on the pad"


def test_without_a_network_one_can_be_opened(
    app: App, monkeypatch: pytest.MonkeyPatch, network: Path
) -> None:
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **options: str(network))
    use_network(app.session, None)
    for title in ("Robustness", "Network"):
        view = app.show_view(title)
        button = wait_for_button(app, view, "Open network …")
    button.invoke()
    wait_for_button(app, view, "Draw an example")
    assert app.session.recognizer is not None
