"""The pen loses no point, with any view open and on a busy machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.probes.pen_probe import corners_lost, many_strokes, zigzag
from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.window.app import App
from number_recognition.window.layout.view_tabs import VIEWS
from number_recognition.window.pad.motion_events import deliver_every_motion
from tests.window_support import ONE, SEVEN, Points, close_afterwards, open_window, wait_until

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="xdotool draws")
TITLES = [title for title, _, _ in VIEWS]
INTERVALS = (4, 8, 16)
FINISHED: list[bool] = []
"""An entry for each finished stroke."""


@pytest.fixture(scope="module")
def pen_app(display: str, network, tmp_path_factory) -> Iterator[App]:
    """One window for all tests of the file."""
    window, errors = open_window(network, tmp_path_factory.mktemp("home"))
    window.pad.bind("<<StrokeFinished>>", lambda event: FINISHED.append(True), add=True)
    yield from close_afterwards(window, errors)


@pytest.fixture
def busy() -> Iterator[None]:
    """The window has one processor, and shares it with a process that is always busy.

    Of several processors, all busy, it would have as much, and other tests would have less.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    burner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield
    burner.kill()
    burner.wait()
    os.sched_setaffinity(0, before)


@pytest.fixture
def app(pen_app: App) -> App:
    """The window with an empty pad."""
    pen_app.draw_menu.clear()
    return pen_app


def on_screen(app: App, point: tuple[float, float]) -> tuple[str, str]:
    canvas, ring = app.pad.canvas, int(app.pad.canvas["highlightthickness"])
    x, y = app.pad.renderer.view.to_pixels(point)
    left, top = canvas.winfo_rootx() + ring, canvas.winfo_rooty() + ring
    return str(max(0, round(left + x))), str(max(0, round(top + y)))


def draw_at_interval(app: App, path: Points, interval: int) -> None:
    """Draw through the X server, a point every `interval` milliseconds."""
    if shutil.which("xdotool") is None:
        pytest.skip("tests of the window need xdotool: apt-get install xdotool")
    first, *rest = (on_screen(app, point) for point in path)
    command = ["xdotool", "mousemove", *first, "mousedown", "1"]
    for position in rest:
        command += ["sleep", str(interval / 1000), "mousemove", *position]
    FINISHED.clear()
    process = subprocess.Popen([*command, "mouseup", "1"])
    wait_until(lambda: process.poll() is not None and FINISHED, app, seconds=60)


def count_lost(app: App, interval: int) -> int:
    """Draw a zigzag; return how many of its corners are not in the drawing."""
    draw_at_interval(app, zigzag(), interval)
    return corners_lost(app.session.content.drawing, zigzag())


@ON_LINUX
@pytest.mark.parametrize("title", TITLES)
def test_no_corner_is_lost_whatever_view_is_open(busy: None, app: App, title: str) -> None:
    app.show_view(title)
    app.put_on_pad(Drawing((Stroke(tuple(SEVEN)),)))
    assert [count_lost(app, interval) for interval in INTERVALS] == [0, 0, 0]


@ON_LINUX
def test_no_corner_is_lost_with_300_strokes_on_the_pad(busy: None, app: App) -> None:
    app.show_view("Network")
    app.put_on_pad(many_strokes(300))
    assert [count_lost(app, interval) for interval in INTERVALS] == [0, 0, 0]
    assert len(app.session.content.drawing.strokes) == 303


def test_every_queued_motion_is_delivered(app: App) -> None:
    """The window does nothing until the whole path is sent: all motions are queued then."""
    assert deliver_every_motion(app)
    command = ["xdotool", "mousemove", *on_screen(app, zigzag()[0]), "mousedown", "1"]
    for point in zigzag()[1:]:
        command += ["mousemove", *on_screen(app, point)]
    subprocess.run([*command, "mouseup", "1"], check=True)
    wait_until(lambda: app.session.content, app)
    assert corners_lost(app.session.content.drawing, zigzag()) == 0


def test_a_motion_costs_the_same_with_300_strokes_as_with_10(app: App) -> None:
    """Counted in function calls, since the time depends on other processes."""

    def count_calls(strokes: int) -> int:
        app.put_on_pad(many_strokes(strokes))
        wait_until(lambda: app.pad.renderer.complete, app)
        calls = [0]

        def count_call(frame: object, event: str, argument: object) -> None:
            calls[0] += event in ("call", "c_call")

        app.pad.canvas.event_generate("<ButtonPress-1>", x=50, y=50)
        app.pad.canvas.event_generate("<B1-Motion>", x=60, y=60)
        sys.setprofile(count_call)
        for x in range(70, 170, 10):
            app.pad.canvas.event_generate("<B1-Motion>", x=x, y=60)
        sys.setprofile(None)
        app.pad.canvas.event_generate("<ButtonRelease-1>", x=170, y=60)
        return calls[0]

    assert count_calls(300) == count_calls(10)


def test_a_stroke_that_leaves_the_pad_is_clipped_and_one_step_of_undo(app: App) -> None:
    outside = [(140, 100), (140, -20), (200, -20), (200, 100)]
    draw_at_interval(app, outside, 30)
    out, back = app.session.content.drawing.strokes
    assert np.allclose(out.points, [(140, 100), (140, 0)], atol=1)
    assert np.allclose(back.points, [(200, 0), (200, 100)], atol=1)
    app.undo()
    assert not app.session.content
    app.redo()
    assert app.session.content.drawing.strokes == (out, back)


def test_lines_are_shown_before_they_are_painted(app: App) -> None:
    canvas = app.pad.canvas
    canvas.event_generate("<ButtonPress-1>", x=100, y=100)
    canvas.event_generate("<B1-Motion>", x=150, y=100)
    lines = canvas.find_withtag("ink")
    assert [canvas.type(line) for line in lines] == ["line", "line"]
    canvas.event_generate("<ButtonRelease-1>", x=150, y=100)
    wait_until(lambda: app.pad.renderer.complete, app)
    assert not canvas.find_withtag("ink")


def test_the_eraser_uses_every_point_of_its_path(app: App) -> None:
    app.put_on_pad(Drawing((Stroke(tuple(ONE)), Stroke(((20.0, 140.0), (260.0, 140.0))))))
    app.draw_menu.set_tool("eraser")
    draw_at_interval(app, [(140, 40), (140, 240), (20, 140), (260, 140)], 4)
    app.draw_menu.set_tool("pen")
    assert not app.session.content
