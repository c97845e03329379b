"""The Network view and Test my network, in a real window: what they show as a person draws."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

import numpy as np
import pytest
from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.learning.models.explanation import Contributions
from number_recognition.learning.models.numpy_network import Layer, NumpyNetwork
from number_recognition.session.pad_content import PadContent
from number_recognition.session.perturbation import (
    NEUTRAL,
    RANGES,
    Perturbation,
    changed_drawing,
    perturb,
)
from number_recognition.session.session import Session
from number_recognition.window.network.attribution_panel import in_words
from number_recognition.window.network.layout import SMALLEST, Measures, compute_layout
from number_recognition.window.network.network_view import NetworkView
from number_recognition.window.robustness.robustness_view import RobustnessView
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import apply_theme
from number_recognition.window.toolkit.view import View
from Recognition import Recognizer
from tests.window_support import ONE, SEVEN, BareContext, close, wait_until


def drawn(points) -> PadContent:
    return PadContent(drawing=Drawing((Stroke(tuple(points)),)))


def blobs_network(widths: tuple[int, ...] = (30, 20)) -> NumpyNetwork:
    """A network with random weights that look for smooth shapes."""
    rng = np.random.default_rng(1)
    sizes = (784, *widths, 10)
    layers = []
    for number, units in enumerate(sizes[1:]):
        weights = rng.normal(0, 1, (sizes[number], units)) / np.sqrt(sizes[number] / 9)
        last = number == len(widths)
        layers.append(
            Layer(
                weights.astype(np.float32),
                np.zeros(units, np.float32),
                "softmax" if last else "relu",
            )
        )
    return NumpyNetwork(tuple(layers))


@pytest.fixture
def window(display: str) -> Iterator[tk.Tk]:
    """A bare window; a callback that raises fails the test."""
    root = tk.Tk()
    errors: list[BaseException] = []
    root.report_callback_exception = lambda kind, error, trace: errors.append(error)
    apply_theme(root, "light", 1.0)
    root.geometry("640x760+0+0")
    yield root
    root.update()
    close(root)
    if errors:
        raise errors[0]


@pytest.fixture
def session(tmp_path, monkeypatch) -> Session:
    """A desk with a small network, a home of its own, and no MNIST."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    session = Session(tmp_path / "none.keras", tmp_path / "config.json")
    session.recognizer = Recognizer(blobs_network())
    return session


def shown(view: View) -> View:
    view.pack(fill="both", expand=True)
    view.update()
    view.refresh("shown")
    view.update()
    return view


@pytest.fixture
def view(window: tk.Tk, session: Session) -> NetworkView:
    return shown(NetworkView(window, BareContext(window, session)))


@pytest.fixture
def trial_view(window: tk.Tk, session: Session) -> RobustnessView:
    return shown(RobustnessView(window, BareContext(window, session)))


def draw(view: View, page: PadContent) -> None:
    view.session.set_content(page)
    view.refresh("drawing")
    view.update()


def test_without_a_drawing_or_a_network_the_view_says_what_to_do(view):
    assert view.answers == []
    assert "Draw a digit" in view.hint
    view.session.recognizer = None
    for reason in ("network", "drawing", "corrections", "theme", "shown"):
        view.refresh(reason)
    assert "Draw a digit" in view.reasons.sentence


def test_the_drawing_flows_through_every_layer(view):
    draw(view, drawn(SEVEN))
    assert [len(part) for part in view.answers] == [30, 20, 10]
    assert view.answers[-1].argmax() == view.session.prediction.digit
    wait_until(lambda: f"a {view.session.prediction.digit}" in view.reasons.sentence, view)


