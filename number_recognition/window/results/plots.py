"""The plots of an evaluation by Matplotlib: reliability in the window, the matrix for files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

from number_recognition.core.formatting import percent
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.window.charts.mpl_chart import COLOURS, Chart
from number_recognition.window.charts.plot_file import Table, as_image, write_plot
from number_recognition.window.results.confusion_matrix import RIGHT, WRONG
from number_recognition.window.toolkit.theme import palette

_MATRIX_DPI = 200
"""Dots per inch of the confusion matrix in a file."""


class Reliability(Chart):
    """Confidence against truth: of the answers given with 90 %, nine in ten should be right."""

    file_name = "confidence"
    _evaluation: Evaluation | None = None

    def table(self) -> Table:
        """Return the bars as rows below a header."""
        return reliability_table(self._evaluation) if self._evaluation is not None else []

    def show(self, evaluation: Evaluation | None) -> None:
        """Show another evaluation."""
        self._evaluation = evaluation
        [plot] = self.plots
        self.zoom.forget()
        plot.clear()
        plot.set(xlim=(0, 100), ylim=(0, 109), xlabel="confidence, %", ylabel="read right, %")
        plot.plot(
            [0, 100], [0, 100], color=COLOURS[1], ls="--", lw=1.2, label="perfectly calibrated"
        )
        if evaluation is not None:
            are_slanted = self._draw_bars(evaluation)
            plot.set_title(
                f"Calibration error {percent(evaluation.calibration_error)}",
                pad=(2.4 if are_slanted else 0.6) * self.text_size,  # above the counts
            )
        self.style_axes(plot)
        self.add_legend_outside("lower center", columns=2)
        self.enable_layout()
        self.redraw()

    def _draw_bars(self, evaluation: Evaluation) -> bool:
        """Draw the bars with their counts; return whether these are slanted for lack of width."""
        [plot] = self.plots
        table = evaluation.reliability()
        width = 100 / len(table)
        full = [
            (100 * end - width / 2, 100 * right, count) for end, _, right, count in table if count
        ]
        if not full:
            return False
        middles, heights, counts = (list(values) for values in zip(*full, strict=True))
        are_slanted = len(counts) >= 9
        plot.bar(middles, heights, 0.9 * width, color=COLOURS[0], label="read right (how many)")
        for middle, height, count in zip(middles, heights, counts, strict=True):
            plot.annotate(f"{count:,}", (middle, height), (0, 2), textcoords="offset points",
                          ha="center", va="bottom", rotation=45 if are_slanted else 0,
                          color=palette(self).text,
                          fontsize=0.85 * self.text_size)  # fmt: skip
        return are_slanted

    def recolour(self) -> None:
        """Apply the colours and the text size of the theme."""
        super().recolour()
        if self._evaluation is not None:
            self.show(self._evaluation)


def reliability_table(evaluation: Evaluation) -> Table:
    """The reliability diagram as numbers."""
    heading = ("confidence_up_to", "mean_confidence", "accuracy", "count")
    rows = [
        (f"{end:.4f}", f"{sure:.6f}", f"{right:.6f}", count)
        for end, sure, right, count in evaluation.reliability()
    ]
    return [heading, *rows]


def matrix_table(evaluation: Evaluation) -> Table:
    """The confusion matrix as numbers: rows true, columns predicted, recall and precision."""
    rows = [
        (digit, *counts, _number(recall))
        for digit, (counts, recall) in enumerate(
            zip(evaluation.answer_counts.tolist(), evaluation.recall, strict=True)
        )
    ]
    none = ("none",) if evaluation.can_refuse else ()
    precision = ("precision", *map(_number, evaluation.precision), *("" for _ in none), "")
    return [("true", *range(10), *none, "recall"), *rows, precision]


def _number(part: float | None) -> str:
    return "" if part is None else f"{part:.6f}"


def write_matrix(evaluation: Evaluation, title: str, path: Path) -> None:
    """Write the confusion matrix as PNG, SVG or CSV, by the ending of the name; whole or not.

    Raises:
        OSError: it cannot be written.
        ValueError: no such ending is known.
    """
    figure = matrix_figure(evaluation, title)
    write_plot(path, matrix_table(evaluation), partial(figure.savefig, dpi=_MATRIX_DPI))


def matrix_picture(evaluation: Evaluation, title: str) -> Image.Image:
    """Return the confusion matrix as an image."""
    return as_image(partial(matrix_figure(evaluation, title).savefig, dpi=_MATRIX_DPI))


def matrix_figure(evaluation: Evaluation, title: str) -> Figure:
    """The confusion matrix as a figure."""
    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    plot = figure.subplots()
    matrix = evaluation.answer_counts
    right = np.eye(*matrix.shape, dtype=np.bool_)
    for mask, colour, top in (
        (right, RIGHT, matrix.sum(axis=1).max()),
        (~right, WRONG, matrix[~right].max()),
    ):
        shades = LinearSegmentedColormap.from_list("", ["#ffffff", colour])
        values = np.ma.masked_where(~mask, np.sqrt(matrix))
        plot.imshow(values, cmap=shades, vmin=0, vmax=max(1.0, float(np.sqrt(top))))
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            plot.text(column, row, f"{count:,}", ha="center", va="center", fontsize=8)
    recall = [percent(part) for part in evaluation.recall]
    precision = [percent(part) for part in evaluation.precision]
    plot.set_yticks(range(10), [f"{digit}" for digit in range(10)])
    names = [f"{digit}\n{part}" for digit, part in enumerate(precision)]
    names += ["none"] if evaluation.can_refuse else []
    plot.set_xticks(range(len(names)), names)
    plot.tick_params(length=0, labelsize=8)
    other = plot.secondary_yaxis("right")
    other.set_yticks(range(10), recall)
    other.tick_params(length=0, labelsize=8)
    other.set_ylabel("recall")
    plot.set(xlabel="read as (below: precision)", ylabel="is a", title=title)
    return figure
