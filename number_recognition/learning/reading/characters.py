"""Tells a letter or symbol from a number: an N can be divided into 111, a K into 1 and a rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from number_recognition.digits.segmentation.parts import Box, height, union
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.learning.models.prediction import is_refused
from number_recognition.learning.reading.groups import Group, Parts
from number_recognition.learning.reading.stroke_parts import StrokeParts

Located = tuple[Parts, Group]
"""A group with its parts, which say where it lies."""
ArePieces = Callable[[Parts, Parts], bool]
"""Whether two groups have pieces of one stroke, or of connected ink, which was cut."""

_MOST_GROUPS = 3
"""A letter is divided into so many at most."""
_REACH = 0.04
"""Groups touch that are less than this apart, by the height of the line."""
_LEAST_REACH = 1.0
"""The same in units of the pad, where the line has hardly any height."""
_SMALL = 0.4
"""A dot or dash is smaller than this in both directions, by the height of the line."""
_NEAR = 0.1
"""What is no digit and this near to a 1, by the height of the line, is the rest of a letter."""
_ODDS = -18.1
_LESS_SURE, _SURER = -0.6, -1.5
_HAS_ONE = -2.7
_EVEN_HEIGHTS = 13.7
"""Log odds that two groups that touch are two digits, and not parts of a letter.

They follow from how sure the network is of each, whether one is a 1, as any straight stroke is, and
the lower height by the other.

Logistic regression on 209 letters and symbols of UNIPEN's writers and 1,500 numbers composed of
digits of UNIPEN's and UCI's, all read as two or three digits. The constant is lower by 3 than the
one that tells them apart best, since whoever draws at the pad mostly means digits: it refuses 57 %
of these letters, and 0.6 % of the numbers.
"""


def is_character(
    groups: Sequence[Located],
    are_pieces: ArePieces,
    strokes: StrokeParts | None,
    refuse_above: float | None,
) -> bool:
    """Whether the groups of a line, left to right, are rather one letter or symbol than a number.

    Args:
        groups: as the line is best divided into digits and what is none.
        are_pieces: see `ArePieces`.
        strokes: those of a drawing; None for an image, in which ink that touches is connected.
        refuse_above: see `learning.models.prediction.is_refused`.
    """
    if not 1 < len(groups) <= _MOST_GROUPS:
        return False
    pairs = list(pairwise(groups))
    line = height(union([part.box for parts, _ in groups for part in parts]))
    are_cut = [are_pieces(first, second) for (first, _), (second, _) in pairs]
    touch = [_touch(pair, strokes, _REACH * line) for pair in pairs]
    refused = [bool(is_refused(group.outputs[None], refuse_above)[0]) for _, group in groups]
    if not any(refused):
        return (all(touch) and _are_ones(groups)) or any(
            (is_cut or touches) and _odds(*pair) < 0
            for pair, is_cut, touches in zip(pairs, are_cut, touch, strict=True)
        )
    if refused.count(False) != 1:
        return False
    digit = refused.index(False)
    return any(
        are_cut[place]
        or touch[place]
        or (
            _are_ones([groups[digit]])
            and not _is_small(groups[rest], line)
            and _touch(pairs[place], strokes, _NEAR * line)
        )
        for place, rest in ((digit - 1, digit - 1), (digit, digit + 1))
        if 0 <= rest < len(groups)
    )


def _touch(pair: tuple[Located, Located], strokes: StrokeParts | None, reach: float) -> bool:
    """Whether the strokes of two groups are less than `reach` apart, in units of the pad."""
    (first, _), (second, _) = pair
    return strokes is not None and strokes.touch(first, second, max(_LEAST_REACH, reach))


def _is_small(group: Located, line: float) -> bool:
    """Whether a group is a dot or dash, in a line this high."""
    left, top, right, bottom = _box(group)
    return max(right - left, bottom - top) < _SMALL * line


def _are_ones(groups: Sequence[Located]) -> bool:
    """Whether all groups are straight strokes: where two of them touch, they are an X or a V."""
    return all(int(group.outputs.argmax()) == 1 for _, group in groups)


def _odds(first: Located, second: Located) -> float:
    """Log odds that two groups that touch are two digits."""
    outputs = [group.outputs[:DIGITS] for _, group in (first, second)]
    surer, less_sure = sorted(math.log(1.001 - float(each.max())) for each in outputs)
    heights = [height(_box(each)) for each in (first, second)]
    return (
        _ODDS
        + _LESS_SURE * less_sure
        + _SURER * surer
        + _HAS_ONE * any(each.argmax() == 1 for each in outputs)
        + _EVEN_HEIGHTS * min(heights) / max(*heights, 1e-6)
    )


def _box(group: Located) -> Box:
    return union([part.box for part in group[0]])
