"""Paper without a digit: drawn with lines, squares, shadows and grain, and cut out of photos."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from number_recognition.digits.images.frame import extract_ink

PAPERS = ("drawn", "cut from photos")
"""Where the paper comes from."""
_AWAY = 0.06
"""Of the photo's longer side: paper is cut out at least so far from the ink."""
_LEAST = 40
"""Pixels: smaller pieces of a photo are left out."""


def drawn_paper(rng: np.random.Generator) -> Image.Image:
    """Paper that is plain, ruled, squared or dotted, in uneven light, with grain; 8-bit grey."""
    width, height = (int(side) for side in rng.integers(100, 500, 2))
    layer = Image.new("L", (width, height), 0)
    kind = rng.integers(5)
    if kind:
        _rule(layer, int(kind), rng)
    if rng.random() < 0.5:
        layer = layer.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    paper = rng.uniform(0.55, 1.0)
    grey = paper - rng.uniform(0.15, 0.5) * np.asarray(layer, np.float64) / 255
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    if rng.random() < 0.5:
        grey = grey * (1 - 0.25 * rng.random() * (x**2 + y**2) / 2)
    if rng.random() < 0.5:
        slope = rng.uniform(-0.12, 0.12, 2)
        grey = grey * (1 + slope[0] * x + slope[1] * y)
    if rng.random() < 0.6:
        grey = grey + rng.normal(0, rng.uniform(0.003, 0.04), grey.shape)
    return Image.fromarray(np.round(np.clip(grey, 0, 1) * 255).astype(np.uint8))


def _rule(layer: Image.Image, kind: int, rng: np.random.Generator) -> None:
    """Draw lines: one (kind 1), ruled (2), squares (3) or dotted lines (4), leaning a little."""
    width, height = layer.size
    pen = ImageDraw.Draw(layer)
    thick = max(1, round(rng.uniform(0.004, 0.015) * min(layer.size)))
    gap = rng.uniform(0.1, 0.35) * min(layer.size)
    lean = rng.normal(0, 0.01)
    first = rng.uniform(0, gap) if kind > 1 else rng.uniform(0.2, 0.8) * height
    dots = thick * rng.uniform(2.5, 5)
    for y in np.arange(first, height, gap) if kind > 1 else [first]:
        if kind == 4:
            for x in np.arange(0, width, dots):
                _dot(pen, x, y + lean * x, thick)
        else:
            pen.line((0, y, width, y + lean * width), fill=255, width=thick)
    for x in np.arange(rng.uniform(0, gap), width, gap) if kind == 3 else ():
        pen.line((x, 0, x - lean * height, height), fill=255, width=thick)


def _dot(pen: ImageDraw.ImageDraw, x: float, y: float, size: int) -> None:
    pen.rectangle((round(x), round(y), round(x) + size - 1, round(y) + size - 1), fill=255)


def paper_around(photo: Image.Image, rng: np.random.Generator) -> Image.Image | None:
    """A piece of a photo beside its ink; None where no piece is large enough."""
    ink = extract_ink(photo)
    if ink is None:
        return photo
    rows, columns = np.flatnonzero((ink > 0.5).any(1)), np.flatnonzero((ink > 0.5).any(0))
    scale = photo.width / ink.shape[1]
    away = _AWAY * max(photo.size)
    left, right = columns[0] * scale - away, (columns[-1] + 1) * scale + away
    top, bottom = rows[0] * scale - away, (rows[-1] + 1) * scale + away
    width, height = photo.size
    strips = [(0, 0, left, height), (right, 0, width, height)]
    strips += [(0, 0, width, top), (0, bottom, width, height)]
    large = [s for s in strips if min(s[2] - s[0], s[3] - s[1]) >= _LEAST]
    if not large:
        return None
    left, top, right, bottom = large[int(rng.integers(len(large)))]
    part = rng.uniform(0.5, 1, 2)
    size = max(_LEAST, (right - left) * part[0]), max(_LEAST, (bottom - top) * part[1])
    x = left + rng.random() * (right - left - size[0])
    y = top + rng.random() * (bottom - top - size[1])
    return photo.crop((round(x), round(y), round(x + size[0]), round(y + size[1])))
