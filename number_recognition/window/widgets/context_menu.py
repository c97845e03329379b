"""A menu of what can be done with a widget: by the right button, the Menu key or Shift+F10."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from number_recognition.window.toolkit.focus import FocusRing
from number_recognition.window.toolkit.shortcuts import key_label


def context_menu_events(widget: tk.Misc) -> tuple[str, ...]:
    """Return the events that ask for the menu of what is below the pointer, on this system."""
    if widget.tk.call("tk", "windowingsystem") == "aqua":
        return "<Button-2>", "<Control-Button-1>"
    return ("<Button-3>",)


class ContextMenu:
    """Opens a menu at the pointer, or in the middle of the widget where a key asks for it.

    Attributes:
        menu: the menu, filled anew each time that it opens.
    """

    def __init__(self, widget: tk.Misc, fill: Callable[[ContextMenu], object]) -> None:
        """Bind the menu of a widget; `fill` adds the entries that there are now."""
        self.menu = tk.Menu(widget, tearoff=False)
        self._widget, self._fill = widget, fill
        self._on_mac = widget.tk.call("tk", "windowingsystem") == "aqua"
        self._variables: list[tk.Variable] = []
        for event in context_menu_events(widget):
            widget.bind(event, self._post_at_pointer, add=True)
        is_windows = widget.tk.call("tk", "windowingsystem") == "win32"
        for key in ("<Shift-F10>", "<App>" if is_windows else "<Menu>"):
            widget.bind(key, self._post_in_middle, add=True)

    def fill(self) -> tk.Menu:
        """Fill the menu with what can be done now, and return it."""
        self.menu.delete(0, "end")
        for submenu in self.menu.winfo_children():
            submenu.destroy()
        self._variables.clear()
        self._fill(self)
        return self.menu

    def add(
        self, label: str, command: Callable[[], object], key: str = "", enabled: bool = True
    ) -> None:
        """Add an entry; `key`: the key that does the same, written like "Ctrl+C"."""
        self.menu.add_command(
            label=label,
            command=command,
            accelerator=key_label(key, self._on_mac),
            state="normal" if enabled else "disabled",
        )

    def add_check(
        self,
        label: str,
        checked: bool,
        command: Callable[[], object],
        key: str = "",
        menu: tk.Menu | None = None,
    ) -> None:
        """Add an entry with a check mark, to this menu or to one of its submenus."""
        variable = tk.BooleanVar(self._widget, checked)
        self._variables.append(variable)  # Tk forgets a variable that nothing holds
        (menu or self.menu).add_checkbutton(
            label=label,
            command=command,
            accelerator=key_label(key, self._on_mac),
            variable=variable,
        )

    def add_submenu(self, label: str) -> tk.Menu:
        """Add an empty submenu and return it."""
        submenu = tk.Menu(self.menu, tearoff=False)
        self.menu.add_cascade(label=label, menu=submenu)
        return submenu

    def _post_at_pointer(self, event: tk.Event[tk.Misc]) -> str:
        return self.post(event.x_root, event.y_root)

    def _post_in_middle(self, event: tk.Event[tk.Misc]) -> str:
        widget = self._widget
        left = widget.winfo_rootx() + widget.winfo_width() // 2
        return self.post(left, widget.winfo_rooty() + widget.winfo_height() // 2)

    def post(self, x: int, y: int) -> str:
        """Open the menu at a point of the screen, where it has entries."""
        if self.fill().index("end") is not None:
            self.menu.tk_popup(x, y)
        return "break"


class RowMenu(ContextMenu):
    """The menu of the selected rows of a table; the right button selects the row below it."""

    def __init__(self, table: ttk.Treeview, fill: Callable[[ContextMenu], object]) -> None:
        """Bind the menu of a table; `fill` is called while a row is selected."""
        super().__init__(table, fill)
        self._table = table

    def _post_at_pointer(self, event: tk.Event[tk.Misc]) -> str:
        row = self._table.identify_row(event.y)
        if row and row not in self._table.selection():
            self._table.focus(row)
            self._table.selection_set(row)
            # Tk reports the selection once this event is done: what is possible depends on it.
            self._table.after_idle(self.post, event.x_root, event.y_root)
        elif row:
            self.post(event.x_root, event.y_root)
        return "break"

    def post(self, x: int, y: int) -> str:
        """Open the menu at a point of the screen, where a row is selected."""
        return super().post(x, y) if self._table.selection() else "break"


def add_menu(widget: tk.Widget, fill: Callable[[ContextMenu], object]) -> ContextMenu:
    """Give a widget and everything inside it one menu."""
    menu = ContextMenu(widget, fill)
    FocusRing(widget)
    for child in widget.winfo_children():
        if child is menu.menu:
            continue
        for event in context_menu_events(widget):
            child.bind(event, partial(_post, menu), add=True)
    return menu


def _post(menu: ContextMenu, event: tk.Event[tk.Misc]) -> str:
    return menu.post(event.x_root, event.y_root)
