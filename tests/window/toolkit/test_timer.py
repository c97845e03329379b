"""A timer calls once, unless it is cancelled; a new start replaces the one before."""

from __future__ import annotations

import tkinter as tk

from window_support import wait_until

from number_recognition.window.toolkit.timer import Timer


def test_a_timer_calls_once_however_often_it_is_started(bare_window: tk.Tk) -> None:
    calls: list[str] = []
    timer = Timer(bare_window, lambda: calls.append("timer"))
    timer.start(1)
    timer.start(1)
    assert timer.pending
    wait_until(lambda: not timer.pending, bare_window)
    bare_window.after(5, calls.append, "later")
    wait_until(lambda: "later" in calls, bare_window)
    assert calls == ["timer", "later"]


def test_a_cancelled_timer_calls_nothing(bare_window: tk.Tk) -> None:
    calls: list[str] = []
    timer = Timer(bare_window, lambda: calls.append("timer"))
    timer.start(1)
    timer.cancel()
    assert not timer.pending
    bare_window.after(5, calls.append, "later")
    wait_until(lambda: "later" in calls, bare_window)
    assert calls == ["later"]


def test_an_idle_timer_calls_once_what_is_due_is_done(bare_window: tk.Tk) -> None:
    calls: list[str] = []
    timer = Timer(bare_window, lambda: calls.append("timer"))
    timer.start_idle()
    bare_window.after(0, calls.append, "due")
    assert timer.pending
    wait_until(lambda: not timer.pending, bare_window)
    assert calls == ["due", "timer"]


def test_a_timer_can_be_started_again_by_what_it_calls(bare_window: tk.Tk) -> None:
    calls: list[str] = []

    def call() -> None:
        calls.append("timer")
        if len(calls) < 3:
            timer.start(1)

    timer = Timer(bare_window, call)
    timer.start(1)
    wait_until(lambda: len(calls) == 3 and not timer.pending, bare_window)
