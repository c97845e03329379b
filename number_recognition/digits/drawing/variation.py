"""Random variations of drawings, as between writers, and rendering them as samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from number_recognition.digits.drawing.drawing import NO_DIGIT, PAD, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.frame import frame

_COARSE_SHARE = 0.25
"""The share of drawings that `thin_points` leaves few points."""


@dataclass(frozen=True)
class Variation:
    """How much drawings are varied: standard deviations of normal distributions.

    Attributes:
        rotation: in radians.
        slant: horizontal shear, as a part of the digit's size; so are `bend`, `jitter`, `noise`.
        stretch: the logarithm of the factor of the width.
        bend: smooth distortion.
        jitter: displacement of whole strokes.
        noise: displacement of single points.
    """

    rotation: float = 0.09
    slant: float = 0.15
    stretch: float = 0.15
    bend: float = 0.025
    jitter: float = 0.012
    noise: float = 0.003


def vary(drawing: Drawing, rng: np.random.Generator, amount: Variation) -> Drawing:
    """Return a drawing randomly rotated, slanted, stretched, bent, and its points displaced."""
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top) or 1.0
    angle = rng.normal(0, amount.rotation)
    slant = rng.normal(0, amount.slant)
    width = np.exp(rng.normal(0, amount.stretch))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = rotation @ np.array([[width, -slant], [0, 1]])
    phase = rng.uniform(0, 2 * np.pi, 4)
    bend = rng.normal(0, amount.bend, 4)
    noise = abs(rng.normal(0, amount.noise))

    def distort(points: np.ndarray) -> np.ndarray:
        unit = (points - (left, top)) / extent
        x, y = unit.T
        across = bend[0] * np.sin(3 * y + phase[0]) + bend[1] * np.sin(4 * x + phase[1])
        down = bend[2] * np.sin(3 * y + phase[2]) + bend[3] * np.sin(4 * x + phase[3])
        unit = unit + np.stack([across, down], axis=1)
        unit += rng.normal(0, amount.jitter, 2) + rng.normal(0, noise, unit.shape)
        distorted: np.ndarray = unit @ matrix.T * extent
        return distorted

    return drawing.mapped(distort)


def render_samples(
    drawings: Iterable[LabelledDrawing],
    count: int,
    seed: int,
    amount: Variation | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Render the first `count` of the drawings, each with a random pen width and resolution.

    Args:
        drawings: at least `count` drawings.
        count: the number of samples.
        seed: random seed; equal seeds give equal samples.
        amount: how much each drawing is varied first; None: not at all.
        on_progress: called after each sample with the number of samples done.

    Returns:
        pixels (count, 28, 28) uint8 with ink 255, and labels (count,) uint8, 10 for not a digit.

    Raises:
        ValueError: there are fewer drawings.
    """
    rng = np.random.default_rng(seed)
    pixels = np.empty((count, SIZE, SIZE), np.uint8)
    labels = np.empty(count, np.uint8)
    done = 0
    for i, sample in zip(range(count), drawings, strict=False):
        drawing = sample.drawing
        if amount:
            drawing = vary(thin_points(drawing, rng), rng, amount)
        pixels[i] = _render(drawing, rng)
        labels[i] = NO_DIGIT if sample.label is None else sample.label
        done = i + 1
        on_progress(done)
    if done < count:
        raise ValueError(f"expected at least {count:,} drawings, found {done:,}")
    return pixels, labels


def thin_points(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Return a drawing with fewer points; the ends of strokes stay.

    A random quarter of the drawings gets few points, as a slow tablet gives them, 1/20 to 1/6 of
    the drawing's size apart. In the others they are 1/40 apart: closer ones take time to render
    and change nothing.
    """
    left, top, right, bottom = drawing.box()
    is_coarse = rng.random() < _COARSE_SHARE
    gap = max(right - left, bottom - top) * (rng.uniform(1 / 20, 1 / 6) if is_coarse else 1 / 40)
    if not gap:
        return drawing
    strokes = []
    for stroke in drawing.strokes:
        points = np.asarray(stroke.points, dtype=float)
        along = np.cumsum(np.r_[0, np.hypot(*np.diff(points, axis=0).T)]) // gap
        selected = np.r_[True, along[1:] != along[:-1]]
        selected[-1] = True
        strokes.append(Stroke(tuple(map(tuple, points[selected].tolist())), stroke.width))
    return Drawing(tuple(strokes))


def _render(drawing: Drawing, rng: np.random.Generator) -> np.ndarray:
    """Rasterize with a pen width of 1/16 to 1/6 of the digit's size, and frame the image."""
    size = 0.7 * PAD
    drawing = fit_to_canvas(
        drawing, size, size * np.exp(rng.uniform(np.log(1 / 16), np.log(1 / 6)))
    )
    framed = frame(rasterize(drawing, int(rng.integers(70, 150))), clean=False)
    assert framed is not None, "a rasterized drawing is not blank"
    return np.round(framed.pixels * 255).astype(np.uint8)
