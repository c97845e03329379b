"""Reads numbers: groups of parts, judged by the network, and the best path through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.images.frame import Frame, find_ink, frame
from number_recognition.digits.segmentation.ink_parts import ink_parts
from number_recognition.digits.segmentation.parts import (
    Part,
    from_left_to_right,
    split_lines,
    union,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.lattice import Span, best_path
from number_recognition.learning.reading.reading import ReadDigit, Reading
from number_recognition.learning.reading.scores import (
    LINE_PENALTY,
    MOST_PARTS,
    answer_score,
    group_score,
    ink_splits,
    stroke_splits,
)

_MOST_IN_DOUBT = 8
"""Of so many parts at most, one line is tried where several were found."""
_MARGIN = 2

NumberedStroke = tuple[int, Stroke]
Parts = Sequence[Part[Any]]
FrameGroup = Callable[[Parts], Frame | None]
Splits = Callable[[Parts], Sequence[float]]


def read_drawing(
    drawing: Drawing, network: NumpyNetwork, frame_drawing: Callable[[Drawing], Frame | None]
) -> Reading:
    """Read every digit of a drawing.

    Args:
        drawing: the strokes, in the order in which they were drawn.
        network: judges the groups.
        frame_drawing: brings the strokes of a group to 28 × 28 pixels.
    """

    def frame_group(parts: Parts) -> Frame | None:
        strokes = sorted(part.content for part in parts)
        return frame_drawing(Drawing(tuple(stroke for _, stroke in strokes)))

    parts = [Part(stroke.box, (i, stroke)) for i, stroke in enumerate(drawing.strokes)]
    return _read(parts, network, frame_group, stroke_splits)


def read_image(image: Image.Image, network: NumpyNetwork) -> Reading:
    """Read every digit of an image, whatever its paper and light (see `digits.images.frame`)."""
    ink = find_ink(image)
    return Reading() if ink is None else _read(ink_parts(ink), network, _frame_ink, ink_splits)


def _frame_ink(parts: Parts) -> Frame | None:
    """Frame the ink of a group, and nothing around it."""
    left, top, right, bottom = (round(value) for value in union([part.box for part in parts]))
    ink = np.zeros((bottom - top + 2 * _MARGIN, right - left + 2 * _MARGIN), np.float32)
    for part in parts:
        x, y = round(part.box[0]) - left + _MARGIN, round(part.box[1]) - top + _MARGIN
        height, width = part.content.shape
        region = ink[y : y + height, x : x + width]
        np.maximum(region, part.content, out=region)
    return frame(Image.fromarray(np.round(255 * ink).astype(np.uint8)))


def _read(parts: Parts, network: NumpyNetwork, frame_group: FrameGroup, splits: Splits) -> Reading:
    lines = split_lines(parts)
    read = [_read_line(line, network, frame_group, splits) for line in lines]
    if len(lines) > 1 and len(parts) <= _MOST_IN_DOUBT:
        # The two circles of an 8 stand above each other, too.
        single = _read_line(from_left_to_right(parts), network, frame_group, splits)
        if single[0] > sum(score for score, _ in read) - LINE_PENALTY * (len(lines) - 1):
            read = [single]
    return Reading(tuple(tuple(digits) for _, digits in read))


def _read_line(
    parts: Parts, network: NumpyNetwork, frame_group: FrameGroup, splits: Splits
) -> tuple[float, list[ReadDigit]]:
    """The log probability of the best way to read a line, and what is read so."""
    frames = {span: frame_group(parts[span[0] : span[1]]) for span in _spans(len(parts))}
    framed = {span: found for span, found in frames.items() if found is not None}
    answers = network(np.stack([found.pixels for found in framed.values()]))  # (spans, 10 or 11)
    by_span = dict(zip(framed, answers, strict=True))
    chances = splits(parts)
    scores = {
        span: group_score(span, chances) + answer_score(answer, span[1] - span[0])
        for span, answer in by_span.items()
    }
    path = best_path(len(parts), scores)
    digits = [
        ReadDigit(
            Prediction.of(by_span[first, end], framed[first, end]),
            union([part.box for part in parts[first:end]]),
            _stroke_numbers(parts[first:end]),
        )
        for first, end in path
    ]
    return sum(scores[span] for span in path), digits


def _spans(count: int) -> list[Span]:
    return [
        (first, end)
        for first in range(count)
        for end in range(first + 1, min(count, first + MOST_PARTS) + 1)
    ]


def _stroke_numbers(parts: Parts) -> tuple[int, ...]:
    return tuple(sorted(part.content[0] for part in parts if isinstance(part.content, tuple)))
