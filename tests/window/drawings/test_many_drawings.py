"""The Drawings view with 10,000 kept drawings: the window goes on whatever is done with them."""

from __future__ import annotations

import _tkinter
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from digit_images import synthetic_samples
from network_files import random_network
from PIL import Image
from window_support import UserInput, close_afterwards, open_window, wait_until

from number_recognition.core.formatting import digit_name
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.learning.evaluation.evaluate_job import KEPT
from number_recognition.session.correction_list import ALL, DUPLICATES, MISREAD, TRASH
from number_recognition.storage.counters import Counters, write_counters
from number_recognition.window.app import App
from number_recognition.window.drawings.drawings_view import DrawingsView
from number_recognition.window.drawings.filter_bar import LEAST_PROBABLE, NEWEST
from number_recognition.window.toolkit.job_runner import DONE

COUNT = 10_000
LONGEST = 2_000_000
"""What the window may take until it looks at its events again: the time in which Python adds so
many squares, about a tenth of a second on a machine of 2020. A ratio holds on a slower one, too.
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small one, which predicts the drawings beside the window in a moment."""
    return random_network(tmp_path_factory.mktemp("network") / "network.keras")


class Loop:
    """Tk's loop, one event after the other; `longest` is what the slowest of them took.

    Computing time counts, not the clock's: other programs may be at work.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self.longest = 0.0

    def update(self) -> None:
        """Handle the events that wait, as `Tk.update` does."""
        begun = time.thread_time()
        while self._app.tk.dooneevent(_tkinter.DONT_WAIT):
            now = time.thread_time()
            self.longest, begun = max(self.longest, now - begun), now


def keep_many(home: Path) -> None:
    """Links to the files of forty different drawings, and a line of the log for each."""
    corrections = Corrections(home / "images" / "fine_tuning")
    corrections.prepare()
    digits = synthetic_samples(40, 1)
    for number, pixels in enumerate(digits.pixels):
        Image.fromarray(pixels).save(home / f"{number}.png")
    lines = ["file,label,predicted,confidence,model,time"]
    for number in range(COUNT):
        label = int(digits.labels[number % 40])
        name = f"2026{1 + number % 12:02}01T000000-{number:012}.png"
        os.link(home / f"{number % 40}.png", corrections.folder / str(label) / name)
        lines.append(f"fine_tuning/{label}/{name},{label},{label},0.9,digits.keras,2026")
    corrections.log.path.write_text("\n".join(lines) + "\n")
    write_counters(Counters(kept=(1000,) * 10, new=500), home / "counters.json")


@pytest.fixture(scope="module")
def app(shared_app: App, home: Path) -> App:
    """A window with many drawings, which each test leaves as they were."""
    keep_many(home)
    return shared_app


def watch(window: App, monkeypatch: pytest.MonkeyPatch) -> Loop:
    """The loop of a window; no step of it may have taken too long."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    loop = Loop(window)
    monkeypatch.setattr(window, "update", loop.update)
    return loop


@pytest.fixture
def loop(app: App, monkeypatch: pytest.MonkeyPatch) -> Loop:
    return watch(app, monkeypatch)


def check(loop: Loop, action: str) -> None:
    squares = loop.longest / seconds_of_a_square()
    print(f"{action}: {1000 * loop.longest:.0f} ms, {squares:,.0f} squares")
    assert squares <= LONGEST, action
    loop.longest = 0.0


def seconds_of_a_square() -> float:
    """Computing time of adding a square in Python, now."""
    took = []
    for _ in range(5):
        begun = time.thread_time()
        sum(number * number for number in range(20_000))
        took.append((time.thread_time() - begun) / 20_000)
    return statistics.median(took)


def opened(app: App, loop: Loop) -> DrawingsView:
    app.choose_view("Drawings")
    wait_until(lambda: isinstance(app.views.current, DrawingsView), app)
    view = app.views.current
    wait_until(lambda: len(view.thumbnails.order) == COUNT and not view.is_reading, app, 120)
    check(loop, "opening")
    return view


def press(app: App, view: DrawingsView, user: UserInput, *keys: str) -> None:
    user.press(*keys)
    wait_until(lambda: not view.is_reading, app, 120)


@pytest.fixture
def window(display: str, network: Path, tmp_path: Path) -> Iterator[App]:
    """Another window, which opened before the drawings were there; the first of these tests."""
    window, errors = open_window(network, tmp_path)
    yield from close_afterwards(window, errors)


