"""The table of commands, from which the menus, the key bindings and the help are built."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from number_recognition.window.toolkit.focus import bind_tab

MENUS = ("File", "Edit", "Draw", "Model", "View", "Help")


@dataclass(frozen=True)
class Command:
    """One command of the window.

    Attributes:
        menu: one of `MENUS`.
        label: its text in the menu.
        method: the dotted name of a method of the window, called with `arguments`.
        keys: written like "Ctrl+Z"; the menu shows the first.
        needs: the state in which it is enabled, a key of `CommandState.current`; "" for always.
        while_typing: whether its keys also act while a text field has the focus.
        in_menu: False for a command that has keys only.
        separator: whether the menu has a separator above it.
        fills_submenu: whether the method fills a submenu, which it is given each time that opens.
        mark: a name of `MenuBar.marks` and its value with which the entry is marked: with a check
            where that is True, else with the dot of one of several.
        submenu: the title of the menu in the menu that it stands in, "" for none.
    """

    menu: str
    label: str
    method: str
    keys: tuple[str, ...] = ()
    needs: str = ""
    while_typing: bool = False
    arguments: tuple[Any, ...] = ()
    in_menu: bool = True
    separator: bool = False
    fills_submenu: bool = False
    mark: tuple[str, object] | None = None
    submenu: str = ""


COMMANDS = (
    Command("File", "Open image …", "image_menu.open", ("Ctrl+O",), while_typing=True),
    Command("File", "Open recent", "image_menu.list_recent", fills_submenu=True),
    Command("File", "Save drawing as …", "image_menu.save", ("Ctrl+S",), "drawn",
            while_typing=True),
    Command("File", "Settings …", "settings.open", ("Ctrl+,",), while_typing=True,
            separator=True),
    Command("File", "Quit", "quit_window", ("Ctrl+Q",), while_typing=True, separator=True),
    Command("Edit", "Undo", "undo", ("Ctrl+Z",), "undo"),
    Command("Edit", "Redo", "redo", ("Ctrl+Y", "Ctrl+Shift+Z"), "redo"),
    Command("Edit", "Copy image", "image_menu.copy", ("Ctrl+C",), "drawn", separator=True),
    Command("Edit", "Paste image", "image_menu.paste", ("Ctrl+V",)),
    Command("Edit", "Clear", "draw_menu.clear", ("Ctrl+Delete",), "drawn", separator=True),
    Command("Draw", "Pen", "draw_menu.set_tool", ("B",), arguments=("pen",),
            mark=("tool", "pen")),
    Command("Draw", "Eraser", "draw_menu.set_tool", ("E",), arguments=("eraser",),
            mark=("tool", "eraser")),
    Command("Draw", "Crop image", "draw_menu.crop", ("C",), "image"),
    Command("Draw", "Thinner pen", "draw_menu.change_pen", ("[",), arguments=(-2,), separator=True),
    Command("Draw", "Thicker pen", "draw_menu.change_pen", ("]",), arguments=(+2,)),
    *(
        Command("Draw", f"Keep as {digit}", "draw_menu.keep", (str(digit), f"KP_{digit}"),
                "readable", arguments=(digit,), submenu="Keep as", separator=digit == 0)
        for digit in range(10)
    ),
    Command("Draw", "Keep as not a digit", "draw_menu.keep", ("N", "-"), "readable",
            arguments=(None,)),
    Command("Draw", "Read as one digit", "draw_menu.toggle_single_digit", separator=True,
            mark=("single_digit", True)),
    Command("Draw", "Cancel stroke", "draw_menu.cancel", ("Escape",), while_typing=True,
            in_menu=False),
    Command("Model", "Open network …", "model_menu.open_network", ("Ctrl+Shift+O",),
            while_typing=True),
    Command("Model", "Network versions …", "model_menu.show_versions"),
    Command("Model", "Train", "model_menu.train", ("F5",), "idle", while_typing=True,
            separator=True),
    Command("Model", "Fine-tune", "model_menu.fine_tune", ("F6",), "tunable", while_typing=True),
    Command("Model", "Evaluate", "model_menu.evaluate", ("F7",), "idle", while_typing=True),
    Command("Model", "Stop", "model_menu.stop", ("Ctrl+F2",), "running", while_typing=True),
    Command("View", "Simple mode", "view_menu.toggle_simple", ("F9",), while_typing=True,
            mark=("simple", True)),
    Command("View", "Dark theme", "view_menu.toggle_theme", ("Ctrl+D",), while_typing=True,
            mark=("dark", True)),
    Command("View", "Larger text", "view_menu.zoom", ("Ctrl+Plus", "Ctrl+="), while_typing=True,
            arguments=(+1,), separator=True),
    Command("View", "Smaller text", "view_menu.zoom", ("Ctrl+Minus",), while_typing=True,
            arguments=(-1,)),
    Command("View", "Normal text", "view_menu.zoom", ("Ctrl+0",), while_typing=True,
            arguments=(0,)),
    Command("View", "View fills the window", "view_menu.enlarge", ("F8",), while_typing=True,
            separator=True, mark=("enlarged", True)),
    Command("View", "Full screen", "view_menu.toggle_full_screen", ("F11",), while_typing=True,
            mark=("full_screen", True)),
    Command("Help", "Help", "help_menu.show", ("F1",), while_typing=True),
    Command("Help", "Glossary", "help_menu.show_glossary", ("Shift+F1",), while_typing=True),
    Command("Help", "Keyboard shortcuts", "help_menu.show_shortcuts", ("?",)),
    Command("Help", "About", "help_menu.show_about", separator=True),
)  # fmt: skip

_KEYSYMS = {
    "Plus": "plus", "Minus": "minus", "-": "minus", "=": "equal", ",": "comma",
    "[": "bracketleft", "]": "bracketright", "?": "question",
}  # fmt: skip


def view_commands(titles: list[str]) -> list[Command]:
    """Return the commands that show the views."""
    return [
        Command("View", title, "choose_view", (f"Ctrl+{number}",), while_typing=True,
                arguments=(title,), separator=number == 1, mark=("view", title))
        for number, title in enumerate(titles, start=1)
    ]  # fmt: skip


def key_label(key: str, on_mac: bool) -> str:
    """Return a key as the menus of this platform show it."""
    return key.replace("Ctrl", "Command").replace("+", "-") if on_mac else key


def key_sequences(key: str, on_mac: bool) -> list[str]:
    """Return Tk's event sequences of a key.

    "Ctrl+Shift+Z" -> ["<Control-Shift-Key-Z>", "<Control-Shift-Key-z>"]
    """
    *modifiers, last = key.split("+")
    control = "Command" if on_mac else "Control"
    names = [control if name == "Ctrl" else name for name in modifiers]
    keysym = _KEYSYMS.get(last, last)
    # Caps lock turns z into Z; Ctrl+Shift+Z differs from Ctrl+Z by the modifier alone.
    forms = [keysym.upper(), keysym.lower()] if len(keysym) == 1 and keysym.isalpha() else [keysym]
    return [f"<{'-'.join([*names, 'Key', form])}>" for form in forms]


def focused_widget(widget: tk.Misc) -> tk.Misc | None:
    """Return the widget of the program that has the focus, None without one.

    An open menu of the menu bar has it as a copy that Tk makes, which tkinter does not know.
    """
    try:
        return widget.focus_get()
    except KeyError:
        return None


def is_typing(widget: tk.Misc | None) -> bool:
    """Return whether keys pressed in a widget are text, or input of the form around it."""
    if _in_form(widget):
        return True
    if widget is None or widget.winfo_class() not in ("TEntry", "Entry", "Text", "TSpinbox",
                                                      "Spinbox", "TCombobox"):  # fmt: skip
        return False
    return str(widget.cget("state")) not in ("readonly", "disabled")


def _in_form(widget: tk.Misc | None) -> bool:
    """Return whether it is inside a form, where a digit key never labels the drawing."""
    while widget is not None and not getattr(widget, "is_form", False):
        widget = widget.master
    return widget is not None


def has_modifier(event: tk.Event[Any], windowing_system: str) -> bool:
    """Return whether Control, Alt or Command is down; num lock and caps lock do not count."""
    masks = {"x11": 0x4 | 0x8 | 0x40, "win32": 0x4 | 0x20000, "aqua": 0x4 | 0x8 | 0x10}
    return bool(int(event.state) & masks.get(windowing_system, 0x4))


def bind_keys(root: tk.Tk, commands: list[Command], run: Callable[[Command], object]) -> None:
    """Bind the keys of all commands in the main window, Ctrl+A in all text fields, and Tab."""
    bind_tab(root)
    on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
    for field in ("TEntry", "TCombobox", "TSpinbox"):
        for sequence in key_sequences("Ctrl+A", on_mac):
            root.bind_class(field, sequence, partial(_select_all, root))
    for command in commands:
        for key in command.keys:
            for sequence in key_sequences(key, on_mac):
                root.bind(sequence, _handler(root, command, run, "Ctrl+" in key))


def _select_all(root: tk.Tk, event: tk.Event[Any]) -> str:
    # By Tk's commands: a field of Tk's own dialogs is no object, but its path.
    root.tk.call(event.widget, "selection", "range", 0, "end")
    root.tk.call(event.widget, "icursor", "end")
    return "break"


def _handler(
    root: tk.Tk, command: Command, run: Callable[[Command], object], with_modifier: bool
) -> Callable[[tk.Event[tk.Misc]], str | None]:
    windowing_system = root.tk.call("tk", "windowingsystem")

    def on_key(event: tk.Event[tk.Misc]) -> str | None:
        if not command.while_typing and is_typing(focused_widget(root)):
            return None
        if not with_modifier and has_modifier(event, windowing_system):
            return None
        run(command)
        return "break"

    return on_key


class MenuBar:
    """The menu bar of the main window, built from the table of commands.

    Attributes:
        marks: returns the value of each name that `Command.mark` uses; called when a menu opens.
    """

    def __init__(
        self,
        root: tk.Tk,
        commands: list[Command],
        run: Callable[[Command], object],
        marks: Callable[[], dict[str, object]] = dict,
    ) -> None:
        self.marks, self._run = marks, run
        self._on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
        self._conditional: list[tuple[tk.Menu, int, str]] = []
        self._variables: dict[str, tk.Variable] = {}
        self._bar = tk.Menu(root, tearoff=False)
        for name in MENUS:
            self._add_menu(name, [each for each in commands if each.menu == name and each.in_menu])
        root.configure(menu=self._bar)

    def _add_menu(self, name: str, commands: list[Command]) -> None:
        menu = tk.Menu(self._bar, tearoff=False, name=name.lower(), postcommand=self.show_marks)
        self._bar.add_cascade(label=name, menu=menu, underline=0)
        submenus: dict[str, tk.Menu] = {}
        for command in commands:
            if command.separator:
                menu.add_separator()
            if not command.submenu:
                self._add(menu, command)
                continue
            if command.submenu not in submenus:
                submenu = submenus[command.submenu] = tk.Menu(menu, tearoff=False)
                menu.add_cascade(label=command.submenu, menu=submenu)
            self._add(submenus[command.submenu], command)

    def _add(self, menu: tk.Menu, command: Command) -> None:
        if command.fills_submenu:
            self._add_filled_submenu(menu, command)
            return
        options: dict[str, Any] = {
            "label": command.label,
            "accelerator": key_label(command.keys[0], self._on_mac) if command.keys else "",
            "command": lambda: self._run(command),
        }
        if command.mark is None:
            menu.add_command(**options)
        else:
            name, value = command.mark
            if name not in self._variables:
                self._variables[name] = tk.StringVar(menu)
            options["variable"] = self._variables[name]
            if value is True:
                menu.add_checkbutton(onvalue="True", offvalue="False", **options)
            else:
                menu.add_radiobutton(value=str(value), **options)
        index = menu.index("end")
        if command.needs and index is not None:
            self._conditional.append((menu, index, command.needs))

    def _add_filled_submenu(self, menu: tk.Menu, command: Command) -> None:
        submenu = tk.Menu(menu, tearoff=False)
        fill = replace(command, arguments=(submenu,))
        submenu.configure(postcommand=lambda: self._run(fill))
        menu.add_cascade(label=command.label, menu=submenu)

    def show_marks(self) -> None:
        """Mark what is chosen now."""
        for name, value in self.marks().items():
            if name in self._variables:
                self._variables[name].set(str(value))

    def enable(self, state: dict[str, bool]) -> None:
        """Enable the commands whose `needs` are met."""
        for menu, index, needs in self._conditional:
            menu.entryconfigure(index, state="normal" if state[needs] else "disabled")
