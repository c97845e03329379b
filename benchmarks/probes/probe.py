"""A window that a benchmark opens, draws in and waits for, in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.storage.config_file import write_config
from number_recognition.storage.settings import Config, PathSettings
from number_recognition.window.app import App

TICK = 10
"""Milliseconds from one event of a pen, and from one look at the clock, to the next."""

_DONT_WAIT = 2
"""Tcl's flag for `dooneevent`: return at once where there is no event."""

Steps = Iterator[int]
"""What is done in the window, step by step: each gives the milliseconds until the next."""


class Probe:
    """Opens the window and notes when things were so.

    Attributes:
        app: the window.
        found: what was measured, plain values by name.
    """

    def __init__(self, model: Path, folder: Path, mnist: Path | None = None) -> None:
        """Make the window.

        Args:
            model: the network.
            folder: where it has its config.json and keeps everything else.
            mnist: where config.json says that MNIST is.
        """
        config = folder / "config.json"
        if mnist is not None:
            write_config(replace(Config(), paths=PathSettings(mnist=str(mnist))), config)
        self.app = App(model, config)
        self.found: dict[str, object] = {}
        self.canvas = self.app.pad.canvas
        self._error: BaseException | None = None
        # As Tk has it: what a window calls with an error is an attribute to set.
        self.app.report_callback_exception = self._raised  # type: ignore[method-assign]
        self.app.pad.bind("<Map>", lambda event: self.app.after_idle(self._shown), add=True)

    def _shown(self) -> None:
        self.app.update_idletasks()
        self.found["shown"] = time.time()

    def run(self, steps: Steps) -> dict[str, object]:
        """Take the steps one after the other; what was found.

        Raises:
            whatever a step, or anything in the window meanwhile, raised.
        """
        self.app.after(1, self._go_on, steps)
        self.app.mainloop()
        self.app.destroy()
        self._raise()
        return self.found

    def _go_on(self, steps: Steps) -> None:
        pause = next(steps, None)
        if pause is None:
            self.app.quit()
        else:
            self.app.after(pause, self._go_on, steps)

    def _raised(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """End at the first mistake: what waits for the window would wait for ever."""
        self._error = self._error or error
        self.app.quit()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def update(self) -> None:
        """Let the window do all that it has to do now."""
        self.app.update()
        self._raise()

    def one_event(self) -> None:
        """Let the window handle one event, where one waits."""
        self.app.tk.dooneevent(_DONT_WAIT)
        self._raise()

    def network(self) -> Steps:
        """Wait until the network is in use.

        Raises:
            ValueError: it cannot be; says what the window says.
        """
        while self.app.session.recognizer is None:
            if self.app.status.message:
                raise ValueError(self.app.status.message)
            yield 1

    def job(self) -> Steps:
        """Wait for the end of the job at work.

        Raises:
            ValueError: it failed.
        """
        while self.app.jobs.running:
            yield 1
        if self.app.jobs.error is not None:
            raise ValueError(f"{self.app.jobs.title} failed: {self.app.jobs.error}")

    def send(self, event: str, x: float, y: float) -> None:
        """One event of the pen, in units of the pad, as Tk gives it."""
        x, y = self.app.pad.renderer.view.to_pixels((x, y))
        self.canvas.event_generate(event, x=round(x), y=round(y))

    def draw(self, drawing: Drawing) -> None:
        """Draw the paths of a drawing with the pen of the window."""
        for stroke in drawing.strokes:
            self.draw_line(stroke.points)

    def draw_line(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw a line from point to point with the pen of the window."""
        self.send("<ButtonPress-1>", *points[0])
        for point in points[1:]:
            self.send("<B1-Motion>", *point)
        self.send("<ButtonRelease-1>", *points[-1])
        self.update()

    def check_kept(self, count: int) -> None:
        """Look whether so many drawings were kept.

        Raises:
            RuntimeError: they were not.
        """
        kept = len(self.app.session.corrections.digits())
        if kept != count:
            raise RuntimeError(f"expected {count} kept drawings, found {kept}")
