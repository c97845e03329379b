"""The progress of long-running work: each of its steps has a time left."""

from __future__ import annotations

import pytest

from number_recognition.core.progress import Progress, count_pause, never, progress_callback


def test_the_time_left_is_that_of_the_step() -> None:
    reports: list[Progress] = []
    on_progress = progress_callback(reports.append, never)
    steps = [
        (0.0, "reading"),
        (0.9, "reading"),
        (0.0, "drawing, 0 of 4"),
        (0.25, "drawing, 1 of 4"),
    ]
    for done, message in steps:
        on_progress(done, message)
        count_pause(-10.0)  # as if ten seconds went by
    count_pause(10.0 * len(steps))
    assert [each.message for each in reports] == [message for _, message in steps]
    assert [each.seconds_left is None for each in reports] == [True, False, True, False]
    assert reports[-1].seconds_left == pytest.approx(30.0, abs=1.0)
