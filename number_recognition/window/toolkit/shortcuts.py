"""Every command of the menus with its keys: one table for the menus, the bindings and the help."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

MENUS = ("File", "Edit", "Draw", "Model", "View", "Help")


@dataclass(frozen=True)
class Command:
    """One entry of a menu.

    `method` is a method of the window, with its arguments in `arguments`. `keys` are written as
    people read them, the first of them in the menu. `needs` names what must be so for it to be
    enabled (see `CommandState.current`). A key with `typing` acts while an entry has the focus, too.
    """

    menu: str
    label: str
    method: str
    keys: tuple[str, ...] = ()
    needs: str = ""
    typing: bool = False
    arguments: tuple = ()
    in_menu: bool = True
    line_above: bool = False


COMMANDS = (
    Command("File", "Open image …", "image_menu.open", ("Ctrl+O",), typing=True),
    Command("File", "Save drawing as …", "image_menu.save", ("Ctrl+S",), "drawn", typing=True),
    Command("File", "Settings …", "model_menu.open_settings", ("Ctrl+,",), line_above=True),
    Command("File", "Quit", "quit_window", ("Ctrl+Q",), typing=True, line_above=True),
    Command("Edit", "Undo", "undo", ("Ctrl+Z",), "undo"),
    Command("Edit", "Redo", "redo", ("Ctrl+Y", "Ctrl+Shift+Z"), "redo"),
    Command("Edit", "Copy image", "image_menu.copy", ("Ctrl+C",), "drawn", line_above=True),
    Command("Edit", "Paste image", "image_menu.paste", ("Ctrl+V",)),
    Command("Edit", "Clear", "draw_menu.clear", ("Ctrl+Delete",), "drawn", line_above=True),
    Command("Draw", "Pen", "draw_menu.set_tool", ("B",), arguments=("pen",)),
    Command("Draw", "Eraser", "draw_menu.set_tool", ("E",), arguments=("eraser",)),
    Command("Draw", "Thinner", "draw_menu.change_pen", ("[",), arguments=(-2,), line_above=True),
    Command("Draw", "Thicker", "draw_menu.change_pen", ("]",), arguments=(+2,)),
    *(
        Command("Draw", f"It is a {digit}", "draw_menu.keep", (str(digit), f"KP_{digit}"), "readable",
                arguments=(digit,), in_menu=False)
        for digit in range(10)
    ),
    Command("Draw", "Not a digit", "draw_menu.keep", ("N", "-"), "readable", arguments=(None,),
            line_above=True),
    Command("Draw", "Read as one digit", "draw_menu.toggle_single_digit", line_above=True),
    Command("Draw", "Take the running stroke back", "draw_menu.cancel", ("Escape",), in_menu=False),
    Command("Model", "Open network …", "model_menu.open_network", ("Ctrl+Shift+O",), typing=True),
    Command("Model", "Versions …", "model_menu.show_versions"),
    Command("Model", "Train", "model_menu.train", ("F5",), "idle", typing=True, line_above=True),
    Command("Model", "Fine-tune", "model_menu.fine_tune", ("F6",), "tunable", typing=True),
    Command("Model", "Evaluate", "model_menu.evaluate", ("F7",), "idle", typing=True),
    Command("Model", "Stop", "model_menu.stop", ("Ctrl+F2",), "running", typing=True),
    Command("View", "Simple mode", "view_menu.toggle_simple", ("F9",), typing=True),
    Command("View", "Light or dark", "view_menu.toggle_theme", ("Ctrl+D",), typing=True),
    Command("View", "Larger text", "view_menu.zoom", ("Ctrl+Plus", "Ctrl+="), typing=True,
            arguments=(+1,), line_above=True),
    Command("View", "Smaller text", "view_menu.zoom", ("Ctrl+Minus",), typing=True, arguments=(-1,)),
    Command("View", "Normal text", "view_menu.zoom", ("Ctrl+0",), typing=True, arguments=(0,)),
    Command("View", "Full screen", "view_menu.toggle_full_screen", ("F11",), typing=True,
            line_above=True),
    Command("Help", "Help", "help_menu.show", ("F1",), typing=True),
    Command("Help", "Glossary", "help_menu.show_glossary", ("Shift+F1",), typing=True),
    Command("Help", "Shortcuts", "help_menu.show_shortcuts", ("?",)),
    Command("Help", "About", "help_menu.show_about", line_above=True),
)  # fmt: skip

_KEYSYMS = {
    "Plus": "plus", "Minus": "minus", "-": "minus", "=": "equal", ",": "comma",
    "[": "bracketleft", "]": "bracketright", "?": "question",
}  # fmt: skip


def view_commands(titles: list[str]) -> list[Command]:
    """The commands that bring the views to the top."""
    return [
        Command("View", title, "choose_view", (f"Ctrl+{number}",), typing=True,
                arguments=(title,), line_above=number == 1)
        for number, title in enumerate(titles, start=1)
    ]  # fmt: skip


def key_label(key: str, on_mac: bool) -> str:
    """A key as this platform's menus write it."""
    return key.replace("Ctrl", "Command").replace("+", "-") if on_mac else key


