"""Paints a drawing that grows: what has been painted once is not painted again."""

from __future__ import annotations

import operator
from collections.abc import Generator

from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import (
    downsample,
    draw_supersampled,
    supersampled_canvas,
)
from number_recognition.digits.drawing.strokes import Normalization, normalization_for


class IncrementalRasterizer:
    """Paints drawings as large and with the pen that the network reads best.

    The strokes before the last are kept painted: while a pen draws, they stay as they are.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._done: tuple[Normalization | None, tuple[Stroke, ...], Image.Image] = (
            None,
            (),
            supersampled_canvas(size),
        )

    def rasterize(self, drawing: Drawing) -> Generator[None, None, Image.Image]:
        """Paint `legible(drawing)` in short pieces; the same image as `paint` makes of it."""
        way, earlier = normalization_for(drawing), drawing.strokes[:-1]
        known, done, fine = self._done
        if way != known or not _begin_with(earlier, done):
            done, fine = (), supersampled_canvas(self._size)
        fine = fine.copy()
        yield from draw_supersampled(fine, way.strokes(earlier[len(done) :]))
        self._done = way, earlier, fine
        fine = fine.copy()
        yield from draw_supersampled(fine, way.strokes(drawing.strokes[-1:]))
        return downsample(fine)


def _begin_with(strokes: tuple[Stroke, ...], first: tuple[Stroke, ...]) -> bool:
    """Whether these strokes are the first of those, the identical objects."""
    return len(first) <= len(strokes) and all(map(operator.is_, first, strokes))
