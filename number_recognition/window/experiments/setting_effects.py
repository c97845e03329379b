"""Plots that compare runs: their learning curves, and the effect of each setting."""

from __future__ import annotations

import itertools
import math
import tkinter as tk
from typing import TYPE_CHECKING, Any

import numpy as np

from number_recognition.core.formatting import is_finite
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.window.charts.line_chart import ACCURACY, LOSS, LineChart, Quantity
from number_recognition.window.charts.mpl_chart import COLOURS, Chart, use_integer_ticks
from number_recognition.window.charts.plot_file import Table
from number_recognition.window.experiments.run_states import (
    setting_value,
    values_of,
    varied_settings,
)
from number_recognition.window.toolkit.theme import palette, scaled, scaled_by_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MAX_RUNS = 12
_LEAST_WIDTH = 240
"""Of two plots beside a legend, in pixels at 96 dpi and at the usual size of text."""
_LEAST_HEIGHT = 110
"""Of plots above a legend, likewise."""
_LEAST_GAP = 20
"""Between the titles of two plots, in pixels at 96 dpi."""
_LINE_STYLES = ("-", "--")
_DIFFER_IN_NONE = "Select runs that differ\nin a setting"
_DIFFER_IN_SEVERAL = "No setting can be compared:\nselect runs that differ\nin one alone"

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
        """Compute the layout anew; the legend stands below plots that it would make too narrow."""
        width, height = self.legend_size
        is_narrow = self.winfo_width() - width < scaled_by_text(self, _LEAST_WIDTH)
        has_height = self.winfo_height() - height > scaled_by_text(self, _LEAST_HEIGHT)
        side = "lower left" if is_narrow and has_height else "right upper"
        if self._legend_side not in ("", side):
            self.add_legend_outside(side)
        self._wrap_titles()
        super().enable_layout()

    def _wrap_titles(self) -> None:
        """Break the titles into two lines where they would touch in one."""
        beside = 0.0 if "lower" in self._legend_side else self.legend_size[0]
        room = (self.winfo_width() - beside) / len(self.plots)
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            is_single = len(self._runs) == 1
            title = quantity.title if is_single else f"Validation {quantity.title.lower()}"
            plot.set_title(title)
            if plot.title.get_window_extent().width > room - scaled(self, _LEAST_GAP):
                plot.set_title(title.replace(" ", "\n", 1))

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
        for plot, quantity in zip(self.plots, self.quantities, strict=True):
            plot.clear()
            plot.set_xlabel("epoch")
            use_integer_ticks(plot)
            for index, (name, history) in enumerate(self._runs):
                if len(self._runs) == 1:
                    _plot_training_and_validation(plot, history, quantity)
                else:
                    _plot_validation(plot, index, name, history, quantity)
            if not self._runs:
                _show_hint(self, plot, "Select runs in the table")
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


