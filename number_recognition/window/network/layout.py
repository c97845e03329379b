"""Positions of the layers and the output bars in the activation map. Independent of Tk."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from number_recognition.digits.images.box import SIZE
from number_recognition.learning.explanation.feature_maps import FeatureMaps
from number_recognition.learning.models.numpy_network import DIGITS

MIN_CELL = 2
"""Side in pixels of the smallest cell of a unit."""
_TALLNESS = (1.0, 1.4, 2.0, 3.0)
"""Shapes of grids that are tried where all is to be in one row."""
_DRAWING_CELLS = 4
"""Beside a small network the drawing is as wide as so many units."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


@dataclass
class LayerGrid:
    """One layer as a grid of cells, one a unit. The pixels of the drawing are layer -1.

    With `maps`, the units of each feature map stand together, one cell away from the next map.
    """

    layer: int
    units: int
    columns: int
    left: int = 0
    top: int = 0
    cell: int = MIN_CELL
    maps: FeatureMaps | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        if self.maps is None:
            return -(-self.units // self.columns)
        return -(-self.maps.count // self._maps_in_row) * (self.maps.size + 1) - 1

    @property
    def _maps_in_row(self) -> int:
        assert self.maps is not None
        return (self.columns + 1) // (self.maps.size + 1)

    @property
    def caption(self) -> str:
        """The text above the grid."""
        if self.layer < 0:
            return "28 × 28 pixels"
        if self.maps is None:
            return f"Layer {self.layer + 1}: {self.units:,}"
        size = self.maps.size
        return f"Layer {self.layer + 1}: {self.maps.count} maps of {size} × {size}"

    def place(self, unit: int) -> tuple[int, int]:
        """Return the column and the row of a unit's cell."""
        column, row = self.places[unit].tolist()
        return column, row

    @functools.cached_property
    def places(self) -> np.ndarray:
        """The column and the row of each unit, (units, 2) int."""
        units = np.arange(self.units)
        if self.maps is None:
            return np.column_stack([units % self.columns, units // self.columns])
        position, index = np.divmod(units, self.maps.count)
        row, column = np.divmod(position, self.maps.size)
        below, right = np.divmod(index, self._maps_in_row)
        side = self.maps.size + 1
        return np.column_stack([right * side + column, below * side + row])

    def unit_in(self, column: int, row: int) -> int | None:
        """Return the unit in a cell, None where there is none."""
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return None
        if self.maps is None:
            unit = row * self.columns + column
        else:
            size = self.maps.size
            (right, column), (below, row) = divmod(column, size + 1), divmod(row, size + 1)
            index = below * self._maps_in_row + right
            if size in (column, row) or index >= self.maps.count:
                return None
            unit = (row * size + column) * self.maps.count + index
        return unit if unit < self.units else None

    def neighbour(self, unit: int, columns: int, rows: int) -> int | None:
        """Return the unit some cells away, beyond the space between two maps; None for none."""
        if self.maps is None:
            other = unit + columns + rows * self.columns
            return other if 0 <= other < self.units else None
        column, row = self.place(unit)
        found = [self.unit_in(column + step * columns, row + step * rows) for step in (1, 2)]
        return next((other for other in found if other is not None), None)

    def box(self, unit: int) -> Box:
        """Return the box of a unit's cell."""
        column, row = self.place(unit)
        left, top = self.left + column * self.cell, self.top + row * self.cell
        return left, top, left + self.cell, top + self.cell

    def unit_at(self, x: int, y: int) -> int | None:
        """Return the unit at a point, None outside of the cells."""
        return self.unit_in((x - self.left) // self.cell, (y - self.top) // self.cell)

    def describe(self, unit: int) -> str:
        """Return which unit it is, in words."""
        text = f"Layer {self.layer + 1}, unit {unit + 1:,} of {self.units:,}"
        if self.maps is None:
            return text
        position, index = divmod(unit, self.maps.count)
        row, column = divmod(position, self.maps.size)
        return f"{text} (map {index + 1}, row {row + 1}, column {column + 1})"


@dataclass(frozen=True)
class LayoutSizes:
    """Lengths in pixels that a layout depends on.

    `width` and `height` are those available, `caption_height` that of a caption and the space
    below it, `bar_height` and `bar_width` those of one output bar, `gap` the space between grids,
    `border` the space around everything, `max_cell` the largest side of a cell. `text_width`
    returns the width of a caption. `bar_count` is the number of outputs, `with_input` whether the
    pixels of the drawing are shown, too. `maps` are the feature maps of the layers that have some.
    With `row_from_cell`, all is in one row where cells of that side fit: lines lead to the right.
    `tallness` is the height of a grid without maps by its width.
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
    maps: Sequence[FeatureMaps | None] = ()
    row_from_cell: int | None = None
    tallness: float = 1.0


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
    if sizes.row_from_cell is not None:
        tall = [replace(sizes, tallness=tallness) for tallness in _TALLNESS]
        found = [row for each in tall if (row := _largest(units, each, rows=1)) is not None]
        if found and (row := max(found, key=_cell)) and _cell(row) >= sizes.row_from_cell:
            return row
    best = _largest(units, sizes, rows=2)
    assert best is not None, "the smallest cells are wrapped, and always fit"
    return best


def _cell(layout: Layout) -> int:
    return layout.grids[-1].cell


def _largest(units: list[int], sizes: LayoutSizes, rows: int) -> Layout | None:
    """The layout with the largest cells that has at most one row, or two; None where none fits."""
    best: Layout | None = None
    for cell in range(MIN_CELL, sizes.max_cell + 1):
        layouts = [_one_row(units, sizes, cell)]
        if rows > 1:
            above = range(3, max(4, cell) + 2)
            layouts += [_two_rows(units, sizes, cell, large) for large in above]
        fits = False
        for layout in layouts:
            if layout is not None and (best is None or layout.height <= sizes.height):
                best, fits = layout, True
                if layout is layouts[0]:
                    break
        if not fits:
            break  # larger cells fit no better
    return best


def _create_grids(units: list[int], sizes: LayoutSizes) -> list[LayerGrid]:
    maps = [*sizes.maps, *[None] * len(units)]
    hidden = [
        LayerGrid(
            index, count, _count_columns(count, maps[index], sizes.tallness), maps=maps[index]
        )
        for index, count in enumerate(units)
    ]
    return [LayerGrid(-1, SIZE * SIZE, SIZE), *hidden] if sizes.with_input else hidden


def _count_columns(units: int, maps: FeatureMaps | None, tallness: float) -> int:
    """The columns of a grid that is about as tall as it should be; of maps, about square."""
    if maps is None:
        return math.ceil(math.sqrt(units / tallness))
    return math.ceil(math.sqrt(maps.count)) * (maps.size + 1) - 1


def _one_row(units: list[int], sizes: LayoutSizes, cell: int) -> Layout | None:
    """Pixels, layers and output from left to right; None if they do not fit."""
    grids, border = _create_grids(units, sizes), sizes.border
    left, bottom = _place_grids(grids, sizes, border, cell)
    if left + sizes.bar_width > sizes.width - border and (units or cell > MIN_CELL):
        return None
    bars, bars_bottom = _place_bars(sizes, left, left + sizes.bar_width, 1)
    return Layout(grids, bars, border, max(bottom, bars_bottom) + border)


def _two_rows(units: list[int], sizes: LayoutSizes, cell: int, large: int) -> Layout | None:
    """Pixels in larger cells and the output above the layers; the smallest cells are wrapped."""
    if not units or (cell > MIN_CELL and not sizes.with_input):
        return None
    grids, border = _create_grids(units, sizes), sizes.border
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
        grid.cell = _pixel_cell(cell) if grid.layer < 0 and sizes.row_from_cell else cell
        width = max(grid.columns * grid.cell, sizes.text_width(grid.caption))
        if wrap_at is not None and left + width > wrap_at and left > sizes.border:
            left, top = sizes.border, bottom + sizes.gap // 2
        grid.left, grid.top = left, top + sizes.caption_height
        left += width + sizes.gap
        bottom = max(bottom, grid.top + grid.rows * grid.cell)
    return left, bottom


def _pixel_cell(cell: int) -> int:
    """The side of a pixel beside large cells of units: the drawing is as large as a few of them."""
    return max(MIN_CELL, min(cell, cell * _DRAWING_CELLS // SIZE))


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
