"""Endless digits in a pen of the program's own: the ways people write each digit, varied.

styles.json has the ways: for each digit a list of styles, each with its name, how often people
write so against the other styles of the digit, and the paths of the pen through points [x, y] of a
box one unit high, y downwards. The pen goes through them smoothly; a point that stands twice makes
a corner.
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
_HAND = Variation(rotation=0.09, slant=0.26, stretch=0.24, bend=0.045, jitter=0.02, noise=0.004)
_COARSE = 0.25
"""Part of the digits written on a tablet that takes few points a second, on a coarse grid."""
_APART = 0.2
"""Part of the digits of several strokes whose strokes stand farther apart than they should."""


@dataclass(frozen=True)
class Style:
    """One way to write a digit: how often people do, and the paths of the pen, each (n, 2)."""

    name: str
    frequency: float
    paths: tuple[np.ndarray, ...]


@functools.cache
def styles() -> dict[int, tuple[Style, ...]]:
    """The styles of each digit."""
    listed = json.loads(_STYLES.read_text(encoding="utf-8"))
    return {
        int(digit): tuple(
            Style(entry["name"], entry["frequency"], tuple(map(np.array, entry["paths"])))
            for entry in entries
        )
        for digit, entries in listed.items()
    }


def draw_digit(label: int, rng: np.random.Generator) -> Drawing:
    """Write one digit: a style at random, varied in shape, slant, proportion and tremor.

    Raises:
        ValueError: `label` is no digit.
    """
    if label not in styles():
        raise ValueError(f"expected a digit from 0 to 9, found {label!r}")
    return draw_style(choose_style(label, rng), rng)


def draw_style(style: Style, rng: np.random.Generator) -> Drawing:
    """Write one digit in a given style, varied in shape, slant, proportion and tremor."""
    paths = [_written(path, rng) for path in style.paths]
    if len(paths) > 1 and rng.random() < _APART:
        paths = [path + rng.normal(0, 0.04, 2) for path in paths]
    if rng.random() < _COARSE:
        paths = [sample_coarsely(path, rng.uniform(0.1, 0.3), rng) for path in paths]
    strokes = tuple(Stroke(tuple(map(tuple, path * 0.7 * PAD))) for path in paths)
    return fit_to_canvas(vary(Drawing(strokes), rng, _HAND), 0.7 * PAD, DEFAULT_PEN)


def choose_style(label: int, rng: np.random.Generator) -> Style:
    """A style of a digit at random, each as often as people write so."""
    choices = styles()[label]
    frequencies = np.array([style.frequency for style in choices])
    return choices[rng.choice(len(choices), p=frequencies / frequencies.sum())]


def _written(path: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A path whose points stray a little, a corner staying a corner; (n, 2)."""
    stray = rng.normal(0, 0.028, path.shape)
    for i in np.flatnonzero((np.diff(path, axis=0) == 0).all(axis=1)):
        stray[i + 1] = stray[i]
    moved = path + stray
    if len(moved) > 3 and rng.random() < 0.3:
        # A hurried pen stops early.
        moved[-1] += 0.5 * rng.random() * (moved[-2] - moved[-1])
    return moved


def sample_coarsely(path: np.ndarray, spacing: float, rng: np.random.Generator) -> np.ndarray:
    """What a coarse tablet takes of a path: few points, and now and then a polygon; (m, 2).

    The points are about `spacing` apart, and on a grid.
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
    """The smooth path through points, from corner to corner; (m, 2)."""
    corners = np.flatnonzero((np.diff(path, axis=0) == 0).all(axis=1)) + 1
    pieces = [smooth(piece, 0.02) for piece in np.split(path, corners)]
    return np.concatenate(pieces)


def synthetic_drawings(seed: int) -> Iterator[LabelledDrawing]:
    """Digits without end, every label as often as the others; the same seed, the same digits."""
    rng = np.random.default_rng(seed)
    while True:
        for label in rng.permutation(10):
            yield LabelledDrawing(draw_digit(int(label), rng), int(label))
