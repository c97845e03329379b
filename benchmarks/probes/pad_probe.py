"""What the benchmarks do at the pad of a window: draw, keep, and draw while a training runs."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.probes.probe import TICK, Probe, Steps

SEVEN = [(80, 70), (120, 69), (160, 68), (200, 70), (185, 110), (165, 150), (150, 190), (140, 220)]
"""Points of a pen, in units of the pad."""


class Pen:
    """Draws sevens without end, a point at each call."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._events = self._endless()

    def move(self) -> None:
        """One more event of the pen."""
        self._probe.send(*next(self._events))

    def _endless(self) -> Iterator[tuple[str, float, float]]:
        while True:
            yield "<ButtonPress-1>", *SEVEN[0]
            for (x, y), (to_x, to_y) in itertools.pairwise(SEVEN):
                for step in range(1, 6):
                    yield "<B1-Motion>", x + (to_x - x) * step / 5, y + (to_y - y) * step / 5
            yield "<ButtonRelease-1>", *SEVEN[-1]
            self._probe.app.draw_menu.clear()


def opening(probe: Probe, options: argparse.Namespace) -> Steps:
    """Draw as soon as the network is there, until it answers, and a while longer."""
    yield from probe.network()
    pen = Pen(probe)
    while probe.app.session.prediction.digit is None:
        pen.move()
        yield 1
    probe.found["answered"] = time.time()
    for _ in range(150):
        pen.move()
        yield TICK
    probe.found["megabytes"] = resident_megabytes()


def keeping(probe: Probe, options: argparse.Namespace) -> Steps:
    """Draw and press a digit key, again and again: from the key to the next possible stroke."""
    yield from probe.network()
    app = probe.app
    app.focus_force()
    took = []
    for number in range(options.count):
        pen = Pen(probe)
        while app.session.prediction.digit is None or app.pad.pressed:
            pen.move()
            probe.update()
        start = time.perf_counter()
        probe.canvas.event_generate(f"<Key-{number % 10}>")
        probe.update()
        took.append(time.perf_counter() - start)
    probe.check_kept(options.count)
    probe.found["kept"] = took


def stalls(probe: Probe, options: argparse.Namespace) -> Steps:
    """Tick every 10 ms while a training runs, first idle and then drawing; at last, stop it."""
    from number_recognition.learning.data.samples import DataPaths
    from number_recognition.learning.runs.training_job import train_run
    from number_recognition.storage.settings import TrainingSettings

    yield from probe.network()
    jobs, pen = probe.app.jobs, Pen(probe)
    settings = TrainingSettings(sources=("synthetic",), synthetic_samples=1000, epochs=100000)
    runs = options.folder / "runs"
    jobs.start("Training", train_run, settings, DataPaths(), runs=runs, save_last_epoch=True)
    gaps: dict[str, list[float]] = {"idle": [], "drawing": []}
    last, trains_since = time.perf_counter(), float("inf")
    while last - trains_since <= options.seconds:
        yield TICK
        now = time.perf_counter()
        gap, last = (now - last) * 1000, now
        if not jobs.running:
            raise ValueError(f"the training ended too early: {jobs.error}")
        if trains_since > now and "epoch" in jobs.progress.details:
            trains_since = now
        drawing = now - trains_since > options.seconds / 2
        gaps["drawing" if drawing else "idle"].append(gap)
        if drawing:
            pen.move()
    jobs.stop()
    yield from probe.job()
    probe.found |= {"gaps": gaps, "stopped": time.perf_counter() - last}


def resident_megabytes() -> float:
    """Memory of this process; where the system does not tell, the most it ever had."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        import resource  # Windows has none

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1e6 if sys.platform == "darwin" else 1e3)
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6
