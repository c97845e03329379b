"""Plots of several runs: their curves laid over each other, and what each setting did."""

from __future__ import annotations

import itertools
import math
import tkinter as tk
from typing import TYPE_CHECKING

import numpy as np

from number_recognition.core.formatting import is_finite
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.window.experiments.run_table import value
from number_recognition.window.toolkit.theme import palette
from number_recognition.window.widgets.mpl_chart import COLOURS, Chart, Table, use_integer_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 12
_STYLES = ("-", "--")
_NO_SETTINGS = ("seed", "tensorboard")


class Overlay(Chart):
    """The accuracy and the loss of the chosen runs on the samples set apart, over the epochs."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, columns=2)
        self._runs: list[tuple[str, list[dict[str, float]]]] = []
        self.show([])

    def show(self, runs: list[tuple[str, list[dict[str, float]]]]) -> None:
        """Show the histories of runs, each with its name."""
        self._runs = runs[:MOST]
        for plot, (title, name, unit) in zip(
            self.plots, (("Accuracy, %", "accuracy", 100), ("Loss", "loss", 1)), strict=True
        ):
            plot.clear()
            plot.set_title(title)
            plot.set_xlabel("epoch")
            use_integer_ticks(plot)
            for number, (label, history) in enumerate(self._runs):
                column = f"val_{name}" if history and f"val_{name}" in history[0] else name
                plot.plot(
                    [row["epoch"] + 1 for row in history],
                    [unit * row[column] for row in history],
                    color=COLOURS[number % len(COLOURS)],
                    linestyle=_STYLES[number // len(COLOURS)],
                    marker="." if len(history) < 2 else "",
                    label=label,
                )
            self.style_axes(plot)
            if not self._runs:
                _hint(self, plot, "Choose runs in the table")
        self.add_legend_outside("right upper")
        self._lay_out()
        self.redraw()

    def table(self) -> Table:
        """The histories as rows, the heading first."""
        columns = sorted({name for _, history in self._runs for row in history for name in row})
        rows = [
            [label, *(row.get(name, "") for name in columns)]
            for label, history in self._runs
            for row in history
        ]
        return [["run", *columns], *rows]


class Effects(Chart):
    """What each setting did to the accuracy: its mean for each value, and for pairs of values."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, columns=2)
        self._table: Table = []
        self.show([])

    def show(self, rows: list[RunSummary]) -> None:
        """Show the main effects of the settings in which runs differ, and the strongest pair."""
        rows = [row for row in rows if is_finite(row.metrics.get("validation", math.nan))]
        settings = varied_settings(rows)
        self._table = [["setting", "value", "mean accuracy", "runs"]]
        for plot in self.plots:
            plot.clear()
        self._show_main(rows, settings)
        self._show_pair(rows, settings)
        for plot in self.plots:
            self.style_axes(plot)
        self.plots[1].grid(False)
        self._lay_out()
        self.redraw()

    def _show_main(self, rows: list[RunSummary], settings: list[str]) -> None:
        plot = self.plots[0]
        plot.set_title("Each alone, %")
        labels, means = [], []
        for name in settings:
            for each in values_of(rows, name):
                found = [r.metrics["validation"] for r in rows if value(r, name) == each]
                runs = [100 * part for part in found], [len(labels)] * len(found)
                plot.plot(*runs, "o", color=COLOURS[0], alpha=0.4, markersize=3)
                labels.append(f"{name.replace('_', ' ')} {each}")
                means.append(100 * float(np.mean(found)))
                self._table.append([name, each, means[-1] / 100, len(found)])
        places = range(len(labels))
        # Points, not bars: a bar from anywhere but 0 would show the differences too large.
        plot.plot(means, places, "o", color=COLOURS[0], markersize=8)
        plot.set_yticks(list(places), labels)
        plot.invert_yaxis()
        plot.margins(x=0.25, y=0.15)
        for place, mean in zip(places, means, strict=True):
            plot.annotate(f"{mean:.1f}", (mean, place), xytext=(0, 6), ha="center",
                          textcoords="offset points", color=palette(self).text,
                          fontsize=self.text_size)  # fmt: skip
        if not labels:
            _hint(self, plot, "Choose runs that differ in a setting")

    def _show_pair(self, rows: list[RunSummary], settings: list[str]) -> None:
        plot = self.plots[1]
        pairs = list(itertools.combinations(settings, 2))
        if not pairs:
            plot.set_xticks([])
            plot.set_yticks([])
            _hint(self, plot, "Pairs: choose runs\nthat differ in\ntwo settings")
            return
        first, second = max(pairs, key=lambda pair: _spread(rows, *pair))
        grid = pair_means(rows, first, second)
        plot.set_title("Both together, %")
        plot.imshow(grid, cmap="cividis", aspect="auto")
        plot.set_xticks(range(grid.shape[1]), [str(v) for v in values_of(rows, second)])
        plot.set_yticks(range(grid.shape[0]), [str(v) for v in values_of(rows, first)])
        plot.set_xlabel(second.replace("_", " "))
        plot.set_ylabel(first.replace("_", " "))
        middle = np.nanmean([np.nanmin(grid), np.nanmax(grid)])
        for (i, j), mean in np.ndenumerate(grid):
            text = "–" if np.isnan(mean) else f"{mean:.1f}"
            colour = "black" if mean > middle else "white"
            plot.text(j, i, text, ha="center", va="center", color=colour, fontsize=self.text_size)
            self._table.append([f"{first} × {second}", f"{i}, {j}", mean / 100, ""])

    def table(self) -> Table:
        """The means as rows, the heading first."""
        return self._table


def _hint(chart: Chart, plot: Axes, words: str) -> None:
    """Say in an empty plot what would fill it."""
    plot.text(0.5, 0.5, words, transform=plot.transAxes, ha="center", va="center", wrap=True,
              color=palette(chart).faint, fontsize=chart.text_size)  # fmt: skip


def varied_settings(rows: list[RunSummary]) -> list[str]:
    """The settings in which runs differ."""
    names = {name for row in rows for name in row.settings if name not in _NO_SETTINGS}
    return sorted(name for name in names if len(values_of(rows, name)) > 1)


def values_of(rows: list[RunSummary], name: str) -> list[object]:
    """The values that a setting has in runs, in order."""
    found = {value(row, name) for row in rows if name in row.settings}
    return sorted(found, key=lambda v: (isinstance(v, str), v))


def pair_means(rows: list[RunSummary], first: str, second: str) -> np.ndarray:
    """The mean accuracy for each pair of values, in %, NaN where there is no run."""
    grid = np.full((len(values_of(rows, first)), len(values_of(rows, second))), np.nan)
    for i, one in enumerate(values_of(rows, first)):
        for j, other in enumerate(values_of(rows, second)):
            found = [
                row.metrics["validation"]
                for row in rows
                if value(row, first) == one and value(row, second) == other
            ]
            if found:
                grid[i, j] = 100 * np.mean(found)
    return grid


def _spread(rows: list[RunSummary], first: str, second: str) -> float:
    grid = pair_means(rows, first, second)
    return float(np.nanmax(grid) - np.nanmin(grid))
