"""Parts of 1 in words: one rule wherever a percentage is written."""

from __future__ import annotations

import math

import pytest

from number_recognition.core.formatting import percent, percent_done


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (0, "0 %"),
        (0.00004, "< 0.01 %"),
        (0.0001, "0.01 %"),
        (0.0042, "0.42 %"),
        (0.01, "1.0 %"),
        (0.5, "50.0 %"),
        (0.9312, "93.1 %"),
        (0.98999, "99.0 %"),
        (0.99, "99.00 %"),
        (0.9943, "99.43 %"),
        (0.9999, "99.99 %"),
        (0.99996, "> 99.99 %"),
        (1, "100 %"),
        (1.5, "150.0 %"),
        (None, "–"),
        (math.nan, "no number"),
        (math.inf, "no number"),
        (10**400, "no number"),
    ],
)
def test_only_nothing_is_0_percent_and_only_all_is_100(part: float | None, words: str) -> None:
    assert percent(part) == words


@pytest.mark.parametrize(
    ("part", "words"),
    [(0.0, "0 %"), (0.129, "12 %"), (0.29, "29 %"), (0.999, "99 %"), (1, "100 %")],
)
def test_work_is_100_percent_done_at_its_end_alone(part: float, words: str) -> None:
    assert percent_done(part) == words
