"""Linear and logarithmic axes whose limits follow the data."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter

_SHARE_TICKS = (0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99)
_LEAST_ERROR = 0.01
"""The least error in % that a logarithmic axis of percentages shows; 100 % stands there, too."""
_STEPS = (1, 2, 2.5, 4, 5, 10)
_TICKS = 6
_LOG_MARGIN = 1.15
"""Above and below the data, as a factor."""

Range = tuple[float, float]


def use_scale(plot: Axes, log: bool, share: bool) -> None:
    """Give the y axis of a plot its scale.

    Args:
        plot: the plot.
        log: whether the scale is logarithmic.
        share: whether the values are percentages of what is right. Their logarithmic scale is that
            of the errors: 90, 99 and 99.9 % are equally far from each other.
    """
    if not log:
        plot.set_yscale("linear")
        return
    if share:
        plot.set_yscale("function", functions=(_to_digits, _from_digits))
        plot.yaxis.set_major_locator(FixedLocator(_SHARE_TICKS))
    else:
        plot.set_yscale("log")
        plot.yaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 5, 7)))
    plot.yaxis.set_major_formatter(FuncFormatter(lambda value, position: f"{value:g}"))
    plot.yaxis.set_minor_formatter(NullFormatter())


def _to_digits(percent: np.ndarray) -> np.ndarray:
    return -np.log10(np.maximum(100.0 - np.asarray(percent, float), _LEAST_ERROR))


def _from_digits(digits: np.ndarray) -> np.ndarray:
    return 100.0 - np.asarray(10.0 ** -np.asarray(digits, float))


def value_limits(
    values: Sequence[float],
    log: bool,
    share: bool,
    now: Range | None = None,
    in_training: bool = False,
    may_shrink: bool = True,
) -> Range:
    """Return limits of the y axis that show values and little else.

    Args:
        values: what is shown.
        log: whether the axis is logarithmic.
        share: see `use_scale`.
        now: the limits now, which stay while they fit: an axis that moves cannot be read.
        in_training: whether more values follow. They get better, so that a linear axis reaches
            what is best at once: 0, or 100 %.
        may_shrink: whether limits change that have become wider than the values.
    """
    finite = [value for value in values if math.isfinite(value) and (value > 0 or not log or share)]
    if not finite:
        return (0.1, 1.0) if log and not share else (0.0, 100.0 if share else 1.0)
    low, high = min(finite), max(finite)
    if log and share:
        least, most = (max(100.0 - value, _LEAST_ERROR) for value in (high, low))
        fitting = 100.0 - most * _LOG_MARGIN, 100.0 - least / _LOG_MARGIN
    elif log:
        fitting = low / _LOG_MARGIN, high * _LOG_MARGIN
    else:
        if in_training:
            low, high = (low, max(high, 100.0)) if share else (min(low, 0.0), high)
        fitting = _round_limits(low, high, share)
    if now is not None and now[0] <= low and high <= now[1]:
        return fitting if may_shrink and not _is_filled(now, fitting) else now
    return fitting


def _round_limits(low: float, high: float, share: bool) -> Range:
    """Limits at ticks; a percentage is at most 100, and what begins near 0 begins there."""
    margin = 0.03 * (high - low) or 0.02 * abs(high) or 0.5
    if low >= 0 and low < 0.3 * high:
        low = margin
    top = high + margin if high > 100 or not share else min(100.0, high + margin)
    locator = MaxNLocator(_TICKS, steps=_STEPS)
    ticks = locator.tick_values(low - margin, top)
    last = float(ticks[-1])
    return float(ticks[0]), min(last, 100.0) if share and high <= 100 else last


def _is_filled(now: Range, fitting: Range) -> bool:
    """Whether most of an axis is used: then its limits stay."""
    return fitting[1] - fitting[0] > 0.7 * (now[1] - now[0])


def epoch_limits(epochs: Sequence[float], most: int | None = None) -> Range:
    """Return limits of an axis of epochs.

    Args:
        epochs: what is shown.
        most: the epochs that there will be. While there are fewer, the axis grows in few steps:
            one that moves cannot be read. None for no more than there are.
    """
    if most is not None:
        last = max(epochs, default=0.0)
        steps = (10, 20, 50, 100, 200, 500, 1000)
        end = min(most, next((step for step in steps if step >= last), most))
        return 0.0, 1.02 * max(end, last)
    if not epochs:
        return 0.0, 1.0
    first, last = min(epochs), max(epochs)
    margin = max(0.02 * (last - first), 0.1)
    return first - margin, last + margin
