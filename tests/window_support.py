"""Support for tests of the window: an X server, opening and closing it, and real user input."""

from __future__ import annotations

import functools
import gc
import os
import shutil
import subprocess
import sys
import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import waiting

from number_recognition.digits.drawing.drawing import PAD

Points = Sequence[tuple[float, float]]

SEVEN: Points = [(80, 70), (140, 68), (200, 70), (185, 110), (165, 150), (150, 190), (140, 220)]
ONE: Points = [(140, 50), (140, 90), (140, 130), (140, 170), (140, 230)]


def start_display() -> Iterator[str]:
    """Use the current display, or start Xvfb on a free one and stop it afterwards."""
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        yield os.environ.get("DISPLAY", "")
        return
    if shutil.which("Xvfb") is None:
        pytest.skip("tests of the window need Xvfb: apt-get install xvfb")
    reading, writing = os.pipe()
    arguments = ["-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        ["Xvfb", *arguments],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as output:
        number = output.readline().strip()
    if not number:
        pytest.fail("Xvfb did not start")
    os.environ["DISPLAY"] = f":{number}"
    yield os.environ["DISPLAY"]
    del os.environ["DISPLAY"]
    server.terminate()
    server.wait()


def open_window(network: Path, home: Path) -> tuple[tk.Tk, list[BaseException]]:
    """Open the window with a network; return it and the list of its callbacks' exceptions."""
    from number_recognition.storage.settings import Config, write_config
    from number_recognition.window.app import App

    errors: list[BaseException] = []
    if not (home / "config.json").exists():
        write_config(Config(), home / "config.json")
    window = App(network, home / "config.json")
    window.report_callback_exception = lambda kind, error, trace: errors.append(error)
    window.geometry("1200x700+0+0")
    wait_until(
        lambda: window.session.recognizer is not None and window.pad.winfo_viewable(), window
    )
    window.focus_force()
    wait_until(lambda: window.focus_get() is not None, window)
    return window, errors


def close_afterwards(window: tk.Tk, errors: list[BaseException]) -> Iterator[tk.Tk]:
    """Yield the window to a test, then close it; fail where a callback raised."""
    yield window
    window.update()
    close(window)
    if errors:
        raise errors[0]


def close(window: tk.Tk) -> None:
    """Destroy a window in a process that opens other windows later.

    Tk 8.6 can keep a reference to the destroyed widget that had the focus, and crash in the next
    window: a permanent window takes the focus first.
    """
    permanent = _permanent_window(os.environ.get("DISPLAY", ""))
    permanent.focus_force()
    permanent.update()
    window.update()
    window.destroy()
    # Reference cycles of the window belong to Tk, which only this thread may use: collecting them
    # in another thread would abort the process.
    gc.collect()


@functools.cache
def _permanent_window(display: str) -> tk.Tk:
    """A window of one pixel that stays open while the tests run."""
    window = tk.Tk()
    window.overrideredirect(True)
    window.geometry("1x1+0+0")
    window.update()
    return window


def wait_until(condition: Callable[[], object], app: tk.Tk, seconds: float = 10.0) -> None:
    """Run the event loop of the window until the condition holds."""
    waiting.wait_until(condition, seconds, app.update)


class UserInput:
    """Moves the real pointer and presses real keys, with xdotool (XTEST)."""

    def __init__(self, app: tk.Tk) -> None:
        if shutil.which("xdotool") is None:
            pytest.skip("tests of the window need xdotool: apt-get install xdotool")
        self._app = app
        self._last_motion: tuple[int, int] | None = None
        app.bind("<Motion>", self._on_motion, add=True)

    def _on_motion(self, event: tk.Event) -> None:
        self._last_motion = (event.x_root, event.y_root)

    def draw(self, path: Points, button: int = 1) -> None:
        """Draw a path, in units of the pad."""
        self.press_and_move(path, button)
        self._do(["mouseup", str(button)])
        wait_until(lambda: not self._app.pad.busy, self._app)

    def press_and_move(self, path: Points, button: int = 1) -> None:
        """Draw a path and keep the button pressed."""
        self._move(path[0])
        self._do(["mousedown", str(button)])
        wait_until(lambda: self._app.pad.busy, self._app)
        for point in path[1:]:
            self._move(point)

    def _move(self, point: tuple[float, float]) -> None:
        """Move to a point and wait for the event: Tk merges motions that are still queued."""
        position = self._on_screen(point)
        if self._app.winfo_pointerxy() != position:
            self._do(["mousemove", *map(str, position)])
            wait_until(lambda: self._last_motion == position, self._app)

    def release_button(self, button: int = 1) -> None:
        """Release the button."""
        self._do(["mouseup", str(button)])
        wait_until(lambda: not self._app.pad.busy, self._app)

    def press(self, *keys: str) -> None:
        """Press keys by their X names, "ctrl+z" for example."""
        for key in keys:
            self._do(["key", key])

    def click(self, widget: tk.Misc) -> None:
        """Click in the middle of a widget."""
        self._app.update()
        x = widget.winfo_rootx() + widget.winfo_width() // 2
        y = widget.winfo_rooty() + widget.winfo_height() // 2
        self._do(["mousemove", str(x), str(y), "click", "1"])

    def _on_screen(self, point: tuple[float, float]) -> tuple[int, int]:
        canvas = self._app.pad.canvas
        border = int(canvas["highlightthickness"])
        scale = (canvas.winfo_width() - 2 * border) / PAD
        x = canvas.winfo_rootx() + border + point[0] * scale
        y = canvas.winfo_rooty() + border + point[1] * scale
        return round(x), round(y)

    def _do(self, arguments: list[str]) -> None:
        """Run xdotool and the event loop of the window until the events have arrived."""
        process = subprocess.Popen(["xdotool", *arguments])
        wait_until(lambda: process.poll() is not None, self._app)
        if process.returncode:
            pytest.fail(f"xdotool {' '.join(arguments)} failed")
        for _ in range(3):
            self._app.update()


def list_kept_files(home: Path) -> list[Path]:
    """Return the files of the kept drawings in a settings folder."""
    return sorted((home / "images" / "fine_tuning").rglob("*.png"))
