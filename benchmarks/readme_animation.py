"""Makes the animation of the README in the real window: misread, corrected, fine-tuned, right.

python -m benchmarks.readme_animation --mnist mnist.npz docs/window.gif

Needs an X server (`xvfb-run -s "-screen 0 1100x700x24"` gives one) and nothing else on it. The
digit is drawn by events of the pen, keys are pressed, and what is seen is photographed; only the
time between the pictures is chosen here.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image, ImageGrab

from number_recognition.digits.drawing.drawing import Point
from number_recognition.storage.settings import Config, PathSettings, write_config
from number_recognition.window.app import App
from Recognition import SHIPPED

DIGIT = 1
PATH: list[list[Point]] = [
    [(68, 96), (99, 84), (127, 70), (152, 54), (153, 90), (152, 130), (153, 170), (154, 214)],
    [(150, 216), (176, 212), (190, 206)],
]
"""A one with a long flag and a foot on one side, as the bundled network misreads it."""
SIZE = (1040, 640)
COLOURS = 64
MOST_BYTES = 500_000
_PEN_SECONDS, _HOLD, _LONG_HOLD = 0.12, 1.6, 2.6


@dataclass
class Film:
    """Pictures of a window, and how long each is shown, in seconds."""

    app: App
    pictures: list[Image.Image] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def take(self, seconds: float) -> None:
        """Let the window finish what it does, and take a picture."""
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            self.app.update()
        left, top = self.app.winfo_rootx(), self.app.winfo_rooty()
        # The menu bar is above the window's own corner.
        box = (left, 0, left + SIZE[0], top + self.app.winfo_height())
        self.pictures.append(ImageGrab.grab(box, xdisplay=os.environ.get("DISPLAY", "")))
        self.seconds.append(seconds)

    def write(self, path: Path) -> None:
        """Write the pictures as an animated GIF that is played again and again."""
        common = self.pictures[-1].quantize(COLOURS, dither=Image.Dither.NONE)
        frames = [
            picture.convert("RGB").quantize(palette=common, dither=Image.Dither.NONE)
            for picture in self.pictures
        ]
        frames[0].save(
            path,
            save_all=True,
            append_images=frames[1:],
            duration=[round(1000 * each) for each in self.seconds],
            loop=0,
            optimize=True,
            disposal=1,
        )


def wait_until(app: App, condition: Callable[[], object], seconds: float = 900) -> None:
    """Let the window work until a condition holds.

    Raises:
        TimeoutError: it does not hold within the time.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"expected a change of the window within {seconds:g} s")
        app.update()
        time.sleep(0.01)


def dialogs(app: App) -> list[tk.Misc]:
    """Return the dialogs that are open."""
    return [child for child in app.winfo_children() if child.winfo_class() == "Toplevel"]


def is_past(app: App, part: float) -> bool:
    """Return whether a part of the job is done, from 0 to 1, or all of it."""
    return not app.jobs.running or app.jobs.progress.done >= part


def draw(film: Film) -> None:
    """Draw the digit with the pen, a picture for each few points."""
    canvas, view = film.app.pad.canvas, film.app.pad.renderer.view
    for path in PATH:
        places = [tuple(map(round, view.to_pixels(point))) for point in path]
        canvas.event_generate("<ButtonPress-1>", x=places[0][0], y=places[0][1])
        for x, y in places[1:]:
            canvas.event_generate("<B1-Motion>", x=x, y=y)
            film.take(_PEN_SECONDS)
        canvas.event_generate("<ButtonRelease-1>", x=places[-1][0], y=places[-1][1])
    film.take(_HOLD)


def play(film: Film) -> None:
    """Draw what is misread, correct it, fine-tune, and draw it again.

    Raises:
        ValueError: the digit is read right at once, or is misread at the end.
    """
    app = film.app
    film.take(0.8)
    draw(film)
    if app.session.prediction.digit == DIGIT:
        raise ValueError(f"expected a drawing that is misread, found one that is read as {DIGIT}")
    app.event_generate(f"<Key-{DIGIT}>")
    film.take(_HOLD)
    app.event_generate("<Key-F6>")
    for part in (0.0, 0.2, 0.4, 0.6, 0.8):
        wait_until(app, partial(is_past, app, part))
        film.take(0.4)
    wait_until(app, lambda: dialogs(app))
    film.take(_LONG_HOLD)
    [dialog] = dialogs(app)
    dialog.event_generate("<Return>")
    film.take(_HOLD)
    draw(film)
    film.seconds[-1] = _LONG_HOLD
    if app.session.prediction.digit != DIGIT:
        raise ValueError(f"expected {DIGIT}, found {app.session.prediction.digit}")


def main() -> int:
    """Make the animation; 1 where it is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True, help="mnist.npz, for rehearsal")
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        config = Path(home) / "config.json"
        write_config(Config(paths=PathSettings(mnist=str(options.mnist.resolve()))), config)
        app = App(SHIPPED, config)
        app.geometry(f"{SIZE[0]}x{SIZE[1]}+0+0")
        wait_until(app, lambda: app.session.recognizer is not None and app.pad.winfo_viewable())
        app.focus_force()
        film = Film(app)
        play(film)
        film.write(options.output)
        app.destroy()
    size = options.output.stat().st_size
    print(f"{options.output}: {len(film.pictures)} pictures, {size:,} bytes")
    return int(size > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
