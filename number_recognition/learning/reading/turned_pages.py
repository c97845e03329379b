"""Pages that are turned: by a quarter or upside down, or a little, so that their lines lean.

A page is set right where what is read in it says so clearly; a single digit is never turned.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from number_recognition.digits.images.frame import Frame, extract_all_ink
from number_recognition.digits.segmentation.ink_parts import InkPart, ink_parts
from number_recognition.digits.segmentation.parts import Part, height
from number_recognition.digits.segmentation.skew import (
    box_before,
    skew_of_digits,
    skew_of_lines,
    turned,
    with_level_lines,
)
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.learning.reading.groups import Framing
from number_recognition.learning.reading.reading import Reading

_CLEAR = 0.9
"""Digits that are on the mean so probable are upright."""
_LEAST_DIGITS = 3
"""With fewer digits, it cannot be told whether a page is turned."""
_LEAST_QUALITY = 0.6
"""A page is not set right where its digits are less probable on the mean."""
_GAIN = 0.15
"""Turned by a quarter, digits must be more probable by this."""
_GAIN_UPSIDE_DOWN = 0.2
_LOSS = 0.05
"""Where lines lean, digits may be less probable by this once they are level."""
_MOST_VOTES = 24
_EITHER_WAY = (0, 1, 6, 8, 9)
"""Digits that are digits upside down, too."""
_LEAST_TELLING = 2
"""So many parts say at least which of two opposite ways is right."""
_SMALL, _LARGE = 0.5, 1.5
"""Of the size of a digit: smaller and larger parts do not say how a page is turned."""

ReadInk = Callable[[Sequence[InkPart]], Generator[None, None, Reading]]


@dataclass(frozen=True)
class _View:
    """The ink of a page, turned to the left by an angle in degrees."""

    ink: np.ndarray
    angle: float = 0.0


def set_right(
    image: Image.Image,
    ink: np.ndarray,
    upright: Reading,
    read: ReadInk,
    framing: Framing,
    network: NumpyNetwork,
) -> Generator[None, None, Reading]:
    """The reading of a page that may be turned, in steps of a few milliseconds.

    Args:
        image: the page.
        ink: its ink without printed lines, (height, width) from 0 to 1.
        upright: what was read in it as it is; the answer unless another one is clearly better.
        read: reads parts of ink.
        framing: frames parts of ink for the network.
        network: says which way digits stand.
    """
    is_clear = _quality(upright) >= _CLEAR
    without_lines = _without_lines(image, ink, is_clear)
    view = without_lines or _View(ink)
    yield
    quarter = 0
    if without_lines or not is_clear:
        quarter = yield from _quarter(view.ink, framing, network)
    if quarter:
        view = _View(np.ascontiguousarray(np.rot90(view.ink, quarter)), view.angle + 90 * quarter)
    if view.angle % 90 == 0:
        angle = skew_of_digits(view.ink, _size(ink_parts(view.ink)))
        view = _View(turned(view.ink, angle), view.angle + angle) if angle else view
        yield
    if not view.angle and not without_lines:
        return upright
    parts = ink_parts(view.ink)
    if len(_large(parts)) < _LEAST_DIGITS:
        return upright  # one digit may be cut into what looks like several
    reading = yield from read(parts)
    if not _is_better(reading, upright, quarter, without_lines is not None):
        return upright
    return _before(reading, view, ink.shape)


def _without_lines(image: Image.Image, ink: np.ndarray, is_clear: bool) -> _View | None:
    """A page with printed lines, level and without them; None for another.

    Level lines are looked for only where what is read is not clear.
    """
    everything = extract_all_ink(image)
    if everything is None:
        return None
    skews = (skew_of_lines(each) for each in (everything, ink))  # grain may hide pale lines
    skew = max(filter(None, skews), key=lambda skew: abs(skew[0]), default=None)
    if skew is None or (is_clear and not skew[0]):
        return None
    level = with_level_lines(everything, *skew)
    return None if level is None else _View(level, skew[0])


def _quarter(
    ink: np.ndarray, framing: Framing, network: NumpyNetwork
) -> Generator[None, None, int]:
    """By how many quarters a page must be turned to the left: how its parts are read tells."""
    parts = ink_parts(ink)
    largest = _LARGE * _digit_size(parts)
    voters = [part for part in _large(parts) if max(part.content.shape) <= largest][:_MOST_VOTES]
    if len(voters) < _LEAST_DIGITS:
        return 0
    votes, guesses = np.zeros((4, len(voters))), np.zeros((4, len(voters)), np.intp)
    for quarter in range(4):
        frames: list[Frame | None] = []
        for part in voters:
            frames.append((yield from framing([_rotated(part, quarter)])))
            yield
        found = [(i, frame.pixels) for i, frame in enumerate(frames) if frame is not None]
        if not found:
            return 0
        outputs = network(np.stack([pixels for _, pixels in found]))
        places = [i for i, _ in found]
        votes[quarter, places] = outputs[:, :DIGITS].max(axis=1)
        guesses[quarter, places] = outputs[:, :DIGITS].argmax(axis=1)
    return _best_quarter(votes, guesses)


def _best_quarter(votes: np.ndarray, guesses: np.ndarray) -> int:
    """By how many quarters a page must be turned to the left.

    What is a digit upside down, too, does not say which of two opposite ways is right.

    Args:
        votes: how probable the digit is that each part is read as, turned by each quarter (4, n).
        guesses: those digits, (4, n) int.
    """
    either_way = np.isin(guesses, _EITHER_WAY)
    probable = votes.mean(axis=1)
    for one, opposite in ((0, 2), (1, 3)):
        tells = ~(either_way[one] & either_way[opposite])
        if np.count_nonzero(tells) >= _LEAST_TELLING:
            gain = float(votes[one, tells].mean() - votes[opposite, tells].mean())
            best = max(probable[one], probable[opposite])
            probable[one], probable[opposite] = best + min(gain, 0), best - max(gain, 0)
    return int((probable - [0, _GAIN, _GAIN_UPSIDE_DOWN, _GAIN]).argmax())


def _rotated(part: InkPart, quarter: int) -> InkPart:
    content = np.ascontiguousarray(np.rot90(part.content, quarter))
    return Part((0, 0, content.shape[1], content.shape[0]), content)


def _large(parts: Sequence[InkPart]) -> list[InkPart]:
    """The parts that may be digits, the largest first."""
    least = _SMALL * _digit_size(parts)
    largest = sorted(parts, key=lambda part: part.content.size, reverse=True)
    return [part for part in largest if max(part.content.shape) >= least]


def _digit_size(parts: Sequence[InkPart]) -> float:
    """The longer side that half of the ink is in parts no larger than; 0 without ink.

    Digits that touch are larger, specks and pieces of lines smaller.
    """
    if not parts:
        return 0.0
    ordered = sorted(parts, key=lambda part: max(part.content.shape))
    ink = np.cumsum([float(part.content.sum()) for part in ordered])
    return float(max(ordered[int(np.searchsorted(ink, ink[-1] / 2))].content.shape))


def _size(parts: Sequence[InkPart]) -> float:
    """About how high a digit is: the median of the longer sides of the parts."""
    sides = sorted(max(part.content.shape) for part in parts)
    return float(sides[len(sides) // 2]) if sides else 1.0


def _quality(reading: Reading) -> float:
    """How probable the digits are on the mean, what is none counting as 0; commas do not count."""
    highest = max((height(piece.box) for piece in reading.pieces), default=0.0)
    values = [
        piece.prediction.probability if piece.prediction.digit is not None else 0.0
        for piece in reading.pieces
        if height(piece.box) >= _SMALL * highest
    ]
    return sum(values) / len(values) if values else 0.0


def _is_better(reading: Reading, upright: Reading, quarter: int, without_lines: bool) -> bool:
    """Whether a page is set right by what is read in it then, turned by so many quarters."""
    if len(reading.digits) < _LEAST_DIGITS or reading.text == upright.text:
        return False
    if all(len(line) == 1 for line in reading.text.splitlines()):
        return False  # strokes of one digit, rather than three lines
    gain = (-_LOSS, _GAIN, _GAIN_UPSIDE_DOWN, _GAIN)[quarter]
    if without_lines and len(reading.digits) > len(upright.digits):
        gain = -_LOSS  # what is read across lines is often a sure 1
    return _quality(reading) >= max(_LEAST_QUALITY, _quality(upright) + gain)


def _before(reading: Reading, view: _View, shape: tuple[int, ...]) -> Reading:
    """The same with the boxes where the digits are on the page as it was."""
    return Reading(
        tuple(
            tuple(
                replace(piece, box=box_before(piece.box, view.ink, view.angle, shape))
                for piece in line
            )
            for line in reading.lines
        ),
        view.angle,
    )
