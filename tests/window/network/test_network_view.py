"""The Network view in a real window: activations while drawing, and explanations."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from digit_images import write_mnist
from network_files import smooth_network
from visible_text import cut_off
from window_support import (
    ONE,
    SEVEN,
    BareContext,
    Points,
    UserInput,
    descendants,
    one_stroke,
    set_content,
    show_view,
    use_network,
    wait_until,
)

from number_recognition.core.formatting import digit_name
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.learning.explanation.attribution import Contributions, contributions
from number_recognition.session.session import Session
from number_recognition.window.app import App
from number_recognition.window.network.attribution_panel import (
    describe_attribution,
    describe_figures,
)
from number_recognition.window.network.network_view import NetworkView
from number_recognition.window.network.regions import REGIONS
from number_recognition.window.toolkit.theme import apply_theme
from number_recognition.window.widgets.heatmaps import Heatmap
from Recognition import Recognizer, frame_drawing

FOOT: Points = [(90, 225), (190, 225)]


@pytest.fixture
def view(bare_context: BareContext) -> NetworkView:
    view = NetworkView(bare_context.window, bare_context)
    show_view(view)
    return view


def test_without_drawing_or_network_the_view_asks_for_a_drawing(view: NetworkView) -> None:
    assert view.activations == []
    assert "Draw a digit" in view.hint
    use_network(view.session, None)
    for reason in ("network", "drawing", "corrections", "theme", "shown"):
        view.refresh(reason)
    assert "Draw a digit" in view.attribution_panel.text


def test_activations_of_every_layer_are_shown(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    assert [len(part) for part in view.activations] == [30, 20, 10]
    digit = view.session.prediction.digit
    assert view.activations[-1].argmax() == digit
    wait_until(lambda: digit_name(digit) in view.attribution_panel.text, view)


def test_a_tab_chosen_right_after_a_stroke_leaves_the_map_up_to_date(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    before = view.activations
    view.session.predict(one_stroke(ONE))
    view.refresh("drawing")
    view.select_tab(view.unit_panel)
    wait_until(lambda: view.activations is not before, view)


def test_click_on_a_cell_shows_its_unit(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    left, top, right, bottom = view.activation_map.grids[1].box(7)
    x, y = (left + right) // 2, (top + bottom) // 2
    view.activation_map.event_generate("<Motion>", x=x, y=y)
    assert view.hint == f"Layer 2, unit 8 of 20: {view.activations[1][7]:.3f}"
    view.activation_map.event_generate("<Button-1>", x=x, y=y)
    assert view.activation_map.selected == (1, 7)
    assert view.unit_panel.title == "Layer 2, unit 8 of 20"
    wait_until(lambda: not view.unit_panel.busy, view)
    assert "No kept drawings" in view.unit_panel.samples_text
    assert not sample_pictures(view)


def sample_pictures(view: NetworkView) -> list[Heatmap]:
    """The pictures of samples that are on the screen, the first one left."""
    view.update()
    heatmaps = [each for each in descendants(view.unit_panel) if isinstance(each, Heatmap)]
    return [each for each in heatmaps[1:] if each.winfo_viewable()]


def test_most_activating_kept_drawings_are_shown(view: NetworkView, tmp_path: Path) -> None:
    for points, label in ((SEVEN, 7), (ONE, 1)):
        set_content(view, one_stroke(points))
        view.session.keep(label)
    view.refresh("corrections")
    view.activation_map.select_unit((0, 3))
    wait_until(lambda: not view.unit_panel.busy, view)
    text = view.unit_panel.samples_text
    assert text.startswith("Most activating of your 2 kept drawings. With MNIST,")
    assert len(sample_pictures(view)) == 2
    assert all(each.pixels is not None for each in sample_pictures(view)), "no empty frames"
    mnist = write_mnist(tmp_path / "mnist.npz")
    view.session.preferences.change("paths", {"mnist": str(mnist)})
    view.refresh("shown")
    view.activation_map.select_unit((0, 4))
    wait_until(lambda: view.unit_panel.samples_text == "Most activating of 22 samples:", view)
    assert len(sample_pictures(view)) == 6


def test_arrow_keys_move_the_selection(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    window, activation_map = view.winfo_toplevel(), view.activation_map
    window.focus_force()
    activation_map.focus_set()
    wait_until(lambda: window.focus_get() is activation_map, window)
    selected = []
    for key in ("Right", "Right", "Down", "Next", "Next", "Down", "Prior", "Left"):
        activation_map.event_generate(f"<{key}>")
        selected.append(activation_map.selected)
    below = 1 + activation_map.grids[0].columns
    last = [(1, below), (2, below), (2, below + 1), (1, below + 1), (1, below)]
    assert selected == [(0, 0), (0, 1), (0, below), *last]


def test_another_network_clears_a_selection_that_it_does_not_have(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    view.activation_map.select_unit((1, 15))
    use_network(view.session, smooth_network((12,)))
    view.refresh("network")
    assert view.activation_map.selected is None
    assert [len(part) for part in view.activations] == [12, 10]


def test_counterfactual_is_recognized_as_the_target(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    panel = view.counterfactual_panel
    view.select_tab(panel)
    digit = view.session.prediction.ranking()[1][0]
    panel.buttons[digit].invoke()
    wait_until(lambda: not panel.busy, view)
    assert panel.counterfactual.succeeded
    pixels = panel.counterfactual.pixels
    assert view.session.recognizer.predict_pixels(pixels[None])[0].argmax() == digit
    assert panel.text.startswith(f"Becomes {digit_name(digit)} (")
    panel.buttons[view.session.prediction.digit].invoke()
    wait_until(lambda: not panel.busy, view)
    assert "already" in panel.text
    set_content(view, one_stroke(SEVEN[:-1]))
    marked = [b["text"] for b in panel.buttons if str(b["style"]) == "Accent.TButton"]
    assert marked == [str(panel.target)], "which digit was chosen stays marked"


def test_another_digit_can_be_explained(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    other = (view.session.prediction.digit + 1) % 10
    view.attribution_panel.explain(other)
    assert digit_name(other) in view.attribution_panel.text


def test_theme_and_size_can_change(view: NetworkView) -> None:
    window = view.winfo_toplevel()
    set_content(view, one_stroke(SEVEN))
    view.activation_map.select_unit((1, 3))
    for theme, zoom in (("dark", 2.0), ("light", 0.5)):
        apply_theme(window, theme, zoom)
        window.geometry("420x560" if zoom == 2 else "1200x800")
        window.update()
        view.refresh("theme")
        window.update()
    wait_until(lambda: not view.unit_panel.busy, view)


def test_a_unit_is_shown_whole_in_the_height_that_the_view_asks_for(view: NetworkView) -> None:
    apply_theme(view.context.window, "light", 1.5)
    set_content(view, one_stroke(SEVEN))
    view.activation_map.select_unit((0, 3))
    wait_until(lambda: view.unit_panel.samples_text, view)

    def is_whole() -> bool:
        view.context.window.geometry(f"640x{view.needed_height()}")
        view.update()
        return view.winfo_height() == view.needed_height() and not cut_off(view)

    wait_until(is_whole, view, 5)


def test_a_large_network_is_updated_with_every_motion(view: NetworkView) -> None:
    use_network(view.session, smooth_network((1600, 1152, 640)))
    set_content(view, one_stroke(SEVEN))
    view.refresh("network")
    for count in range(2, len(SEVEN) + 1):
        set_content(view, one_stroke(SEVEN[:count]))
        wait_until(lambda: np.array_equal(view.activations[-1], output(view.session)), view)


def test_a_drawing_that_changes_between_two_steps_is_shown(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    # As under load: the next change comes after the map was painted and before its tab.
    seen: list[bool] = []

    def change() -> None:
        view.session.set_content(one_stroke(ONE))
        view.refresh("drawing")

    def show_and_change_once(*shown: object) -> None:
        show(*shown)
        if not seen:
            seen.append(True)
            view.after_idle(change)

    show, view.activation_map.show = view.activation_map.show, show_and_change_once
    view.refresh("drawing")
    wait_until(lambda: seen and np.array_equal(view.activations[-1], output(view.session)), view)


def output(session: Session) -> np.ndarray:
    """Return the network's output for what is on the pad."""
    return session.recognizer.network(session.prediction.frame.pixels[None])[0]


