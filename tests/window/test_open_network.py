"""Networks that others made, opened in the window."""

from __future__ import annotations

from pathlib import Path

import network_files
import pytest
from window_support import SEVEN, find_button, visible_texts, wait_until

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.window.app import App


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the dialog for opening a network answers, under "name"."""
    answer: dict[str, str] = {}
    monkeypatch.setattr(
        "number_recognition.window.model_menu.filedialog.askopenfilename",
        lambda **options: answer["name"],
    )
    return answer


def test_the_older_format_is_converted_when_asked_for_and_used(
    app: App, tmp_path: Path, choose: dict[str, str]
) -> None:
    old = network_files.write_legacy(tmp_path / "old.h5", [0.55, *[0.05] * 9])
    (tmp_path / "old.keras").write_text("something else")
    before = app.session.network_path
    choose["name"] = str(old)
    app.model_menu.open_network()
    assert "old.h5 is in Keras's older format" in app.status.message
    assert app.session.network_path == before
    app.update()
    find_button(app.status, "Convert to old-2.keras").invoke()
    wait_until(lambda: app.session.network_path == tmp_path / "old-2.keras", app, 300)
    assert app.status.message.startswith("Network in use: ")
    assert (tmp_path / "old.keras").read_text() == "something else"
    assert_one_digit_is_said(app)


def assert_one_digit_is_said(app: App) -> None:
    """A network of ten outputs is in use: numbers are not read, and the window says why."""
    text = "It reads one digit at a time: to read numbers, train with the setting “No digit”"
    assert text in app.status.message
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    assert any(text in each for each in visible_texts(app.status)), "still there when one writes"
    assert app.command_state.marks()["single_digit"] is True
    app.notify("")
    app.draw_menu.toggle_single_digit()
    assert text in app.status.message and not app.session.config.window.single_digit


def test_a_pointer_in_place_of_a_network_is_named(
    app: App, tmp_path: Path, choose: dict[str, str]
) -> None:
    (tmp_path / "a.keras").write_text("version https://git-lfs.github.com/spec/v1\n")
    choose["name"] = str(tmp_path / "a.keras")
    app.model_menu.open_network()
    assert "a.keras: expected a network (.keras), found a Git LFS pointer" in app.status.message
