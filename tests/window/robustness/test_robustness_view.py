"""The Robustness view in a real window: sliders, prediction and chart."""

from __future__ import annotations

import numpy as np
import pytest
from window_support import (
    SEVEN,
    BareContext,
    one_stroke,
    set_content,
    show_view,
    use_network,
    wait_until,
)

from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.session.perturbation import NEUTRAL, RANGES, Perturbation
from number_recognition.session.session import PadContent
from number_recognition.window.network.network_view import NetworkView
from number_recognition.window.robustness.robustness_view import RobustnessView
from number_recognition.window.toolkit.theme import apply_theme


@pytest.fixture
def view(bare_context: BareContext) -> RobustnessView:
    view = RobustnessView(bare_context.window, bare_context)
    show_view(view)
    return view


def test_the_view_opens_with_what_the_pad_reads(view: RobustnessView) -> None:
    set_content(view, one_stroke(SEVEN))
    assert np.allclose(view.prediction.outputs, view.session.prediction.outputs, atol=1e-6)
    assert view.text.startswith("Prediction from the strokes: ")
    content = PadContent(image=rasterize(one_stroke(SEVEN).drawing))
    set_content(view, content)
    assert view.text.startswith("Prediction from the image: ")
    set_content(view, one_stroke(SEVEN))
    assert view.uses_strokes


def test_prediction_follows_the_sliders(view: RobustnessView) -> None:
    view.set_input("image")
    set_content(view, one_stroke(SEVEN))
    image = rasterize(one_stroke(SEVEN).drawing, 140)
    assert view.prediction.digit == view.session.recognizer.predict(image).digit
    before = view.prediction.probabilities
    view.set_slider("turn", 60)
    view.update()
    assert view.perturbation == Perturbation(turn=60)
    assert not np.allclose(view.prediction.probabilities, before)
    assert view.text.startswith("Prediction from the image: ")
    view.reset()
    view.update()
    assert view.perturbation == NEUTRAL
    assert np.allclose(view.prediction.probabilities, before)


def test_chart_covers_the_range_of_the_last_slider(view: RobustnessView) -> None:
    set_content(view, one_stroke(SEVEN))
    view.set_slider("scale", 60)
    wait_until(lambda: not view.busy, view)
    values = [value for value, _ in view.chart.curve.points]
    assert (values[0], values[-1]) == (RANGES["scale"].low, RANGES["scale"].high)
    assert view.chart.text.startswith("Scale: ")
    assert "recognized as a" in view.chart.text


def test_prediction_from_strokes_does_not_depend_on_position_and_size(
    view: RobustnessView,
) -> None:
    set_content(view, one_stroke(SEVEN))
    view.set_input("strokes")
    view.update()
    before = view.prediction.probabilities
    view.set_slider("right", 30)
    view.set_slider("scale", 40)
    view.update()
    assert view.text.startswith("Prediction from the strokes: ")
    assert np.allclose(view.prediction.probabilities, before, atol=1e-4)


def test_an_image_on_the_pad_has_no_strokes(view: RobustnessView) -> None:
    view.set_input("strokes")
    set_content(view, PadContent(image=rasterize(one_stroke(SEVEN).drawing)))
    assert not view.uses_strokes
    for name, bounds in RANGES.items():
        for value in (bounds.low, bounds.high):
            view.set_slider(name, value)
            view.update()
        view.reset()
    view.update()
    assert view.prediction.digit is not None


def test_theme_can_change(view: RobustnessView) -> None:
    set_content(view, one_stroke(SEVEN))
    wait_until(lambda: not view.busy, view)
    light = view.chart.cget("background")
    apply_theme(view.winfo_toplevel(), "dark", 1.5)
    view.refresh("theme")
    assert view.chart.cget("background") != light
    wait_until(lambda: not view.busy, view)


def test_requested_size_does_not_depend_on_the_contents(
    view: RobustnessView, bare_context: BareContext
) -> None:
    window = bare_context.window
    network_view = NetworkView(window, bare_context)
    show_view(network_view)
    views = (view, network_view)
    sizes = {(each.winfo_reqwidth(), each.winfo_reqheight()) for each in views}
    for width in range(300, 1000, 90):
        window.geometry(f"{width}x700")
        for each in views:
            set_content(each, one_stroke(SEVEN))
            sizes.add((each.winfo_reqwidth(), each.winfo_reqheight()))
    assert len(sizes) == 1


def test_without_drawing_or_network_the_view_asks_for_a_drawing(view: RobustnessView) -> None:
    assert "Draw a digit" in view.text
    use_network(view.session, None)
    set_content(view, one_stroke(SEVEN))
    assert "Draw a digit" in view.text
    assert view.chart.curve is None


@pytest.mark.parametrize("source", ["image", "strokes"])
def test_the_chart_of_a_drawing_that_was_cleared_meanwhile_raises_nothing(
    view: RobustnessView, source: str
) -> None:
    set_content(view, one_stroke(SEVEN))
    view.set_input(source)
    wait_until(lambda: view.chart.curve is not None, view)
    view.set_slider("turn", 10)
    view.update()
    assert view.busy
    view.session.set_content(PadContent())  # the window tells the view of it a little later
    wait_until(lambda: not view.busy, view)
    assert view.chart.curve.value == 10