class SettingEffects(Chart):
    """Mean validation accuracy for each value of each setting, and for pairs of values."""

    file_name = "effects"
    _runs: list[RunSummary] | None = None

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, columns=2)
        self._table: list[list[object]] = []
        self.show([])

    def show(self, runs: list[RunSummary]) -> None:
        """Show the effects of the settings in which runs differ, and the strongest pair."""
        self._runs = runs
        runs = [run for run in runs if is_finite(run.metrics.get("validation", math.nan))]
        settings = varied_settings(runs)
        self._table = [["setting", "value", "mean accuracy", "runs"]]
        self.zoom.forget()
        for plot in self.plots:
            plot.clear()
        self._show_single_settings(runs, settings)
        self._show_pair(runs, settings)
        for plot in self.plots:
            self.style_axes(plot)
        self.plots[1].grid(False)
        self.enable_layout()
        self.redraw()

    def _show_single_settings(self, runs: list[RunSummary], settings: list[str]) -> None:
        plot = self.plots[0]
        plot.set_title("Single settings, %")
        labels: list[str] = []
        means: list[float] = []
        for name in settings:
            compared = comparable_runs(runs, name, settings)
            for value in values_of(compared, name):
                accuracies = [
                    100 * run.metrics["validation"]
                    for run in compared
                    if setting_value(run, name) == value
                ]
                rows = [len(labels)] * len(accuracies)
                plot.plot(accuracies, rows, "o", color=COLOURS[0], alpha=0.4, markersize=3)
                labels.append(f"{name.replace('_', ' ')} {value}")
                means.append(float(np.mean(accuracies)))
                self._table.append([name, value, means[-1] / 100, len(accuracies)])
        self._plot_means(plot, labels, means)
        if not labels:
            plot.set_xticks([])
            _show_hint(self, plot, _DIFFER_IN_SEVERAL if settings else _DIFFER_IN_NONE)

    def _plot_means(self, plot: Axes, labels: list[str], means: list[float]) -> None:
        """Plot means as points: bars that do not start at 0 would exaggerate the differences."""
        rows = range(len(labels))
        plot.plot(means, rows, "o", color=COLOURS[0], markersize=8)
        plot.set_yticks(list(rows), labels)
        plot.invert_yaxis()
        plot.margins(x=0.25, y=0.15)
        for row, mean in zip(rows, means, strict=True):
            plot.annotate(f"{mean:.1f}", (mean, row), xytext=(7, 0), va="center",
                          textcoords="offset points", color=palette(self).text,
                          fontsize=self.text_size)  # fmt: skip

    def _show_pair(self, runs: list[RunSummary], settings: list[str]) -> None:
        """Show the pair of settings with the largest differences."""
        plot = self.plots[1]
        pairs = list(itertools.combinations(settings, 2))
        if not pairs:
            plot.set_xticks([])
            plot.set_yticks([])
            _show_hint(self, plot, "Select runs that differ\nin two settings")
            return
        first, second = max(pairs, key=lambda pair: _spread(runs, *pair))
        means = pair_means(runs, first, second)
        plot.set_title("Pair of settings, %")
        plot.imshow(means, cmap="cividis", aspect="auto")
        plot.set_xticks(range(means.shape[1]), [str(v) for v in values_of(runs, second)])
        plot.set_yticks(range(means.shape[0]), [str(v) for v in values_of(runs, first)])
        plot.set_xlabel(second.replace("_", " "))
        plot.set_ylabel(first.replace("_", " "))
        self._annotate_cells(plot, means)
        for (i, j), mean in np.ndenumerate(means):
            self._table.append([f"{first} × {second}", f"{i}, {j}", mean / 100, ""])

    def _annotate_cells(self, plot: Axes, means: np.ndarray) -> None:
        middle = np.nanmean([np.nanmin(means), np.nanmax(means)])
        for (i, j), mean in np.ndenumerate(means):
            text = "–" if np.isnan(mean) else f"{mean:.1f}"
            colour = "black" if mean > middle else "white"
            plot.text(j, i, text, ha="center", va="center", color=colour, fontsize=self.text_size)

    def table(self) -> Table:
        """Return the means as rows below a header."""
        return self._table

    def recolour(self) -> None:
        """Apply the colours and the text size of the theme."""
        super().recolour()
        if self._runs is not None:
            self.show(self._runs)


def _show_hint(chart: Chart, plot: Axes, text: str) -> None:
    """Show in an empty plot how to fill it."""
    plot.text(0.5, 0.5, text, transform=plot.transAxes, ha="center", va="center", wrap=True,
              color=palette(chart).faint, fontsize=chart.text_size)  # fmt: skip


def comparable_runs(runs: list[RunSummary], name: str, settings: list[str]) -> list[RunSummary]:
    """Return the runs that show what a setting does by itself.

    They have the values that one combination of the other settings has the most of, and each
    combination among them has all of these.

    Args:
        runs: those to choose from.
        name: the setting.
        settings: all settings in which the runs differ.
    """

    def others(run: RunSummary) -> tuple[object, ...]:
        return tuple(setting_value(run, other) for other in settings if other != name)

    values: dict[tuple[object, ...], set[object]] = {}
    for run in runs:
        if name in run.settings:
            values.setdefault(others(run), set()).add(setting_value(run, name))
    compared = max(values.values(), key=len)
    if len(compared) < 2:
        return []
    return [
        run
        for run in runs
        if setting_value(run, name) in compared and values.get(others(run), set()) >= compared
    ]


def pair_means(runs: list[RunSummary], first: str, second: str) -> np.ndarray:
    """Return the mean accuracy in % for each pair of values of two settings.

    Returns:
        (values of the first, values of the second) float64, NaN for a pair without a run.
    """
    rows, columns = values_of(runs, first), values_of(runs, second)
    means = np.full((len(rows), len(columns)), np.nan)
    for (i, row), (j, column) in itertools.product(enumerate(rows), enumerate(columns)):
        accuracies = [
            run.metrics["validation"]
            for run in runs
            if setting_value(run, first) == row and setting_value(run, second) == column
        ]
        if accuracies:
            means[i, j] = 100 * np.mean(accuracies)
    return means


def _spread(runs: list[RunSummary], first: str, second: str) -> float:
    means = pair_means(runs, first, second)
    return float(np.nanmax(means) - np.nanmin(means))
