"""Varies a drawing as one hand varies from another, and paints samples of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT, PAD, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.digits.images.frame import SIZE, frame

_COARSE = 0.25
"""Part of the drawings that are varied whose points are thinned out."""


@dataclass(frozen=True)
class Variation:
    """How far drawings are varied: standard deviations of normal draws.

    `rotation` in radians, `slant` and `bend`, `jitter` (of whole strokes) and `noise` as parts of
    the digit's size, `stretch` as the logarithm of width to height.
    """

    rotation: float = 0.09
    slant: float = 0.15
    stretch: float = 0.15
    bend: float = 0.025
    jitter: float = 0.012
    noise: float = 0.003


def vary(drawing: Drawing, rng: np.random.Generator, amount: Variation) -> Drawing:
    """The drawing turned, slanted, stretched and gently bent, with a noise of the hand."""
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top) or 1.0
    angle = rng.normal(0, amount.rotation)
    slant = rng.normal(0, amount.slant)
    width = np.exp(rng.normal(0, amount.stretch))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[width, -slant], [0, 1]])
    phase = rng.uniform(0, 2 * np.pi, 4)
    bend = rng.normal(0, amount.bend, 4)
    noise = abs(rng.normal(0, amount.noise))

    def hand(points: np.ndarray) -> np.ndarray:
        unit = (points - (left, top)) / extent
        x, y = unit.T
        across = bend[0] * np.sin(3 * y + phase[0]) + bend[1] * np.sin(4 * x + phase[1])
        down = bend[2] * np.sin(3 * y + phase[2]) + bend[3] * np.sin(4 * x + phase[3])
        unit = unit + np.stack([across, down], axis=1)
        unit += rng.normal(0, amount.jitter, 2) + rng.normal(0, noise, unit.shape)
        vary: np.ndarray = unit @ matrix.T * extent
        return vary

    return drawing.mapped(hand)


def render_samples(
    drawings: Iterable[LabelledDrawing],
    count: int,
    seed: int,
    amount: Variation | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Paint the first `count` of the drawings, each with a pen and at a size of its own.

    Args:
        drawings: at least `count` of them.
        count: samples wanted.
        seed: the same seed, the same samples.
        amount: how far each is varied first; None: not at all.
        on_progress: hears after each sample how many there are.

    Returns:
        pixels (count, 28, 28) uint8 with ink 255, and labels (count,) uint8, 10 for no digit.
    """
    rng = np.random.default_rng(seed)
    pixels = np.empty((count, SIZE, SIZE), np.uint8)
    labels = np.empty(count, np.uint8)
    for i, sample in zip(range(count), drawings, strict=False):
        drawing = sample.drawing
        if amount:
            drawing = vary(thin_points(drawing, rng), rng, amount)
        pixels[i] = _framed(drawing, rng)
        labels[i] = NO_DIGIT if sample.label is None else sample.label
        on_progress(i + 1)
    return pixels, labels


def thin_points(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Every fourth drawing with few points, as a slow tablet gives them; the ends stay.

    The points left are a twentieth to a sixth of the drawing's size apart, in the others a
    fortieth: closer ones take time to paint and show nothing.
    """
    left, top, right, bottom = drawing.box()
    coarse = rng.random() < _COARSE
    gap = max(right - left, bottom - top) * (rng.uniform(1 / 20, 1 / 6) if coarse else 1 / 40)
    if not gap:
        return drawing
    strokes = []
    for stroke in drawing.strokes:
        points = np.asarray(stroke.points, dtype=float)
        along = np.cumsum(np.r_[0, np.hypot(*np.diff(points, axis=0).T)]) // gap
        kept = np.r_[True, along[1:] != along[:-1]]
        kept[-1] = True
        strokes.append(Stroke(tuple(map(tuple, points[kept].tolist())), stroke.width))
    return Drawing(tuple(strokes))


def _framed(drawing: Drawing, rng: np.random.Generator) -> np.ndarray:
    """Painted with a pen of a sixteenth to a sixth of the digit's size, and framed."""
    size = 0.7 * PAD
    drawing = fit_to_canvas(
        drawing, size, size * np.exp(rng.uniform(np.log(1 / 16), np.log(1 / 6)))
    )
    framed = frame(rasterize(drawing, int(rng.integers(70, 150))))
    assert framed is not None, "a painted drawing is not blank"
    return np.round(framed.pixels * 255).astype(np.uint8)
