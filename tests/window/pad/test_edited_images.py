"""An opened image can be cropped, drawn on and erased, each as one step of undo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from number_drawings import number_drawing
from PIL import Image
from window_support import ONE, UserInput, wait_until

from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.window.app import App
from Recognition import SHIPPED

pytestmark = pytest.mark.skipif(
    not Path(SHIPPED).exists(), reason="reading numbers needs the bundled network"
)


@pytest.fixture
def number(app: App) -> App:
    """The window with an image of 7, 1 and 3."""
    app.put_on_pad(rasterize(number_drawing(7, 1, 3), 400))
    wait_until(lambda: app.prediction_panel.digit == "713", app)
    return app


def box_of(app: App, index: int) -> tuple[float, float, float, float]:
    return app.session.number.pieces[index].box


def test_the_pen_draws_on_an_image(app: App, user: UserInput) -> None:
    paper = Image.new("RGB", (300, 300), (250, 240, 200))
    app.put_on_pad(paper)
    user.draw(ONE)
    wait_until(lambda: app.prediction_panel.digit == "1", app)
    pixels = np.asarray(app.session.content.image)
    assert pixels[150, 150].max() < 60 and tuple(pixels[5, 5]) == (250, 240, 200)
    assert not app.session.content.drawing
    user.press("ctrl+z")
    assert app.session.content.image == paper and app.pad.image is app.session.content.image


def test_the_eraser_takes_ink_off_an_image(number: App, user: UserInput) -> None:
    left, top, right, bottom = box_of(number, 0)
    rows = np.arange(top - 5, bottom + 10, 8)
    path = [(x, y) for y in rows for x in (left - 10, right + 8)]
    user.press("e")
    user.draw(path)
    wait_until(lambda: number.prediction_panel.digit == "13", number)
    user.press("ctrl+z")
    wait_until(lambda: number.prediction_panel.digit == "713", number)


def test_an_image_is_cropped_to_a_rectangle(number: App, user: UserInput) -> None:
    left, top, right, bottom = box_of(number, 0)
    before = number.session.content.image
    user.press("c")
    user.drag([(left - 12, top - 12), (left, top), (right + 12, bottom + 12)])
    assert number.session.content.image is before
    user.press("Return")
    wait_until(lambda: number.prediction_panel.digit == "7", number)
    assert number.session.content.image.width < before.width / 2
    user.press("ctrl+z")
    wait_until(lambda: number.prediction_panel.digit == "713", number)
    assert number.session.content.image == before


def test_an_image_is_cropped_by_keys_alone(number: App, user: UserInput) -> None:
    before = number.session.content.image.size
    user.press("c")
    user.press(*["shift+Left"] * 10, *["shift+Up"] * 5, "Right", "Right", "Down", "Return")
    wait_until(lambda: number.session.content.image.size != before, number)
    expected = 400 * (1 - 40 / 280), 400 * (1 - 20 / 280)
    assert number.session.content.image.size == pytest.approx(expected, abs=1)
    assert number.status.message == "Cropped."


def test_escape_ends_cropping_and_the_pen_draws_again(number: App, user: UserInput) -> None:
    before = number.session.content.image
    user.press("c", "Escape")
    assert number.session.content.image is before and number.status.message == "Not cropped."
    user.draw([(100, 250), (180, 250)])
    assert number.session.content.image is not before
    assert number.session.content.image.size == before.size


def test_without_an_image_cropping_says_what_to_do(app: App, user: UserInput) -> None:
    user.press("c")
    assert "Open image" in app.status.message


def test_blank_paper_is_called_blank(app: App) -> None:
    app.put_on_pad(Image.new("L", (200, 200), 240))
    assert app.prediction_panel.text.startswith("Blank") and app.prediction_panel.digit == ""


def test_a_digit_of_an_opened_image_is_chosen_by_a_click(number: App, user: UserInput) -> None:
    left, top, right, bottom = box_of(number, 2)
    before = number.session.content.image
    user.draw([((left + right) / 2, (top + bottom) / 2)])
    wait_until(lambda: "3 of 3" in number.prediction_panel.detail, number)
    assert number.session.content.image is before
    assert number.session.prediction.digit == 3
