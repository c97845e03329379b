"""The robustness chart: the probability of the predicted digit over the range of a slider."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from tkinter import font as tkfont

from number_recognition.core.formatting import digit_name
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import answer_text
from number_recognition.session.perturbation import Range
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour

Points = list[tuple[float, Prediction]]
"""Values of a slider in ascending order, each with the prediction there."""


@dataclass(frozen=True)
class RobustnessCurve:
    """Predictions over the range of a slider.

    `slider` is its range and `value` its current value, `points` the predictions (at least one),
    `digit` the one predicted for the unperturbed drawing, whose probability is drawn.
    """

    slider: Range
    value: float
    points: Points
    digit: int

    def table(self) -> list[list[object]]:
        """Return a header, then a row for each value: the value, what is read, all outputs."""
        header: list[object] = [self.slider.title, "read as", *range(10), "no digit"]
        return [header, *(_row(value, prediction) for value, prediction in self.points)]


def _row(value: float, prediction: Prediction) -> list[object]:
    read = "no digit" if prediction.digit is None else prediction.digit
    return [value, "" if prediction.is_blank else read, *map(float, prediction.outputs)]


@dataclass(frozen=True)
class _PlotArea:
    """The area of the curve on the canvas, in pixels."""

    left: int
    right: int
    top: int
    bottom: int

    def x(self, curve: RobustnessCurve, value: float) -> float:
        part = (value - curve.slider.low) / (curve.slider.high - curve.slider.low)
        return self.left + part * (self.right - self.left)

    def y(self, probability: float) -> float:
        return self.bottom + probability * (self.top - self.bottom)


class RobustnessChart(tk.Canvas):
    """A curve of the predicted digit's probability, with other predictions marked below it.

    Attributes:
        curve: the curve, None while there is none.
        text: for which values of the slider the prediction stays the same.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=0, height=scaled(parent, 110))
        self.curve: RobustnessCurve | None = None
        self.text = ""
        self.bind("<Configure>", lambda event: self._draw())

    def clear(self) -> None:
        """Show nothing."""
        self.curve, self.text = None, ""
        self._draw()

    def show(self, curve: RobustnessCurve) -> None:
        """Show a curve."""
        self.curve = curve
        self.text = describe_robustness(curve)
        self._draw()

    def recolour(self) -> None:
        """Apply the colours and fonts of the theme."""
        self._draw()

    def _draw(self) -> None:
        self.delete("all")
        self.configure(background=palette(self).background)
        if self.curve is None:
            return
        font = tkfont.nametofont(CAPTION, self)
        line, gap = font.metrics("linespace"), scaled(self, 4)
        area = _PlotArea(
            left=font.measure("100 % "),
            right=self.winfo_width() - gap,
            top=2 * line,
            bottom=self.winfo_height() - 2 * line - gap,
        )
        self._draw_axes(self.curve, area)
        self._draw_curve(self.curve, area)
        self._draw_points(self.curve, area)

    def _draw_axes(self, curve: RobustnessCurve, area: _PlotArea) -> None:
        colours, gap = palette(self), scaled(self, 4)
        self.create_text(0, 0, text=self.text, anchor="nw", font=CAPTION, fill=colours.text)
        for probability, text in ((0, "0 %"), (1, "100 %")):
            y = area.y(probability)
            self.create_line(area.left, y, area.right, y, fill=colours.track)
            self.create_text(
                area.left - gap, y, text=text, anchor="e", font=CAPTION, fill=colours.faint
            )
        low, high = curve.slider.shown(curve.slider.low), curve.slider.shown(curve.slider.high)
        y = self.winfo_height()
        self.create_text(area.left, y, text=low, anchor="sw", font=CAPTION, fill=colours.faint)
        self.create_text(area.right, y, text=high, anchor="se", font=CAPTION, fill=colours.faint)

    def _draw_curve(self, curve: RobustnessCurve, area: _PlotArea) -> None:
        width = scaled(self, 2)
        x = area.x(curve, curve.value)
        self.create_line(
            x, area.top, x, area.bottom, fill=palette(self).faint, dash=(4, 3),
            width=max(1, width // 2),
        )  # fmt: skip
        positions = self._positions(curve, area)
        colour = hex_colour(HeatmapColours(palette(self)).positive)
        self.create_line(*sum(positions, ()), fill=colour, width=width)

    def _draw_points(self, curve: RobustnessCurve, area: _PlotArea) -> None:
        """Draw a point for each prediction; label another digit where it first appears."""
        colours, radius = HeatmapColours(palette(self)), scaled(self, 2)
        previous: int | None = curve.digit
        end = 0.0
        for (x, y), (_, prediction) in zip(self._positions(curve, area), curve.points, strict=True):
            is_other = prediction.digit != curve.digit
            colour = hex_colour(colours.negative if is_other else colours.positive)
            self.create_oval(x - radius, y - radius, x + radius, y + radius, fill=colour, width=0)
            if is_other and prediction.digit != previous:
                text = answer_text(prediction, unsure_below=0).short
                end = self._write_digit(text, x, end, area, colour)
            previous = prediction.digit

    def _write_digit(
        self, text: str, x: float, after: float, area: _PlotArea, colour: str
    ) -> float:
        """Write another digit below its first point, right of the text before; return its end."""
        half = tkfont.nametofont(CAPTION, self).measure(text) / 2
        x = min(max(x, area.left + half, after + half), area.right - half)
        self.create_text(
            x, area.bottom + scaled(self, 3), text=text, anchor="n", font=CAPTION, fill=colour
        )
        return x + half + scaled(self, 6)

    def _positions(self, curve: RobustnessCurve, area: _PlotArea) -> list[tuple[float, ...]]:
        return [
            (area.x(curve, value), area.y(float(prediction.outputs[curve.digit])))
            for value, prediction in curve.points
        ]


def describe_robustness(curve: RobustnessCurve) -> str:
    """Describe between which values around the current one the prediction stays the same."""
    title, points, digit = curve.slider.title, curve.points, curve.digit
    nearest = min(range(len(points)), key=lambda i: abs(points[i][0] - curve.value))
    if points[nearest][1].digit != digit:
        return f"{title}: not recognized as {digit_name(digit)} at this value."
    first = last = nearest
    while first and points[first - 1][1].digit == digit:
        first -= 1
    while last + 1 < len(points) and points[last + 1][1].digit == digit:
        last += 1
    if (first, last) == (0, len(points) - 1):
        return f"{title}: recognized as {digit_name(digit)} over the whole range."
    low, high = curve.slider.shown(points[first][0]), curve.slider.shown(points[last][0])
    return f"{title}: recognized as {digit_name(digit)} from {low} to {high}."
