"""Percentages are formatted by one rule."""

from __future__ import annotations

import math

import pytest

from number_recognition.core.formatting import (
    NOT_A_NUMBER,
    change_in_points,
    exact_percent,
    percent,
    percent_done,
)


@pytest.mark.parametrize(
    ("part", "text"),
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
        (math.nan, "not a number"),
        (math.inf, "not a number"),
        (10**400, "not a number"),
    ],
)
def test_only_0_is_0_percent_and_only_1_is_100(part: float | None, text: str) -> None:
    assert percent(part) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [(0.0, "0 %"), (0.129, "12 %"), (0.29, "29 %"), (0.999, "99 %"), (1, "100 %")],
)
def test_unfinished_work_is_below_100_percent(part: float, text: str) -> None:
    assert percent_done(part) == text


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        (0.99213, 0.97634, ("99.21 %", "97.63 %", "-1.58")),
        (0.5, 1.0, ("50.00 %", "100.00 %", "+50.00")),
        (None, 0.5, ("–", "50.00 %", "")),
        (math.nan, 0.5, (NOT_A_NUMBER, "50.00 %", "")),
    ],
)
def test_what_is_compared_adds_up(
    before: float | None, after: float, texts: tuple[str, str, str]
) -> None:
    shown = exact_percent(before), exact_percent(after), change_in_points(before, after)
    assert shown == texts
