"""Numbers read right, wholly and by digit."""

from __future__ import annotations

import pytest

from number_recognition.learning.evaluation.number_metrics import NumberEvaluation, edit_distance


def test_spaces_and_lines_do_not_count() -> None:
    evaluation = NumberEvaluation(["4 2", "713"], ["42", "71\n3"])
    assert evaluation.as_dict() == {"n": 2, "accuracy": 1.0, "digits": 1.0}


def test_digits_are_one_minus_edit_distance_by_length() -> None:
    evaluation = NumberEvaluation(["42", "713"], ["4", "7113"])
    assert evaluation.accuracy == 0
    assert evaluation.digit_accuracy == pytest.approx(1 - 2 / 5)


def test_without_numbers_there_is_no_share() -> None:
    assert NumberEvaluation([], []).as_dict() == {"n": 0, "accuracy": None, "digits": None}


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("", "", 0),
        ("12", "", 2),
        ("", "7", 1),
        ("123", "133", 1),
        ("1234", "234", 1),
        ("12", "21", 2),
    ],
)
def test_edit_distance(first: str, second: str, distance: int) -> None:
    assert edit_distance(first, second) == distance
