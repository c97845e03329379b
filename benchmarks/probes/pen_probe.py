"""Draws zigzags through the X server in a window of its own, for `benchmarks.pen`.

A point is sent every few milliseconds by xdotool, whether or not the window keeps up.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.probes.probe import Probe, Steps
from number_recognition.digits.drawing.drawing import Drawing, Point, Stroke
from number_recognition.digits.drawing.viewport import Viewport

if TYPE_CHECKING:
    import tkinter as tk

CORNERS = 20
PACES = (4, 8, 16)
"""Milliseconds from one point to the next."""
_NEAR = 1.5
"""A corner is found where a point lies so close to it, in units of the pad: rounding to pixels."""


def zigzag() -> list[Point]:
    """20 corners, up and down across the pad, with three points between two of them."""
    corners: list[Point] = [
        (30 + 220 * i / (CORNERS + 1), 60 if i % 2 else 220) for i in range(CORNERS + 2)
    ]
    path = [corners[0]]
    for (x, y), (to_x, to_y) in pairwise(corners):
        path += [(x + (to_x - x) * i / 4, y + (to_y - y) * i / 4) for i in range(1, 5)]
    return path


def corners_lost(drawing: Drawing, path: list[Point]) -> int:
    """How many of the corners of a zigzag are no points of the last stroke."""
    points = drawing.strokes[-1].points if drawing else ()
    corners = path[4:-1:4]
    return sum(all(math.dist(corner, point) > _NEAR for point in points) for corner in corners)


def many_strokes(count: int) -> Drawing:
    """Short strokes all over the pad."""
    places = [(10 + 25 * (i % 11), 10 + 9 * (i // 11 % 30)) for i in range(count)]
    return Drawing(tuple(Stroke(((x, y), (x + 6, y + 4), (x + 12, y)), 3) for x, y in places))


@contextmanager
def busy_processors(niceness: int) -> Iterator[None]:
    """Keep every processor busy with a process of its own."""
    code = f"import os\nos.nice({niceness})\nwhile True: pass"
    count = os.cpu_count() or 1
    burners = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(count)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


class _Watch:
    """Notes how long after its event the server shows the ink of each motion, in ms.

    `held` is how long the thread of the window computes between two looks at its events, in ms of
    the processor: unlike `took` it does not depend on what else the machine does.
    """

    def __init__(self, window: tk.Tk | tk.Toplevel) -> None:
        self.took: list[float] = []
        self.held: list[float] = []
        self._computed = time.thread_time()
        self._window = window
        self._waiting: list[int] = []
        window.bind("<B1-Motion>", self._moved)
        self._tick()

    def _tick(self) -> None:
        before, self._computed = self._computed, time.thread_time()
        self.held.append(1000 * (self._computed - before))
        self._window.after(1, self._tick)

    def _moved(self, event: tk.Event) -> None:
        if not self._waiting:
            self._window.after_idle(self._shown)
        self._waiting.append(event.time)

    def _shown(self) -> None:
        self._window.update_idletasks()
        self._window.winfo_pointerxy()  # the server answers after all that was sent before
        now = time.monotonic() * 1000
        self.took += [(now - sent + 2**31) % 2**32 - 2**31 for sent in self._waiting]
        self._waiting.clear()


def drawing(probe: Probe, options: argparse.Namespace) -> Steps:
    """Draw zigzags at each pace, with one view open, on a pad that bears `count` strokes."""
    yield from probe.network()
    app = probe.app
    app.geometry("1200x700+0+0")
    if app.show_view(options.view) is None:
        raise ValueError(f"expected the title of a view, found {options.view!r}")
    for _ in range(20):
        yield 20
    watch, path = _Watch(app), zigzag()
    with busy_processors(options.niceness):
        for pace in PACES:
            lost: list[int] = []
            held: list[float] = []
            watch.took = []
            for _ in range(options.rounds):
                app.put_on_pad(many_strokes(options.count))
                yield 400
                watch.held.clear()
                yield from _sent(probe.canvas, probe.app.pad.renderer.view, path, pace)
                while len(app.session.content.drawing.strokes) == options.count:
                    yield 5
                held += watch.held
                lost.append(corners_lost(app.session.content.drawing, path))
            probe.found[str(pace)] = {"lost": lost, "took": watch.took, "held": held}


def plain(probe: Probe, options: argparse.Namespace) -> Steps:
    """Draw the same on a bare canvas of Tk: how late the machine alone makes the ink."""
    import tkinter as tk

    yield from probe.network()
    window = tk.Toplevel(probe.app)
    window.geometry("700x700+0+0")
    canvas = tk.Canvas(window)
    canvas.pack(fill="both", expand=True)
    points: list[Point] = []

    def line(event: tk.Event) -> None:
        points.append((event.x, event.y))
        canvas.create_line(*points[-2:], width=20, capstyle="round")

    canvas.bind("<ButtonPress-1>", lambda event: points.append((event.x, event.y)))
    canvas.bind("<B1-Motion>", line)
    for _ in range(20):
        yield 20
    watch = _Watch(window)
    with busy_processors(options.niceness):
        for pace in PACES:
            watch.took = []
            for _ in range(options.rounds):
                yield 400
                view = Viewport.around(canvas.winfo_width(), canvas.winfo_height())
                yield from _sent(canvas, view, zigzag(), pace)
                yield 100
            probe.found[str(pace)] = {"took": watch.took}


def _sent(canvas: tk.Canvas, view: Viewport, path: list[Point], pace: int) -> Steps:
    """Wait until xdotool has drawn a path at a pace."""
    ring = int(canvas["highlightthickness"])
    left, top = canvas.winfo_rootx() + ring, canvas.winfo_rooty() + ring
    on_pad = map(view.to_pixels, path)
    places = [(str(round(left + x)), str(round(top + y))) for x, y in on_pad]
    words = ["xdotool", "mousemove", *places[0], "sleep", "0.1", "mousedown", "1"]
    for place in places[1:]:
        words += ["sleep", f"{pace / 1000}", "mousemove", *place]
    process = subprocess.Popen([*words, "sleep", f"{pace / 1000}", "mouseup", "1"])
    while process.poll() is None:
        yield 5
