"""The answer in the window: sure, unsure, refused as no digit, or nothing for a blank pad."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from network_files import answering
from window_support import (
    SEVEN,
    UserInput,
    close_afterwards,
    list_kept_files,
    open_window,
    wait_until,
)

from number_recognition.core.formatting import percent
from number_recognition.storage.files import write_json
from number_recognition.window.app import App
from number_recognition.window.network.network_view import NetworkView
from number_recognition.window.prediction.answer import Answer
from number_recognition.window.toolkit.theme import palette

SURE = {"d4": 0.95, "none": 0.01}
UNSURE = {"d4": 0.6, "d9": 0.3, "none": 0.01}
HARDLY_A_DIGIT = {"d4": 0.5, "none": 0.4}
REFUSED = {"d4": 0.2, "none": 0.7}
TEN_OUTPUTS = {"d4": 0.6, "d9": 0.3}

OpenWith = Callable[..., App]


@pytest.fixture
def open_with(display: str, tmp_path: Path) -> Iterator[OpenWith]:
    """Opens the window with a network of certain answers, and with settings in config.json."""
    windows = []

    def open_with_answers(answers: dict[str, float], **recognition: float) -> App:
        network = answering(tmp_path / "answers.keras", **answers)
        write_json(tmp_path / "config.json", {"recognition": recognition})
        window, errors = open_window(network, tmp_path)
        windows.append(close_afterwards(window, errors))
        return next(windows[-1])

    yield open_with_answers
    for window in windows:
        next(window, None)


def drawn_with(app: App) -> App:
    UserInput(app).draw(SEVEN)
    return app


def colour(app: App) -> str:
    """The colour of the large digit."""
    return str(app.prediction_panel.answer.digit_label["foreground"])


def test_a_sure_answer_looks_sure(open_with: OpenWith) -> None:
    app = drawn_with(open_with(SURE))
    panel = app.prediction_panel
    assert (panel.digit, panel.text, panel.detail) == ("4", "95.0 % sure", "")
    assert colour(app) == palette(app).text


def test_an_unsure_answer_names_the_second_guess(open_with: OpenWith) -> None:
    app = drawn_with(open_with(UNSURE))
    assert app.prediction_panel.digit == "4"
    assert app.prediction_panel.text == "Perhaps a 4 – or a 9"
    assert colour(app) == palette(app).faint


def test_the_second_guess_can_be_no_digit(open_with: OpenWith) -> None:
    app = drawn_with(open_with(HARDLY_A_DIGIT))
    assert app.prediction_panel.text == "Perhaps a 4 – or no digit"
    assert app.prediction_panel.bars.texts[4] == ("4", "50.0 %")


def test_what_is_refused_is_said_with_the_best_guess_below(open_with: OpenWith) -> None:
    app = drawn_with(open_with(REFUSED))
    panel = app.prediction_panel
    assert (panel.digit, panel.text) == ("", "This doesn't look like a digit")
    assert panel.detail == "Best guess: a 4"
    shares = [text for _, text in panel.bars.texts]
    assert len(shares) == 11 and all(shares)
    assert panel.bars.texts[10] == ("no digit", "70.0 %")


def test_nothing_is_said_of_a_blank_pad(open_with: OpenWith) -> None:
    app = open_with(REFUSED)
    panel = app.prediction_panel
    assert (panel.digit, panel.text, panel.detail) == ("", "Draw a digit", "")
    drawn_with(app)
    app.draw_menu.clear()
    assert (panel.digit, panel.text, panel.detail) == ("", "Draw a digit", "")
    assert not any(share for _, share in panel.bars.texts)


def test_ten_outputs_say_nothing_of_no_digit(open_with: OpenWith) -> None:
    app = drawn_with(open_with(TEN_OUTPUTS))
    panel = app.prediction_panel
    assert [name for name, _ in panel.bars.texts] == [str(digit) for digit in range(10)]
    assert panel.text == "Perhaps a 4 – or a 9"


def test_another_network_brings_its_outputs(open_with: OpenWith, tmp_path: Path) -> None:
    app = drawn_with(open_with(TEN_OUTPUTS))
    app.session.load_network(answering(tmp_path / "eleven.keras", **REFUSED))
    app.network_changed()
    assert app.prediction_panel.bars.texts[10] == ("no digit", "70.0 %")
    app.session.load_network(tmp_path / "answers.keras")
    app.network_changed()
    assert len(app.prediction_panel.bars.texts) == 10


@pytest.mark.parametrize(
    ("answers", "settings", "text"),
    [
        (UNSURE, {"unsure_below": 0.5}, "60.0 % sure"),
        (SURE, {"unsure_below": 0.99}, "Perhaps a 4 – or no digit"),
        (REFUSED, {"refuse_above": 0.8}, "Perhaps a 4 – or no digit"),
        (HARDLY_A_DIGIT, {"refuse_above": 0.3}, "This doesn't look like a digit"),
    ],
)
def test_the_limits_are_set_in_config_json(
    open_with: OpenWith, answers: dict[str, float], settings: dict[str, float], text: str
) -> None:
    app = drawn_with(open_with(answers, **settings))
    assert app.prediction_panel.text == text


def test_the_column_is_as_wide_for_every_answer(open_with: OpenWith, tmp_path: Path) -> None:
    app = drawn_with(open_with(SURE))
    width = app.prediction_panel.answer.winfo_width()
    for answers in (UNSURE, REFUSED, HARDLY_A_DIGIT):
        app.session.load_network(answering(tmp_path / "other.keras", **answers))
        app.network_changed()
        app.update()
        assert app.prediction_panel.answer.winfo_width() == width


def test_n_keeps_a_counterexample_and_one_undo_brings_it_back(
    open_with: OpenWith, tmp_path: Path
) -> None:
    app = drawn_with(open_with(SURE))
    user = UserInput(app)
    user.press("n")
    assert app.status.message == "Kept as no digit (1 new)."
    kept = list((tmp_path / "images" / "fine_tuning_counterexamples").rglob("*.png"))
    assert [path.parent.name for path in kept] == ["not_a_digit"] and not list_kept_files(tmp_path)
    assert not app.session.content
    user.press("ctrl+z")
    assert app.session.content and not kept[0].exists()


@pytest.mark.parametrize(("answers", "can"), [(SURE, True), (TEN_OUTPUTS, False)])
def test_counterexamples_alone_can_be_learnt_where_no_digit_is_an_output(
    open_with: OpenWith, answers: dict[str, float], can: bool
) -> None:
    app = drawn_with(open_with(answers))
    assert not app.session.can_fine_tune
    UserInput(app).press("n")
    assert app.session.can_fine_tune == can


def network_view_of(app: App) -> NetworkView:
    view = drawn_with(app).show_view("Network")
    wait_until(lambda: len(view.activations) == 2, app)
    return view


def test_the_network_view_has_a_bar_for_no_digit(open_with: OpenWith) -> None:
    app = open_with(REFUSED)
    view = network_view_of(app)
    app.view_menu.enlarge()
    app.update()
    assert len(view.activation_map.bars.texts) == 11
    name, share = view.activation_map.bars.texts[10]
    # "none" where the view is too narrow for a bar beside "no digit".
    assert name in ("no digit", "none") and share == percent(0.7)
    view.activation_map.select_unit((1, 10))
    assert view.unit_panel.title == "Output for no digit"
    text = view.attribution_panel.text
    assert text.startswith("This doesn't look like a digit; the best guess is a 4. ")


def test_the_network_view_has_ten_bars_for_ten_outputs(open_with: OpenWith) -> None:
    view = network_view_of(open_with(TEN_OUTPUTS))
    assert [name for name, _ in view.activation_map.bars.texts] == list("0123456789")


@pytest.mark.parametrize(
    ("answers", "shown"),
    [(REFUSED, "no digit (70.0 %)"), (UNSURE, "4 or 9? (60.0 %)"), (SURE, "4 (95.0 %)")],
)
def test_the_robustness_view_puts_answers_the_same_way(
    open_with: OpenWith, answers: dict[str, float], shown: str
) -> None:
    app = drawn_with(open_with(answers))
    view = app.show_view("Robustness")
    wait_until(lambda: view.text == f"Prediction from the strokes: {shown}.", app)


@pytest.mark.parametrize(
    ("answers", "row"),
    [
        (SURE, ("4", "95.0 %")),
        (UNSURE, ("4 or 9?", "60.0 %")),
        (HARDLY_A_DIGIT, ("4?", "50.0 %")),
        (REFUSED, ("no digit", "70.0 %")),
    ],
)
def test_the_files_view_lists_answers_the_same_way(
    open_with: OpenWith, tmp_path: Path, answers: dict[str, float], row: tuple[str, str]
) -> None:
    from PIL import Image

    pixels = np.full((40, 40), 255, np.uint8)
    pixels[8:32, 18:22] = 0
    Image.fromarray(pixels).save(tmp_path / "one.png")
    app = open_with(answers)
    view = app.show_view("Files")
    view.list_files([tmp_path / "one.png"])
    wait_until(lambda: view.rows and view.rows[0][1], app)
    assert view.rows == [("one.png", *row)]


BOTH_RULES = pytest.mark.parametrize(
    ("answers", "settings"), [(REFUSED, {}), (HARDLY_A_DIGIT, {"refuse_above": 0.3})]
)


@BOTH_RULES
def test_the_drawings_view_says_what_was_refused(
    open_with: OpenWith, answers: dict[str, float], settings: dict[str, float]
) -> None:
    app = open_with(answers, **settings)
    for key in ("4", "n"):
        drawn_with(app)
        UserInput(app).press(key)
    view = app.show_view("Drawings")
    wait_until(lambda: len(view.drawings.groups["Misread"]) == 1, app)
    [digit] = view.drawings.groups["Misread"]
    assert digit.label == 4
    view.thumbnails.select([digit])
    wait_until(
        lambda: (
            f"reads no digit: {percent(answers['none'])}, best guess a 4"
            in view.details.description
        ),
        app,
    )


def test_a_counterexample_that_is_read_as_a_digit_is_misread(open_with: OpenWith) -> None:
    app = drawn_with(open_with(SURE))
    UserInput(app).press("n")
    view = app.show_view("Drawings")
    wait_until(lambda: len(view.drawings.groups["Misread"]) == 1, app)


@BOTH_RULES
def test_results_count_what_was_refused(
    open_with: OpenWith, answers: dict[str, float], settings: dict[str, float]
) -> None:
    app = drawn_with(open_with(answers, **settings))
    UserInput(app).press("4")
    view = app.show_view("Results")
    view.evaluate_on("kept")
    wait_until(lambda: view.result is not None, app, 60)
    assert "0 % of 1 right on the kept drawings, 100 % refused as no digit" in view.summary
    view.matrix.select((4, 10))
    assert view.images.caption == ("A 4 read as no digit: 1 image, the highest confidence first")


@pytest.mark.parametrize("stacked", [False, True])
def test_a_number_of_too_many_digits_is_cut_and_its_text_is_not(
    bare_window: tk.Tk, stacked: bool
) -> None:
    answer = Answer(bare_window)
    answer.place(x=0, y=0, width=400, height=160)
    answer.show(" ".join(["07418529"] * 8), "90.9 % sure", "Chosen, 1 of 64: 0", is_sure=True)
    answer.arrange(400, 160, stacked=stacked)
    bare_window.update()
    shown = answer.digit_label["text"]
    assert shown.endswith(" …") and answer.digit.startswith(shown[:20])
    labels = [answer.digit_label, *answer.digit_label.master.winfo_children()[1].winfo_children()]
    for label in labels:
        right = label.winfo_rootx() + label.winfo_reqwidth()
        assert right <= answer.winfo_rootx() + 400, label["text"]
    answer.show("71", "90.9 % sure", "", is_sure=True)
    assert answer.digit_label["text"] == "71"
