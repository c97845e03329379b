"""Numbers of several digits on the pad: boxes, the chosen digit, and its correction."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from number_drawings import number_drawing
from window_support import ONE, SEVEN, Points, UserInput, list_kept_files, wait_until

from number_recognition.core.formatting import percent
from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.window.app import App
from Recognition import SHIPPED

pytestmark = pytest.mark.skipif(
    not Path(SHIPPED).exists(), reason="reading numbers needs the bundled network"
)


def at(points: Points, left: float) -> Points:
    """A digit drawn small, in the middle of the height of the pad."""
    return [(left + 0.4 * (x - 80), 90 + 0.4 * y) for x, y in points]


@pytest.fixture
def number(app: App, user: UserInput) -> App:
    """The window with 7 and 1 on the pad."""
    user.draw(at(SEVEN, 40))
    user.draw(at(ONE, 150))
    wait_until(lambda: app.session.number is not None, app)
    wait_until(lambda: app.prediction_panel.digit == "71", app)
    return app


def test_boxes_and_the_number_appear(number: App) -> None:
    assert number.pad.digit_boxes.texts == ["7", "1"]
    assert number.session.prediction.digit == 7
    seven, one = (piece.prediction.probability for piece in number.session.number.pieces)
    panel = number.prediction_panel
    assert panel.text == f"{percent(seven * one)} sure", "of the number"
    assert panel.detail == f"Chosen, 1 of 2: 7 ({percent(seven)})"
    number.draw_menu.choose_digit(1)
    assert panel.text == f"{percent(seven * one)} sure", "whichever is chosen"
    assert panel.detail == f"Chosen, 2 of 2: 1 ({percent(one)})"
    panel.unsure_below = one + 1e-6
    number.draw_menu.choose_digit(1)
    assert panel.text == f"Unsure: {percent(seven * one)}"
    assert panel.detail.startswith("Chosen, 2 of 2: 1") and "? (" in panel.detail


def recorded_texts(app: App, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The digits and the line below them, each time that the panel shows an answer."""
    panel, show = app.prediction_panel, app.prediction_panel.show
    texts: list[tuple[str, str]] = []

    def record(*answer: object, is_image: bool = False) -> None:
        show(*answer, is_image=is_image)
        texts.append((panel.digit, panel.text))

    monkeypatch.setattr(panel, "show", record)
    return texts


def test_a_number_that_is_still_being_read_is_not_called_no_digit(
    app: App, user: UserInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    user.draw(at(SEVEN, 40))
    wait_until(lambda: app.prediction_panel.digit == "7", app)
    texts = recorded_texts(app, monkeypatch)
    user.draw(at(ONE, 150))
    wait_until(lambda: app.prediction_panel.digit == "71", app)
    assert not [text for _, text in texts if "doesn't look like" in text]


def test_an_opened_number_is_shown_once_it_is_read(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    assert app.prediction_panel.digit == "7"
    texts = recorded_texts(app, monkeypatch)
    app.put_on_pad(rasterize(number_drawing(7, 1, 3), 400))
    assert (app.prediction_panel.digit, app.prediction_panel.text) == ("", "Reading …")
    wait_until(lambda: app.prediction_panel.digit == "713", app)
    assert {digits for digits, _ in texts} == {"713"}


def test_a_single_digit_has_no_box(app: App, user: UserInput) -> None:
    user.draw(SEVEN)
    assert app.session.number is None and app.pad.digit_boxes.texts == []


def test_arrow_keys_and_a_click_choose_a_digit(number: App, user: UserInput) -> None:
    user.press("Right")
    wait_until(lambda: number.session.prediction.digit == 1, number)
    assert "2 of 2" in number.prediction_panel.detail
    strokes = number.session.content.drawing.strokes
    user.draw([at(SEVEN, 40)[3]])
    wait_until(lambda: number.session.prediction.digit == 7, number)
    assert number.session.content.drawing.strokes == strokes


def test_the_views_follow_the_chosen_digit(number: App) -> None:
    view = number.show_view("Network")
    wait_until(lambda: len(view.activations) and view.activations[-1].argmax() == 7, number)
    number.draw_menu.choose_digit(1)
    wait_until(lambda: view.activations[-1].argmax() == 1, number)
    robustness = number.show_view("Robustness")
    one = percent(number.session.prediction.probability)
    wait_until(lambda: robustness.text == f"Prediction from the strokes: 1 ({one}).", number)


def test_each_digit_is_corrected_kept_and_undone_by_itself(
    number: App, user: UserInput, tmp_path: Path
) -> None:
    user.press("3")
    wait_until(lambda: number.prediction_panel.digit == "31", number)
    assert number.session.number is not None and number.session.number.index == 1
    user.press("4")
    wait_until(lambda: number.prediction_panel.digit == "34", number)
    assert number.prediction_panel.text == "Corrected", "no figure of the network"
    assert sorted(path.parent.name for path in list_kept_files(tmp_path)) == ["3", "4"]
    assert len(number.session.content.drawing.strokes) == 2
    user.press("ctrl+z")
    wait_until(lambda: number.prediction_panel.digit == "31", number)
    assert [path.parent.name for path in list_kept_files(tmp_path)] == ["3"]
    user.press("ctrl+z")
    wait_until(lambda: number.prediction_panel.digit == "71", number)
    assert not list_kept_files(tmp_path)
    user.press("ctrl+y")
    wait_until(lambda: number.prediction_panel.digit == "31", number)
    assert [path.parent.name for path in list_kept_files(tmp_path)] == ["3"]


def test_what_is_no_digit_is_left_out_of_the_number(number: App, user: UserInput) -> None:
    user.press("n")
    wait_until(lambda: number.prediction_panel.digit == "1", number)
    assert number.pad.digit_boxes.texts == ["", "1"]


def test_read_as_one_digit_is_saved(number: App, tmp_path: Path) -> None:
    number.draw_menu.toggle_single_digit()
    assert number.session.number is None and number.pad.digit_boxes.texts == []
    assert json.loads((tmp_path / "config.json").read_text())["window"]["single_digit"] is True
    number.draw_menu.toggle_single_digit()
    wait_until(lambda: number.prediction_panel.digit == "71", number)


def test_clearing_the_pad_takes_the_boxes_away(number: App, user: UserInput) -> None:
    number.draw_menu.clear()
    assert number.pad.digit_boxes.texts == [] and number.prediction_panel.digit == ""
    number.undo()
    wait_until(lambda: number.prediction_panel.digit == "71", number)


def test_the_digits_of_an_opened_image_are_boxed_and_kept(
    app: App, user: UserInput, tmp_path: Path
) -> None:
    app.put_on_pad(rasterize(number_drawing(7, 1, 3), 400))
    wait_until(lambda: app.prediction_panel.digit == "713", app)
    lefts = [piece.box[0] for piece in app.session.number.pieces]
    assert lefts == sorted(lefts) and 0 < lefts[0] < lefts[-1] < PAD
    app.pad.canvas.focus_force()
    user.press("2")
    wait_until(lambda: app.prediction_panel.digit == "213", app)
    assert [path.parent.name for path in list_kept_files(tmp_path)] == ["2"]
