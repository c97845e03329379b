"""The pen loses no point, whatever is open and however busy the machine is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.pen_probe import busy_processors, corners_lost, many_strokes, zigzag
from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.window.app import App
from number_recognition.window.pad.motion_events import deliver_every_motion
from number_recognition.window.view_tabs import VIEWS
from tests.window_support import ONE, SEVEN, Points, closing, opened, wait_until

TITLES = [title for title, _, _ in VIEWS]
PACES = (4, 8, 16)
LIFTED: list[bool] = []
"""An entry for each stroke that the window has taken to its end."""


@pytest.fixture(scope="module")
def pen_app(display: str, network, tmp_path_factory) -> Iterator[App]:
    """One window for all tests of the file."""
    window, errors = opened(network, tmp_path_factory.mktemp("home"))
    window.pad.bind("<<StrokeFinished>>", lambda event: LIFTED.append(True), add=True)
    yield from closing(window, errors)


@pytest.fixture
def busy() -> Iterator[None]:
    """Every processor at work."""
    with busy_processors(0):
        yield


@pytest.fixture
def app(pen_app: App) -> App:
    """The window with an empty pad."""
    pen_app.draw_menu.clear()
    return pen_app


def on_screen(app: App, point: tuple[float, float]) -> tuple[str, str]:
    canvas, ring = app.pad.canvas, int(app.pad.canvas["highlightthickness"])
    scale = (canvas.winfo_width() - 2 * ring) / PAD
    x = canvas.winfo_rootx() + ring + point[0] * scale
    y = canvas.winfo_rooty() + ring + point[1] * scale
    return str(max(0, round(x))), str(max(0, round(y)))


def draw_at_pace(app: App, path: Points, timer: int) -> None:
    """Draw through the X server, a point every so many milliseconds whatever the window does."""
    if shutil.which("xdotool") is None:
        pytest.skip("tests of the window need xdotool: apt-get install xdotool")
    first, *others = (on_screen(app, point) for point in path)
    words = ["xdotool", "mousemove", *first, "mousedown", "1"]
    for place in others:
        words += ["sleep", str(timer / 1000), "mousemove", *place]
    LIFTED.clear()
    process = subprocess.Popen([*words, "mouseup", "1"])
    wait_until(lambda: process.poll() is not None and LIFTED, app, seconds=60)


def lost(app: App, timer: int) -> int:
    """How many corners of a zigzag drawn at a pace are not in the drawing."""
    draw_at_pace(app, zigzag(), timer)
    return corners_lost(app.session.content.drawing, zigzag())


@pytest.mark.skipif(sys.platform != "linux", reason="the hand is xdotool's")
@pytest.mark.parametrize("title", TITLES)
def test_no_corner_is_lost_whatever_view_is_open(busy: None, app: App, title: str) -> None:
    app.show_view(title)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    paces = PACES if title == "Network" else (8,)
    assert [lost(app, timer) for timer in paces] == [0] * len(paces)


def test_no_corner_is_lost_with_300_strokes_on_the_pad(busy: None, app: App) -> None:
    app.show_view("Network")
    app.put_on_pad(many_strokes(300))
    assert [lost(app, timer) for timer in PACES] == [0, 0, 0]
    assert len(app.session.content.drawing.strokes) == 303


def test_every_motion_that_waits_is_delivered(app: App) -> None:
    """The window does nothing until the whole path has been sent: all of it waits then."""
    assert deliver_every_motion(app)
    words = ["xdotool", "mousemove", *on_screen(app, zigzag()[0]), "mousedown", "1"]
    for point in zigzag()[1:]:
        words += ["mousemove", *on_screen(app, point)]
    subprocess.run([*words, "mouseup", "1"], check=True)
    wait_until(lambda: app.session.content, app)
    assert corners_lost(app.session.content.drawing, zigzag()) == 0


def test_a_motion_costs_the_same_with_300_strokes_as_with_10(app: App) -> None:
    """Counted in what Tk and Python are called for, since time depends on what else runs."""

    def calls(count: int) -> int:
        app.put_on_pad(many_strokes(count))
        wait_until(lambda: app.pad.renderer.complete, app)
        counted = [0]

        def count_call(frame: object, event: str, argument: object) -> None:
            counted[0] += event in ("call", "c_call")

        app.pad.canvas.event_generate("<ButtonPress-1>", x=50, y=50)
        app.pad.canvas.event_generate("<B1-Motion>", x=60, y=60)
        sys.setprofile(count_call)
        for x in range(70, 170, 10):
            app.pad.canvas.event_generate("<B1-Motion>", x=x, y=60)
        sys.setprofile(None)
        app.pad.canvas.event_generate("<ButtonRelease-1>", x=170, y=60)
        return counted[0]

    assert calls(300) == calls(10)


def test_a_stroke_that_leaves_the_pad_is_clipped_and_one_step_of_undo(app: App) -> None:
    outside = [(140, 100), (140, -20), (200, -20), (200, 100)]
    draw_at_pace(app, outside, 30)
    there, back = app.session.content.drawing.strokes
    assert np.allclose(there.points, [(140, 100), (140, 0)], atol=1)
    assert np.allclose(back.points, [(200, 0), (200, 100)], atol=1)
    app.undo()
    assert not app.session.content
    app.redo()
    assert app.session.content.drawing.strokes == (there, back)


def test_the_ink_is_on_the_pad_before_it_is_painted(app: App) -> None:
    canvas = app.pad.canvas
    canvas.event_generate("<ButtonPress-1>", x=100, y=100)
    canvas.event_generate("<B1-Motion>", x=150, y=100)
    lines = canvas.find_withtag("ink")
    assert [canvas.type(line) for line in lines] == ["line", "line"]
    canvas.event_generate("<ButtonRelease-1>", x=150, y=100)
    wait_until(lambda: app.pad.renderer.complete, app)
    assert not canvas.find_withtag("ink")


def test_an_eraser_takes_every_point_of_its_way(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(ONE)), Stroke(((20.0, 140.0), (260.0, 140.0))))))
    app.draw_menu.set_tool("eraser")
    draw_at_pace(app, [(140, 40), (140, 240), (20, 140), (260, 140)], 4)
    app.draw_menu.set_tool("pen")
    assert not app.session.content
