"""The menus and the keys run the commands of the table."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest

from number_recognition.window.layout.view_tabs import VIEWS
from number_recognition.window.toolkit.shortcuts import (
    COMMANDS,
    MENUS,
    Command,
    MenuBar,
    bind_keys,
    key_sequences,
    view_commands,
)


@pytest.fixture
def ran(bare_window: tk.Tk) -> list[Command]:
    """The commands that menus and keys of the window ran, in order."""
    ran: list[Command] = []
    commands = [*COMMANDS, *view_commands([title for title, _, _ in VIEWS])]
    MenuBar(bare_window, commands, ran.append)
    bind_keys(bare_window, commands, ran.append)
    return ran


def entries(window: tk.Tk) -> Iterator[tuple[str, tk.Menu, int]]:
    """Every command in the menu bar: the title of its menu, the menu, and its index there."""
    bar = window.nametowidget(window["menu"])
    for number in range(bar.index("end") + 1):
        menu = window.nametowidget(bar.entrycget(number, "menu"))
        yield from ((bar.entrycget(number, "label"), menu, index) for menu, index in _entries(menu))


def _entries(menu: tk.Menu) -> Iterator[tuple[tk.Menu, int]]:
    last = menu.index("end")  # None for a menu that is filled when it opens
    for index in range(0 if last is None else last + 1):
        if menu.type(index) == "cascade":
            yield from _entries(menu.nametowidget(menu.entrycget(index, "menu")))
        elif menu.type(index) != "separator":
            yield menu, index


def test_every_menu_entry_runs_the_command_of_its_label(
    bare_window: tk.Tk, ran: list[Command]
) -> None:
    found = list(entries(bare_window))
    assert {title for title, _, _ in found} == set(MENUS)
    for title, menu, index in found:
        menu.invoke(index)
        assert (ran[-1].menu, ran[-1].label) == (title, menu.entrycget(index, "label"))
    assert len(ran) == len(found) == len({(each.menu, each.label) for each in ran})


def test_the_keys_that_a_menu_shows_run_the_same_command(
    bare_window: tk.Tk, ran: list[Command]
) -> None:
    bare_window.focus_force()
    bare_window.update()
    shown = 0
    for _, menu, index in entries(bare_window):
        if accelerator := menu.entrycget(index, "accelerator"):
            shown += 1
            menu.invoke(index)
            # The last form: from one in upper case, Tk makes an event with the shift key.
            bare_window.event_generate(key_sequences(accelerator, on_mac=False)[-1])
            assert ran[-1] is ran.pop(-2), accelerator
    assert shown > 25 and len(ran) == shown


def test_no_two_commands_have_the_same_key() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_ctrl_a_selects_the_text_of_a_field_in_a_dialog_of_tk_itself(
    bare_window: tk.Tk, ran: list[Command]
) -> None:
    evaluate = bare_window.tk.eval
    evaluate("pack [ttk::entry .field]; .field insert 0 digits; update; focus -force .field")
    evaluate("event generate .field <Control-a>")
    assert (evaluate(".field index sel.first"), evaluate(".field index sel.last")) == ("0", "6")