def test_description_names_the_strongest_region() -> None:
    pixels = np.zeros((28, 28), np.float32)
    values = np.zeros((28, 28), np.float32)
    pixels[4:8, 20:24] = 1
    values[4:8, 20:24] = 0.5
    values[20:24, 4:8] = -0.25
    attribution = Contributions(7, values, 5.0, 1.0)
    assert describe_attribution(attribution, pixels) == (
        "It looks like a 7 mostly because there is ink at the upper right. It looks less like a 7 "
        "because there is no ink at the lower left."
    )
    assert "+8.0 and -4.0" in describe_figures(attribution, pixels)
    unlike = describe_attribution(dataclasses.replace(attribution, score=-5.0), pixels)
    assert unlike.startswith("It does not look like a 7. What speaks for one most: there is ink")


@pytest.mark.parametrize(
    ("spot", "against"),
    [
        (None, "Almost nothing speaks against it."),
        ((20, 4), "A little speaks against it: there is no ink at the lower left."),
        ((4, 20), "A little in the same place speaks against it."),
    ],
)
def test_a_dark_spot_against_the_digit_is_mentioned(
    spot: tuple[int, int] | None, against: str
) -> None:
    """Though what is for the digit in the same region outweighs it."""
    pixels = np.zeros((28, 28), np.float32)
    values = np.zeros((28, 28), np.float32)
    pixels[4:8, 20:24] = 1
    values[4:8, 20:24] = 0.5
    values[20:24, 4:8] = 0.05
    if spot is not None:
        values[spot] = -0.5
    text = describe_attribution(Contributions(7, values, 5.0, 1.0), pixels)
    assert text.endswith(f"because there is ink at the upper right. {against}")


