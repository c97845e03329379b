"""Curves of loss and accuracy of a running training."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Any

from number_recognition.window.charts.line_chart import ACCURACY, LOSS, LineChart
from number_recognition.window.charts.mpl_chart import COLOURS, use_integer_ticks
from number_recognition.window.charts.plot_file import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS = ("epoch", "loss", "val_loss", "accuracy", "val_accuracy", "learning_rate", "seconds")

History = list[dict[str, float]]


class TrainingCurves(LineChart):
    """Loss and accuracy over the epochs, with a line each for training and validation.

    Attributes:
        history: the metrics of the finished epochs.
    """

    file_name = "training"

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, (LOSS, ACCURACY))
        self.history: History = []
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            plot.set_title(quantity.title)
            plot.set_xlabel("epoch")
            use_integer_ticks(plot)
            plot.plot([], [], color=COLOURS[0], label="training")
            plot.plot([], [], color=COLOURS[1], label="validation", marker=".", ls="--")
        self.animated_lines = [line for plot in self.plots for line in plot.lines]
        for line in self.animated_lines:
            line.set_animated(True)
        self.update_lines()
        self.add_legend_outside("lower center", columns=2)

    def show(self, history: History, epochs: int, current: dict[str, Any] | None = None) -> None:
        """Show the finished epochs and the current one.

        Args:
            history: the metrics of each finished epoch.
            epochs: the number of epochs of the training.
            current: `epoch`, `epoch_done`, `loss` and `accuracy` of the current epoch.
        """
        self.history, self.most_epochs = history, epochs
        before = [self._limits(plot) for plot in self.plots]
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            training, validation = plot.lines
            metric, factor = quantity.metric, quantity.factor
            epoch_numbers = [row["epoch"] + 1 for row in history]
            values = [factor * row[metric] for row in history]
            judged = [(row["epoch"] + 1, factor * row[f"val_{metric}"]) for row in history
                      if f"val_{metric}" in row]  # fmt: skip
            validation.set_data([epoch for epoch, _ in judged], [value for _, value in judged])
            if current is not None and current["epoch"] > len(history):
                epoch_numbers.append(len(history) + current["epoch_done"])
                values.append(factor * current[metric])
            training.set_data(epoch_numbers, values)
        self.fit()
        self.redraw(animated_only=before == [self._limits(plot) for plot in self.plots])

    @staticmethod
    def _limits(plot: Axes) -> tuple[float, ...]:
        return *plot.get_xlim(), *plot.get_ylim()

    def table(self) -> Table:
        """Return the finished epochs as rows below a header."""
        columns = [name for name in _COLUMNS if self.history and name in self.history[0]]
        return [columns, *([row[name] for name in columns] for row in self.history)]
