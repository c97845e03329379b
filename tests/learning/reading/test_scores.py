"""What is read among sure digits, and alone."""

from __future__ import annotations

import numpy as np
import pytest

from number_recognition.learning.reading.scores import among_digits


def outputs(no_digit: float, digit: int = 5) -> np.ndarray:
    """What a network says that is otherwise sure of one digit."""
    values = np.zeros(11, np.float32)
    values[digit], values[10] = 1 - no_digit, no_digit
    return values


@pytest.mark.parametrize(("no_digit", "is_digit"), [(0.8, True), (0.95, False)])
def test_an_unsure_shape_among_sure_digits_is_rather_a_digit(
    no_digit: float, is_digit: bool
) -> None:
    before = [outputs(0.01, 3), outputs(no_digit), outputs(0.02, 7)]
    after = among_digits(before)
    assert bool(after[1][10] < after[1][5]) == is_digit
    assert after[1].sum() == pytest.approx(1)
    assert after[0] is before[0] and after[2] is before[2]


def test_beside_one_digit_or_another_unsure_shape_nothing_changes() -> None:
    for line in ([outputs(0.8), outputs(0.01)], [outputs(0.8), outputs(0.6), outputs(0.01)]):
        assert all(each is same for each, same in zip(among_digits(line), line, strict=True))