def test_ink_is_called_missing_only_where_the_drawing_has_none(network: Path) -> None:
    """A one with a foot, and a seven with one: both look unusual at the bottom."""
    recognizer = Recognizer.load(network)
    for points in (ONE, SEVEN):
        drawing = Drawing((Stroke(tuple(points)), Stroke(tuple(FOOT))))
        pixels = frame_drawing(drawing).pixels
        for digit in range(10):
            text = describe_attribution(contributions(recognizer.network, pixels, digit), pixels)
            for region in REGIONS:
                has_ink = pixels[region.slices].max() >= 0.2
                assert not (has_ink and f"no ink {region.name}" in text), text
                assert has_ink or f"ink {region.name}" not in text.replace("no ink", "none"), text


def test_attribution_is_exact_once_the_pen_stops(view: NetworkView) -> None:
    set_content(view, one_stroke(SEVEN))
    panel = view.attribution_panel
    panel.show(view.session.recognizer.network, view.session.prediction)
    exact = panel.text, panel.details
    set_content(view, one_stroke(SEVEN[:-1]))
    set_content(view, one_stroke(SEVEN))
    wait_until(lambda: not panel.busy, view)
    assert (panel.text, panel.details) == exact


def test_the_network_view_is_updated_while_drawing(app: App, user: UserInput) -> None:
    app.choose_view("Network")
    wait_until(lambda: isinstance(app.views.current, NetworkView), app)
    view = app.views.current
    user.draw(SEVEN)
    wait_until(lambda: view.activations, app)
    digit = app.session.prediction.digit
    assert view.activations[-1].argmax() == digit
    wait_until(lambda: digit_name(digit) in view.attribution_panel.text, app)