def test_drawings_put_there_by_hand_are_as_fast(
    window: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_many(tmp_path)
    folder = tmp_path / "images" / "fine_tuning"
    for path in [*folder.rglob("*.png")]:
        path.rename(folder / "4" / f"scan {path.name}")
    for path in (tmp_path / "counters.json", tmp_path / "images" / "fine_tuning.csv"):
        path.unlink()
    loop = watch(window, monkeypatch)
    view = opened(window, loop)
    window.after(1, window.corrections_changed)
    wait_until(lambda: window.session.has_kept and not view.is_reading, window)
    check(loop, "counting from 0")
    view.thumbnails.canvas.focus_force()
    press(window, view, UserInput(window), "Home", "9")
    wait_until(lambda: view.thumbnails.order[-1].label == 9, window)
    check(loop, "relabel one")


def test_looking_through_many_drawings_never_holds_the_window(
    app: App, user: UserInput, loop: Loop
) -> None:
    view = opened(app, loop)
    view.thumbnails.canvas.focus_force()
    for keys in (
        *(["Home"], ["Right"], ["Down"], ["Next"], ["End"], ["Up"], ["Left"], ["shift+Home"]),
        *(["ctrl+a"], ["Escape"]),
    ):
        press(app, view, user, *keys)
        check(loop, keys[0])
        assert view.thumbnails.selected or keys == ["Escape"]
    press(app, view, user, "ctrl+a")
    assert len(view.thumbnails.selected) == COUNT
    for shown, order in (
        (MISREAD, None),
        (DUPLICATES, None),
        ("4", None),
        ("All drawings", LEAST_PROBABLE),
    ):
        view.show_only(shown, order)
        app.update()
        check(loop, f"{shown}, {order}")
    press(app, view, user, "ctrl+a")
    app.geometry("1000x700")
    app.update()
    check(loop, "another size with all of them chosen")
    view.show_only(ALL, NEWEST)


def test_changing_many_drawings_never_holds_the_window(
    app: App, user: UserInput, loop: Loop, home: Path
) -> None:
    view = opened(app, loop)
    view.thumbnails.canvas.focus_force()
    press(app, view, user, "Home")
    [first] = view.thumbnails.selected
    other = str((first.label + 1) % 10)
    press(app, view, user, other)
    wait_until(lambda: not first.path.exists() and not view.is_reading, app, 60)
    check(loop, "relabel one")
    press(app, view, user, "Delete")
    wait_until(lambda: len(view.thumbnails.order) == COUNT - 1 and not view.is_reading, app, 60)
    check(loop, "trash one")
    press(app, view, user, "ctrl+z")
    wait_until(lambda: len(view.thumbnails.order) == COUNT and not view.is_reading, app, 60)
    check(loop, "undo")
    press(app, view, user, "ctrl+a", "Delete")
    wait_until(lambda: not view.thumbnails.order and not view.is_reading, app, 120)
    check(loop, "trash all")
    view.show_only(TRASH)
    view.thumbnails.canvas.focus_force()
    press(app, view, user, "ctrl+a", "Delete")
    wait_until(lambda: not view.thumbnails.order and not view.is_reading, app, 120)
    check(loop, "restore all")
    assert len(list((home / "images" / "fine_tuning").rglob("*.png"))) == COUNT
    view.show_only(ALL)


def test_results_of_many_drawings_never_hold_the_window(
    app: App, user: UserInput, loop: Loop, home: Path
) -> None:
    view = app.show_view("Results")
    view.source = KEPT
    loop.longest = 0.0
    user.press("F7")
    wait_until(lambda: view.result is not None and app.jobs.state == DONE, app, 120)
    check(loop, "evaluated")
    evaluation = view.result.evaluation
    digit = int(evaluation.labels[0])
    view.matrix.select((digit, int(evaluation.predictions[0])))
    app.update()
    check(loop, "a cell")
    view.images.thumbnails.canvas.focus_force()
    user.press("ctrl+a")
    assert len(view.images.selected) >= COUNT // 40
    check(loop, "all of the cell")
    count = len(view.images.selected)
    other = (digit + 1) % 10
    before = len(list((home / "images" / "fine_tuning" / str(other)).iterdir()))
    user.press(str(other))
    message = f"{count:,} drawings are kept as {digit_name(other)} now."
    wait_until(lambda: app.status.message == message, app)
    after = len(list((home / "images" / "fine_tuning" / str(other)).iterdir()))
    assert after == before + count
    check(loop, "relabel")
    user.press("ctrl+z")
    wait_until(lambda: app.status.message == "Undone.", app)
    check(loop, "undo")
