"""Every piece of slow work tells how far it is, and asks whether it shall stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from number_recognition.core.formatting import NOT_A_NUMBER, is_finite


@dataclass(frozen=True)
class Progress:
    """How far a piece of slow work is.

    `message` says what is being done, `done` is the finished part from 0 to 1, `seconds_left` an
    estimate (None while there is none), and `details` holds the figures of the work by name.
    """

    message: str
    done: float = 0.0
    seconds_left: float | None = None
    details: dict[str, Any] = field(default_factory=dict)


Report = Callable[[Progress], None]
Stopped = Callable[[], bool]


def ignore(progress: Progress) -> None:
    """A `report` for those who do not want to hear."""


def never() -> bool:
    """A `stopped` for work that is not to be stopped."""
    return False


class ProgressTimer:
    """Estimates the time left from the time that the work has taken so far.

    `start` is the part done already when the clock starts (of a resumed training, say).
    """

    def __init__(self, start: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._start = start
        self._clock = clock
        self._begin = clock()
        self._prepared = 0.0
        self._last_report = -1.0

    def seconds(self) -> float:
        """Seconds since the clock was started."""
        return self._clock() - self._begin

    def seconds_left(self, done: float) -> float | None:
        """Seconds left when the part `done` of the whole is finished; None at the very start."""
        gained = done - self._start
        return (self.seconds() - self._prepared) * (1 - done) / gained if gained > 0 else None

    def begin_estimate(self, done: float) -> None:
        """Leave out what was before: preparing says nothing of how fast the work itself is."""
        self._start, self._prepared = done, self.seconds()

    def ready(self, interval: float = 0.1) -> bool:
        """True at most once an interval (seconds): when it is time to report again."""
        now = self.seconds()
        if now - self._last_report < interval and self._last_report >= 0:
            return False
        self._last_report = now
        return True


def format_duration(seconds: float) -> str:
    """Seconds as people say them: 0:07, 12:30, 2:05:00."""
    if not is_finite(seconds):
        return NOT_A_NUMBER
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class WorkStopped(Exception):
    """Slow work was stopped before there was anything to keep."""


class TrainingFailed(ArithmeticError):
    """A training that leads nowhere; the message says why, and what to try.

    It stands here, not beside the training, so that the window need not import Keras to hear it.
    """
