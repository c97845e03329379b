"""The dialogs of the Help menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from number_recognition import VERSION
from number_recognition.window.toolkit.shortcuts import MENUS, Command, key_label
from number_recognition.window.toolkit.theme import center_over, scaled, text_width
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame

HELP = (
    (
        "Drawing",
        "Draw a digit on the pad, or several beside each other. The answer and the probability of "
        "each digit follow while you draw. The left button draws, the right one erases; E is the "
        "eraser, B the pen, [ and ] make it thinner or thicker. Ctrl+O opens an image, Ctrl+V "
        "pastes one, and image files can be dropped on the pad.",
    ),
    (
        "Correcting",
        "Press the digit it is, 0 to 9, or N if it is none. The drawing is kept with that label "
        "and the pad is cleared; Ctrl+Z takes it back. Fine-tune (F6) trains the network on what "
        "was kept.",
    ),
    (
        "Network",
        "What each unit does while you draw, why the answer is what it is, and what would have to "
        "change for another one.",
    ),
    (
        "Robustness",
        "Move, turn, scale or thicken the drawing with sliders, or add noise, and see when the "
        "answer changes.",
    ),
    (
        "Training",
        "Train a network of your own: a preset, or your own settings. Curves show how it learns; "
        "it can be paused, stopped and resumed. Meanwhile it can read the pad, if you want that.",
    ),
    (
        "Results",
        "How often the network in use is right, on MNIST or on your drawings, which digits it "
        "confuses, and the images it misread.",
    ),
    (
        "Experiments",
        "Train with several values of a setting and compare the runs.",
    ),
    (
        "Drawings",
        "All kept drawings: look through them, change labels, move them to the trash or back, "
        "import and export.",
    ),
    (
        "Files",
        "Read the images of a folder, one after the other.",
    ),
    (
        "Charts",
        "Drag a rectangle to zoom in; a double click or Home shows all. Point at a line, or use "
        "the arrow keys, to read its values. Click a name in the legend to hide its line. L is a "
        "logarithmic scale. The right button has a menu of all this; it copies and saves pictures.",
    ),
    (
        "Large",
        "F8 lets the view or the plot below the pointer fill the window, Esc brings it back. F9 "
        "shows the pad and the answer alone, F11 uses the whole screen, Ctrl+Plus makes all text "
        "larger. Press ? for all keyboard shortcuts, Shift+F1 for a glossary of the terms.",
    ),
)
"""Headings and texts of the help, one for each view among them."""

ABOUT = (
    "Recognizes the digits you draw. Press the correct digit where it is wrong, and the network "
    "can learn from your corrections."
)
LICENSE = "MIT License"
_LONGEST_LABEL = 34
"""Characters of what a key does, beside the key in one line."""


def show_help(root: tk.Tk) -> tk.Toplevel:
    """Show how the window is used."""
    dialog, body = _dialog(root, "Help")
    width = text_width(root, 56)
    scrolled = ScrolledFrame(body)
    scrolled.pack(fill="both", expand=True)
    for heading, text in HELP:
        ttk.Label(scrolled.inside, text=heading, style="Heading.TLabel").pack(anchor="w")
        paragraph = ttk.Label(scrolled.inside, text=text, wraplength=width)
        paragraph.pack(anchor="w", pady=(0, scaled(root, 8)))
    scrolled.fit_screen()
    center_over(dialog, root)
    return dialog


def show_about(root: tk.Tk, facts: Sequence[tuple[str, str]]) -> tk.Toplevel:
    """Show what the program is.

    Args:
        root: the main window.
        facts: what else is to be said, a name and a text each: the network, where files are.
    """
    dialog, body = _dialog(root, "About Number Recognition")
    scrolled = ScrolledFrame(body, padding=0)
    scrolled.pack(fill="both", expand=True)
    name, inside = f"Number Recognition {VERSION}", scrolled.inside
    ttk.Label(inside, text=name, style="Heading.TLabel").pack(anchor="w")
    width = text_width(root, 56)
    ttk.Label(inside, text=ABOUT, wraplength=width).pack(anchor="w", pady=(0, scaled(root, 8)))
    table = ttk.Frame(inside)
    table.pack(anchor="w")
    labels = []
    for row, (title, text) in enumerate((("Licence", LICENSE), *facts)):
        ttk.Label(table, text=title, style="Faint.TLabel").grid(row=row, sticky="nw")
        label = ttk.Label(table, text=text)
        label.grid(row=row, column=1, sticky="w", padx=(scaled(root, 14), 0))
        labels.append(label)
    titles = max(each.winfo_reqwidth() for each in table.grid_slaves(column=0))
    room = root.winfo_screenwidth() - titles - scaled(root, 14 + 2 * 20 + 34)  # a scrollbar, too
    for label in labels:
        label.configure(wraplength=min(width, room))
    scrolled.fit_screen()
    center_over(dialog, root)
    return dialog


def show_shortcuts(root: tk.Tk, commands: list[Command]) -> tk.Toplevel:
    """Show all keyboard shortcuts."""
    dialog, body = _dialog(root, "Keyboard shortcuts")
    on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
    scrolled = ScrolledFrame(body)
    scrolled.pack(fill="both", expand=True)
    columns = [ttk.Frame(scrolled.inside) for _ in range(2)]
    for index, menu in enumerate(MENUS):
        _add_menu(columns[index >= 3], menu, _key_rows(menu, commands, on_mac))
    body.update_idletasks()  # the columns know their widths then
    widths = [column.winfo_reqwidth() + scaled(root, 28) for column in columns]
    is_wide = sum(widths) + scaled(root, 100) <= root.winfo_screenwidth()
    for column in columns:
        column.pack(side="left" if is_wide else "top", anchor="nw", padx=(0, scaled(root, 28)))
    scrolled.fit_screen()
    center_over(dialog, root)
    return dialog


def _key_rows(menu: str, commands: list[Command], on_mac: bool) -> list[tuple[str, str]]:
    """Return the keys and the label of each command of a menu."""
    rows = []
    for command in commands:
        if command.menu != menu or not command.keys or command.method == "draw_menu.keep":
            continue
        keys = [key_label(key, on_mac) for key in command.keys if key != "Ctrl+="]
        rows.append((" or ".join(keys), command.label))
    if menu == "Draw":
        rows = [("Left button", "Draw"), ("Right button", "Erase"), *rows]
        rows += [
            ("0 to 9", "Keep as this digit (of a number: the chosen digit)"),
            ("N or -", "Keep as not a digit"),
            ("Left or Right", "Choose a digit of a number"),
            ("Enter", "Crop the image to the rectangle"),
        ]
    return rows


def _add_menu(parent: ttk.Frame, menu: str, rows: list[tuple[str, str]]) -> None:
    gap = scaled(parent, 10)
    first = parent.grid_size()[1]
    ttk.Label(parent, text=menu, style="Heading.TLabel").grid(row=first, sticky="w", pady=(gap, 0))
    for row, (keys, label) in enumerate(rows, start=first + 1):
        ttk.Label(parent, text=keys).grid(row=row, column=0, sticky="nw", padx=(0, 2 * gap))
        text = ttk.Label(parent, text=label, wraplength=text_width(parent, _LONGEST_LABEL))
        text.grid(row=row, column=1, sticky="w")


def _dialog(root: tk.Tk, title: str) -> tuple[tk.Toplevel, ttk.Frame]:
    """Create a dialog with a Close button; return it and the frame for its content."""
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
