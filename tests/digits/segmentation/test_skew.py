"""How far lines lean is told from printed and from written ones."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.digits.segmentation.skew import (
    box_before,
    skew_of_digits,
    skew_of_lines,
    turned,
    with_level_lines,
)


def page() -> np.ndarray:
    """Two lines of four marks, all of them as high as a digit."""
    ink = np.zeros((200, 260), np.float32)
    for top in (40, 120):
        for left in (40, 90, 140, 190):
            ink[top : top + 40, left : left + 6] = 1
            ink[top : top + 6, left : left + 20] = 1
    return ink


@pytest.mark.parametrize("angle", [-20, -7, 6, 18])
def test_written_lines_that_lean_are_measured(angle: float) -> None:
    assert skew_of_digits(page(), 40) == 0
    assert skew_of_digits(turned(page(), angle), 40) == pytest.approx(-angle, abs=3)
    assert skew_of_digits(np.zeros((9, 9)), 40) == 0


@pytest.mark.parametrize("angle", [-20, 6, 97])
def test_printed_lines_that_lean_are_measured_and_taken_out(angle: float) -> None:
    lines = page()
    lines[[10, 90, 170, 11, 91, 171]] = 0.5
    leaning = turned(lines, angle)
    skew = skew_of_lines(leaning)
    assert skew is not None
    small = angle - 90 if angle > 45 else angle
    assert skew == (pytest.approx(-small, abs=1), angle > 45)
    level = with_level_lines(leaning, *skew)
    assert level is not None
    assert (level > 0.3).sum() == pytest.approx((page() > 0.3).sum(), rel=0.1)


def test_short_sides_of_cells_do_not_hide_the_long_lines_of_their_rows() -> None:
    cells = np.zeros((240, 240), np.float32)
    for left in (40, 120):
        cells[20:220, [left, left + 1, left + 50, left + 51]] = 0.5
        for top in range(20, 221, 40):
            cells[top : top + 2, left : left + 52] = 0.5
    assert with_level_lines(cells, 0, is_down=True) is not None
    level = with_level_lines(cells, 0, is_down=False)
    assert level is not None and (level > 0.3).mean() < 0.1 * (cells > 0.3).mean()


def test_there_is_no_skew_without_lines() -> None:
    assert skew_of_lines(np.zeros((50, 50))) is None


@pytest.mark.parametrize("angle", [0, 30, 90, -100])
def test_the_place_of_ink_before_it_was_turned_is_found(angle: float) -> None:
    ink = np.zeros((60, 100), np.float32)
    ink[10:20, 70:90] = 1
    after = turned(ink, angle)
    rows, columns = np.flatnonzero(after.any(1)), np.flatnonzero(after.any(0))
    box = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    assert box_before(box, after, angle, ink.shape) == pytest.approx((70, 10, 90, 20), abs=1.5)
