"""Paths of scribbles: what a hand draws that means nothing, or something crossed out.

Each function returns paths, (points, 2) each, of about one unit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from number_recognition.digits.drawing.rasterize import smooth

Path = np.ndarray
Rng = np.random.Generator


def walk(rng: Rng) -> list[Path]:
    """A point that moves at random, with or without leaps."""
    paths = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        count = rng.integers(10, 40)
        steps = np.cumsum(rng.normal(0, 1, (count, 2)), axis=0)
        leaps = rng.uniform(0, 1, (count, 2)) * rng.uniform(1, 8)
        paths.append((steps + leaps * rng.integers(0, 2)) / rng.uniform(3, 8))
    return paths


def tangle(rng: Rng) -> list[Path]:
    """Random points in a box, joined by curves or by straight lines."""
    points = rng.uniform(0, 1, (rng.integers(8, 30), 2)) * (1, rng.uniform(0.4, 1.6))
    return [_curve(points) if rng.random() < 0.6 else points]


def to_and_fro(rng: Rng) -> list[Path]:
    """A zigzag of uneven strokes in any direction, as one shades an area."""
    count = rng.integers(6, 24)
    across = np.where(np.arange(count) % 2, 1.0, 0.0) + rng.normal(0, 0.15, count)
    along = np.linspace(0, rng.uniform(0.7, 1.7), count) + rng.normal(0, 0.05, count)
    path = np.stack([across, along], axis=1) @ _rotation(rng.uniform(0, 2 * np.pi))
    return [_curve(path) if rng.random() < 0.5 else path]


def loops(rng: Rng) -> list[Path]:
    """Rings on along a line: over each other they would be a 0."""
    turns = rng.uniform(2.5, 8)
    turn = 2 * np.pi * np.linspace(0, turns, int(12 * turns))
    size = 0.5 * np.exp(np.cumsum(rng.normal(0, 0.06, len(turn))))
    ring = np.stack([size * np.cos(turn), size * rng.uniform(0.6, 1.2) * np.sin(turn)], axis=1)
    ring[:, 0] += np.linspace(0, rng.uniform(0.9, 2.2), len(turn))
    return [ring @ _rotation(rng.uniform(0, 2 * np.pi))]


def lines(rng: Rng) -> list[Path]:
    """Four to ten straight strokes in any direction."""
    return list(rng.uniform(0, 1, (rng.integers(4, 11), 2, 2)))


SCRIBBLES: tuple[Callable[[Rng], list[Path]], ...] = (walk, walk, tangle, to_and_fro, loops, lines)
"""The kinds, one as often as it stands here."""


def _curve(points: Path) -> Path:
    return smooth(points, reach=1.0, spacing=0.04)


def _rotation(angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, sin], [-sin, cos]])
