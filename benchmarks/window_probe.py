"""Opens the window, draws in it, and prints what it saw as JSON: the other benchmarks run it.

python -m benchmarks.window_probe open|keep MODEL FOLDER
python -m benchmarks.window_probe train MODEL FOLDER SECONDS
python -m benchmarks.window_probe tune MODEL FOLDER MNIST STROKES WRITER
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from window.app import App

if TYPE_CHECKING:
    from digits.drawing import Drawing
    from digits.strokes import LabelledDrawing

TICK = 10
SEVEN = [(80, 70), (120, 69), (160, 68), (200, 70), (185, 110), (165, 150), (150, 190), (140, 220)]
"""Points of a pen, in units of the pad."""


class Probe:
    """Draws sevens without end, a point at each call, and notes when things were so."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.app = App(model, folder / "config.json")
        self.canvas = self.app.pad.canvas
        self.found: dict[str, object] = {}
        self.app.pad.bind("<Map>", lambda event: self.app.after_idle(self._shown), add=True)
        self._steps = self._pen()

    def _shown(self) -> None:
        self.app.update_idletasks()
        self.found["shown"] = time.time()

    def move_pen(self) -> None:
        """One more event of the pen, as Tk gives it to the pad."""
        event, x, y = next(self._steps)
        part = self.canvas.winfo_width() / 280
        self.canvas.event_generate(event, x=round(x * part), y=round(y * part))

    def _pen(self) -> Iterator[tuple[str, float, float]]:
        while True:
            yield "<ButtonPress-1>", *SEVEN[0]
            for (x, y), (to_x, to_y) in itertools.pairwise(SEVEN):
                for step in range(1, 6):
                    yield "<B1-Motion>", x + (to_x - x) * step / 5, y + (to_y - y) * step / 5
            yield "<ButtonRelease-1>", *SEVEN[-1]
            self.app.clear()

    def first_answer(self) -> None:
        """Draw as soon as the network is there, until it answers."""
        # Nothing is asked of a window that still opens: the question could cost it time.
        reads = self.app.desk.recognizer is not None
        if reads:
            self.move_pen()
        if not reads or self.app.desk.prediction.digit is None:
            self.app.after(1, self.first_answer)
        else:
            self.found["answered"] = time.time()
            self._draw_on(150)

    def _draw_on(self, points: int) -> None:
        self.move_pen()
        if points:
            self.app.after(TICK, self._draw_on, points - 1)
        else:
            self.found["megabytes"] = resident_megabytes()
            self.finish()

    def keep(self, times: int = 40) -> None:
        """Draw and press a digit key, again and again: from the key to the next possible stroke."""
        if self.app.desk.recognizer is None:
            self.app.after(TICK, self.keep)
            return
        self.app.focus_force()
        took = []
        for number in range(times):
            while self.app.desk.prediction.digit is None or self.app.pad.busy:
                self.move_pen()
                self.app.update()
            start = time.perf_counter()
            self.canvas.event_generate(f"<Key-{number % 10}>")
            self.app.update()
            took.append(time.perf_counter() - start)
            self._steps = self._pen()
        if len(list(self.app.desk.corrections)) != times:
            raise RuntimeError(f"expected {times} kept drawings, found another number")
        self.found["kept"] = took
        self.finish()

    def stalls(self, folder: Path, seconds: float) -> None:
        """Tick every 10 ms while a training runs, first idle and then drawing."""
        if self.app.desk.recognizer is None:
            self.app.after(TICK, self.stalls, folder, seconds)
            return
        self._start_training(folder)
        self._gaps: dict[str, list[float]] = {"idle": [], "drawing": []}
        self._last = time.perf_counter()
        self._trains_since = 0.0
        self._tick(seconds)

    def _start_training(self, folder: Path) -> None:
        from learning.runs import train_run
        from learning.samples import Places
        from storage.settings import TrainingSettings

        settings = TrainingSettings(data=("generated",), generated_samples=1000, epochs=100000)
        self.app.jobs.start("Training", train_run, settings, Places(), runs=folder / "runs")

    def _tick(self, seconds: float) -> None:
        now = time.perf_counter()
        gap, self._last = (now - self._last) * 1000, now
        trains = "epoch" in self.app.jobs.progress.details
        if trains and not self._trains_since:
            self._trains_since = now
        drawing = bool(self._trains_since) and now - self._trains_since > seconds / 2
        self._gaps["drawing" if drawing else "idle"].append(gap)
        if drawing:
            self.move_pen()
        if self._trains_since and now - self._trains_since > seconds:
            self.found["gaps"] = self._gaps
            self._stopped_at = now
            self.app.jobs.stop()
            self._wait_for_stop()
        else:
            self.app.after(TICK, self._tick, seconds)

    def _wait_for_stop(self) -> None:
        if self.app.jobs.running:
            self.app.after(1, self._wait_for_stop)
        else:
            self.found["stopped"] = time.perf_counter() - self._stopped_at
            self.finish()

    def tune(self, drawings: list[LabelledDrawing]) -> None:
        """Keep these drawings by key and fine-tune: from F6 to the card, the worker being warm."""
        from learning.versions import prepare

        if self.app.desk.recognizer is None:
            self.app.after(TICK, self.tune, drawings)
            return
        warm = self.app.jobs.warm_up(prepare)
        self.app.focus_force()
        for entry in drawings:
            self._draw(entry.drawing)
            while self.app.desk.prediction.digit is None or self.app.pad.busy:
                self.app.update()
            self.canvas.event_generate(f"<Key-{entry.label}>")
            self.app.update()
        self.found["corrections"] = len(list(self.app.desk.corrections))
        while not warm.done():
            self.app.update()
            time.sleep(TICK / 1000)
        self._asked_at = time.perf_counter()
        self.canvas.event_generate("<F6>")
        self._wait_for_card()

    def _draw(self, drawing: Drawing) -> None:
        part = self.canvas.winfo_width() / 280
        for stroke in drawing.strokes:
            places = [(round(x * part), round(y * part)) for x, y in stroke.points]
            self.canvas.event_generate("<ButtonPress-1>", x=places[0][0], y=places[0][1])
            for x, y in places[1:]:
                self.canvas.event_generate("<B1-Motion>", x=x, y=y)
            self.canvas.event_generate("<ButtonRelease-1>", x=places[-1][0], y=places[-1][1])

    def _wait_for_card(self) -> None:
        from window.card import CardWindow

        cards = [w for w in self.app.winfo_children() if isinstance(w, CardWindow)]
        if not (cards and cards[0].winfo_viewable()):
            if not self.app.jobs.running and self.app.jobs.state == "done" and not cards:
                raise RuntimeError(f"expected a card, found: {self.app.jobs.progress.message}")
            self.app.after(TICK, self._wait_for_card)
            return
        self.found["tuned"] = time.perf_counter() - self._asked_at
        self.finish()

    def finish(self) -> None:
        """Print what was found, and end."""
        print(json.dumps(self.found), flush=True)
        self.app.jobs.close()
        self.app.destroy()


