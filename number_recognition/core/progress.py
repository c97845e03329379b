"""Progress reports of long-running work, and the check whether to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from number_recognition.core.formatting import NOT_A_NUMBER, is_finite


@dataclass(frozen=True)
class Progress:
    """The progress of long-running work.

    Attributes:
        message: what is being done.
        done: the finished part, from 0 to 1.
        seconds_left: an estimate, None while there is none.
        details: further values of the work by name, its metrics for example.
    """

    message: str
    done: float = 0.0
    seconds_left: float | None = None
    details: dict[str, Any] = field(default_factory=dict)


Report = Callable[[Progress], None]
"""Called with the progress of the work, several times a second."""
Stopped = Callable[[], bool]
"""Called often by the work, which ends as soon as it returns True."""
OnProgress = Callable[[float, str], None]
"""Called with the part that is done, from 0 to 1, and a message."""


def ignore(progress: Progress) -> None:
    """A `report` that does nothing."""


def never() -> bool:
    """A `stopped` for work that is never stopped."""
    return False


_pauses = [0.0]
"""The seconds for which work in this process was paused, all together."""


def count_pause(seconds: float) -> None:
    """Count a pause of the work in this process."""
    _pauses[0] += seconds


def working_time() -> float:
    """Return the seconds of a monotonic clock that stands still during pauses."""
    return time.monotonic() - _pauses[0]


class ProgressTimer:
    """Estimates the time left without pauses, and limits how often progress is reported.

    `start` is the part done before the timer starts, of a resumed training for example.
    """

    def __init__(self, start: float = 0.0, clock: Callable[[], float] = working_time) -> None:
        self._start = start
        self._clock = clock
        self._start_time = clock()
        self._preparation = 0.0
        self._last_report = -1.0

    def seconds(self) -> float:
        """Return the seconds since the timer was started."""
        return self._clock() - self._start_time

    def seconds_left(self, done: float) -> float | None:
        """Return the estimated seconds left when the part `done` is finished; None at the start."""
        progress = done - self._start
        if progress <= 0:
            return None
        return (self.seconds() - self._preparation) * (1 - done) / progress

    def begin_estimate(self, done: float) -> None:
        """Estimate from here on: the time of the preparation says nothing about the work itself."""
        self._start, self._preparation = done, self.seconds()

    def ready(self, interval: float = 0.1) -> bool:
        """Return True at most once in `interval` seconds: when it is time for another report."""
        now = self.seconds()
        if now - self._last_report < interval and self._last_report >= 0:
            return False
        self._last_report = now
        return True


def format_duration(seconds: float) -> str:
    """Format seconds as 0:07, 12:30 or 2:05:00."""
    if not is_finite(seconds):
        return NOT_A_NUMBER
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class WorkStopped(Exception):
    """The work was stopped before it had a result."""


class TrainingFailed(ArithmeticError):
    """A training without prospects; the message says why, and what to try.

    Defined here so that the window can catch it without importing Keras.
    """


def progress_callback(report: Report, stopped: Stopped) -> OnProgress:
    """Return a function to call with the part that is done, from 0 to 1, and a message.

    It reports at most ten times a second, and raises WorkStopped once `stopped` returns True. The
    time left is that of a step, what the message says before a comma.
    """
    timer = ProgressTimer()
    step = ""

    def on_progress(done: float, message: str) -> None:
        nonlocal step
        if stopped():
            raise WorkStopped(message)
        before, step = step, message.partition(",")[0]
        if step != before:
            timer.begin_estimate(done)
        if timer.ready():
            report(Progress(message, done, timer.seconds_left(done)))

    return on_progress
