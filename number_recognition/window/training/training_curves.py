"""Loss and accuracy of a training while it runs, training against validation."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from number_recognition.window.widgets.mpl_chart import COLOURS, Chart, Table, use_integer_ticks

_PLOTS = (("Loss", "loss", 1.0), ("Accuracy, %", "accuracy", 100.0))
_COLUMNS = ("epoch", "loss", "val_loss", "accuracy", "val_accuracy", "learning_rate", "seconds")

History = list[dict[str, float]]


class TrainingCurves(Chart):
    """Two plots over the epochs, loss and accuracy, with a line each for training and validation.

    Attributes:
        history: the finished epochs that are shown.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, rows=1, columns=2)
        self.history: History = []
        self._lines: list[tuple[Line2D, Line2D]] = []
        for plot, (title, _, _) in zip(self.plots, _PLOTS, strict=True):
            self._lines.append(self._empty_lines(plot, title))
        self.animated_lines = [line for lines in self._lines for line in lines]
        self.add_legend_outside("lower center", columns=2)

    def _empty_lines(self, plot: Axes, title: str) -> tuple[Line2D, Line2D]:
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

    def show(self, history: History, epochs: int, running: dict[str, Any] | None = None) -> None:
        """Show finished epochs, and the one that runs as far as it is.

        Args:
            history: a dictionary an epoch, as trainings keep it.
            epochs: how many there will be.
            running: `epoch`, `epoch_done`, `loss` and `accuracy` of the one that runs.
        """
        self.history = history
        before = [(plot.get_xlim(), plot.get_ylim()) for plot in self.plots]
        for plot, lines, (_, name, unit) in zip(self.plots, self._lines, _PLOTS, strict=True):
            numbers = [row["epoch"] + 1 for row in history]
            values = [unit * row[name] for row in history]
            judged = [(row["epoch"] + 1, unit * row[f"val_{name}"]) for row in history
                      if f"val_{name}" in row]  # fmt: skip
            lines[1].set_data([at for at, _ in judged], [value for _, value in judged])
            if running is not None and running["epoch"] > len(history):
                numbers.append(len(history) + running["epoch_done"])
                values.append(unit * running[name])
            lines[0].set_data(numbers, values)
            plot.set_xlim(0, max(1, epochs))
            _fit(plot, [*values, *(value for _, value in judged)], name)
        after = [(plot.get_xlim(), plot.get_ylim()) for plot in self.plots]
        self.redraw(animated_only=before == after)

    def table(self) -> Table:
        """The finished epochs as rows, the heading first."""
        columns = [name for name in _COLUMNS if self.history and name in self.history[0]]
        return [columns, *([row[name] for name in columns] for row in self.history)]


def _fit(plot: Axes, values: list[float], name: str) -> None:
    """Limits in few steps, so that the picture stands still while it grows."""
    if not values:
        plot.set_ylim(0, 100 if name == "accuracy" else 2.5)
    elif name == "loss":
        tops = (0.1, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 100)
        plot.set_ylim(0, next((top for top in tops if top > max(values)), 1.1 * max(values)))
    else:
        lowest = min(values)
        steps = [step for step in (0, 50, 80, 90, 95, 98) if step <= lowest]
        plot.set_ylim(max(steps, default=0), 100)
