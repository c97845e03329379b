"""Reads numbers: groups of parts, scored by the network, and the best path through them.

A network that cannot refuse reads one digit: it would find digits in what is none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.images.frame import Frame, frame
from number_recognition.digits.segmentation.ink_parts import cut_parts, ink_parts
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

_MOST_PARTS_OF_ONE_LINE = 8
"""With so many parts at most, one line is tried where several were found."""
_MARGIN = 2
_NARROW = 0.9
"""A stroke or connected ink that is alone and at most this wide by its height is one digit."""
_NARROW_IF_SURE = 1.2
"""The same where the network is sure of the digit."""
_SURE = 0.99

Parts = Sequence[Part[Any]]
Splits = Callable[[Parts], Sequence[float]]
FramingDrawing = Callable[[Drawing], Generator[None, None, Frame | None]]


@dataclass(frozen=True)
class _Group:
    """A group of parts as the network read it: its frame and the outputs, (10,) or (11,)."""

    frame: Frame
    outputs: np.ndarray


Groups = Generator[None, None, "_Group | None"]
Path = tuple[float, list[tuple[Parts, _Group]]]


@dataclass
class DrawingReader:
    """Reads drawings that grow: groups of strokes that were read before are not read again.

    Attributes:
        network: scores the groups.
        framing: brings the strokes of a group to 28 × 28 pixels, in short pieces.
        refuse_above: see `learning.models.prediction.is_refused`.
    """

    network: NumpyNetwork
    framing: FramingDrawing
    refuse_above: float | None = None
    _known: dict[tuple[int, ...], tuple[Drawing, _Group | None]] = field(default_factory=dict)

    def reading(self, drawing: Drawing, whole: Prediction) -> Generator[None, None, Reading]:
        """Read every digit of a drawing, in pieces of a few milliseconds; returns the reading.

        Args:
            drawing: the strokes, in the order in which they were drawn.
            whole: the prediction for the whole drawing, the answer where it is one digit.
        """
        parts = _parts(drawing)
        if whole.is_blank or not self.network.can_refuse or _is_one_digit(parts, whole):
            return _as_one(parts, whole)
        known, self._known = self._known, {}

        def read_group(parts: Parts) -> Groups:
            group = Drawing(tuple(stroke for _, stroke in sorted(map(_content, parts))))
            key = tuple(map(id, group.strokes))  # the drawing that is kept keeps them valid
            if key not in self._known:
                found = known[key][1] if key in known else (yield from self._read_group(group))
                self._known[key] = (group, found)
            return self._known[key][1]

        return (yield from _reading(parts, whole, read_group, stroke_splits, self.refuse_above))

    def _read_group(self, group: Drawing) -> Groups:
        framed = yield from self.framing(group)
        yield
        return _group(framed, self.network)


def reading_image(
    image: Image.Image,
    whole: Prediction,
    network: NumpyNetwork,
    refuse_above: float | None = None,
) -> Generator[None, None, Reading]:
    """Read every digit of an image, in pieces of a few milliseconds; returns the reading.

    Args:
        image: any image.
        whole: the prediction for the whole image, the answer where it is one digit.
        network: scores the groups.
        refuse_above: see `learning.models.prediction.is_refused`.
    """
    if whole.frame is None:
        return Reading()
    ink = np.asarray(whole.frame.drawn, np.float32) / 255
    scale = image.width / ink.shape[1]  # large images are read at a reduced size

    def read_group(parts: Parts) -> Groups:
        yield
        return _group(_frame_ink(parts), network)

    parts = ink_parts(ink)
    if not network.can_refuse or _is_one_digit(parts, whole):
        return _as_one(parts, whole).scaled(scale)
    reading = yield from _reading(cut_parts(parts), whole, read_group, ink_splits, refuse_above)
    return reading.scaled(scale)


def is_one_digit(drawing: Drawing, whole: Prediction) -> bool:
    """Whether a drawing is certainly one digit, or none: it is then read as `whole`."""
    return _is_one_digit(_parts(drawing), whole)


def _parts(drawing: Drawing) -> list[Part[tuple[int, Stroke]]]:
    return [Part(stroke.box, (i, stroke)) for i, stroke in enumerate(drawing.strokes)]


def _content(part: Part[tuple[int, Stroke]]) -> tuple[int, Stroke]:
    return part.content


def _group(framed: Frame | None, network: NumpyNetwork) -> _Group | None:
    return None if framed is None else _Group(framed, network(framed.pixels[None])[0])


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


def _is_one_digit(parts: Parts, whole: Prediction) -> bool:
    """Whether there is one part, too narrow for two digits or surely read as one."""
    if len(parts) != 1:
        return not parts
    left, top, right, bottom = parts[0].box
    is_sure = whole.digit is not None and whole.probability >= _SURE
    return right - left <= (_NARROW_IF_SURE if is_sure else _NARROW) * (bottom - top)


def _as_one(parts: Parts, whole: Prediction) -> Reading:
    """The reading of a single digit, or of what is read as none."""
    if whole.is_blank or not parts:
        return Reading()
    return Reading(((_read_digit(parts, whole),),))


def _reading(
    parts: Parts,
    whole: Prediction,
    read_group: Callable[[Parts], Groups],
    splits: Splits,
    refuse_above: float | None,
) -> Generator[None, None, Reading]:
    """The best way to divide parts into lines and digits; one digit is read as `whole`."""
    lines = split_lines(parts)
    paths = []
    for line in lines:
        paths.append((yield from _best_line(line, read_group, splits)))
    if len(lines) > 1 and len(parts) <= _MOST_PARTS_OF_ONE_LINE:
        # The two circles of an 8 stand above each other, too.
        single = yield from _best_line(from_left_to_right(parts), read_group, splits)
        if single[0] > sum(score for score, _ in paths) - LINE_PENALTY * (len(lines) - 1):
            paths = [single]
    if sum(len(groups) for _, groups in paths) <= 1:
        return _as_one(parts, whole)
    return Reading(
        tuple(
            tuple(
                _read_digit(members, Prediction.of(group.outputs, group.frame, refuse_above))
                for members, group in groups
            )
            for _, groups in paths
        )
    )


def _best_line(
    parts: Parts, read_group: Callable[[Parts], Groups], splits: Splits
) -> Generator[None, None, Path]:
    """The log probability of the best way to read a line, and its groups from left to right.

    Strokes are tried in the order in which they were drawn, too: where digits overlap, a stroke of
    one may lie between those of another.
    """
    best = yield from _best_path(parts, read_group, splits)
    in_time = sorted(parts, key=_time)
    if in_time != list(parts):
        other = yield from _best_path(in_time, read_group, splits)
        best = max(best, other, key=lambda path: path[0])
    score, groups = best
    return score, sorted(groups, key=lambda group: _center(group[0]))


def _best_path(
    parts: Parts, read_group: Callable[[Parts], Groups], splits: Splits
) -> Generator[None, None, Path]:
    """The log probability of the best way to divide parts in their order, and the groups."""
    probabilities = splits(parts)
    groups: dict[Span, _Group] = {}
    for first, end in _spans(len(parts)):
        group = yield from read_group(parts[first:end])
        if group is not None:
            groups[first, end] = group
    scores = {
        span: group_score(span, probabilities) + answer_score(group.outputs, span[1] - span[0])
        for span, group in groups.items()
    }
    path = best_path(len(parts), scores)
    found = [(parts[first:end], groups[first, end]) for first, end in path]
    return sum(scores[span] for span in path), found


def _time(part: Part[Any]) -> int:
    """When a stroke was drawn; pieces of ink were drawn at no known time."""
    return int(part.content[0]) if isinstance(part.content, tuple) else 0


def _center(parts: Parts) -> float:
    left, _, right, _ = union([part.box for part in parts])
    return (left + right) / 2


def _read_digit(parts: Parts, prediction: Prediction) -> ReadDigit:
    numbers = (part.content[0] for part in parts if isinstance(part.content, tuple))
    return ReadDigit(prediction, union([part.box for part in parts]), tuple(sorted(numbers)))


def _spans(count: int) -> list[Span]:
    """The groups to try: of neighbouring parts, and all of them."""
    spans = [
        (first, end)
        for first in range(count)
        for end in range(first + 1, min(count, first + MOST_PARTS) + 1)
    ]
    return spans if count <= MOST_PARTS else [*spans, (0, count)]
