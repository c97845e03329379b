"""The value of one point of a line, written beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.transforms import IdentityTransform

from number_recognition.window.toolkit.theme import Palette

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GAP = 8
"""From the point to its text, in pixels."""


class PointReading:
    """A ring around a point and what it says; drawn over the plots.

    Attributes:
        text: the name of the line and the values of the point, "" where none is read.
        artists: what is to be drawn.
    """

    def __init__(self, figure: Figure, describe: Callable[[Line2D, float, float], str]) -> None:
        self.text = ""
        self._describe = describe
        self._at: tuple[Line2D, int] | None = None
        plain = IdentityTransform()
        self._ring = Line2D([], [], marker="o", fillstyle="none", transform=plain, markersize=9)
        self._label = figure.text(0, 0, "", transform=plain, linespacing=1.3)
        figure.add_artist(self._ring)
        self.artists: tuple[Artist, ...] = (self._ring, self._label)
        for artist in self.artists:
            artist.set_animated(True)
            artist.set_in_layout(False)
            artist.set_visible(False)

    def recolour(self, colours: Palette, size: float) -> None:
        """Take the colours and the size of text of the theme."""
        self._ring.set_color(colours.text)
        self._label.set(color=colours.text, fontsize=size)
        self._label.set_bbox({
            "facecolor": colours.background, "edgecolor": colours.faint, "alpha": 0.95,
            "boxstyle": "round,pad=0.4", "linewidth": 0.8,
        })  # fmt: skip

    def read(self, line: Line2D, index: int) -> None:
        """Show a point of a line by its index."""
        self._at = line, index
        self.text = self._describe(line, *_point(line, index))
        self.place()

    def stop(self) -> bool:
        """Show none; returns whether one was shown."""
        was_shown, self._at, self.text = self._at is not None, None, ""
        for artist in self.artists:
            artist.set_visible(False)
        return was_shown

    def place(self) -> None:
        """Put the text beside its point, which may have moved; hide it where it is not seen."""
        if self._at is None:
            return
        line, index = self._at
        plot = line.axes
        if plot is None or not line.get_visible() or index >= len(points_of(line)):
            self.stop()
            return
        x, y = plot.transData.transform(_point(line, index))
        is_seen = bool(plot.bbox.padded(1).contains(x, y))
        self._ring.set_data([x], [y])
        is_right = x > plot.bbox.x0 + plot.bbox.width / 2
        is_high = y > plot.bbox.y0 + plot.bbox.height / 2
        self._label.set(
            text=self.text,
            position=(x + (-_GAP if is_right else _GAP), y + (-_GAP if is_high else _GAP)),
            ha="right" if is_right else "left",
            va="top" if is_high else "bottom",
        )
        for artist in self.artists:
            artist.set_visible(is_seen)

    def step(self, lines: Sequence[Line2D], points: int, steps: int) -> None:
        """Read the point `points` further on the line `steps` further; the last one at first."""
        lines = [line for line in lines if len(points_of(line))]
        if not lines:
            return
        if self._at is None or self._at[0] not in lines:
            self.read(lines[0], len(points_of(lines[0])) - 1)
            return
        line, index = self._at
        line = lines[(lines.index(line) + steps) % len(lines)]
        last = len(points_of(line)) - 1
        self.read(line, max(0, min(last, index + points)))


def nearest_point(
    plot: Axes, lines: Sequence[Line2D], point: tuple[float, float], within: float
) -> tuple[Line2D, int] | None:
    """Return the line and the index of the point nearest to a point of the figure.

    None where no point of a visible line is within a distance in pixels.
    """
    best: tuple[float, Line2D, int] | None = None
    for line in lines:
        values = points_of(line)
        if not line.get_visible() or not len(values):
            continue
        distances = np.hypot(*(plot.transData.transform(values) - point).T)
        index = int(distances.argmin())
        if distances[index] <= (within if best is None else best[0]):
            best = float(distances[index]), line, index
    return None if best is None else best[1:]


def points_of(line: Line2D) -> np.ndarray:
    """Return the points of a line, (n, 2) float64."""
    return np.asarray(line.get_xydata(), float).reshape(-1, 2)


def _point(line: Line2D, index: int) -> tuple[float, float]:
    x, y = points_of(line)[index]
    return float(x), float(y)
