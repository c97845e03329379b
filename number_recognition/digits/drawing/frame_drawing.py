"""A drawing framed to 28 × 28 pixels, rasterized at the scale that suits the network."""

from __future__ import annotations

from collections.abc import Generator

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.incremental import IncrementalRasterizer
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import normalize_strokes
from number_recognition.digits.images.frame import Frame, frame

CANVAS_SIZE = 140
"""Drawings are rasterized at this size in pixels, five times that of the network's input."""


def frame_drawing(drawing: Drawing) -> Frame | None:
    """Rasterize a drawing at the scale that suits the network, and frame it; None if empty."""
    if not drawing:
        return None
    return frame(rasterize(normalize_strokes(drawing), CANVAS_SIZE), clean=False)


def frame_drawing_in_steps(drawing: Drawing) -> Generator[None, None, Frame | None]:
    """Frame like `frame_drawing` in steps of a few milliseconds; returns the frame."""
    image = yield from IncrementalRasterizer(CANVAS_SIZE).rasterize(drawing)
    yield
    return frame(image, clean=False)
