"""Reads numbers: groups of parts, scored by the network, and the best path through them.

A network that cannot refuse reads one digit: it would find digits in what is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.images.frame import Frame
from number_recognition.digits.segmentation.parts import (
    Part,
    from_left_to_right,
    height,
    is_above,
    split_lines,
    union,
)
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.groups import Framing, Group, Groups, Parts
from number_recognition.learning.reading.lattice import Span, best_path
from number_recognition.learning.reading.reading import ReadDigit, Reading
from number_recognition.learning.reading.scores import (
    CONNECTION_SCORE,
    LINE_PENALTY,
    MOST_PARTS,
    MOST_PIECES,
    among_digits,
    answer_score,
    group_score,
    outputs_by_height,
    stroke_splits,
)
from number_recognition.learning.reading.stroke_parts import StrokeParts, StrokePieces

_MOST_PARTS_OF_ONE_LINE = 8
"""With so many parts at most, one line is tried where several were found."""
_NARROW = 0.9
"""A stroke or connected ink that is alone and at most this wide by its height is one digit."""
_NARROW_IF_SURE = 1.2
"""The same where the network is sure of the digit."""
_SURE = 0.99
_LESS_SURE = 0.95
"""Where all is surely one digit, it is several if each of them is at least this probable."""

Splits = Callable[[Parts], Sequence[float]]
FramingDrawing = Callable[[Drawing], Generator[None, None, Frame | None]]
Path = tuple[float, list[tuple[Parts, Group]]]


@dataclass(frozen=True)
class PartReader:
    """Reads parts of one kind, strokes or ink; see `DrawingReader` and `image_reader`."""

    groups: Groups
    framing: Framing
    splits: Splits
    refuse_above: float | None
    strokes: StrokeParts | None = None

    def reading(self, parts: Parts, whole: Prediction) -> Generator[None, None, Reading]:
        """The best way to divide parts into lines and digits; one digit is read as `whole`."""
        lines = split_lines(parts)
        candidates = self._candidates(parts, lines)
        is_tried_as_one = len(candidates) > len(lines)
        yield from self.groups.read(self._groups_of(candidates), self.framing)
        paths = []
        for orders in candidates:
            paths.append(self._best_line(orders))
            yield
        if is_tried_as_one:
            single = paths.pop()
            if _is_line(single[1]) and single[0] > sum(
                score for score, _ in paths
            ) - LINE_PENALTY * (len(lines) - 1):
                paths = [single]
        found = [group for _, groups in paths for _, group in groups]
        if len(found) <= 1 or _is_surer(whole, found):
            return self.as_one(parts, whole)
        return Reading(tuple(self._read_line(groups) for _, groups in paths))

    def groups_to_read(self, parts: Parts) -> Iterator[Parts]:
        """The groups that `reading` reads; those read before, with others', take less time."""
        return self._groups_of(self._candidates(parts, split_lines(parts)))

    def _candidates(self, parts: Parts, lines: Sequence[Parts]) -> list[list[Parts]]:
        """The orders of the parts of each line; where all may be one line, last the orders of all.

        The two circles of an 8 stand above each other, too.
        """
        candidates = [self._orders(line) for line in lines]
        if len(lines) > 1 and len(parts) <= _MOST_PARTS_OF_ONE_LINE:
            candidates.append(self._orders(from_left_to_right(parts)))
        return candidates

    def _groups_of(self, candidates: Sequence[Sequence[Parts]]) -> Iterator[Parts]:
        return (
            order[first:end]
            for orders in candidates
            for order in orders
            for first, end in self._spans(order)
        )

    def _orders(self, line: Parts) -> list[Parts]:
        """The orders in which the parts of a line are tried: from left to right, and in time.

        Where digits overlap, a stroke of one may lie between those of another.
        """
        if self.strokes is None:
            return [line]
        pieces = from_left_to_right(self.strokes.cut(line))
        in_time = sorted(pieces, key=self.strokes.place)
        return [pieces] if in_time == pieces else [pieces, in_time]

    def _best_line(self, orders: Sequence[Parts]) -> Path:
        """The log probability of the best way to read a line, and its groups, left to right."""
        score, groups = max(map(self._best_path, orders), key=lambda path: path[0])
        return score, sorted(groups, key=lambda group: _center(group[0]))

    def _best_path(self, parts: Parts) -> Path:
        """The log probability of the best way to divide parts in their order, and the groups."""
        probabilities = self.splits(parts)
        highest = max(height(part.box) for part in parts)
        groups: dict[Span, Group] = {}
        for first, end in self._spans(parts):
            group = self.groups.get(parts[first:end])
            if group is not None:
                box = union([part.box for part in parts[first:end]])
                outputs = outputs_by_height(group.outputs, height(box), highest)
                groups[first, end] = replace(group, outputs=outputs)
        is_one_stroke = self.strokes is not None and len(self.strokes.strokes) == 1
        scores = {}
        for span, group in groups.items():
            lines = len(split_lines(parts[slice(*span)]))
            is_alone = is_one_stroke and span == (0, len(parts))
            answer = answer_score(group.outputs, lines, is_stroke_alone=is_alone)
            scores[span] = group_score(span, probabilities) + answer
        with_connection = self._with_connection(parts, scores)
        scores |= with_connection
        path = best_path(len(parts), scores)
        digits = [(first, end - ((first, end) in with_connection)) for first, end in path]
        found = [(parts[first:end], groups[first, end]) for first, end in digits]
        return sum(scores[span] for span in path), found

    def _with_connection(self, parts: Parts, scores: dict[Span, float]) -> dict[Span, float]:
        """Groups and the connection to the next digit after each, where that is left out.

        Their scores are higher than those with the connection as a part of the digit.
        """
        if self.strokes is None:
            return {}
        longer = {
            (first, end + 1): score + CONNECTION_SCORE
            for (first, end), score in scores.items()
            if end < len(parts) - 1 and self.strokes.is_connection(parts[end])
        }
        return {
            span: score for span, score in longer.items() if score > scores.get(span, -math.inf)
        }

    def _spans(self, parts: Parts) -> list[Span]:
        """The groups to try: of neighbouring parts, and all of them."""
        count = len(parts)
        return [
            (first, end)
            for first in range(count)
            for end in range(first + 1, count + 1)
            if end - first == count or self._may_be_digit(parts[first:end])
        ]

    def _may_be_digit(self, parts: Parts) -> bool:
        if self.strokes is None or len(parts) == 1:
            return len(parts) <= MOST_PARTS
        is_short = len(parts) <= MOST_PIECES or self.strokes.is_whole(parts)
        return is_short and self._count(parts) <= MOST_PARTS

    def _count(self, parts: Parts) -> int:
        """How many parts there are, pieces of one stroke counted once."""
        return len(parts if self.strokes is None else set(map(self.strokes.number, parts)))

    def _read_line(self, groups: Sequence[tuple[Parts, Group]]) -> tuple[ReadDigit, ...]:
        outputs = among_digits([group.outputs for _, group in groups])
        return tuple(
            self.as_digit(parts, Prediction.of(each, group.frame, self.refuse_above))
            for (parts, group), each in zip(groups, outputs, strict=True)
        )

    def as_digit(self, parts: Parts, prediction: Prediction) -> ReadDigit:
        """A group with its prediction."""
        box = union([part.box for part in parts])
        if self.strokes is None:
            return ReadDigit(prediction, box)
        numbers = tuple(sorted(set(map(self.strokes.number, parts))))
        return ReadDigit(prediction, box, numbers, self.strokes.drawing_of(parts))

    def as_one(self, parts: Parts, whole: Prediction) -> Reading:
        """The reading of a single digit, or of what is read as none."""
        return Reading(((self.as_digit(parts, whole),),)) if parts else Reading()


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
    _groups: Groups = field(init=False)
    _pieces: StrokePieces = field(default_factory=StrokePieces)

    def __post_init__(self) -> None:
        self._groups = Groups(self.network)

    def reading(self, drawing: Drawing, whole: Prediction) -> Generator[None, None, Reading]:
        """Read every digit of a drawing, in pieces of a few milliseconds; returns the reading.

        Args:
            drawing: the strokes, in the order in which they were drawn.
            whole: the prediction for the whole drawing, the answer where it is one digit.
        """
        strokes = yield from self._pieces.parts_of(drawing)
        parts = strokes.strokes

        def framing(parts: Parts) -> Generator[None, None, Frame | None]:
            return (yield from self.framing(strokes.drawing_of(parts)))

        def splits(parts: Parts) -> Sequence[float]:
            return stroke_splits(parts, list(map(strokes.number, parts)))

        reader = PartReader(self._groups, framing, splits, self.refuse_above, strokes)
        if whole.is_blank:
            return Reading()
        if not self.network.can_refuse or are_one_digit(parts, whole):
            return reader.as_one(parts, whole)
        reading = yield from reader.reading(parts, whole)
        self._groups.forget_unused()
        return reading


