"""Where the pictures of a sheet stand: in rows, under the headings of their sections. No Tk."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading ("" for none) and the keys of the pictures below it."""

    heading: str
    keys: Sequence[Hashable]


class Rows:
    """The pictures of some sections in rows; nothing here takes longer the more there are.

    Attributes:
        order: all keys in the order shown.
        headings: of each row the heading, "" where it is one of pictures.
        tops: where each row begins, and where the last one ends, in pixels.
    """

    def __init__(self, sections: Sequence[Section] = ()) -> None:
        self._sections = sections
        self.order = [key for section in sections for key in section.keys]
        self._numbers = {key: number for number, key in enumerate(self.order)}
        self.lay_out(1, 0, 0)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._numbers

    def number(self, key: Hashable) -> int:
        """The number of a picture in `order`."""
        return self._numbers[key]

    def lay_out(self, columns: int, heading_height: int, row_height: int) -> None:
        """Break the sections into rows of so many columns."""
        self.headings: list[str] = []
        self._firsts: list[int] = []  # of each row the number of its first picture
        first = 0
        for section in self._sections:
            end = first + len(section.keys)
            firsts = range(first, end, columns)
            if section.heading:
                self.headings.append(section.heading)
                self._firsts.append(first)
            self.headings += [""] * len(firsts)
            self._firsts += firsts
            first = end
        heights = (heading_height if heading else row_height for heading in self.headings)
        self.tops = [0, *itertools.accumulate(heights)]

    def row(self, key: Hashable) -> int:
        """The number of the row that a picture stands in."""
        return bisect_right(self._firsts, self._numbers[key]) - 1

    def column(self, key: Hashable) -> int:
        """The number of the column that a picture stands in."""
        return self._numbers[key] - self._firsts[self.row(key)]

    def between(self, top: float, bottom: float) -> list[Hashable]:
        """The pictures of the rows from one height to another."""
        first = max(0, bisect_right(self.tops, top) - 1)
        last = bisect_right(self.tops, bottom)
        return self.order[self._begin(first) : self._begin(last)]

    def away(self, key: Hashable, step: int) -> Hashable:
        """The picture in the same column so many rows further down."""
        rows = [row for row, heading in enumerate(self.headings) if not heading]
        place = bisect_left(rows, self.row(key)) + step
        row = rows[max(0, min(place, len(rows) - 1))]
        last = self._begin(row + 1) - 1
        return self.order[min(self._firsts[row] + self.column(key), last)]

    def _begin(self, row: int) -> int:
        return self._firsts[row] if row < len(self._firsts) else len(self.order)
