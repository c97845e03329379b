"""Tests of `scrolled_frame`: what is inside always gets the height it asked for last."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest
from window_support import wait_until

from number_recognition.window.widgets.scrolled_frame import ScrolledFrame


@pytest.mark.parametrize("widths", [(700, 400, 640), (400, 700, 500), (640, 300, 420)])
def test_a_height_asked_for_while_it_is_laid_out_is_given(
    bare_window: tk.Tk, widths: tuple[int, ...]
) -> None:
    scrolled = ScrolledFrame(bare_window)
    scrolled.pack(fill="both", expand=True)
    content = ttk.Frame(scrolled.inside)
    content.pack(fill="both", expand=True)
    asked = []

    def ask(event: tk.Event[tk.Misc]) -> None:
        asked.append(400_000 // event.width)  # as text that is wrapped
        scrolled.set_content_height(asked[-1])

    content.bind("<Configure>", ask)
    for width in widths:
        bare_window.geometry(f"{width}x300")
        wait_until(lambda width=width: bare_window.winfo_width() == width, bare_window)
        wait_until(lambda: scrolled.inside.winfo_height() == asked[-1], bare_window, 2)
        assert content.winfo_height() == asked[-1] == 400_000 // content.winfo_width()


def test_a_height_for_moments_is_taken_back(bare_window: tk.Tk) -> None:
    scrolled = ScrolledFrame(bare_window)
    scrolled.pack(fill="both", expand=True)
    scrolled.set_content_height(943)
    bare_window.update()
    canvas = scrolled.inside.master
    (item,) = canvas.find_all()
    canvas.itemconfigure(item, height=944)
    bare_window.update()
    assert scrolled.inside.winfo_height() == 943
