"""Rounds of an activity in a window: what grows over their second half, and what becomes slower."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.probes.pad_probe import SEVEN, resident_megabytes
from benchmarks.probes.probe import Probe, Steps

_LEAST_ROUNDS = 8
_SETTLED, _MOST_SETTLING = 20, 1500
"""Looks at the window, 20 ms apart: so many anyway, and at most until its timers have ended."""

Activity = Callable[["Use", int], Steps]


class Use:
    """Does each activity for many rounds, and notes what the second half of them changed."""

    def __init__(self, probe: Probe, model: Path, part: float) -> None:
        """Use the window of a probe; `part`: the part of all rounds that is done."""
        self.probe, self.app, self.model, self.part = probe, probe.app, model, part

    def measure(self, name: str, rounds: int, activity: Activity, least: int = 0) -> Steps:
        """Do an activity; what has grown over the last half of its rounds is found.

        Args:
            name: of the activity.
            rounds: how many the whole has.
            activity: does one of them.
            least: how many are done of a part.
        """
        count = max(_LEAST_ROUNDS, round(rounds * self.part), least)
        half, before = count // 2, Counter[str]()
        took: list[float] = []
        references: list[float] = []
        types: Counter[str] = Counter()
        for number in range(count):
            if number == half:
                yield from self.settled()
                before, types = self.sizes(), _types()
            references.append(_reference())
            start = time.process_time()
            yield from activity(self, number)
            took.append(time.process_time() - start)
        yield from self.settled()
        after = self.sizes()
        self.probe.found[name] = {
            "rounds": count,
            "growth": {key: round(after[key] - before[key], 3) for key in after},
            "megabytes": after["MB"],
            "slowdown": _slowdown(took),
            "relative slowdown": _slowdown(
                [seconds / each for seconds, each in zip(took, references, strict=True)]
            ),
            "types": dict((_types() - types).most_common(5)),
        }

    def settled(self) -> Steps:
        """Let the window finish what it has begun; of its timers, one may go on for ever."""
        for look in range(_MOST_SETTLING):
            yield 20
            if look >= _SETTLED and self.sizes()["calls after"] <= 1:
                break
        while self.app.edit_menu.is_busy or not gc.isenabled():
            yield 5
        gc.collect()

    def sizes(self) -> Counter[str]:
        """How much there is of everything that could grow."""
        tk = self.app.tk

        def length(*command: str) -> int:
            return len(tk.splitlist(tk.call(*command)))

        return Counter(
            {
                "MB": resident_megabytes(),
                "commands of Tk": length("info", "commands"),
                "images": length("image", "names"),
                "fonts": length("font", "names"),
                "calls after": length("after", "info"),
                "variables": length("info", "vars", "::*"),
                "threads": threading.active_count(),
                "open files": len(os.listdir("/proc/self/fd")),
                "objects": len(gc.get_objects()),
            }
        )

    def stroke(self, number: int) -> None:
        """Draw a seven, each elsewhere."""
        dx, dy = 7 * (number % 9) - 28, 5 * (number % 11) - 25
        self.probe.draw_line([(x + dx, y + dy) for x, y in SEVEN])

    def until(self, holds: Callable[[], object]) -> Steps:
        """Wait until something holds."""
        while not holds():
            yield 2


def _slowdown(took: list[float]) -> float:
    """How much longer a round takes in the last half than in the first, after a tenth.

    The lower quartiles are compared: others who use the processor make rounds slower, never faster.
    """
    half, start = len(took) // 2, len(took) // 10
    first, last = (sorted(values) for values in (took[start:half], took[half:]))
    return last[len(last) // 4] / first[len(first) // 4]


def _types() -> Counter[str]:
    return Counter(type(each).__qualname__ for each in gc.get_objects())


def _reference() -> float:
    """Processor seconds of a fixed piece of work: how fast this processor is now."""
    best = 1.0
    for _ in range(3):
        start = time.process_time()
        sum(number * number for number in range(20_000))
        best = min(best, time.process_time() - start)
    return best
