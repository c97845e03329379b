"""A chart: plots that can be zoomed, read, copied and saved."""

from __future__ import annotations

import io
import tkinter as tk
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from PIL import Image

from number_recognition.window.charts.actions import Point
from number_recognition.window.charts.chart_menu import ChartMenu
from number_recognition.window.charts.figure_frame import FigureFrame
from number_recognition.window.charts.plot_file import (
    Table,
    as_image,
    save_plot,
    write_plot,
)
from number_recognition.window.charts.pointing import Pointing
from number_recognition.window.charts.zoom import Zoom
from number_recognition.window.toolkit.theme import palette
from number_recognition.window.widgets.pictures import copy_picture

COLOURS = ("#2b8fd6", "#e07020", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Distinct with colour blindness, on a light and on a dark background.

Source: M. Okabe, K. Ito, "Color universal design", 2008; the first two are a little lighter.
"""


class Chart(FigureFrame):
    """Plots that can be zoomed, copied and saved.

    Attributes:
        plot: the one that keys act on: the last one that was pointed to.
        zoom: the limits of the axes.
        menu: what can be done, as a menu.
        file_name: the suggested name of a file with the plots, without its ending.
        has_log, is_log: whether there is a logarithmic scale, and whether it is used.
        hidden: the names of the lines that are hidden.
    """

    file_name = "plot"
    has_log = is_log = False

    def __init__(self, parent: tk.Misc, rows: int = 1, columns: int = 1) -> None:
        super().__init__(parent, rows, columns)
        self.plot, self.zoom = self.plots[0], Zoom()
        self.hidden: set[str] = set()
        self.menu, self._pointing = ChartMenu(self), Pointing(self)

    @property
    def line_names(self) -> list[str]:
        """The names of the lines that can be hidden."""
        return []

    def plot_at(self, point: Point) -> Axes | None:
        """Return the plot at a point of the figure, None outside of all."""
        return next((plot for plot in self.plots if plot.bbox.contains(*point)), None)

    def choose_plot(self, point: Point) -> None:
        """Let keys act on the plot at a point of the figure."""
        self.plot = self.plot_at(point) or self.plot

    @property
    def is_zoomed(self) -> bool:
        """Whether a plot shows a part of its data only."""
        return any(map(self.zoom.is_zoomed, self.plots))

    def zoom_by(self, steps: float, point: Point | None = None) -> None:
        """Zoom in (steps above 0) or out at a point of the figure, or in the middle of a plot."""
        plot = self.plot if point is None else self.plot_at(point)
        if plot is None:
            return
        box = plot.bbox
        middle = box.x0 + box.width / 2, box.y0 + box.height / 2
        self.zoom.step(plot, steps, *(point or middle))
        self.redraw()

    def zoom_to(self, box: Bbox) -> None:
        """Let a box of the figure, in pixels, fill the plot that it was drawn in."""
        self.zoom.to_box(self.plot, box)
        self.redraw()

    def show_all(self) -> None:
        """Show all data of all plots again."""
        for plot in self.plots:
            self.zoom.show_all(plot)
        self.redraw()

    def toggle_log(self) -> None:
        """Switch between a linear and a logarithmic scale, where there is one."""

    def toggle_line(self, name: str) -> None:
        """Hide the line of this name, or show it again, where there are lines."""

    def legend_name_at(self, point: Point) -> str | None:
        """Return the name of the line whose entry in the legend is at a point of the figure."""
        return None

    def read_at(self, point: Point | None) -> None:
        """Show the values at a point of the figure, where there are lines; None for none."""

    def read_next(self, points: int, lines: int) -> None:
        """Show the values of the next point, where there are lines."""

    def show_hint(self, plot: Axes, text: str) -> None:
        """Show in an empty plot how to fill it."""
        plot.text(0.5, 0.5, text, transform=plot.transAxes, ha="center", va="center", wrap=True,
                  color=palette(self).faint, fontsize=self.text_size)  # fmt: skip

    # Files and the clipboard

    def table(self) -> Table:
        """Return the values row by row, the header first."""
        return []

    def picture(self) -> Image.Image:
        """Return the plots as an image, twice as large as in the window."""
        return as_image(self._save_figure)

    def copy(self) -> None:
        """Copy the plots to the clipboard as an image."""
        copy_picture(self, self.picture)

    def save(self) -> None:
        """Ask for a file and save the plots as PNG or SVG, or their values as CSV."""
        save_plot(self, self.file_name, self.write)

    def write(self, path: Path) -> None:
        """Write the plots, or their values, by the ending of the file's name; whole or not.

        Raises:
            OSError: the file cannot be written.
            ValueError: the ending is unknown.
        """
        write_plot(path, self.table(), self._save_figure)

    def _save_figure(self, file: Path | io.BytesIO) -> None:
        for line in self.animated_lines:
            line.set_animated(False)
        try:
            self.figure.savefig(file, dpi=2 * self.figure.dpi)
        finally:
            for line in self.animated_lines:
                line.set_animated(True)
            self.redraw()


def use_integer_ticks(plot: Axes) -> None:
    """Label the x axis at whole numbers only."""
    plot.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
