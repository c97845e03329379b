"""What tests of the window need: an X server, a network, and a hand on the pointer and the keys."""

from __future__ import annotations

import dataclasses
import functools
import gc
import multiprocessing
import os
import select
import shutil
import subprocess
import sys
import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import waiting

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.session.session import PadContent

if TYPE_CHECKING:
    from number_recognition.learning.models.numpy_network import NumpyNetwork
    from number_recognition.session.session import Session
    from number_recognition.window.toolkit.view import View

Points = Sequence[tuple[float, float]]

SEVEN: Points = [(80, 70), (140, 68), (200, 70), (185, 110), (165, 150), (150, 190), (140, 220)]
ONE: Points = [(140, 50), (140, 90), (140, 130), (140, 170), (140, 230)]


def start_display() -> Iterator[str]:
    """Use the display there is, or start Xvfb on a free one and end it afterwards.

    Of tests that run in parallel, each process has a display of its own: there is one pointer and
    one focus on each.
    """
    has_others = "PYTEST_XDIST_WORKER" in os.environ and shutil.which("Xvfb") is not None
    if sys.platform != "linux" or (os.environ.get("DISPLAY") and not has_others):
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
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    if not number:
        pytest.fail("Xvfb did not start")
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = f":{number}"
    yield os.environ["DISPLAY"]
    del os.environ["DISPLAY"]
    if before is not None:
        os.environ["DISPLAY"] = before
    server.terminate()
    server.wait()


def open_window(network: Path, home: Path) -> tuple[tk.Tk, list[BaseException]]:
    """The window with its network loaded, and the list that its callbacks' exceptions go to."""
    from number_recognition.storage.config_file import write_config
    from number_recognition.storage.settings import Config
    from number_recognition.window import model_menu
    from number_recognition.window.app import App

    gc.freeze()  # see `close`
    errors: list[BaseException] = []
    if not (home / "config.json").exists():
        write_config(Config(), home / "config.json")
    # A worker that nobody asked for would compute ten seconds beside a test that keeps a drawing.
    model_menu.WARM_UP_DELAY = 3_600_000
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
    """Lend the window to a test; afterwards close it, and fail where a callback raised."""
    yield window
    window.update()
    close(window)
    if errors:
        raise errors[0]


def close(window: tk.Tk) -> None:
    """Destroy a window whose process goes on to open others.

    Tk 8.6 can remember the widget that has the focus beyond its end, and crashes over it in the
    next window: another window, which stays, takes the focus first.
    """
    stays = _window_that_stays(os.environ.get("DISPLAY", ""))
    stays.focus_force()
    stays.update()
    window.update()
    window.destroy()
    # What the window leaves in circles belongs to Tk, which only this thread may use: another's
    # collection would end the process. What is left is not looked through again: with TensorFlow
    # loaded, that takes half a second for each window.
    gc.collect()
    gc.freeze()


@functools.cache
def _window_that_stays(display: str) -> tk.Tk:
    """One pixel, open as long as the tests run."""
    window = tk.Tk()
    window.overrideredirect(True)
    window.geometry("1x1+0+0")
    window.update()
    return window


def wait_until(condition: Callable[[], object], app: tk.Tk, seconds: float = 30.0) -> None:
    """Let the window work until the condition holds."""
    waiting.wait_until(condition, seconds, app.update)


class NoOffers:
    """Stands in for the offers of the main window where a view is tested alone."""

    def add(self, text: str, *actions: object, about: object) -> None: ...
    def withdraw(self, about: object) -> None: ...


class BareContext:
    """Stands in for the main window where a view is tested alone; it collects the messages."""

    def __init__(self, window: tk.Tk, session: Session) -> None:
        from number_recognition.window.toolkit.job_runner import JobRunner

        self.window, self.session, self.jobs = window, session, JobRunner(window)
        self.messages: list[str] = []
        self.offers = NoOffers()

    def notify(
        self, message: str, *actions: object, warning: bool = False, lasting: bool = False
    ) -> None:
        self.messages.append(message)

    def show_error(self, problem: object, about: object = None) -> None:
        self.messages.append(str(problem))

    def put_on_pad(self, picked: object, is_test_image: bool = False) -> None:
        self.picked = picked

    def undo(self) -> None: ...
    def network_changed(self) -> None: ...
    def corrections_changed(self) -> None: ...
    def show_run(self, folder: Path) -> None: ...
    def resume_run(self, folder: Path) -> bool: ...
    def remember(self, **changes: object) -> None: ...


