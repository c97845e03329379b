"""The parts of a drawing: its strokes, and pieces of those that may hold several digits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.strokes import dense_points, distance_to_path
from number_recognition.digits.segmentation.parts import Part
from number_recognition.digits.segmentation.stroke_cuts import Piece, cut_stroke


class StrokePieces:
    """Cuts strokes, each once: a stroke gives the identical pieces in each drawing it is in."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Stroke, list[Piece]]] = {}

    def parts_of(self, drawing: Drawing) -> Generator[None, None, StrokeParts]:
        """Return the parts of a drawing, a new stroke a step; those that are not in it go."""
        for stroke in drawing.strokes:
            if id(stroke) not in self._known:
                self._known[id(stroke)] = stroke, cut_stroke(stroke)
                yield
        self._known = {id(stroke): self._known[id(stroke)] for stroke in drawing.strokes}
        return StrokeParts(drawing, [self._known[id(stroke)][1] for stroke in drawing.strokes])


class StrokeParts:
    """The parts of one drawing.

    Attributes:
        strokes: a part for each stroke, in the order in which they were drawn.
    """

    def __init__(self, drawing: Drawing, pieces: Sequence[Sequence[Piece]]) -> None:
        self.strokes = [Part(stroke.box, stroke) for stroke in drawing.strokes]
        self._pieces = [
            [Part(piece.stroke.box, piece.stroke) for piece in group] for group in pieces
        ]
        self._connections = {
            id(piece.stroke) for group in pieces for piece in group if piece.is_connection
        }
        self._places = {
            id(part.content): (number, place)
            for number, group in enumerate(self._pieces)
            for place, part in enumerate(group)
        }
        for number, stroke in enumerate(drawing.strokes):
            self._places.setdefault(id(stroke), (number, 0))

    def place(self, part: Part[Any]) -> tuple[int, int]:
        """The number of the stroke that a part is of, and which of its pieces it is."""
        return self._places[id(part.content)]

    def number(self, part: Part[Any]) -> int:
        """The number of the stroke that a part is of."""
        return self.place(part)[0]

    def is_connection(self, part: Part[Any]) -> bool:
        """Whether a part may lead from one digit to the next, and belong to none."""
        return id(part.content) in self._connections

    def cut(self, strokes: Sequence[Part[Any]]) -> list[Part[Any]]:
        """The pieces of strokes."""
        return [piece for stroke in strokes for piece in self._pieces[self.number(stroke)]]

    def is_whole(self, parts: Sequence[Part[Any]]) -> bool:
        """Whether all pieces are there of each stroke of which there is one."""
        counts = Counter(map(self.number, parts))
        return all(len(self._pieces[number]) == counts[number] for number in counts)

    def are_pieces(self, first: Sequence[Part[Any]], second: Sequence[Part[Any]]) -> bool:
        """Whether there are pieces of the same stroke in both."""
        return not set(map(self.number, first)).isdisjoint(map(self.number, second))

    def touch(self, first: Sequence[Part[Any]], second: Sequence[Part[Any]], reach: float) -> bool:
        """Whether parts of different strokes are less than `reach` apart, in units of the pad."""
        return not self.are_pieces(first, second) and any(
            distance_to_path(dense_points(_points(one), reach), _points(other)).min() < reach
            for one in first
            for other in second
        )

    def drawing_of(self, parts: Sequence[Part[Any]]) -> Drawing:
        """The strokes of parts; pieces of a stroke that follow each other are one again."""
        groups: list[list[Part[Any]]] = []
        for part in sorted(parts, key=self.place):
            number, place = self.place(part)
            if groups and self.place(groups[-1][-1]) == (number, place - 1):
                groups[-1].append(part)
            else:
                groups.append([part])
        return Drawing(tuple(map(self._joined, groups)))

    def _joined(self, pieces: Sequence[Part[Any]]) -> Stroke:
        if self.is_whole(pieces):
            stroke: Stroke = self.strokes[self.number(pieces[0])].content
            return stroke
        points = [point for piece in pieces[:-1] for point in piece.content.points[:-1]]
        last: Stroke = pieces[-1].content
        return Stroke((*points, *last.points), last.width)


def _points(part: Part[Any]) -> np.ndarray:
    """The points of a stroke or of a piece of one, (n, 2) float."""
    return np.asarray(part.content.points, float)
