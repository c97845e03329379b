"""The dialogs of the Help menu, and the one that asks before a running job is lost."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from number_recognition.window.toolkit.shortcuts import MENUS, Command, key_label
from number_recognition.window.toolkit.theme import center_over, scaled, text_width

HELP = """\
Draw a digit on the pad. The recognized digit and the probability of each of the ten digits are \
updated while you draw. If the network is not sure, the second guess is shown, too; if the drawing \
doesn't look like a digit, only a best guess.

If it is wrong, press the correct digit, 0 to 9, or N if it is not a digit. This keeps the \
drawing with the label and clears the pad; Ctrl+Z undoes it. Fine-tune (F6) trains the network \
on the kept drawings.

The left mouse button draws, the right one erases. Press E for the eraser, B for the pen, and \
[ or ] for a thinner or thicker pen.

You can also open an image with Ctrl+O, paste one with Ctrl+V, or recognize a folder of images \
in the Files view.

Press ? for all keyboard shortcuts."""

ABOUT = (
    "Recognizes the digits you draw. Press the correct digit where it is wrong, and the network "
    "can learn from your corrections."
)


def show_help(root: tk.Tk) -> tk.Toplevel:
    """Show how the window is used."""
    dialog, body = _dialog(root, "Help")
    ttk.Label(body, text=HELP, wraplength=text_width(root, 56)).pack()
    center_over(dialog, root)
    return dialog


def show_about(root: tk.Tk) -> tk.Toplevel:
    """Show what the program is."""
    dialog, body = _dialog(root, "About Number Recognition")
    ttk.Label(body, text="Number Recognition", style="Heading.TLabel").pack(anchor="w")
    ttk.Label(body, text=ABOUT, wraplength=text_width(root, 44)).pack(anchor="w")
    center_over(dialog, root)
    return dialog


def show_shortcuts(root: tk.Tk, commands: list[Command]) -> tk.Toplevel:
    """Show all keyboard shortcuts."""
    dialog, body = _dialog(root, "Keyboard shortcuts")
    on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
    columns = [ttk.Frame(body) for _ in range(2)]
    for column in columns:
        column.pack(side="left", anchor="n", padx=(0, scaled(root, 28)))
    for index, menu in enumerate(MENUS):
        _add_menu(columns[index >= 3], menu, _key_rows(menu, commands, on_mac))
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
        ttk.Label(parent, text=keys).grid(row=row, column=0, sticky="w", padx=(0, 2 * gap))
        ttk.Label(parent, text=label).grid(row=row, column=1, sticky="w")


class ConfirmCloseDialog(tk.Toplevel):
    """Asks whether to close the window while a job is running; Escape and Return cancel.

    Attributes:
        message: the text.
        cancel_button, close_button: the answers.
    """

    def __init__(self, root: tk.Tk, job: str, if_closed: str, close: Callable[[], None]) -> None:
        """Open the dialog.

        Args:
            root: the main window.
            job: the name of the job.
            if_closed: what is lost, a sentence.
            close: called when the user decides to close.
        """
        super().__init__(root)
        self.title("Close the window?")
        self.transient(root)
        self.resizable(False, False)
        self.message = f"{job} is still running. {if_closed}"
        self._build(close)
        self.bind("<Return>", lambda event: self.destroy())
        self.bind("<Escape>", lambda event: self.destroy())
        center_over(self, root)
        self.cancel_button.focus_set()

    def _build(self, close: Callable[[], None]) -> None:
        def close_on_return(event: tk.Event[ttk.Button]) -> str:
            close()
            return "break"

        gap = scaled(self, 10)
        frame = ttk.Frame(self, padding=2 * gap)
        frame.pack(fill="both", expand=True)
        ttk.Label(frame, text=self.message, wraplength=text_width(self, 52)).pack()
        bar = ttk.Frame(frame)
        bar.pack(anchor="e", pady=(2 * gap, 0))
        self.cancel_button = ttk.Button(
            bar, text="Cancel", style="Accent.TButton", command=self.destroy
        )
        self.close_button = ttk.Button(bar, text="Close anyway", command=close)
        for button in (self.cancel_button, self.close_button):
            button.pack(side="left", padx=(gap, 0))
        self.close_button.bind("<Return>", close_on_return)


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
