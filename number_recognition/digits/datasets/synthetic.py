"""Synthetic digits: the styles in which people write each digit, with random variation.

styles.json lists the styles of each digit: name, frequency relative to the other styles of the
digit, and the paths of the pen, as points [x, y] in a box one unit high, y downwards. The pen goes
through them smoothly; a point listed twice makes a corner.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import smooth
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.digits.drawing.variation import Variation, vary

_STYLES = Path(__file__).with_name("styles.json")
_VARIATION = Variation(
    rotation=0.09, slant=0.26, stretch=0.24, bend=0.045, jitter=0.02, noise=0.004
)
_COARSE_SHARE = 0.25
"""The share of digits with few points on a coarse grid, as a slow tablet gives them."""
_DISPLACED_SHARE = 0.2
"""The share of digits of several strokes whose strokes are displaced."""


@dataclass(frozen=True)
class Style:
    """One way to write a digit: its relative frequency, and the paths of the pen, each (n, 2)."""

    name: str
    frequency: float
    paths: tuple[np.ndarray, ...]


@functools.cache
def styles() -> dict[int, tuple[Style, ...]]:
    """Return the styles of each digit."""
    listed = json.loads(_STYLES.read_text(encoding="utf-8"))
    return {
        int(digit): tuple(
            Style(style["name"], style["frequency"], tuple(map(np.array, style["paths"])))
            for style in listed_styles
        )
        for digit, listed_styles in listed.items()
    }


def draw_digit(label: int, rng: np.random.Generator) -> Drawing:
    """Draw one digit in a random style, with random variation.

    Raises:
        ValueError: `label` is not a digit.
    """
    if label not in styles():
        raise ValueError(f"expected a digit from 0 to 9, found {label!r}")
    return draw_style(choose_style(label, rng), rng)


def draw_style(style: Style, rng: np.random.Generator) -> Drawing:
    """Draw one digit in a given style, with random variation."""
    paths = [_displaced(path, rng) for path in style.paths]
    if len(paths) > 1 and rng.random() < _DISPLACED_SHARE:
        paths = [path + rng.normal(0, 0.04, 2) for path in paths]
    if rng.random() < _COARSE_SHARE:
        paths = [sample_coarsely(path, rng.uniform(0.1, 0.3), rng) for path in paths]
    strokes = tuple(Stroke(tuple(map(tuple, path * 0.7 * PAD))) for path in paths)
    return fit_to_canvas(vary(Drawing(strokes), rng, _VARIATION), 0.7 * PAD, DEFAULT_PEN)


def choose_style(label: int, rng: np.random.Generator) -> Style:
    """Return a random style of a digit, each as often as its frequency."""
    choices = styles()[label]
    frequencies = np.array([style.frequency for style in choices])
    return choices[rng.choice(len(choices), p=frequencies / frequencies.sum())]


def _displaced(path: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A path with its points randomly displaced, corners staying corners; (n, 2)."""
    displacement = rng.normal(0, 0.028, path.shape)
    for i in np.flatnonzero((np.diff(path, axis=0) == 0).all(axis=1)):
        displacement[i + 1] = displacement[i]
    moved = path + displacement
    if len(moved) > 3 and rng.random() < 0.3:
        # A fast pen stops early.
        moved[-1] += 0.5 * rng.random() * (moved[-2] - moved[-1])
    return moved


def sample_coarsely(path: np.ndarray, spacing: float, rng: np.random.Generator) -> np.ndarray:
    """Return a path as a slow tablet records it: few points on a grid, sometimes a polygon; (m, 2).

    The points are about `spacing` apart.
    """
    dense = _dense(path)
    length = np.r_[0, np.cumsum(np.hypot(*np.diff(dense, axis=0).T))]
    count = max(2, round(length[-1] / spacing) + 1)
    at = np.linspace(0, length[-1], count)
    at[1:-1] += rng.uniform(-0.3, 0.3, count - 2) * spacing
    points = np.stack([np.interp(at, length, axis) for axis in dense.T], axis=1)
    grid = rng.uniform(20, 80)
    points = np.round(points * grid) / grid
    if rng.random() < 0.4:
        parts = np.linspace(0, count - 1, 4 * (count - 1) + 1)
        points = np.stack([np.interp(parts, np.arange(count), axis) for axis in points.T], axis=1)
    return points


def _dense(path: np.ndarray) -> np.ndarray:
    """The path, smooth between its corners; (m, 2)."""
    corners = np.flatnonzero((np.diff(path, axis=0) == 0).all(axis=1)) + 1
    pieces = [smooth(piece, 0.02) for piece in np.split(path, corners)]
    return np.concatenate(pieces)


def synthetic_drawings(seed: int) -> Iterator[LabelledDrawing]:
    """Yield digits without end, all labels equally often; equal seeds give equal digits."""
    rng = np.random.default_rng(seed)
    while True:
        for label in rng.permutation(10):
            yield LabelledDrawing(draw_digit(int(label), rng), int(label))