def test_a_click_on_a_square_shows_its_unit(view):
    draw(view, drawn(SEVEN))
    tile = view.flow.tiles[2]
    left, top, right, bottom = tile.box(7)
    view.flow.event_generate("<Motion>", x=(left + right) // 2, y=(top + bottom) // 2)
    assert view.hint == f"Layer 2, unit 8 of 20: {view.answers[1][7]:.3f}"
    view.flow.event_generate("<Button-1>", x=(left + right) // 2, y=(top + bottom) // 2)
    assert view.flow.chosen == (1, 7)
    assert view.unit.title == "Layer 2, unit 8 of 20"
    wait_until(lambda: not view.unit.busy, view)
    assert "no kept drawings yet" in view.unit.samples_line


def test_kept_drawings_that_excite_a_unit_are_shown(view):
    for points, label in ((SEVEN, 7), (ONE, 1)):
        draw(view, drawn(points))
        view.session.keep(label)
    view.refresh("corrections")
    view.flow.choose((0, 3))
    wait_until(lambda: not view.unit.busy, view)
    assert view.unit.samples_line.startswith("Of 2 samples")


def test_arrow_keys_go_from_unit_to_unit_and_layer_to_layer(window, view):
    draw(view, drawn(SEVEN))
    window.focus_force()
    view.flow.focus_set()
    wait_until(lambda: window.focus_get() is view.flow, window)
    found = []
    for key in ("Right", "Right", "Down", "Next", "Next", "Down", "Prior", "Left"):
        view.flow.event_generate(f"<{key}>")
        found.append(view.flow.chosen)
    assert found == [(0, 0), (0, 1), (0, 7), (1, 7), (2, 7), (2, 8), (1, 8), (1, 7)]


def test_another_network_is_taken_up_and_a_unit_it_lacks_forgotten(view):
    draw(view, drawn(SEVEN))
    view.flow.choose((1, 15))
    view.session.recognizer = Recognizer(blobs_network((12,)))
    view.session.predict(view.session.content)
    view.refresh("network")
    assert view.flow.chosen is None
    assert [len(part) for part in view.answers] == [12, 10]


def test_asking_for_another_digit_changes_the_drawing_until_it_is_read(view):
    draw(view, drawn(SEVEN))
    view.choose_tab(view.changes)
    digit = view.session.prediction.ranking()[1][0]
    view.changes.buttons[digit].invoke()
    wait_until(lambda: not view.changes.busy, view)
    change = view.changes.change
    assert change.succeeded
    assert view.session.recognizer.predict_pixels(change.pixels[None])[0].argmax() == digit
    assert view.changes.sentence.startswith(f"A {digit} (")
    view.changes.buttons[view.session.prediction.digit].invoke()
    wait_until(lambda: not view.changes.busy, view)
    assert "already" in view.changes.sentence


def test_why_not_another_digit_is_explained_too(view):
    draw(view, drawn(SEVEN))
    other = (view.session.prediction.digit + 1) % 10
    view.reasons.choose(other)
    assert f"a {other}" in view.reasons.sentence


def test_the_view_stands_a_change_of_theme_and_of_size(window, view):
    draw(view, drawn(SEVEN))
    view.flow.choose((1, 3))
    for theme, zoom in (("dark", 2.0), ("light", 0.5)):
        apply_theme(window, theme, zoom)
        window.geometry("420x560" if zoom == 2 else "1200x800")
        window.update()
        view.refresh("theme")
        window.update()
    wait_until(lambda: not view.unit.busy, view)


def test_a_large_network_is_followed_move_by_move(view):
    view.session.recognizer = Recognizer(blobs_network((1600, 1152, 640)))
    draw(view, drawn(SEVEN))
    view.refresh("network")
    for count in range(2, len(SEVEN) + 1):
        draw(view, drawn(SEVEN[:count]))
        wait_until(lambda: np.array_equal(view.answers[-1], answer_of(view.session)), view)


def answer_of(session: Session) -> np.ndarray:
    return session.recognizer.network(session.prediction.frame.pixels[None])[0]


def test_words_name_the_place_that_counts_most():
    pixels = np.zeros((28, 28), np.float32)
    values = np.zeros((28, 28), np.float32)
    pixels[4:8, 20:24] = 1
    values[4:8, 20:24] = 0.5
    values[20:24, 4:8] = -0.25
    sentence = in_words(Contributions(7, values, 5.0, 1.0), pixels)
    assert sentence == (
        "The ink at the upper right speaks most for a 7 (+8.0), the empty paper at the lower left "
        "most against it (-4.0)."
    )


@pytest.mark.parametrize("width", [260, 440, 900])
@pytest.mark.parametrize(
    "units", [[], [16], [1600, 1152, 640], [512] * 8, [16384]], ids=lambda units: str(len(units))
)
def test_tiles_never_overlap(units, width):
    measures = Measures(width, 350, 18, 14, 120, 14, 2, 10, caption=lambda text: 6 * len(text))
    layout = compute_layout(units, measures)
    boxes = [
        (t.left, t.top, t.left + t.columns * t.cell, t.top + t.rows * t.cell) for t in layout.tiles
    ]
    boxes += layout.bars
    assert [tile.units for tile in layout.tiles] == [784, *units]
    assert all(tile.cell >= SMALLEST for tile in layout.tiles)
    assert max(bottom for _, _, _, bottom in boxes) <= layout.height
    for i, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
            assert apart


def test_work_in_pieces_gives_way_to_new_work_and_ends_with_its_widget(window):
    frame = ttk.Frame(window)
    pieces, done = IdleTask(frame), []
    pieces.start(done.append("old") for _ in range(3))
    pieces.start(done.append("new") for _ in range(3))
    wait_until(lambda: not pieces.running, window)
    assert done == ["new"] * 3
    pieces.start(done.append("late") for _ in range(3))
    frame.destroy()
    window.update()
    assert done == ["new"] * 3


def test_work_may_start_other_work_at_its_end(window):
    pieces, done = IdleTask(ttk.Frame(window)), []

    def first() -> Iterator[None]:
        yield
        pieces.start((done.append("second") for _ in range(1)), 50)

    pieces.start(first())
    wait_until(lambda: not pieces.running, window)
    assert done == ["second"]


def test_sliders_move_the_drawing_and_the_answer_follows(trial_view):
    draw(trial_view, drawn(SEVEN))
    assert (
        trial_view.prediction.digit
        == trial_view.session.recognizer.predict(rasterize(drawn(SEVEN).drawing, 140)).digit
    )
    before = trial_view.prediction.probabilities
    trial_view.set("turn", 60)
    trial_view.update()
    assert trial_view.trial == Perturbation(turn=60)
    assert not np.allclose(trial_view.prediction.probabilities, before)
    assert "Read as a picture" in trial_view.sentence
    trial_view.reset()
    trial_view.update()
    assert trial_view.trial == NEUTRAL
    assert np.allclose(trial_view.prediction.probabilities, before)


def test_the_chart_covers_the_range_of_the_slider_touched_last(trial_view):
    draw(trial_view, drawn(SEVEN))
    trial_view.set("scale", 60)
    wait_until(lambda: not trial_view.busy, trial_view)
    values = [value for value, _ in trial_view.chart.points]
    assert (values[0], values[-1]) == (RANGES["scale"].low, RANGES["scale"].high)
    assert trial_view.chart.sentence.startswith("Scale: it ")


def test_strokes_are_read_at_the_same_scale_wherever_they_are(trial_view):
    draw(trial_view, drawn(SEVEN))
    trial_view.set_way("strokes")
    trial_view.update()
    before = trial_view.prediction.probabilities
    trial_view.set("right", 30)
    trial_view.set("scale", 40)
    trial_view.update()
    assert "from its strokes" in trial_view.sentence
    assert np.allclose(trial_view.prediction.probabilities, before, atol=1e-4)


def test_a_picture_on_the_pad_is_read_as_one(trial_view):
    trial_view.set_way("strokes")
    draw(trial_view, PadContent(image=rasterize(drawn(SEVEN).drawing)))
    assert not trial_view.by_strokes
    for name, bounds in RANGES.items():
        for value in (bounds.low, bounds.high):
            trial_view.set(name, value)
            trial_view.update()
        trial_view.reset()
    trial_view.update()
    assert trial_view.prediction.digit is not None


def test_the_test_view_stands_a_change_of_theme(window, trial_view):
    draw(trial_view, drawn(SEVEN))
    wait_until(lambda: not trial_view.busy, trial_view)
    light = trial_view.chart.cget("background")
    apply_theme(window, "dark", 1.5)
    trial_view.refresh("theme")
    assert trial_view.chart.cget("background") != light
    wait_until(lambda: not trial_view.busy, trial_view)


def test_the_views_ask_for_the_same_room_whatever_they_show(window, view, trial_view):
    asked = {(part.winfo_reqwidth(), part.winfo_reqheight()) for part in (view, trial_view)}
    for width in range(300, 1000, 90):
        window.geometry(f"{width}x700")
        for part in (view, trial_view):
            draw(part, drawn(SEVEN))
            asked.add((part.winfo_reqwidth(), part.winfo_reqheight()))
    assert len(asked) == 1


def test_an_empty_pad_and_a_missing_network_are_said(trial_view):
    assert "Draw a digit" in trial_view.sentence
    trial_view.session.recognizer = None
    draw(trial_view, drawn(SEVEN))
    assert "Draw a digit" in trial_view.sentence
    assert trial_view.chart.points == []


def test_strokes_turn_clockwise_about_their_middle():
    across = Drawing((Stroke(((100.0, 140.0), (180.0, 140.0)), 10.0),))
    turned = changed_drawing(across, Perturbation(turn=90, scale=50, right=10, pen=200))
    assert np.allclose(turned.strokes[0].points, [(168, 120), (168, 160)])
    assert turned.strokes[0].width == 10.0


@pytest.mark.parametrize("name, value", [("turn", 40), ("right", 25), ("down", -25), ("scale", 50)])
def test_a_picture_and_its_strokes_are_changed_alike(name, value):
    page, trial = drawn([(110, 60), (170, 220)]), Perturbation(**{name: value})
    picture = PadContent(image=rasterize(page.drawing, 280))
    ours, theirs = (np.asarray(perturb(p, trial).image, float) for p in (page, picture))
    assert np.abs(ours - theirs).mean() < 4


def test_a_picture_pushed_off_the_pad_leaves_nothing_to_read():
    blank = PadContent(image=Image.new("L", (50, 50), 255))
    assert np.asarray(perturb(blank, Perturbation(turn=10)).image).min() == 255


def test_a_person_draws_and_the_network_view_follows(app, hand):
    app.choose_view("Network")
    wait_until(lambda: isinstance(app.views.current, NetworkView), app)
    view = app.views.current
    hand.draw(SEVEN)
    wait_until(lambda: view.answers, app)
    assert view.answers[-1].argmax() == app.session.prediction.digit
    wait_until(lambda: f"a {app.session.prediction.digit}" in view.reasons.sentence, app)


def test_the_reasons_are_exact_once_the_pen_rests(view):
    draw(view, drawn(SEVEN))
    view.reasons.show(view._network, view.session.prediction)
    exact = view.reasons.sentence, view.reasons._figures.cget("text")
    draw(view, drawn(SEVEN[:-1]))
    draw(view, drawn(SEVEN))
    wait_until(lambda: not view.reasons.busy, view)
    assert (view.reasons.sentence, view.reasons._figures.cget("text")) == exact