class UserInput:
    """Moves the real pointer and presses real keys, as XTEST sends them."""

    def __init__(self, app: tk.Tk) -> None:
        if shutil.which("xdotool") is None:
            pytest.skip("tests of the window need xdotool: apt-get install xdotool")
        self._app = app
        self._arrived: tuple[int, int] | None = None
        self._held: list[int] = []
        app.bind("<Motion>", self._note, add=True)

    def _note(self, event: tk.Event) -> None:
        self._arrived = (event.x_root, event.y_root)

    def draw(self, path: Points, button: int = 1) -> None:
        """Draw a path, in units of the pad."""
        self.press_and_move(path, button)
        self.release_button(button)

    def drag(self, path: Points) -> None:
        """Drag on the pad where that draws nothing, in units of the pad."""
        self.move(path[0])
        self._do(["mousedown", "1"])
        for point in path[1:]:
            self._do(["mousemove", *map(str, self._on_screen(point))])
        self._do(["mouseup", "1"])

    def press_and_move(self, path: Points, button: int = 1) -> None:
        """Draw a path and leave the button down."""
        self.move(path[0])
        self._held.append(button)
        self._do(["mousedown", str(button)])
        wait_until(lambda: self._app.pad.pressed, self._app)
        for point in path[1:]:
            self.move(point)

    def move(self, point: tuple[float, float]) -> None:
        """Move to a point and wait there: of two motions that wait, Tk forgets the first."""
        place = self._on_screen(point)
        if self._app.winfo_pointerxy() != place:
            self._do(["mousemove", *map(str, place)])
            wait_until(lambda: self._arrived == place, self._app)

    def release_button(self, button: int = 1) -> None:
        """Let the button go."""
        self._do(["mouseup", str(button)])
        self._held.remove(button)
        wait_until(lambda: not self._app.pad.pressed, self._app)

    def release_buttons(self) -> None:
        """Let go what a test that failed held down: the next one would press it in vain."""
        for button in self._held:
            self._do(["mouseup", str(button)])

    def press(self, *keys: str) -> None:
        """Press keys by their X names, "ctrl+z" for example."""
        for key in keys:
            self._do(["key", key])

    def hold_button(self, button: int = 1) -> None:
        """Press a button where the pointer is, and leave it down."""
        self._held.append(button)
        self._do(["mousedown", str(button)])

    def click(self, widget: tk.Misc) -> None:
        """Click in the middle of a widget."""
        self._app.update()
        x = widget.winfo_rootx() + widget.winfo_width() // 2
        y = widget.winfo_rooty() + widget.winfo_height() // 2
        self._do(["mousemove", str(x), str(y), "click", "1"])

    def click_at(self, x: float, y: float, *held: str, button: int = 1) -> None:
        """Click at a point of the screen, while keys are held down."""
        down = [word for key in held for word in ("keydown", key)]
        up = [word for key in held for word in ("keyup", key)]
        place = str(round(x)), str(round(y))
        self._do(["mousemove", *place, *down, "click", str(button), *up])

    def move_on_screen(self, x: float, y: float) -> None:
        """Move the pointer to a point of the screen, from a point beside it."""
        self._do(["mousemove", str(round(x) - 1), str(round(y)), "mousemove_relative", "1", "0"])

    def drag_on_screen(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with the left button from a point of the screen to another."""
        first, last = ([str(round(part)) for part in place] for place in (start, end))
        self._do(["mousemove", *first, "mousedown", "1"])
        self._do(["mousemove", *last])
        self._do(["mouseup", "1"])

    def _on_screen(self, point: tuple[float, float]) -> tuple[int, int]:
        canvas = self._app.pad.canvas
        ring = int(canvas["highlightthickness"])
        x, y = self._app.pad.renderer.view.to_pixels(point)
        return round(canvas.winfo_rootx() + ring + x), round(canvas.winfo_rooty() + ring + y)

    def _do(self, words: list[str]) -> None:
        """Let xdotool act while the window goes on working, and let what it sent arrive."""
        xdotool = _xdotool(os.environ["DISPLAY"])
        # It answers the last command when it has done the others.
        print(*words, "getmouselocation", file=xdotool.stdin, flush=True)
        wait_until(lambda: select.select([xdotool.stdout], [], [], 0)[0], self._app)
        if not xdotool.stdout.readline():
            _xdotool.cache_clear()
            pytest.fail(f"xdotool {' '.join(words)} failed")
        for _ in range(3):
            self._app.update()


@functools.cache
def _xdotool(display: str) -> subprocess.Popen:
    """One xdotool for all tests on a display: to start it takes longer than what it does."""
    return subprocess.Popen(
        ["xdotool", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, "DISPLAY": display},
    )


def kill_worker() -> None:
    """Kill the worker process, as a system that is short of memory does.

    A process of a window closed before may still be ending: it is killed, too.
    """
    for process in multiprocessing.active_children():
        process.kill()


def imported_modules(**options: object) -> set[str]:
    """A job: the names of the modules that are imported in the worker."""
    return set(sys.modules)


def list_kept_files(home: Path) -> list[Path]:
    """The kept drawings below a home."""
    return sorted((home / "images" / "fine_tuning").rglob("*.png"))


def show_view(view: View) -> View:
    """Show a view alone in its window."""
    view.pack(fill="both", expand=True)
    view.update()
    view.refresh("shown")
    view.update()
    return view


def set_content(view: View, content: PadContent) -> None:
    """Put something on the pad of a view's session, and refresh the view as the window does."""
    view.session.set_content(content)
    view.refresh("drawing")
    view.update()


def use_network(session: Session, network: NumpyNetwork | None) -> None:
    """Let a session read the pad with a network, or without one."""
    from Recognition import Recognizer

    recognizer = None if network is None else Recognizer(network)
    session.use_network(dataclasses.replace(session.in_use, recognizer=recognizer))


def one_stroke(points: Points) -> PadContent:
    """Return a drawing of one stroke as it is on the pad."""
    return PadContent(drawing=Drawing((Stroke(tuple(points)),)))


def find_button(parent: tk.Misc, text: str) -> tk.Misc:
    """Return the button with this text inside a widget; the test fails if there is none."""
    buttons = [widget for widget in descendants(parent) if widget.winfo_class() == "TButton"]
    for button in buttons:
        if button["text"] == text:
            return button
    pytest.fail(f"expected a button {text!r}, found {[button['text'] for button in buttons]}")


def visible_texts(parent: tk.Misc) -> list[str]:
    """Return the texts of the labels inside a widget that are on the screen."""
    labels = [widget for widget in descendants(parent) if widget.winfo_class() == "TLabel"]
    return [str(label["text"]) for label in labels if label.winfo_viewable()]


def descendants(parent: tk.Misc) -> Iterator[tk.Misc]:
    for child in parent.winfo_children():
        yield child
        yield from descendants(child)
