"""Where the layers of a network and its ten answers lie on a picture of it. It knows no Tk."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from number_recognition.digits.images.frame import SIZE

SMALLEST = 2
"""Side in pixels of the smallest square that a unit is shown as."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


@dataclass
class Tile:
    """One layer as a grid of squares; the pixels of the drawing are layer -1."""

    layer: int
    units: int
    columns: int
    left: int = 0
    top: int = 0
    cell: int = SMALLEST

    @property
    def rows(self) -> int:
        """How many rows of squares there are."""
        return -(-self.units // self.columns)

    @property
    def caption(self) -> str:
        """What stands above it."""
        return "28 × 28 pixels" if self.layer < 0 else f"Layer {self.layer + 1}: {self.units:,}"

    def box(self, unit: int) -> Box:
        """Where the square of a unit lies."""
        left = self.left + unit % self.columns * self.cell
        top = self.top + unit // self.columns * self.cell
        return left, top, left + self.cell, top + self.cell

    def unit_at(self, x: int, y: int) -> int | None:
        """The unit at a point, None beside the squares."""
        column, row = (x - self.left) // self.cell, (y - self.top) // self.cell
        unit = row * self.columns + column
        inside = 0 <= column < self.columns and row >= 0 and unit < self.units
        return unit if inside else None


@dataclass(frozen=True)
class Measures:
    """Lengths in pixels: the room there is, and what fonts and the screen ask for.

    `width` and `height` of the room, `line` of a caption with its distance, `bars` the number of
    outputs, `bar_row` and `bar_width` of one of them, `gap` between tiles, `ring` around it all,
    `largest` side of a square; `caption` gives the width of a caption.
    """

    width: int
    height: int
    line: int
    bar_row: int
    bar_width: int
    gap: int
    ring: int
    largest: int
    caption: Callable[[str], int]
    bars: int = 10


@dataclass(frozen=True)
class Layout:
    """Where everything lies: the tiles, the ten answers, and how high it is."""

    tiles: list[Tile]
    bars: list[Box]
    bars_top: int
    height: int


def compute_layout(units: list[int], measures: Measures) -> Layout:
    """Lay out layers of so many units so that their squares are as large as the room allows.

    All in one row, or the pixels and the answers above the layers.
    """
    best: Layout | None = None
    for cell in range(SMALLEST, measures.largest + 1):
        layouts = [_one_row(units, measures, cell)]
        layouts += [_two_rows(units, measures, cell, large) for large in range(3, max(4, cell) + 2)]
        for layout in layouts:
            if layout is not None and (best is None or layout.height <= measures.height):
                best = layout
                if layout is layouts[0]:
                    break
    assert best is not None, "the smallest squares are wrapped, and always fit"
    return best


def _tiles(units: list[int]) -> list[Tile]:
    hidden = [Tile(i, count, math.ceil(math.sqrt(count))) for i, count in enumerate(units)]
    return [Tile(-1, SIZE * SIZE, SIZE), *hidden]


def _one_row(units: list[int], measures: Measures, cell: int) -> Layout | None:
    """Pixels, layers and answers from left to right; None where they do not fit."""
    tiles, ring = _tiles(units), measures.ring
    left, bottom = _place(tiles, measures, ring, cell)
    if left + measures.bar_width > measures.width - ring and (units or cell > SMALLEST):
        return None
    bars, lowest = _bars(measures, left, left + measures.bar_width, 1)
    return Layout(tiles, bars, ring, max(bottom, lowest) + ring)


def _two_rows(units: list[int], measures: Measures, cell: int, large: int) -> Layout | None:
    """Pixels, in larger squares, and answers above; layers below, at the smallest size wrapped."""
    if not units:
        return None
    tiles, ring = _tiles(units), measures.ring
    left, bottom = _place(tiles[:1], measures, ring, large)
    columns = 1 if bottom - ring - measures.line >= measures.bars * measures.bar_row else 2
    bars, lowest = _bars(measures, left, measures.width - ring, columns)
    top = max(bottom, lowest) + measures.gap // 2
    wrapped = measures.width - ring if cell == SMALLEST else None
    right, bottom = _place(tiles[1:], measures, top, cell, wrapped)
    if wrapped is None and right - measures.gap > measures.width - ring:
        return None
    return Layout(tiles, bars, ring, bottom + ring)


def _place(
    tiles: list[Tile], measures: Measures, top: int, cell: int, wrap_at: int | None = None
) -> tuple[int, int]:
    """Tiles side by side, wrapped where asked for: where the next would begin, where they end."""
    left, bottom = measures.ring, top
    for tile in tiles:
        width = max(tile.columns * cell, measures.caption(tile.caption))
        if wrap_at is not None and left + width > wrap_at and left > measures.ring:
            left, top = measures.ring, bottom + measures.gap // 2
        tile.left, tile.top, tile.cell = left, top + measures.line, cell
        left += width + measures.gap
        bottom = max(bottom, tile.top + tile.rows * cell)
    return left, bottom


def _bars(measures: Measures, left: int, right: int, columns: int) -> tuple[list[Box], int]:
    """The places of the outputs in one or two columns, and where they end."""
    rows, top = -(-measures.bars // columns), measures.ring + measures.line
    width = (right - left - (columns - 1) * measures.gap) // columns
    boxes = []
    for digit in range(measures.bars):
        start = left + digit // rows * (width + measures.gap)
        upper = top + digit % rows * measures.bar_row
        boxes.append((start, upper, start + width, upper + measures.bar_row))
    return boxes, top + rows * measures.bar_row
