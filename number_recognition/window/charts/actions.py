"""What can be done with a chart, for its menu and for the pointer."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Collection, Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

Point = tuple[float, float]
"""A point of the figure, in pixels from its lower left corner."""


class ChartActions(Protocol):
    """A chart on the canvas `widget`; `hidden` are the names of the lines that are hidden."""

    widget: tk.Canvas
    has_log: bool
    is_log: bool

    @property
    def hidden(self) -> Collection[str]:
        """The names of the lines that are hidden."""

    @property
    def line_names(self) -> Sequence[str]:
        """The names of the lines that can be hidden."""

    @property
    def is_zoomed(self) -> bool:
        """Whether a plot shows a part of its data only."""

    def plot_at(self, point: Point) -> Axes | None:
        """Return the plot at a point of the figure, None outside of all."""

    def choose_plot(self, point: Point) -> None:
        """Let keys act on the plot at a point of the figure."""

    def zoom_by(self, steps: float, point: Point | None = None) -> None:
        """Zoom in (steps above 0) or out at a point of the figure, or in the middle of a plot."""

    def zoom_to(self, box: Bbox) -> None:
        """Let a box of the figure, in pixels, fill the plot that it was drawn in."""

    def show_all(self) -> None:
        """Show all data of all plots again."""

    def toggle_log(self) -> None:
        """Switch between a linear and a logarithmic scale, where there is one."""

    def toggle_line(self, name: str) -> None:
        """Hide the line of this name, or show it again, where there are lines."""

    def legend_name_at(self, point: Point) -> str | None:
        """Return the name of the line whose entry in the legend is at a point of the figure."""

    def read_at(self, point: Point | None) -> None:
        """Show the values at a point of the figure, where there are lines; None for none."""

    def read_next(self, points: int, lines: int) -> None:
        """Show the values of the next point, or of the same one of the next line."""

    def copy(self) -> None:
        """Copy the plots to the clipboard as an image."""

    def save(self) -> None:
        """Ask for a file and save the plots as PNG or SVG, or their values as CSV."""
