"""Counterexamples: drawings that are not a digit, which a network is trained to reject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from number_recognition.digits.datasets import synthetic
from number_recognition.digits.datasets.letters import LETTERS
from number_recognition.digits.datasets.scribbles import SCRIBBLES
from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD, Drawing, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing, fit_to_canvas
from number_recognition.digits.drawing.variation import Variation, vary

TAKEN_FOR_DIGITS = {
    **dict.fromkeys("OoDQ", "0"),
    **dict.fromkeys("Il|/\\'`,.", "1, for a stroke alone has no size"),
    **dict.fromkeys("Zz", "2"),
    "y": "4, written in one stroke",
    **dict.fromkeys("Ss", "5"),
    **dict.fromkeys("bG", "6"),
    "B": "8",
    **dict.fromkeys("gq", "9"),
}
"""Characters that look like a digit, and which digit: they are no counterexamples."""

Side = tuple[int, int]
LEFT, RIGHT, TOP, BOTTOM = (0, -1), (0, 1), (1, -1), (1, 1)
HALVES: dict[int, tuple[Side, ...]] = {
    0: (LEFT, RIGHT, TOP, BOTTOM),
    2: (LEFT, RIGHT, BOTTOM),
    3: (LEFT, BOTTOM),
    4: (LEFT,),
    5: (LEFT, RIGHT, TOP, BOTTOM),
    6: (LEFT, RIGHT),
    8: (LEFT,),
    9: (LEFT,),
}
"""The halves of each digit that are not a digit, as axis (0: x) and side: half an 8 may be a 0, the
top of a 2 a 7, the right of a 3 a 3."""
_STRAIGHT, _STEEP = 1.25, 0.7
"""A path is a 1 to most people where it is at most so many times as long as its ends are apart and
they lie at least so far above each other, as a part of that."""
_VARIATION = Variation(rotation=0.15, slant=0.2, stretch=0.25, bend=0.04, jitter=0.02, noise=0.005)

Path = np.ndarray
PathLike = Path | Sequence[Sequence[float]] | Sequence[Path]
Rng = np.random.Generator


def _drawing(paths: Sequence[PathLike], rng: Rng, amount: Variation = _VARIATION) -> Drawing:
    """Make a drawing of paths in a box of one unit, with random variation."""
    scaled = (np.asarray(path, dtype=float) * 0.7 * PAD for path in paths)
    strokes = tuple(Stroke(tuple(map(tuple, path.tolist()))) for path in scaled)
    return vary(Drawing(strokes), rng, amount)


def _arc(
    centre: Sequence[float], radius: Sequence[float], start: float, end: float, points: int = 12
) -> Path:
    """An arc of an ellipse, angles in turns, clockwise from the right; (points, 2)."""
    angle = 2 * np.pi * np.linspace(start, end, points)
    arc: Path = np.array(centre) + np.array(radius) * np.stack(
        [np.cos(angle), np.sin(angle)], axis=1
    )
    return arc


def dot(rng: Rng) -> Drawing:
    """A single dot."""
    return _drawing([[(0, 0)]], rng)


def dots(rng: Rng) -> Drawing:
    """Two to five dots."""
    points = rng.uniform(0, 1, (rng.integers(2, 6), 2))
    return _drawing([[point, point + 0.01] for point in points], rng)


def dash(rng: Rng) -> Drawing:
    """One to three horizontal lines: a vertical one would be a 1."""
    count = rng.choice([1, 1, 1, 2, 3])
    slope = rng.normal(0, 0.18)
    rows = np.arange(count) * rng.uniform(0.2, 0.5)
    return _drawing(
        [[(0, row), (0.5, row + slope / 2), (1, row + slope)] for row in rows],
        rng,
        Variation(0.05, 0.1, 0.1, 0.02, 0.03, 0.004),
    )


def scribble(rng: Rng) -> Drawing:
    """A scribble of any kind."""
    return _drawing(SCRIBBLES[rng.integers(len(SCRIBBLES))](rng), rng)


def hatching(rng: Rng) -> Drawing:
    """Something crossed out: a zigzag, or loops along a line."""
    count = rng.integers(4, 14)
    along = np.linspace(0, rng.uniform(0.4, 1.6), 4 * count)
    if rng.random() < 0.5:
        up = np.abs((np.arange(4 * count) / 2) % 2 - 1)
        return _drawing([np.stack([along, up], axis=1)], rng)
    turn = 2 * np.pi * np.arange(4 * count) / 4
    size = rng.uniform(0.15, 0.5)
    loops = np.stack([along + size * np.cos(turn), size * np.sin(turn)], axis=1)
    return _drawing([loops], rng)


def cross(rng: Rng) -> Drawing:
    """An x or a plus."""
    if rng.random() < 0.5:
        return _drawing([[(0, 0), (1, 1)], [(1, 0), (0, 1)]], rng)
    return _drawing([[(0.5, 0), (0.5, 1)], [(0, 0.5), (1, 0.5)]], rng)


def smiley(rng: Rng) -> Drawing:
    """A face: eyes and a mouth, mostly in a circle, sometimes with a nose."""
    mouth = _arc((0.5, 0.55), (0.27, 0.22), 0.06, 0.44)
    if rng.random() < 0.3:
        mouth = _arc((0.5, 0.9), (0.25, 0.2), 0.56, 0.94)
    eye = rng.uniform(0.02, 0.12)
    eyes = [[(x, 0.32), (x, 0.32 + eye)] for x in (0.33, 0.67)]
    paths: list[PathLike] = [*eyes, mouth]
    if rng.random() < 0.8:
        paths.insert(0, _arc((0.5, 0.5), (0.5, 0.5), -0.25, 0.76, 20))
    if rng.random() < 0.2:
        paths.append([(0.5, 0.42), (0.5, 0.55)])
    return _drawing(paths, rng)


def heart(rng: Rng) -> Drawing:
    """A heart, in one stroke or two."""
    deep = rng.uniform(0.15, 0.4)
    right = [(0.5, deep), (0.6, 0.1), (0.78, 0), (1, 0.15), (0.98, 0.4), (0.75, 0.72), (0.5, 1)]
    left = [(1 - x, y) for x, y in right]
    if rng.random() < 0.5:
        return _drawing([left, right], rng)
    return _drawing([[*right, *reversed(left)]], rng)


def arrow(rng: Rng) -> Drawing:
    """An arrow in any direction, in one stroke or two."""
    head = rng.uniform(0.15, 0.35)
    wings = [(1 - head, -head), (1, 0), (1 - head, head)]
    paths = [[(0, 0), (1, 0)], wings]
    if rng.random() < 0.3:
        paths = [[(0, 0), (1, 0), *wings]]
    turn = rng.uniform(0, 2 * np.pi)
    cos, sin = np.cos(turn), np.sin(turn)
    return _drawing([np.array(p) @ np.array([[cos, sin], [-sin, cos]]) for p in paths], rng)


def shape(rng: Rng) -> Drawing:
    """A triangle, a square, a star, a spiral, a wave, a tick, stairs, a grid."""
    kind = rng.integers(8)
    if kind < 3:
        corners = (3, 4, 5)[kind]
        angle = np.arange(corners + 1) * (2 if corners == 5 else 1) / corners - 0.25
        turned = 2 * np.pi * (angle + (1 / 8 if corners == 4 else 0))
        return _drawing([np.repeat(np.stack([np.cos(turned), np.sin(turned)], 1), 2, 0) / 2], rng)
    if kind == 3:
        turn = np.linspace(0, rng.uniform(2, 4), 40)
        circle = np.stack([np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)], axis=1)
        return _drawing([circle * (turn / turn[-1] / 2)[:, None]], rng)
    if kind == 4:
        along = np.linspace(0, 1.5, 24)
        return _drawing([np.stack([along, 0.2 * np.sin(rng.uniform(6, 14) * along)], 1)], rng)
    if kind == 5:
        return _drawing([[(0, 0.6), (0.3, 1), (0.3, 1), (1, 0)]], rng)
    if kind == 6:
        steps = np.repeat(np.arange(rng.integers(3, 6)), 2) / 4
        return _drawing([np.repeat(np.stack([steps[1:], steps[:-1]], 1), 2, 0)], rng)
    lines = np.linspace(0.2, 0.8, rng.integers(2, 5))
    return _drawing([*([(x, 0), (x, 1)] for x in lines), *([(0, y), (1, y)] for y in lines)], rng)


def letter(rng: Rng) -> Drawing:
    """A letter that does not look like a digit."""
    paths = LETTERS[str(rng.choice(list(LETTERS)))]
    moved = [np.array(path) + rng.normal(0, 0.03, (len(path), 2)) for path in paths]
    return _drawing(moved, rng)


def half(digit: LabelledDrawing, rng: Rng) -> Drawing | None:
    """Return half of a digit; None where every half of it could be a digit itself."""
    sides = HALVES.get(-1 if digit.label is None else digit.label)
    if not sides:
        return None
    axis, side = sides[rng.integers(len(sides))]
    box = digit.drawing.box()
    middle = (box[axis] + box[axis + 2]) / 2
    strokes: list[Stroke] = []
    for stroke in digit.drawing.strokes:
        points = np.asarray(stroke.points)
        inside = side * (points[:, axis] - middle) >= 0
        edges = [0, *(np.flatnonzero(np.diff(inside)) + 1), len(points)]
        strokes += [
            Stroke(stroke.points[start:end], stroke.width)
            for start, end in pairwise(edges)
            if inside[start] and end - start > 1
        ]
    return Drawing(tuple(strokes)) if strokes and not _may_be_one(strokes) else None


def _may_be_one(strokes: Sequence[Stroke]) -> bool:
    """Whether the longest path is a steep line, and little stands beside it."""
    longest = max(strokes, key=_length)
    points = np.asarray(longest.points)
    step = points[-1] - points[0]
    apart = float(np.hypot(*step))
    is_line = _length(longest) <= _STRAIGHT * apart and abs(step[1]) >= _STEEP * apart
    return is_line and sum(map(_length, strokes)) < _STRAIGHT * _length(longest)


def _length(stroke: Stroke) -> float:
    return float(np.hypot(*np.diff(np.asarray(stroke.points), axis=0).T).sum())


def side_by_side(digits: Sequence[Drawing], rng: Rng) -> Drawing:
    """Return a drawing of digits in a row, of about the same height."""
    strokes: list[Stroke] = []
    right = 0.0
    for digit in digits:
        left, top, end, bottom = digit.box()
        scale = 100 * np.exp(rng.normal(0, 0.1)) / max(bottom - top, (end - left) / 1.5, 1e-6)
        offset = (right - left * scale, rng.normal(0, 6) - top * scale)
        strokes += _scaled(digit, scale, offset).strokes
        right += (end - left) * scale + rng.uniform(6, 50)
    return Drawing(tuple(strokes))


def _scaled(drawing: Drawing, scale: float, offset: Sequence[float]) -> Drawing:
    return drawing.mapped(lambda points: points * scale + offset)


def generated_half(rng: Rng) -> Drawing:
    """Half of a synthetic digit."""
    half_digit = None
    while half_digit is None:
        label = int(rng.choice(list(HALVES)))
        half_digit = half(LabelledDrawing(synthetic.draw_digit(label, rng), label), rng)
    return half_digit


def generated_row(rng: Rng) -> Drawing:
    """Two or three synthetic digits in a row."""
    count = rng.choice([2, 2, 2, 3])
    return side_by_side(
        [synthetic.draw_digit(int(d), rng) for d in rng.integers(0, 10, count)], rng
    )


KINDS: dict[str, Callable[[Rng], Drawing]] = {
    each.__name__: each
    for each in (
        *(dot, dots, dash, scribble, hatching, cross, smiley, heart, arrow, shape, letter),
        *(generated_half, generated_row),
    )
}
_SHARES = (1, 1, 3, 12, 4, 3, 2, 2, 4, 5, 8, 9, 8)
"""Relative frequencies of the kinds: those that look more like digits are more frequent."""


def drawings(seed: int) -> Iterator[LabelledDrawing]:
    """Yield counterexamples without end; equal seeds give equal drawings."""
    rng = np.random.default_rng(seed)
    kinds, shares = list(KINDS.values()), np.array(_SHARES) / sum(_SHARES)
    while True:
        drawing = kinds[rng.choice(len(kinds), p=shares)](rng)
        yield LabelledDrawing(fit_to_canvas(drawing, 0.7 * PAD, DEFAULT_PEN), None)


def of_people(digits: Sequence[LabelledDrawing], seed: int) -> Iterator[LabelledDrawing]:
    """Yield halves of people's digits, and two or three of one writer in a row, without end."""
    rng = np.random.default_rng(seed)
    writers: dict[object, list[LabelledDrawing]] = {}
    for digit in digits:
        writers.setdefault(digit.writer, []).append(digit)
    while digits:
        first = digits[int(rng.integers(len(digits)))]
        if rng.random() < 0.4 and (half_digit := half(first, rng)):
            yield LabelledDrawing(half_digit, None, first.writer)
        same_writer = writers[first.writer]
        chosen = rng.integers(0, len(same_writer), rng.choice([1, 1, 1, 2]))
        more = [same_writer[i].drawing for i in chosen]
        yield LabelledDrawing(side_by_side([first.drawing, *more], rng), None, first.writer)
