"""Rasterizes a growing drawing: finished strokes are not rasterized again."""

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
    """Rasterizes drawings, normalized for the network.

    The image of all strokes but the last is cached: they stay the same while the pen draws.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._cache: tuple[Normalization | None, tuple[Stroke, ...], Image.Image] = (
            None,
            (),
            supersampled_canvas(size),
        )

    def rasterize(self, drawing: Drawing) -> Generator[None, None, Image.Image]:
        """Rasterize `normalize_strokes(drawing)` as `rasterize` does, in steps.

        Yields between steps of a few milliseconds, and returns the image.
        """
        normalization, earlier = normalization_for(drawing), drawing.strokes[:-1]
        cached_normalization, cached, fine = self._cache
        if normalization != cached_normalization or not _begin_with(earlier, cached):
            cached, fine = (), supersampled_canvas(self._size)
        fine = fine.copy()
        yield from draw_supersampled(fine, normalization.apply(earlier[len(cached) :]))
        self._cache = normalization, earlier, fine
        fine = fine.copy()
        yield from draw_supersampled(fine, normalization.apply(drawing.strokes[-1:]))
        return downsample(fine)


def _begin_with(strokes: tuple[Stroke, ...], first: tuple[Stroke, ...]) -> bool:
    """Whether the strokes begin with the identical objects of `first`."""
    return len(first) <= len(strokes) and all(map(operator.is_, first, strokes))
