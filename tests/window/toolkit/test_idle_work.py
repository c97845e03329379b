"""Work in steps while Tk is idle."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

from window_support import wait_until

from number_recognition.window.toolkit.idle_work import IdleTask


def test_new_work_replaces_the_old_and_ends_with_its_widget(bare_window: tk.Tk) -> None:
    frame = ttk.Frame(bare_window)
    task, done = IdleTask(frame), []
    task.start(done.append("old") for _ in range(3))
    task.start(done.append("new") for _ in range(3))
    wait_until(lambda: not task.running, bare_window)
    assert done == ["new"] * 3
    task.start(done.append("late") for _ in range(3))
    frame.destroy()
    bare_window.update()
    assert done == ["new"] * 3


def test_work_may_start_other_work_as_its_last_step(bare_window: tk.Tk) -> None:
    task, done = IdleTask(ttk.Frame(bare_window)), []

    def first() -> Iterator[None]:
        yield
        task.start((done.append("second") for _ in range(1)), 50)

    task.start(first())
    wait_until(lambda: not task.running, bare_window)
    assert done == ["second"]
