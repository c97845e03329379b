"""Positions of the layers and the output bars in the activation map. Independent of Tk."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from number_recognition.digits.images.frame import SIZE
from number_recognition.learning.models.numpy_network import DIGITS

MIN_CELL = 2
"""Side in pixels of the smallest cell of a unit."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


@dataclass
class LayerGrid:
    """One layer as a grid of cells, one a unit. The pixels of the drawing are layer -1."""

    layer: int
    units: int
    columns: int
    left: int = 0
    top: int = 0
    cell: int = MIN_CELL

    @property
    def rows(self) -> int:
        """Number of rows."""
        return -(-self.units // self.columns)

    @property
    def caption(self) -> str:
        """The text above the grid."""
        return "28 × 28 pixels" if self.layer < 0 else f"Layer {self.layer + 1}: {self.units:,}"

    def box(self, unit: int) -> Box:
        """Return the box of a unit's cell."""
        left = self.left + unit % self.columns * self.cell
        top = self.top + unit // self.columns * self.cell
        return left, top, left + self.cell, top + self.cell

    def unit_at(self, x: int, y: int) -> int | None:
        """Return the unit at a point, None outside of the cells."""
        column, row = (x - self.left) // self.cell, (y - self.top) // self.cell
        unit = row * self.columns + column
        inside = 0 <= column < self.columns and row >= 0 and unit < self.units
        return unit if inside else None


@dataclass(frozen=True)
class LayoutSizes:
    """Lengths in pixels that a layout depends on.

    `width` and `height` are those available, `caption_height` that of a caption and the space
    below it, `bar_height` and `bar_width` those of one output bar, `gap` the space between grids,
    `border` the space around everything, `max_cell` the largest side of a cell. `text_width`
    returns the width of a caption. `bar_count` is the number of outputs, `with_input` whether the
    pixels of the drawing are shown, too.
    """

    width: int
    height: int
    caption_height: int
    bar_height: int
    bar_width: int
    gap: int
    border: int
    max_cell: int
    text_width: Callable[[str], int]
    bar_count: int = DIGITS
    with_input: bool = True


@dataclass(frozen=True)
class Layout:
    """Positions of the grids and of the output bars, and the height of all."""

    grids: list[LayerGrid]
    bars: list[Box]
    bars_top: int
    height: int


def compute_layout(units: list[int], sizes: LayoutSizes) -> Layout:
    """Place layers with these numbers of units so that the cells are as large as possible.

    Either everything is in one row, or the pixels and the output are above the layers.
    """
    best: Layout | None = None
    for cell in range(MIN_CELL, sizes.max_cell + 1):
        layouts = [_one_row(units, sizes, cell)]
        layouts += [_two_rows(units, sizes, cell, large) for large in range(3, max(4, cell) + 2)]
        for layout in layouts:
            if layout is not None and (best is None or layout.height <= sizes.height):
                best = layout
                if layout is layouts[0]:
                    break
    assert best is not None, "the smallest cells are wrapped, and always fit"
    return best


def _create_grids(units: list[int], with_input: bool) -> list[LayerGrid]:
    hidden = [LayerGrid(i, count, math.ceil(math.sqrt(count))) for i, count in enumerate(units)]
    return [LayerGrid(-1, SIZE * SIZE, SIZE), *hidden] if with_input else hidden


def _one_row(units: list[int], sizes: LayoutSizes, cell: int) -> Layout | None:
    """Pixels, layers and output from left to right; None if they do not fit."""
    grids, border = _create_grids(units, sizes.with_input), sizes.border
    left, bottom = _place_grids(grids, sizes, border, cell)
    if left + sizes.bar_width > sizes.width - border and (units or cell > MIN_CELL):
        return None
    bars, bars_bottom = _place_bars(sizes, left, left + sizes.bar_width, 1)
    return Layout(grids, bars, border, max(bottom, bars_bottom) + border)


def _two_rows(units: list[int], sizes: LayoutSizes, cell: int, large: int) -> Layout | None:
    """Pixels in larger cells and the output above the layers; the smallest cells are wrapped."""
    if not units or (cell > MIN_CELL and not sizes.with_input):
        return None
    grids, border = _create_grids(units, sizes.with_input), sizes.border
    above, below = (grids[:1], grids[1:]) if sizes.with_input else ([], grids)
    left, bottom = _place_grids(above, sizes, border, large)
    columns = (
        1 if bottom - border - sizes.caption_height >= sizes.bar_count * sizes.bar_height else 2
    )
    bars, bars_bottom = _place_bars(sizes, left, sizes.width - border, columns)
    top = max(bottom, bars_bottom) + sizes.gap // 2
    wrap_at = sizes.width - border if cell == MIN_CELL else None
    right, bottom = _place_grids(below, sizes, top, cell, wrap_at)
    if wrap_at is None and right - sizes.gap > sizes.width - border:
        return None
    return Layout(grids, bars, border, bottom + border)


def _place_grids(
    grids: list[LayerGrid], sizes: LayoutSizes, top: int, cell: int, wrap_at: int | None = None
) -> tuple[int, int]:
    """Place grids from left to right; return the left end of the next one and the bottom of all.

    With `wrap_at`, a grid that would extend beyond this position starts another row.
    """
    left, bottom = sizes.border, top
    for grid in grids:
        width = max(grid.columns * cell, sizes.text_width(grid.caption))
        if wrap_at is not None and left + width > wrap_at and left > sizes.border:
            left, top = sizes.border, bottom + sizes.gap // 2
        grid.left, grid.top, grid.cell = left, top + sizes.caption_height, cell
        left += width + sizes.gap
        bottom = max(bottom, grid.top + grid.rows * cell)
    return left, bottom


def _place_bars(sizes: LayoutSizes, left: int, right: int, columns: int) -> tuple[list[Box], int]:
    """Place the bars in one or two columns; return their boxes and the bottom of all."""
    rows, top = -(-sizes.bar_count // columns), sizes.border + sizes.caption_height
    width = (right - left - (columns - 1) * sizes.gap) // columns
    boxes = []
    for index in range(sizes.bar_count):
        bar_left = left + index // rows * (width + sizes.gap)
        bar_top = top + index % rows * sizes.bar_height
        boxes.append((bar_left, bar_top, bar_left + width, bar_top + sizes.bar_height))
    return boxes, top + rows * sizes.bar_height
