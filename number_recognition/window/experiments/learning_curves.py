"""Learning curves of runs: accuracy and loss over their epochs."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Any

from number_recognition.window.charts.line_chart import ACCURACY, LOSS, LineChart, Quantity
from number_recognition.window.charts.mpl_chart import COLOURS, use_integer_ticks
from number_recognition.window.charts.plot_file import Table
from number_recognition.window.toolkit.theme import scaled, scaled_by_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MAX_RUNS = 12
_AROUND = (50, 60)
"""What labels take of the width and the height of a plot, in pixels at 96 dpi."""
_LEAST_GAP = 20
"""Between the titles of two plots, in pixels at 96 dpi."""
_LINE_STYLES = ("-", "--")

History = list[dict[str, float]]


class LearningCurves(LineChart):
    """Accuracy and loss over the epochs: of validation, for one run of training, too."""

    file_name = "runs"
    _legend_side = ""

    def __init__(self, parent: tk.Misc) -> None:
        self._runs: list[tuple[str, History]] = []
        super().__init__(parent, (ACCURACY, LOSS))
        self.show([])

    def enable_layout(self) -> None:
        """Compute the layout anew, with the legend where it leaves the plots larger."""
        width, height = self.legend_size
        is_below = self._shorter_side(0, height) > self._shorter_side(width, 0)
        side = "lower left" if is_below else "right upper"
        if self._legend_side not in ("", side):
            self.add_legend_outside(side)
        room = self.winfo_width() - (0 if is_below else width)
        self.wrap_titles(room / len(self.plots) - scaled(self, _LEAST_GAP))
        super().enable_layout()

    def _shorter_side(self, width: float, height: float) -> float:
        """The shorter side of a plot, where a legend takes this width and height, in pixels."""
        around_x, around_y = (scaled_by_text(self, each) for each in _AROUND)
        plot_width = (self.winfo_width() - width) / len(self.plots) - around_x
        return min(plot_width, self.winfo_height() - height - around_y)

    def add_legend_outside(self, side: str, columns: int = 1) -> None:
        """Add a legend beside all plots (see `Chart.add_legend_outside`)."""
        self._legend_side = side
        super().add_legend_outside(side, columns)

    def show(self, runs: list[tuple[str, History]]) -> None:
        """Show the histories of runs, each with its name."""
        if [name for name, _ in runs] != [name for name, _ in self._runs]:
            self.hidden.clear()
        self._runs = runs[:_MAX_RUNS]
        self.zoom.forget()
        is_single = len(self._runs) == 1
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            plot.clear()
            plot.set_title(quantity.title if is_single else f"Validation {quantity.title.lower()}")
            plot.set_xlabel("epoch")
            use_integer_ticks(plot)
            for index, (name, history) in enumerate(self._runs):
                if is_single:
                    _plot_training_and_validation(plot, history, quantity)
                else:
                    _plot_validation(plot, index, name, history, quantity)
            if not self._runs:
                self.show_hint(plot, "Select runs in the table")
        self.add_legend_outside(self._legend_side or "right upper")
        self.update_lines()
        self.enable_layout()
        self.redraw()

    def table(self) -> Table:
        """Return the histories as rows below a header."""
        columns = sorted({name for _, history in self._runs for row in history for name in row})
        rows = [
            [label, *(row.get(name, "") for name in columns)]
            for label, history in self._runs
            for row in history
        ]
        return [["run", *columns], *rows]


def _plot_validation(
    plot: Axes, index: int, name: str, history: History, quantity: Quantity
) -> None:
    """Plot one history of several, the validation metric if it has one."""
    metric = quantity.metric
    column = f"val_{metric}" if history and f"val_{metric}" in history[0] else metric
    style = {"ls": _LINE_STYLES[index // len(COLOURS)], "color": COLOURS[index % len(COLOURS)]}
    _plot(plot, history, column, quantity, label=name, **style)


def _plot_training_and_validation(plot: Axes, history: History, quantity: Quantity) -> None:
    """Plot both metrics of one history, as the Training view does: they show overfitting."""
    metric = quantity.metric
    _plot(plot, history, metric, quantity, label="training", color=COLOURS[0])
    if history and f"val_{metric}" in history[0]:
        style = {"ls": "--", "color": COLOURS[1], "marker": "."}
        _plot(plot, history, f"val_{metric}", quantity, label="validation", **style)


def _plot(plot: Axes, history: History, column: str, quantity: Quantity, **style: Any) -> None:
    epochs = [row["epoch"] + 1 for row in history]
    values = [quantity.factor * row[column] for row in history]
    plot.plot(epochs, values, **{"marker": "." if len(history) < 2 else "", **style})
