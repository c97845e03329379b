"""The effect of each setting on the validation accuracy of runs, and of pairs of settings."""

from __future__ import annotations

import itertools
import math
import tkinter as tk
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from number_recognition.core.formatting import is_finite, setting_name
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.window.charts.mpl_chart import COLOURS, Chart
from number_recognition.window.charts.plot_file import Table
from number_recognition.window.experiments.run_states import (
    setting_value,
    values_of,
    varied_settings,
)
from number_recognition.window.toolkit.theme import palette, scaled_by_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_AROUND = 200
"""What the names of the values take of the width, in pixels at 96 dpi."""
_DIFFER_IN_NONE = "Select runs that differ\nin a setting"
_DIFFER_IN_SEVERAL = "No setting can be compared:\nselect runs that differ\nin one alone"


class SettingEffects(Chart):
    """Mean validation accuracy for each value of each setting, and for pairs of values."""

    file_name = "effects"
    _runs: list[RunSummary] | None = None

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, columns=2)
        self._table: list[list[object]] = []
        self.show([])

    def enable_layout(self) -> None:
        """Compute the layout anew, with titles that have room beside the names of the values."""
        self.wrap_titles((self.winfo_width() - scaled_by_text(self, _AROUND)) / len(self.plots))
        super().enable_layout()

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
        plot.set_title("Validation accuracy, %")
        labels: list[str] = []
        means: list[float] = []
        for name in settings:
            compared = comparable_runs(runs, (name,), settings)
            for value in values_of(compared, name):
                accuracies = [
                    100 * run.metrics["validation"]
                    for run in compared
                    if setting_value(run, name) == value
                ]
                rows = [len(labels)] * len(accuracies)
                plot.plot(accuracies, rows, "o", color=COLOURS[0], alpha=0.4, markersize=3)
                labels.append(f"{setting_name(name)} {value}")
                means.append(float(np.mean(accuracies)))
                self._table.append([name, value, means[-1] / 100, len(accuracies)])
        self._plot_means(plot, labels, means)
        if len(runs) > len(labels) > 0:
            plot.set_xlabel("large dots: means, small dots: runs")
        if not labels:
            plot.set_xticks([])
            self.show_hint(plot, _DIFFER_IN_SEVERAL if settings else _DIFFER_IN_NONE)

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
        compared = {
            pair: comparable_runs(runs, pair, settings)
            for pair in itertools.combinations(settings, 2)
        }
        compared = {pair: runs for pair, runs in compared.items() if _are_two_varied(runs, pair)}
        if not compared:
            plot.set_xticks([])
            plot.set_yticks([])
            alone = " alone" if len(settings) > 2 else ""
            self.show_hint(plot, f"Select runs that differ\nin two settings{alone}")
            return
        first, second = pair = max(compared, key=lambda pair: _spread(compared[pair], *pair))
        runs = compared[pair]
        means = pair_means(runs, first, second)
        plot.set_title("Mean validation accuracy, %")
        plot.imshow(means, cmap="cividis", aspect="auto")
        plot.set_xticks(range(means.shape[1]), [str(v) for v in values_of(runs, second)])
        plot.set_yticks(range(means.shape[0]), [str(v) for v in values_of(runs, first)])
        plot.set_xlabel(setting_name(second))
        plot.set_ylabel(setting_name(first))
        self._annotate_cells(plot, means)
        for (i, j), mean in np.ndenumerate(means):
            self._table.append([f"{first} × {second}", f"{i}, {j}", mean / 100, ""])

    def _annotate_cells(self, plot: Axes, means: np.ndarray) -> None:
        middle = np.nanmean([np.nanmin(means), np.nanmax(means)])
        for (i, j), mean in np.ndenumerate(means):
            text, colour = f"{mean:.1f}", "black" if mean > middle else "white"
            if np.isnan(mean):  # there is no run: the cell has the colour of the window
                text, colour = "–", palette(self).text
            plot.text(j, i, text, ha="center", va="center", color=colour, fontsize=self.text_size)

    def table(self) -> Table:
        """Return the means as rows below a header."""
        return self._table

    def recolour(self) -> None:
        """Apply the colours and the text size of the theme."""
        super().recolour()
        if self._runs is not None:
            self.show(self._runs)


def comparable_runs(
    runs: list[RunSummary], names: tuple[str, ...], settings: list[str]
) -> list[RunSummary]:
    """Return the runs that show what a setting does by itself, or a pair of settings.

    They have the values that one combination of the other settings has the most of, and each
    combination among them has all of these.

    Args:
        runs: those to choose from.
        names: the setting, or the pair.
        settings: all settings in which the runs differ.
    """
    rest = [name for name in settings if name not in names]

    def values_in(run: RunSummary, names: Iterable[str]) -> tuple[object, ...]:
        return tuple(setting_value(run, name) for name in names)

    found: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
    having = [run for run in runs if all(name in run.settings for name in names)]
    for run in having:
        found.setdefault(values_in(run, rest), set()).add(values_in(run, names))
    compared = max(found.values(), key=len, default=set())
    if len(compared) < 2:
        return []
    return [
        run
        for run in having
        if values_in(run, names) in compared and found[values_in(run, rest)] >= compared
    ]


def _are_two_varied(runs: list[RunSummary], names: tuple[str, ...]) -> bool:
    """Whether each of the settings has several values in the runs."""
    return all(len(values_of(runs, name)) > 1 for name in names)


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
