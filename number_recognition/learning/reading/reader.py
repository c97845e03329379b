"""Reads numbers: groups of parts, scored by the network, and the best path through them.

A network that cannot refuse reads one digit: it would find digits in what is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from number_recognition.digits.segmentation.parts import (
    Box,
    from_left_to_right,
    height,
    is_above,
    split_lines,
    union,
)
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.characters import ArePieces, is_character
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
    is_small,
    outputs_by_height,
)
from number_recognition.learning.reading.stroke_parts import StrokeParts

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
Path = tuple[float, list[tuple[Parts, Group]]]


@dataclass(frozen=True)
class Orders:
    """The orders in which parts may be read.

    Attributes:
        parts: all of them.
        lines: the orders of the parts of each line, where there are several.
        one_line: the orders of all, where they may be one line. Without either, all is one digit.
    """

    parts: Parts
    lines: Sequence[Sequence[Parts]] = ()
    one_line: Sequence[Parts] = ()


@dataclass(frozen=True)
class PartReader:
    """Reads parts of one kind, strokes or ink; see `drawing_reader` and `image_reader`."""

    groups: Groups
    framing: Framing
    splits: Splits
    are_pieces: ArePieces
    refuse_above: float | None
    strokes: StrokeParts | None = None

    def orders(self, parts: Parts, whole: Prediction) -> Orders:
        """The orders in which parts are tried; none where all is surely one digit, read as `whole`.

        Where there are several lines, all may be one: the two circles of an 8 stand above each
        other, too.
        """
        lines = split_lines(parts)
        if len(lines) == 1:
            orders = Orders(parts, one_line=self._orders(lines[0]))
        else:
            may_be_one = len(parts) <= _MOST_PARTS_OF_ONE_LINE
            one_line = self._orders(from_left_to_right(parts)) if may_be_one else ()
            orders = Orders(parts, [self._orders(line) for line in lines], one_line)
        return Orders(parts) if self._is_surely_one(orders, whole) else orders

    def read_in_steps(self, orders: Orders, whole: Prediction) -> Generator[None, None, Reading]:
        """The best way to divide parts into lines and digits; one digit is read as `whole`."""
        yield from self.groups.read(self.groups_of(orders), self.framing)
        paths = []
        for line in orders.lines:
            paths.append(self._best_line(line))
            yield
        if orders.one_line:
            single = self._best_line(orders.one_line)
            yield
            if not paths or _is_likelier(single, paths):
                paths = [single]
        found = [group for _, groups in paths for _, group in groups]
        if len(found) <= 1 or _is_surer(whole, found) or self._is_character(paths, whole):
            return self.as_one(orders.parts, whole)
        return Reading(tuple(self._read_line(groups) for _, groups in paths))

    def _is_character(self, paths: Sequence[Path], whole: Prediction) -> bool:
        """Whether all is no digit, and the one line that it is divided into no number either."""
        if len(paths) > 1 or whole.digit is not None or whole.is_blank:
            return False
        return is_character(paths[0][1], self.are_pieces, self.strokes, self.refuse_above)

    def groups_of(self, orders: Orders) -> Iterator[Parts]:
        """The groups that are read; those read before, with others', take less time."""
        return (
            order[first:end]
            for line in (*orders.lines, orders.one_line)
            for order in line
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
        highest = max(height(part.box) for part in parts)
        groups: dict[Span, Group] = {}
        for first, end in self._spans(parts):
            group = self.groups.get(parts[first:end])
            if group is not None:
                box = union([part.box for part in parts[first:end]])
                outputs = outputs_by_height(group.outputs, height(box), highest)
                groups[first, end] = replace(group, outputs=outputs)
        is_one_stroke = self.strokes is not None and len(self.strokes.strokes) == 1
        answers = {}
        for span, group in groups.items():
            lines = len(split_lines(parts[slice(*span)]))
            is_alone = is_one_stroke and span == (0, len(parts))
            answers[span] = answer_score(group.outputs, lines, is_stroke_alone=is_alone)
        score, spans = self._best_spans(parts, answers)
        return score, [(parts[first:end], groups[first, end]) for first, end in spans]

    def _best_spans(self, parts: Parts, answers: Mapping[Span, float]) -> tuple[float, list[Span]]:
        """The log probability of the best way to divide parts in their order, and the groups.

        Args:
            parts: in the order that is tried.
            answers: the log probability of each group as a digit or none.
        """
        probabilities = self.splits(parts)
        scores = {span: group_score(span, probabilities) + answers[span] for span in answers}
        with_connection = self._with_connection(parts, scores)
        scores |= with_connection
        path = best_path(len(parts), scores)
        spans = [(first, end - ((first, end) in with_connection)) for first, end in path]
        return sum(scores[span] for span in path), spans

    def _is_surely_one(self, orders: Orders, whole: Prediction) -> bool:
        """Whether all is surely one digit, and no other way is likelier even with sure digits."""
        if not orders.one_line or whole.digit is None or whole.probability < _SURE:
            return False
        unbroken = max(
            group_score((0, len(order)), self.splits(order)) for order in orders.one_line
        )
        several = max(self._score_if_sure(order, as_one=False) for order in orders.one_line)
        if orders.lines:
            lines = [max(map(self._score_if_sure, line)) for line in orders.lines]
            several = max(several, _lines_score(lines))
        return unbroken + answer_score(whole.outputs, 1) > several

    def _score_if_sure(self, parts: Parts, *, as_one: bool = True) -> float:
        """The log probability of the best way to divide parts, were each group surely a digit.

        Groups that are far lower than others are none. `as_one`: all may be one group.
        """
        highest = max(height(part.box) for part in parts)
        sure = {
            (first, end): 0.0
            for first, end in self._spans(parts)
            if (as_one or end - first < len(parts))
            and not is_small(height(union([part.box for part in parts[first:end]])), highest)
        }
        score, spans = self._best_spans(parts, sure)
        return score if spans else -math.inf

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


def is_one_digit(boxes: Sequence[Box], whole: Prediction) -> bool:
    """Whether there is one part, too narrow for two digits or surely read as one, or none.

    Args:
        boxes: those of strokes, or of connected ink.
        whole: the prediction for all of it, which is then read as that.
    """
    if len(boxes) != 1:
        return not boxes
    left, top, right, bottom = boxes[0]
    is_sure = whole.digit is not None and whole.probability >= _SURE
    return right - left <= (_NARROW_IF_SURE if is_sure else _NARROW) * (bottom - top)


def _is_likelier(single: Path, lines: Sequence[Path]) -> bool:
    """Whether all is likelier one line; in one, no digit is above another."""
    score, groups = single
    boxes = [union([part.box for part in parts]) for parts, _ in groups]
    is_line = not any(is_above(box, other) for box, other in combinations(boxes, 2))
    return is_line and score > _lines_score([score for score, _ in lines])


def _lines_score(scores: Sequence[float]) -> float:
    """The log probability of lines, at least one, given that of each."""
    return sum(scores) - LINE_PENALTY * (len(scores) - 1)


def _is_surer(whole: Prediction, groups: Sequence[Group]) -> bool:
    """Whether all is surely one digit, and one of the groups less surely one."""
    least = min(float(group.outputs[:DIGITS].max()) for group in groups)
    return whole.digit is not None and whole.probability >= _SURE and least < _LESS_SURE


def _center(parts: Parts) -> float:
    left, _, right, _ = union([part.box for part in parts])
    return (left + right) / 2
