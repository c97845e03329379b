"""Zooming into plots, and back to all of their data."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

Limits = tuple[tuple[float, float], tuple[float, float]]
"""Limits of the x axis and of the y axis."""

STEP = 1.5
"""How many times larger everything is after one step."""
_MOST = 1e4
"""Zooming in ends where everything is so many times larger: numbers are as exact as that."""


class Zoom:
    """The limits of the axes of plots: those of all data, or those that were chosen."""

    def __init__(self) -> None:
        self._full: dict[Axes, Limits] = {}

    def is_zoomed(self, plot: Axes) -> bool:
        """Whether a plot shows a part of its data only."""
        return plot in self._full

    def set_limits(self, plot: Axes, limits: Limits) -> None:
        """Set the limits of all data, which are shown at once, or after zooming."""
        if plot in self._full:
            self._full[plot] = limits
        else:
            _apply(plot, limits)

    def limits(self, plot: Axes) -> Limits:
        """Return the limits of all data."""
        return self._full.get(plot, _current(plot))

    def step(self, plot: Axes, steps: float, x: float, y: float) -> None:
        """Zoom in (steps above 0) or out, so that what is at a point of the figure stays there."""
        factor = STEP**-steps
        box = plot.bbox
        left, bottom = x - (x - box.x0) * factor, y - (y - box.y0) * factor
        self.to_box(plot, Bbox.from_bounds(left, bottom, box.width * factor, box.height * factor))

    def to_box(self, plot: Axes, box: Bbox) -> None:
        """Let a box of the figure, in pixels, fill the plot; all of the data is the most."""
        full = self.limits(plot)
        to_data = plot.transData.inverted()
        corners = to_data.transform([[box.x0, box.y0], [box.x1, box.y1]])
        x, y = ((float(a), float(b)) for a, b in corners.T)
        chosen = _within(x, full[0]), _within(y, full[1])
        if chosen == full:
            self.show_all(plot)
        elif _size(chosen[0], full[0]) > 1 / _MOST and _size(chosen[1], full[1]) > 1 / _MOST:
            self._full.setdefault(plot, full)
            _apply(plot, chosen)

    def show_all(self, plot: Axes) -> None:
        """Show all data of a plot."""
        if plot in self._full:
            _apply(plot, self._full.pop(plot))

    def forget(self) -> None:
        """Take up that the plots have other data: nothing is zoomed any more."""
        self._full.clear()


def _current(plot: Axes) -> Limits:
    x, y = plot.get_xlim(), plot.get_ylim()
    return (float(x[0]), float(x[1])), (float(y[0]), float(y[1]))


def _apply(plot: Axes, limits: Limits) -> None:
    if _current(plot) != limits:
        plot.set_xlim(limits[0])
        plot.set_ylim(limits[1])


def _within(part: tuple[float, float], full: tuple[float, float]) -> tuple[float, float]:
    """Return the limits of a part, moved or cut so that it is inside of all; either may go down."""
    low, high = sorted(full)
    first, last = (min(max(limit, low), high) for limit in part)
    if first == last or last != last or first != first:
        return full
    return first, last


def _size(part: tuple[float, float], full: tuple[float, float]) -> float:
    return abs(part[1] - part[0]) / abs(full[1] - full[0])
