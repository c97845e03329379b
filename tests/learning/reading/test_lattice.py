"""The best path through groups of parts."""

from __future__ import annotations

from number_recognition.learning.reading.lattice import best_path


def test_the_division_with_the_highest_sum_wins() -> None:
    scores = {(0, 1): -1.0, (1, 2): -1.0, (0, 2): -1.5, (2, 3): -0.5, (1, 3): -0.1}
    assert best_path(3, scores) == [(0, 1), (1, 3)]


def test_groups_that_leave_a_part_out_are_no_division() -> None:
    assert best_path(2, {(0, 1): 0.0}) == []


def test_nothing_is_divided_into_nothing() -> None:
    assert best_path(0, {}) == []
