"""Positions of layers and output bars in the activation map."""

from __future__ import annotations

import pytest

from number_recognition.window.network.layout import MIN_CELL, LayoutSizes, compute_layout


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
