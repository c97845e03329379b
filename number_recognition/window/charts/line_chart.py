"""Plots of lines over epochs: hidden by their legend, read point by point, linear or log."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass

from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from number_recognition.core.formatting import percent
from number_recognition.window.charts.actions import Point
from number_recognition.window.charts.mpl_chart import Chart
from number_recognition.window.charts.point_reading import PointReading, nearest_point, points_of
from number_recognition.window.charts.scales import epoch_limits, use_scale, value_limits
from number_recognition.window.toolkit.theme import palette, scaled

_NEAR = 40
"""A point is read within so many pixels at 96 dpi."""


@dataclass(frozen=True)
class Quantity:
    """What a plot shows: its title, the metric, its factor, and whether it is a percentage."""

    title: str
    metric: str
    factor: float = 1.0
    share: bool = False

    def text(self, value: float) -> str:
        """Return a value of the plot as text."""
        return percent(value / 100) if self.share else f"{value:.4f}"


LOSS = Quantity("Loss", "loss")
ACCURACY = Quantity("Accuracy, %", "accuracy", 100.0, True)


class LineChart(Chart):
    """A plot for each quantity, with the same lines.

    Attributes:
        quantities: one for each plot.
        most_epochs: those that there will be, None for those that there are.
    """

    has_log = True
    _reading: PointReading | None = None

    def __init__(self, parent: tk.Misc, quantities: tuple[Quantity, ...]) -> None:
        self.quantities = quantities
        self.most_epochs: int | None = None
        super().__init__(parent, columns=len(quantities))
        self._reading = PointReading(self.figure, self._describe)
        self.overlay = self._reading.artists
        self._reading.recolour(palette(self), self.text_size)

    @property
    def reading(self) -> str:
        """The point that is read, as text; "" for none."""
        return self._reading.text if self._reading is not None else ""

    @property
    def line_names(self) -> list[str]:
        """The names of the lines."""
        return [str(line.get_label()) for line in self.plots[0].lines]

    def recolour(self) -> None:
        """Apply the colours and the text size of the theme."""
        if self._reading is not None:
            self._reading.recolour(palette(self), self.text_size)
        super().recolour()

    def update_lines(self) -> None:
        """Take up other lines: their scale, which of them are hidden, and limits that fit."""
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            use_scale(plot, self.is_log, quantity.share)
            self.style_axes(plot)
        self.fit()

    def fit(self) -> None:
        """Let the axes follow the lines that are shown."""
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            shown = [line for line in plot.lines if line.get_label() not in self.hidden]
            for line in plot.lines:
                line.set_visible(line in shown)
            points = [point for line in shown for point in points_of(line)]
            epochs, values = [point[0] for point in points], [point[1] for point in points]
            in_training = self.most_epochs is not None
            y = value_limits(
                values,
                self.is_log,
                quantity.share,
                now=self.zoom.limits(plot)[1] if in_training and not self.is_log else None,
                in_training=in_training,
                may_shrink=max(epochs, default=0.0) >= 1.0,  # once the first epoch is done
            )
            x = epoch_limits(epochs, self.most_epochs)
            self.zoom.set_limits(plot, (x, y))
        self._show_hidden()

    def toggle_log(self) -> None:
        """Switch between a linear and a logarithmic scale."""
        self.is_log = not self.is_log
        self.zoom.forget()
        self.update_lines()
        self.enable_layout()
        self.redraw()

    def toggle_line(self, name: str) -> None:
        """Hide a line, or show it again."""
        self.hidden ^= {name}
        self.fit()
        self.redraw()

    def _legends(self) -> list[Legend]:
        return list(self.figure.legends)

    def legend_name_at(self, point: Point) -> str | None:
        """Return the name of the line whose entry in the legend is at a point of the figure."""
        for legend in self._legends():
            for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True):
                boxes = [text.get_window_extent()]
                boxes += [handle.get_window_extent()] if handle is not None else []
                left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
                box = boxes[0]
                if left <= point[0] <= right and box.y0 - 3 <= point[1] <= box.y1 + 3:
                    return str(text.get_text())
        return None

    def _show_hidden(self) -> None:
        """Make the entries of hidden lines pale in the legend."""
        for legend in self._legends():
            for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True):
                alpha = 0.35 if text.get_text() in self.hidden else 1.0
                text.set_alpha(alpha)
                if handle is not None:
                    handle.set_alpha(alpha)

    def add_legend_outside(self, side: str, columns: int = 1) -> None:
        """Add a legend beside all plots (see `Chart.add_legend_outside`)."""
        super().add_legend_outside(side, columns)
        self._show_hidden()

    def read_at(self, point: Point | None) -> None:
        """Show the values of the point of a line near a point of the figure; None for none."""
        plot = None if point is None else self.plot_at(point)
        found = None
        if plot is not None and point is not None:
            found = nearest_point(plot, plot.lines, point, scaled(self, _NEAR))
        if self._reading is None:
            return
        if found is not None:
            self._reading.read(*found)
            self.draw_overlay()
        elif self._reading.stop():
            self.draw_overlay()

    def read_next(self, points: int, lines: int) -> None:
        """Show the values of the next point of the line, or of the same one of the next line."""
        shown = [line for line in self.plot.lines if line.get_visible()]
        if self._reading is not None:
            self._reading.step(shown, points, lines)
            self.draw_overlay()

    def place_overlay(self) -> None:
        """Put what is read at its point."""
        if self._reading is not None:
            self._reading.place()

    def _describe(self, line: Line2D, x: float, y: float) -> str:
        [quantity] = [
            quantity
            for plot, quantity in zip(self.plots, self.quantities, strict=True)
            if line in plot.lines
        ]
        return f"{line.get_label()}\nepoch {round(x, 1):g}: {quantity.text(y)}"