def is_one_digit(drawing: Drawing, whole: Prediction) -> bool:
    """Whether a drawing is certainly one digit, or none: it is then read as `whole`."""
    return are_one_digit([Part(stroke.box, stroke) for stroke in drawing.strokes], whole)


def are_one_digit(parts: Parts, whole: Prediction) -> bool:
    """Whether there is one part, too narrow for two digits or surely read as one."""
    if len(parts) != 1:
        return not parts
    left, top, right, bottom = parts[0].box
    is_sure = whole.digit is not None and whole.probability >= _SURE
    return right - left <= (_NARROW_IF_SURE if is_sure else _NARROW) * (bottom - top)


def _is_line(groups: Sequence[tuple[Parts, Group]]) -> bool:
    """Whether no digit is above another."""
    boxes = [union([part.box for part in parts]) for parts, _ in groups]
    return not any(is_above(box, other) for box, other in combinations(boxes, 2))


def _is_surer(whole: Prediction, groups: Sequence[Group]) -> bool:
    """Whether all is surely one digit, and one of the groups less surely one."""
    least = min(float(group.outputs[:DIGITS].max()) for group in groups)
    return whole.digit is not None and whole.probability >= _SURE and least < _LESS_SURE


def _center(parts: Parts) -> float:
    left, _, right, _ = union([part.box for part in parts])
    return (left + right) / 2
