"""Menus by the right button: filled anew each time, nothing of the time before stays."""

from __future__ import annotations

import tkinter as tk

from number_recognition.window.widgets.context_menu import ContextMenu


def test_a_menu_that_opens_again_and_again_leaves_nothing_behind(bare_window: tk.Tk) -> None:
    def fill(menu: ContextMenu) -> None:
        menu.add("Copy", lambda: None)
        lines = menu.add_submenu("Lines")
        menu.add_check("loss", True, lambda: None, menu=lines)

    menu = ContextMenu(bare_window, fill)

    def commands_after_opening() -> int:
        menu.fill()
        return len(bare_window.tk.splitlist(bare_window.tk.call("info", "commands")))

    assert commands_after_opening() == commands_after_opening() == commands_after_opening()
    assert menu.menu.index("end") == 1
