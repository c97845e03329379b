"""The positions of thumbnails: sections, rows, sizes, and what is visible. No Tk."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading ("" for none) and the keys of the thumbnails below it."""

    heading: str
    keys: Sequence[Hashable]


class Rows:
    """The thumbnails of some sections in rows; each look-up takes the time of a binary search.

    Attributes:
        order: all keys in the order of the grid.
        headings: the heading of each row, "" for a row of thumbnails.
        tops: the upper edge of each row and the lower edge of the last one, in pixels.
    """

    def __init__(self, sections: Sequence[Section] = ()) -> None:
        self._sections = sections
        self.order = [key for section in sections for key in section.keys]
        self._indices = {key: index for index, key in enumerate(self.order)}
        self.lay_out(1, 0, 0)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._indices

    def index(self, key: Hashable) -> int:
        """Return the index of a thumbnail in `order`."""
        return self._indices[key]

    def lay_out(self, columns: int, heading_height: int, row_height: int) -> None:
        """Break the sections into rows of so many columns."""
        self.headings: list[str] = []
        self._firsts: list[int] = []  # for each row the index of its first thumbnail
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
        """Return the index of the row of a thumbnail."""
        return bisect_right(self._firsts, self._indices[key]) - 1

    def column(self, key: Hashable) -> int:
        """Return the index of the column of a thumbnail."""
        return self._indices[key] - self._firsts[self.row(key)]

    def between(self, top: float, bottom: float) -> list[Hashable]:
        """Return the keys in all rows that overlap a range of heights."""
        first = max(0, bisect_right(self.tops, top) - 1)
        last = bisect_right(self.tops, bottom)
        return self.order[self._first(first) : self._first(last)]

    def neighbour(self, key: Hashable, step: int) -> Hashable:
        """Return the key in the same column, so many rows further down."""
        rows = [row for row, heading in enumerate(self.headings) if not heading]
        position = bisect_left(rows, self.row(key)) + step
        row = rows[max(0, min(position, len(rows) - 1))]
        last = self._first(row + 1) - 1
        return self.order[min(self._firsts[row] + self.column(key), last)]

    def _first(self, row: int) -> int:
        return self._firsts[row] if row < len(self._firsts) else len(self.order)


@dataclass(frozen=True)
class Sizes:
    """Lengths in pixels: of the gap, a side of a thumbnail, a caption and a heading."""

    gap: int
    side: int
    caption_height: int
    heading_height: int

    @property
    def row_height(self) -> int:
        """The height of a row of thumbnails with their captions."""
        return self.side + self.caption_height + 2 * self.gap

    def columns(self, width: int) -> int:
        """Return how many thumbnails fit beside each other."""
        return max(1, (width - self.gap) // (self.side + self.gap))


@dataclass
class Viewport:
    """The visible part of the rows: from `top`, `width` × `height` pixels."""

    rows: Rows
    sizes: Sizes
    top: int = 0
    width: int = 1
    height: int = 1

    @property
    def keys(self) -> list[Hashable]:
        """The keys of the visible thumbnails."""
        return self.rows.between(self.top, self.top + self.height)

    @property
    def content_height(self) -> int:
        """The height of all rows, at least 1."""
        return max(self.rows.tops[-1] + self.sizes.gap, 1)

    def box(self, key: Hashable) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a thumbnail, from the corner of the viewport."""
        gap, side = self.sizes.gap, self.sizes.side
        left = gap + self.rows.column(key) * (side + gap)
        top = gap + self.rows.tops[self.rows.row(key)] - self.top
        return left, top, left + side, top + side

    def key_at(self, x: int, y: int) -> Hashable | None:
        """Return the key of the thumbnail, or of the caption, at a point of the viewport."""
        for key in self.keys:
            left, top, right, bottom = self.box(key)
            if left <= x <= right and top <= y <= bottom + self.sizes.caption_height:
                return key
        return None

    def top_to_see(self, key: Hashable) -> int:
        """Return the `top` with which a thumbnail, and a heading right above it, is visible."""
        row, tops = self.rows.row(key), self.rows.tops
        bottom = tops[row + 1]
        if row and self.rows.headings[row - 1]:
            row -= 1
        if tops[row] < self.top:
            return tops[row]
        if bottom > self.top + self.height:
            return min(tops[row], bottom - self.height)
        return self.top
