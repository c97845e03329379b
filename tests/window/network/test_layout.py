"""Positions of layers and output bars in the activation map."""

from __future__ import annotations

import pytest

from number_recognition.learning.explanation.feature_maps import FeatureMaps
from number_recognition.window.network.layout import (
    MIN_CELL,
    LayerGrid,
    LayoutSizes,
    compute_layout,
)


@pytest.mark.parametrize("width", [260, 440, 900])
@pytest.mark.parametrize(
    "units", [[], [16], [1600, 1152, 640], [512] * 8, [16384]], ids=lambda units: str(len(units))
)
@pytest.mark.parametrize("bars", [10, 11])
def test_grids_and_bars_do_not_overlap(units: list[int], width: int, bars: int) -> None:
    sizes = LayoutSizes(
        width, 350, 18, 14, 120, 14, 2, 10, text_width=lambda text: 6 * len(text), bar_count=bars
    )
    layout = compute_layout(units, sizes)
    assert len(layout.bars) == bars
    boxes = [
        (g.left, g.top, g.left + g.columns * g.cell, g.top + g.rows * g.cell) for g in layout.grids
    ]
    boxes += layout.bars
    assert [grid.units for grid in layout.grids] == [784, *units]
    assert all(grid.cell >= MIN_CELL for grid in layout.grids)
    assert max(bottom for _, _, _, bottom in boxes) <= layout.height
    for i, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
            assert apart


def test_the_units_of_a_feature_map_stand_together() -> None:
    grid = LayerGrid(0, 1152, 3 * 13 - 1, cell=4, maps=FeatureMaps(8, 12))
    assert (grid.columns, grid.rows) == (38, 38)
    # Unit 8 is the second one of the first map, unit 1 the first one of the second map.
    assert [grid.place(unit) for unit in (0, 8, 96, 1, 3)] == [
        (0, 0), (1, 0), (0, 1), (13, 0), (0, 13),
    ]  # fmt: skip
    assert all(grid.unit_in(*grid.place(unit)) == unit for unit in range(1152))
    assert grid.unit_at(12 * 4, 0) is None  # between two maps
    assert grid.neighbour(11 * 8, 1, 0) == 1
    assert grid.caption == "Layer 1: 8 maps of 12 × 12"
    assert "map 2, row 1, column 1" in grid.describe(1)
