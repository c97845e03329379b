"""The pointer on a chart: drag to zoom, double click for all, point to read, click the legend."""

from __future__ import annotations

import tkinter as tk
from functools import partial

from matplotlib.transforms import Bbox

from number_recognition.window.charts.actions import ChartActions, Point
from number_recognition.window.toolkit.theme import palette, scaled

_LEAST_DRAG = 6
"""A shorter drag, in pixels at 96 dpi, is a click."""
_STEPS = (("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1))
"""Arrow keys: along the line, and to the next line."""


class Pointing:
    """Binds the pointer and the arrow keys of a chart."""

    def __init__(self, chart: ChartActions) -> None:
        self._chart, self._canvas = chart, chart.widget
        self._start: tuple[int, int] | None = None
        self._band = 0
        canvas = self._canvas
        canvas.bind("<ButtonPress-1>", self._press, add=True)
        canvas.bind("<B1-Motion>", self._drag, add=True)
        canvas.bind("<ButtonRelease-1>", self._release, add=True)
        canvas.bind("<Double-Button-1>", self._double_click, add=True)
        canvas.bind("<Motion>", self._move, add=True)
        canvas.bind("<Leave>", lambda event: chart.read_at(None), add=True)
        self._bind_wheel()
        for key, points, lines in _STEPS:
            canvas.bind(f"<{key}>", partial(self._step, points, lines), add=True)

    def _bind_wheel(self) -> None:
        """Zoom with Control and the wheel: the wheel alone scrolls the view."""
        canvas = self._canvas
        canvas.bind("<Control-Button-4>", lambda event: self._wheel(event, +1), add=True)
        canvas.bind("<Control-Button-5>", lambda event: self._wheel(event, -1), add=True)
        canvas.bind(
            "<Control-MouseWheel>",
            lambda event: self._wheel(event, 1 if event.delta > 0 else -1),
            add=True,
        )

    def _in_figure(self, x: int, y: int) -> Point:
        """Return a point of the canvas in pixels of the figure, which go up from the bottom."""
        return float(x), float(self._canvas.winfo_height() - y)

    def _wheel(self, event: tk.Event, steps: int) -> str:
        self._chart.zoom_by(steps, self._in_figure(event.x, event.y))
        return "break"

    def _press(self, event: tk.Event) -> None:
        self._canvas.focus_set()
        point = self._in_figure(event.x, event.y)
        self._chart.choose_plot(point)
        self._start = (event.x, event.y) if self._chart.plot_at(point) is not None else None
        name = self._chart.legend_name_at(point)
        if name is not None:
            self._chart.toggle_line(name)

    def _double_click(self, event: tk.Event) -> None:
        """Show all; two clicks on the legend, one soon after the other, are two clicks."""
        if self._chart.legend_name_at(self._in_figure(event.x, event.y)) is None:
            self._chart.show_all()
        else:
            self._press(event)

    def _drag(self, event: tk.Event) -> None:
        if self._start is None:
            return
        if not self._band:
            colour = palette(self._canvas).accent
            self._band = self._canvas.create_rectangle(0, 0, 0, 0, outline=colour)
        self._canvas.coords(self._band, *self._start, event.x, event.y)

    def _release(self, event: tk.Event) -> None:
        start, self._start = self._start, None
        self._canvas.delete(self._band)
        self._band = 0
        least = scaled(self._canvas, _LEAST_DRAG)
        if start is None or min(abs(event.x - start[0]), abs(event.y - start[1])) < least:
            return
        (x0, y0), (x1, y1) = self._in_figure(*start), self._in_figure(event.x, event.y)
        self._chart.zoom_to(Bbox([[min(x0, x1), min(y0, y1)], [max(x0, x1), max(y0, y1)]]))

    def _move(self, event: tk.Event) -> None:
        point = self._in_figure(event.x, event.y)
        self._chart.read_at(point)
        is_legend = self._chart.legend_name_at(point) is not None
        self._canvas.configure(cursor="hand2" if is_legend else "")

    def _step(self, points: int, lines: int, event: tk.Event) -> str:
        self._chart.read_next(points, lines)
        return "break"
