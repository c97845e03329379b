"""Jobs and the window: progress, pause, stop, failure, and one at a time."""

from __future__ import annotations

import os
import threading
import tkinter as tk
from pathlib import Path
from typing import Any

import pytest
from window_support import ONE, UserInput, find_button, open_window, visible_texts, wait_until

from number_recognition.core.progress import Progress
from number_recognition.window.app import App
from number_recognition.window.dialogs.close_question import ConfirmCloseDialog
from number_recognition.window.toolkit.job_runner import DONE, RUNNING, STOPPING


def count(to: int, *, report: Any, stopped: Any) -> int:
    """A job that counts until it is done or stopped, at most 100 numbers per second."""
    for number in range(to):
        if stopped():
            return -number
        message = f"counting, {number} of {to:,} numbers, one after the other"
        report(Progress(message, number / to, 0.01 * (to - number)))
        threading.Event().wait(0.01)
    return to


def fail(*, report: Any, stopped: Any) -> None:
    raise ValueError("nothing to learn from")


def die(*, report: Any, stopped: Any) -> None:
    os._exit(1)


def test_a_job_reports_pauses_and_stops(app: App) -> None:
    reports: list[Progress] = []
    results: list[int] = []
    assert app.jobs.start(
        "Counting", count, 10000, on_progress=reports.append, on_done=results.append
    )
    assert not app.jobs.start("Another", count, 1)
    wait_until(lambda: len(reports) > 3, app, 30)
    assert app.jobs.state == RUNNING and "counting" in " ".join(visible_texts(app.status))
    app.status.event_generate("<<Pause>>")
    wait_until(lambda: app.jobs.paused, app)
    assert "Counting: paused" in visible_texts(app.status)
    app.status.event_generate("<<Stop>>")
    wait_until(lambda: app.jobs.state == STOPPING, app)
    wait_until(lambda: app.jobs.state == DONE, app)
    assert len(results) == 1 and results[0] < 0
    assert not find_button(app.status, "Stop").winfo_viewable()


@pytest.mark.parametrize("width", [600, 900, 1400])
def test_stop_is_never_pushed_off_the_window_nor_replaced(
    app: App, user: UserInput, width: int
) -> None:
    user.draw(ONE)
    user.press("1")
    app.geometry(f"{width}x700")
    wait_until(lambda: app.winfo_width() == max(width, app.minsize()[0]), app)
    fine_tune = find_button(app.status, "Fine-tune")
    left = fine_tune.winfo_rootx()
    app.jobs.start("Counting", count, 10000)
    wait_until(lambda: app.jobs.progress.done > 0, app, 30)
    app.notify("A long message. " * 12, ("Undo", app.undo), ("Show why", app.undo))
    stop = find_button(app.status, "Stop")
    wait_until(stop.winfo_viewable, app)
    wait_until(
        lambda: stop.winfo_rootx() + stop.winfo_width() <= app.winfo_rootx() + app.winfo_width(),
        app,
    )
    user.press("F6")
    assert (
        app.status.message == "Counting is still running: stop it, or wait until it has finished."
    )
    app.jobs.stop()
    wait_until(lambda: app.jobs.state == DONE, app)
    wait_until(lambda: fine_tune.winfo_rootx() == left, app)


def test_a_job_ends_although_a_callback_raises(app: App) -> None:
    errors: list[BaseException] = []
    original = app.report_callback_exception
    app.report_callback_exception = lambda kind, error, trace: errors.append(error)
    results: list[int] = []
    app.jobs.start("Counting", count, 5, on_progress=lambda progress: 1 / 0, on_done=results.append)
    wait_until(lambda: results == [5], app, 30)
    app.report_callback_exception = original
    assert isinstance(errors[0], ZeroDivisionError) and app.jobs.state == DONE


def test_a_failed_job_shows_its_error_and_the_next_one_runs(app: App) -> None:
    app.jobs.start("Counting", fail)
    wait_until(lambda: app.jobs.state == DONE, app, 30)
    assert app.status.message == "Counting failed: nothing to learn from"
    app.jobs.start("Counting", die)
    wait_until(lambda: app.jobs.state == DONE, app, 30)
    assert "its process ended with status" in app.status.message
    assert "window.log" in app.status.message
    results: list[int] = []
    app.jobs.start("Counting", count, 3, on_done=results.append)
    assert app.status.message == "Counting started."
    wait_until(lambda: results == [3], app, 30)


def dialogs(app: App) -> list[tk.Toplevel]:
    return [child for child in app.winfo_children() if isinstance(child, ConfirmCloseDialog)]


def test_closing_asks_while_a_job_runs(app: App, user: UserInput) -> None:
    app.jobs.start("Counting", count, 10000, if_closed="It starts again.")
    wait_until(lambda: app.jobs.progress.done > 0, app, 30)
    user.press("ctrl+q", "ctrl+q")
    [dialog] = dialogs(app)
    assert "Counting" in dialog.message and "It starts again." in dialog.message
    user.press("Escape")
    assert not dialogs(app) and app.jobs.state == RUNNING
    app.quit_window()
    app.jobs.stop()
    wait_until(lambda: app.jobs.state == DONE, app)
    assert not dialogs(app)


@pytest.mark.parametrize("busy", [True, False])
def test_the_window_closes_without_a_job_or_after_confirming(
    display: str, network: Path, tmp_path: Path, busy: bool
) -> None:
    app, errors = open_window(network, tmp_path)
    if busy:
        app.jobs.start("Counting", count, 10000)
        wait_until(lambda: app.jobs.progress.done > 0, app, 30)
    app.quit_window()
    if busy:
        dialogs(app)[0].close_button.invoke()
    with pytest.raises(tk.TclError):
        app.winfo_exists()
    assert not errors
