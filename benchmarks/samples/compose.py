"""Numbers composed of single digits: one writer's pen strokes, or MNIST's images, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing, LabelledNumber, Writer

HEIGHT = 100.0
PEN = 8.0
_FEWEST = 15
"""Writers with fewer digits are left out."""


@dataclass(frozen=True)
class Spacing:
    """How digits stand side by side, each range in hundredths of their usual size.

    `lengths` is how many digits there are, `size` of each, `gap` between two boxes (negative where
    they overlap), `shift` up or down.
    """

    lengths: tuple[int, int]
    size: tuple[float, float]
    gap: tuple[float, float]
    shift: tuple[float, float]


CLEAR = Spacing((1, 6), (75, 125), (10, 40), (-25, 25))
TOUCHING = Spacing((2, 3), (90, 110), (-12, 0), (-8, 8))
JOINED = Spacing((2, 3), (90, 110), (5, 25), (-8, 8))


def by_writer(drawings: Sequence[LabelledDrawing]) -> dict[Writer, list[LabelledDrawing]]:
    """The digits of each writer who has drawn enough of them."""
    groups: dict[Writer, list[LabelledDrawing]] = defaultdict(list)
    for entry in drawings:
        if entry.label is not None:
            groups[entry.writer].append(entry)
    return {writer: group for writer, group in groups.items() if len(group) >= _FEWEST}


def compose_number(
    group: Sequence[LabelledDrawing], spacing: Spacing, rng: np.random.Generator
) -> LabelledNumber:
    """A number of one writer's digits, at random."""
    strokes: list[Stroke] = []
    digits, x = "", 0.0
    for i in range(rng.integers(spacing.lengths[0], spacing.lengths[1] + 1)):
        entry = group[int(rng.integers(len(group)))]
        left, top, right, bottom = entry.drawing.box()
        scale = rng.uniform(*spacing.size) / max(right - left, bottom - top, 1e-6)
        x += rng.uniform(*spacing.gap) if i else 0.0
        y = HEIGHT - (bottom - top) * scale + rng.uniform(*spacing.shift)
        offset = np.array([x, y]) - np.array([left, top]) * scale

        def move(
            points: np.ndarray, scale: float = scale, offset: np.ndarray = offset
        ) -> np.ndarray:
            moved: np.ndarray = points * scale + offset
            return moved

        strokes += entry.drawing.mapped(move).strokes
        digits += str(entry.label)
        x += (right - left) * scale
    return LabelledNumber(on_pad(Drawing(tuple(strokes))), digits, group[0].writer)


def join_strokes(number: LabelledNumber) -> LabelledNumber:
    """The same number written without lifting the pen."""
    points = [point for stroke in number.drawing.strokes for point in stroke.points]
    joined = Drawing((Stroke(tuple(points), PEN),))
    return LabelledNumber(joined, number.digits, number.writer)


def on_pad(drawing: Drawing) -> Drawing:
    """The drawing as large as the pad allows, drawn with a fine pen."""
    left, top, right, bottom = drawing.box()
    scale = (PAD - 40) / max(right - left, bottom - top, 1e-6)
    corner = np.array([left, top])
    return drawing.mapped(lambda points: (points - corner) * scale + 20).with_pen(PEN)


def compose_image(
    pixels: np.ndarray, labels: np.ndarray, rng: np.random.Generator
) -> tuple[Image.Image, str]:
    """A row of two to four of MNIST's digits, every other time touching.

    Args:
        pixels: (n, 28, 28) uint8.
        labels: (n,) int.
        rng: draws the digits and where they stand.
    """
    paper = np.zeros((40, 200), np.uint8)
    x, digits, touching = 8, "", rng.random() < 0.5
    for i in range(rng.integers(2, 5)):
        number = rng.integers(len(labels))
        columns = np.flatnonzero(pixels[number].any(axis=0))
        ink = pixels[number][:, columns[0] : columns[-1] + 1]
        if i:
            x += int(rng.integers(-2, 1) if touching else rng.integers(2, 8))
        y = 6 + int(rng.integers(-2, 3))
        region = paper[y : y + 28, x : x + ink.shape[1]]
        np.maximum(region, ink, out=region)
        x += ink.shape[1]
        digits += str(labels[number])
    return Image.fromarray(paper[:, : x + 8]), digits