def sequences(key: str, on_mac: bool) -> list[str]:
    """What Tk calls a key: "Ctrl+Shift+Z" -> ["<Control-Shift-Key-Z>", "<Control-Shift-Key-z>"]."""
    *held, last = key.split("+")
    control = "Command" if on_mac else "Control"
    names = [control if name == "Ctrl" else name for name in held]
    keysym = _KEYSYMS.get(last, last)
    # A caps lock turns z to Z; only a held shift makes Ctrl+Shift+Z of Ctrl+Z.
    forms = [keysym.upper(), keysym.lower()] if len(keysym) == 1 and keysym.isalpha() else [keysym]
    return [f"<{'-'.join([*names, 'Key', form])}>" for form in forms]


def is_typing(widget: tk.Misc | None) -> bool:
    """Whether what is typed goes into this widget as text, or is meant for the form around it."""
    if _in_form(widget):
        return True
    if widget is None or widget.winfo_class() not in ("TEntry", "Entry", "Text", "TSpinbox",
                                                      "Spinbox", "TCombobox"):  # fmt: skip
        return False
    return str(widget.cget("state")) not in ("readonly", "disabled")


def _in_form(widget: tk.Misc | None) -> bool:
    """Whether it is part of a form, where a digit is never a correction of what is on the pad."""
    while widget is not None and not getattr(widget, "is_form", False):
        widget = widget.master
    return widget is not None


def has_modifier(event: tk.Event, windowing: str) -> bool:
    """Whether Control, Alt or Command is down; num lock and caps lock do not count."""
    masks = {"x11": 0x4 | 0x8 | 0x40, "win32": 0x4 | 0x20000, "aqua": 0x4 | 0x8 | 0x10}
    return bool(int(event.state) & masks.get(windowing, 0x4))


def bind_keys(root: tk.Tk, commands: list[Command], run: Callable[[Command], object]) -> None:
    """Bind every key of the commands in the main window."""
    windowing = root.tk.call("tk", "windowingsystem")

    def pressed(event: tk.Event, command: Command, plain: bool) -> str | None:
        if not command.typing and is_typing(root.focus_get()):
            return None
        if plain and has_modifier(event, windowing):
            return None
        run(command)
        return "break"

    for command in commands:
        for key in command.keys:
            plain = "Ctrl+" not in key
            for sequence in sequences(key, windowing == "aqua"):
                root.bind(sequence, lambda event, c=command, plain=plain: pressed(event, c, plain))


class MenuBar:
    """The menu bar, made from the table of commands."""

    def __init__(
        self, root: tk.Tk, commands: list[Command], run: Callable[[Command], object]
    ) -> None:
        self._entries: list[tuple[tk.Menu, int, str]] = []
        on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
        bar = tk.Menu(root, tearoff=False)
        for name in MENUS:
            menu = tk.Menu(bar, tearoff=False, name=name.lower())
            bar.add_cascade(label=name, menu=menu, underline=0)
            for command in commands:
                if command.menu == name and command.in_menu:
                    self._add(menu, command, run, on_mac)
        root.configure(menu=bar)

    def _add(
        self, menu: tk.Menu, command: Command, run: Callable[[Command], object], on_mac: bool
    ) -> None:
        if command.line_above:
            menu.add_separator()
        menu.add_command(
            label=command.label,
            accelerator=key_label(command.keys[0], on_mac) if command.keys else "",
            command=lambda: run(command),
        )
        if command.needs:
            self._entries.append((menu, menu.index("end"), command.needs))

    def enable(self, state: dict[str, bool]) -> None:
        """Enable the entries whose needs are met."""
        for menu, place, needs in self._entries:
            menu.entryconfigure(place, state="normal" if state[needs] else "disabled")
