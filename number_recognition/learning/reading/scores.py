"""How likely a digit ends between two parts, and how likely a group of parts is one digit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from number_recognition.digits.segmentation.parts import Part, union
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.learning.reading.lattice import Span

MOST_PARTS = 4
"""Parts of one digit: people write a 5, a 7 or a slashed 0 with up to three strokes."""
MOST_PIECES = 6
"""Pieces of strokes of one digit, where not all pieces of its strokes belong to it."""
LINE_PENALTY = 4.0
"""Another line is less likely than parts of one digit above each other, by this log odds."""
_SPLIT_AT = -0.12
"""Gap between two parts, as a part of the line's height, at which they are as likely parts of one
digit as of two; negative where they overlap."""
_STEEPNESS = 8.0
_STROKE_CUT_ODDS = -0.5
"""Log odds that a possible cut through a stroke lies between two digits."""
CONNECTION_SCORE = -0.2
"""Log probability that a straight way between two cuts leads from one digit to the next."""
_CUT_ODDS = -0.3
"""Log odds that a cut through connected ink lies between two digits."""
_NO_DIGIT_PENALTY = 3.0
"""A group that is no digit is rarer than one that is, by this log odds for each line of it.

Counted for each part in place of each line, 40 % of 700 letters and symbols of people were read as
digits, or as one with something beside it; so 28 %, and the same 505 of 521 numbers are read right.
"""
_STROKE_ALONE_PENALTY = 1.0
"""The same of a stroke that is all there is: letters have straight ways, too."""
_NETWORK_WEIGHT = 2.0
"""What the network says counts so many times as much as the gaps: it has seen the shapes."""
_LEAST = 1e-6
_SURE_NEIGHBOUR, _LEAST_SURE = 0.7, 2
_AMONG_DIGITS = 6.0
"""What stands among so many sure digits is so many times more often a digit than what is alone.

Of letters and symbols by writers that the network has learnt from, 31 % are read as a digit alone,
41 % among digits.
"""
_SMALL = 0.4
"""What is less high than this part of the highest thing in its line is no digit but a comma, a
point or a dash: framed, all are of one size."""
_SMALL_FACTOR = 0.01


def is_small(height: float, highest: float) -> bool:
    """Whether a group of this height is no digit, next to the highest part of its line."""
    return height < _SMALL * highest


def outputs_by_height(outputs: np.ndarray, height: float, highest: float) -> np.ndarray:
    """Return what the network says of a group; of one far lower than others, "no digit".

    Args:
        outputs: what the network says of the group, (10,) or (11,).
        height: of the group.
        highest: the height of the highest part of its line, in the same unit.
    """
    if len(outputs) == DIGITS or not is_small(height, highest):
        return outputs
    lowered = outputs * _SMALL_FACTOR
    lowered[DIGITS] = 1 - lowered[:DIGITS].sum()
    return lowered


def among_digits(outputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return what the network says of the groups of a line, given that the others are digits.

    Where all others are surely digits, two of them at least, a group is more often a digit, too.

    Args:
        outputs: what the network says of each by itself, (10,) or (11,).
    """
    unsure = [i for i, each in enumerate(outputs) if each[:DIGITS].max() < _SURE_NEIGHBOUR]
    if len(unsure) != 1 or len(outputs) < _LEAST_SURE + 1 or len(outputs[0]) == DIGITS:
        return list(outputs)
    among = list(outputs)
    likelier = among[unsure[0]].copy()
    likelier[DIGITS] /= _AMONG_DIGITS
    among[unsure[0]] = likelier / likelier.sum()
    return among


def group_score(span: Span, splits: Sequence[float]) -> float:
    """Log probability that a digit ends where the group does, and nowhere inside it."""
    first, end = span
    inside = sum(math.log(max(_LEAST, 1 - splits[i])) for i in range(first + 1, end))
    return inside + math.log(max(_LEAST, splits[end]))


def answer_score(answer: np.ndarray, lines: int, *, is_stroke_alone: bool = False) -> float:
    """Log probability that a group is a digit, or none where that is likelier.

    Args:
        answer: what the network says of the group, (10,) or (11,).
        lines: how many lines the group would be, read by itself.
        is_stroke_alone: whether it is a whole stroke, and there is nothing else.
    """
    digit = _NETWORK_WEIGHT * math.log(max(_LEAST, float(answer[:DIGITS].max())))
    if len(answer) == DIGITS:
        return digit
    no_digit = _NETWORK_WEIGHT * math.log(max(_LEAST, float(answer[DIGITS])))
    penalty = _STROKE_ALONE_PENALTY if is_stroke_alone else _NO_DIGIT_PENALTY * lines
    return max(digit, no_digit - penalty)


def stroke_splits(parts: Sequence[Part[Any]], numbers: Sequence[int]) -> list[float]:
    """How likely a digit ends before each part of a drawing, (count + 1,): 1 at both ends.

    Args:
        parts: strokes, or pieces of strokes.
        numbers: the number of the stroke that each part is of.
    """
    height = _height(parts)
    odds = [
        _STROKE_CUT_ODDS
        if set(numbers[:i]) & set(numbers[i:])
        else _STEEPNESS * (_gap(*_around(parts, numbers, i)) / height - _SPLIT_AT)
        for i in range(1, len(parts))
    ]
    return [1.0, *map(_probability, odds), 1.0]


def ink_splits(parts: Sequence[Part[Any]]) -> list[float]:
    """How likely a digit ends before each piece of ink, (count + 1,): 1 at both ends."""
    height = _height(parts)
    gaps = [
        _gap(parts[max(0, i - MOST_PARTS) : i], parts[i : i + MOST_PARTS]) / height
        for i in range(1, len(parts))
    ]
    odds = (_CUT_ODDS if gap == 0 else _STEEPNESS * (gap - _SPLIT_AT) for gap in gaps)
    return [1.0, *map(_probability, odds), 1.0]


def _height(parts: Sequence[Part[Any]]) -> float:
    _, top, _, bottom = union([part.box for part in parts])
    return max(1.0, bottom - top)


def _around(
    parts: Sequence[Part[Any]], numbers: Sequence[int], i: int
) -> tuple[list[Part[Any]], list[Part[Any]]]:
    """The parts of the nearest strokes before a part, and of it and those that follow."""
    before = list(dict.fromkeys(reversed(numbers[:i])))[:MOST_PARTS]
    after = list(dict.fromkeys(numbers[i:]))[:MOST_PARTS]
    return (
        [part for part, number in zip(parts[:i], numbers[:i], strict=True) if number in before],
        [part for part, number in zip(parts[i:], numbers[i:], strict=True) if number in after],
    )


def _gap(before: Sequence[Part[Any]], after: Sequence[Part[Any]]) -> float:
    """How far what is before a part and what follows are apart from side to side."""
    rightwards = min(part.box[0] for part in after) - max(part.box[2] for part in before)
    leftwards = min(part.box[0] for part in before) - max(part.box[2] for part in after)
    return max(rightwards, leftwards)


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
