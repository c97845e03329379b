"""Curves of loss and accuracy of a running training."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from number_recognition.window.widgets.mpl_chart import COLOURS, Chart, Table, use_integer_ticks

_PLOTS = (("Loss", "loss", 1.0), ("Accuracy, %", "accuracy", 100.0))
"""Title, metric and factor of each plot."""
_COLUMNS = ("epoch", "loss", "val_loss", "accuracy", "val_accuracy", "learning_rate", "seconds")
_LOSS_LIMITS = (0.1, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 100)
_ACCURACY_LIMITS = (98, 95, 90, 80, 50, 0)

History = list[dict[str, float]]


class TrainingCurves(Chart):
    """Loss and accuracy over the epochs, with a line each for training and validation.

    Attributes:
        history: the metrics of the finished epochs.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, rows=1, columns=2)
        self.history: History = []
        self._lines: list[tuple[Line2D, Line2D]] = []
        for plot, (title, _, _) in zip(self.plots, _PLOTS, strict=True):
            self._lines.append(self._create_lines(plot, title))
        self.animated_lines = [line for lines in self._lines for line in lines]
        self.add_legend_outside("lower center", columns=2)

    def _create_lines(self, plot: Axes, title: str) -> tuple[Line2D, Line2D]:
        plot.set_title(title)
        plot.set_xlabel("epoch")
        use_integer_ticks(plot)
        lines = (
            plot.plot([], [], color=COLOURS[0], label="training")[0],
            plot.plot([], [], color=COLOURS[1], label="validation", marker=".", ls="--")[0],
        )
        plot.set_xlim(0, 1)
        self.style_axes(plot)
        for line in lines:
            line.set_animated(True)
        return lines

    def show(self, history: History, epochs: int, current: dict[str, Any] | None = None) -> None:
        """Show the finished epochs and the current one.

        Args:
            history: the metrics of each finished epoch.
            epochs: the number of epochs of the training.
            current: `epoch`, `epoch_done`, `loss` and `accuracy` of the current epoch.
        """
        self.history = history
        before = [(plot.get_xlim(), plot.get_ylim()) for plot in self.plots]
        for plot, lines, (_, metric, factor) in zip(self.plots, self._lines, _PLOTS, strict=True):
            epoch_numbers = [row["epoch"] + 1 for row in history]
            values = [factor * row[metric] for row in history]
            validation = [(row["epoch"] + 1, factor * row[f"val_{metric}"]) for row in history
                          if f"val_{metric}" in row]  # fmt: skip
            validation_values = [value for _, value in validation]
            lines[1].set_data([epoch for epoch, _ in validation], validation_values)
            if current is not None and current["epoch"] > len(history):
                epoch_numbers.append(len(history) + current["epoch_done"])
                values.append(factor * current[metric])
            lines[0].set_data(epoch_numbers, values)
            plot.set_xlim(0, max(1, epochs))
            _set_limits(plot, [*values, *validation_values], metric)
        after = [(plot.get_xlim(), plot.get_ylim()) for plot in self.plots]
        self.redraw(animated_only=before == after)

    def table(self) -> Table:
        """Return the finished epochs as rows below a header."""
        columns = [name for name in _COLUMNS if self.history and name in self.history[0]]
        return [columns, *([row[name] for name in columns] for row in self.history)]


def _set_limits(plot: Axes, values: list[float], metric: str) -> None:
    """Set the limits of the y axis in few steps, so that the plot seldom jumps."""
    if not values:
        plot.set_ylim(0, 100 if metric == "accuracy" else 2.5)
    elif metric == "loss":
        highest = max(values)
        limit = next((limit for limit in _LOSS_LIMITS if limit > highest), 1.1 * highest)
        plot.set_ylim(0, limit)
    else:
        lowest = min(values)
        plot.set_ylim(next((limit for limit in _ACCURACY_LIMITS if limit <= lowest), 0), 100)
