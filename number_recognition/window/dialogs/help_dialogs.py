"""The small windows of the Help menu, and the question before slow work is lost."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.window.toolkit.shortcuts import MENUS, Command, key_label
from number_recognition.window.toolkit.theme import center_over, scaled, text_width

HELP = """\
Draw a digit on the pad. While the pen moves, the answer shows which digit the network reads \
and how sure it is of each of the ten.

Misread? Press the key of the digit it is, 0 to 9, or N where it is none. The drawing is kept \
with that label, the pad is cleared, and Ctrl+Z takes it all back. When some are kept, Fine-tune \
(F6) lets the network learn from them.

The right button erases; so does the left one after E. B takes the pen again, and [ and ] make \
it thinner and thicker.

Pictures are read, too: open one with Ctrl+O, paste one with Ctrl+V, or see a whole folder in \
the Files view.

Press ? for all keys."""

ABOUT = "Draw a digit and it is read right; correct it with one key and the network learns."


def show_help(root: tk.Tk) -> tk.Toplevel:
    """Say in a few words what the window is for."""
    dialog, body = _dialog(root, "Help")
    ttk.Label(body, text=HELP, wraplength=text_width(root, 56)).pack()
    center_over(dialog, root)
    return dialog


def show_about(root: tk.Tk) -> tk.Toplevel:
    """Say what the program is."""
    dialog, body = _dialog(root, "About Number Recognition")
    ttk.Label(body, text="Number Recognition", style="Heading.TLabel").pack(anchor="w")
    ttk.Label(body, text=ABOUT, wraplength=text_width(root, 44)).pack(anchor="w")
    center_over(dialog, root)
    return dialog


def show_shortcuts(root: tk.Tk, commands: list[Command]) -> tk.Toplevel:
    """List every key."""
    dialog, body = _dialog(root, "Shortcuts")
    on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
    columns = [ttk.Frame(body) for _ in range(2)]
    for column in columns:
        column.pack(side="left", anchor="n", padx=(0, scaled(root, 28)))
    for number, menu in enumerate(MENUS):
        _list_keys(columns[number >= 3], menu, _lines(menu, commands, on_mac))
    center_over(dialog, root)
    return dialog


def _lines(menu: str, commands: list[Command], on_mac: bool) -> list[tuple[str, str]]:
    lines = []
    for command in commands:
        if command.menu != menu or not command.keys or command.method == "keep":
            continue
        keys = [key_label(key, on_mac) for key in command.keys if key != "Ctrl+="]
        lines.append((" or ".join(keys), command.label))
    if menu == "Draw":
        lines = [("Left drag", "Draw"), ("Right drag", "Erase"), *lines]
        lines += [("0 … 9", "It is a …: keep and clear"), ("N or -", "It is not a digit")]
    return lines


def _list_keys(parent: ttk.Frame, menu: str, lines: list[tuple[str, str]]) -> None:
    gap = scaled(parent, 10)
    row = parent.grid_size()[1]
    ttk.Label(parent, text=menu, style="Heading.TLabel").grid(row=row, sticky="w", pady=(gap, 0))
    for number, (keys, label) in enumerate(lines, start=row + 1):
        ttk.Label(parent, text=keys).grid(row=number, column=0, sticky="w", padx=(0, 2 * gap))
        ttk.Label(parent, text=label).grid(row=number, column=1, sticky="w")


class ConfirmCloseDialog(tk.Toplevel):
    """Asks whether to close the window though slow work runs; Escape and Return stay.

    Attributes:
        message: what it says.
        stay_button, close_button: the two answers.
    """

    def __init__(self, root: tk.Tk, work: str, if_closed: str, close: Callable[[], None]) -> None:
        super().__init__(root)
        self.title("Close the window?")
        self.transient(root)
        self.resizable(False, False)
        self.message = f"{work} still runs. {if_closed}"
        gap = scaled(self, 10)
        frame = ttk.Frame(self, padding=2 * gap)
        frame.pack(fill="both", expand=True)
        ttk.Label(frame, text=self.message, wraplength=text_width(self, 52)).pack()
        bar = ttk.Frame(frame)
        bar.pack(anchor="e", pady=(2 * gap, 0))
        self.close_button = ttk.Button(bar, text="Close all the same", command=close)
        self.stay_button = ttk.Button(
            bar, text="Go on working", style="Accent.TButton", command=self.destroy
        )
        for button in (self.stay_button, self.close_button):
            button.pack(side="left", padx=(gap, 0))
        self.close_button.bind("<Return>", lambda event: close() or "break")
        self.bind("<Return>", lambda event: self.destroy())
        self.bind("<Escape>", lambda event: self.destroy())
        center_over(self, root)
        self.stay_button.focus_set()


def _dialog(root: tk.Tk, title: str) -> tuple[tk.Toplevel, ttk.Frame]:
    dialog = tk.Toplevel(root)
    dialog.title(title)
    dialog.transient(root)
    dialog.resizable(False, False)
    frame = ttk.Frame(dialog, padding=scaled(root, 20))
    frame.pack(fill="both", expand=True)
    body = ttk.Frame(frame)
    body.pack(fill="both", expand=True)
    close = ttk.Button(frame, text="Close", command=dialog.destroy)
    close.pack(anchor="e", pady=(scaled(root, 16), 0))
    close.focus_set()
    dialog.bind("<Escape>", lambda event: dialog.destroy())
    dialog.bind("<Return>", lambda event: dialog.destroy())
    return dialog, body