def resident_megabytes() -> float:
    """Memory of this process; where the system does not tell, the most it ever had."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        import resource  # Windows has none

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1e6 if sys.platform == "darwin" else 1e3)
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6


def five_of_each_digit(strokes: Path, writer: int) -> list[LabelledDrawing]:
    """The first five drawings of each digit by a writer, turned by a quarter, for the pad."""
    from dataclasses import replace

    from digits.drawing import DEFAULT_PEN, PAD
    from digits.strokes import fitted, read_strokes

    chosen, seen = [], [0] * 10
    for entry in read_strokes(strokes):
        if entry.writer == writer and seen[entry.label] < 5:
            seen[entry.label] += 1
            turned = entry.drawing.mapped(lambda points: points[:, ::-1] * (-1, 1))
            chosen.append(replace(entry, drawing=fitted(turned, 0.65 * PAD, DEFAULT_PEN)))
    return chosen


def main() -> None:
    """Run one probe."""
    what, model, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "tune":
        config = {"places": {"mnist": str(Path(sys.argv[4]).resolve())}}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    probe = Probe(model, folder)
    if what == "open":
        probe.app.after(1, probe.first_answer)
    elif what == "keep":
        probe.app.after(1, probe.keep)
    elif what == "tune":
        drawings = five_of_each_digit(Path(sys.argv[5]), int(sys.argv[6]))
        probe.app.after(1, probe.tune, drawings)
    else:
        probe.app.after(1, probe.stalls, folder, float(sys.argv[4]))
    probe.app.mainloop()


if __name__ == "__main__":
    main()
