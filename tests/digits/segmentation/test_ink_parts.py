"""Parts of the ink of an image."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.segmentation.ink_parts import cut_parts, ink_parts


def ink(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    image = np.zeros((60, 120), np.float32)
    for left, top, right, bottom in boxes:
        image[top:bottom, left:right] = 1
    return image


def test_connected_ink_is_one_part() -> None:
    parts = ink_parts(ink((10, 10, 16, 50), (40, 10, 46, 50)))
    assert sorted(round(part.center[0]) for part in parts) == [13, 43]


def test_specks_are_left_out() -> None:
    assert len(ink_parts(ink((10, 10, 16, 50), (60, 20, 63, 23)))) == 1


def test_wide_ink_is_cut_where_it_is_thin() -> None:
    bridge = ink((10, 10, 30, 50), (30, 30, 50, 32), (50, 10, 70, 50))
    parts = sorted(cut_parts(ink_parts(bridge)), key=lambda part: part.box)
    assert len(parts) >= 2
    assert all(30 <= part.box[2] <= 50 for part in parts[:-1])


def test_parts_hold_all_of_the_ink() -> None:
    image = ink((10, 10, 30, 50), (30, 30, 50, 32), (50, 10, 70, 50))
    assert sum(float(part.content.sum()) for part in cut_parts(ink_parts(image))) == image.sum()


def test_blank_paper_has_no_parts() -> None:
    assert ink_parts(ink()) == []
