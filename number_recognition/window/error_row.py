"""Errors above the status bar, which stay until they are read."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.core.formatting import pluralize
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.theme import palette, scaled

_MOST = 20
"""Of more errors, the oldest are dropped."""


class ErrorRow(ttk.Frame):
    """The newest error that was not read yet, with what can be done about it and a button OK.

    Attributes:
        errors: those that were not read yet, the newest last.
        buttons: those that are shown, by their texts.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.buttons: dict[str, ttk.Button] = {}
        self._unread: list[tuple[str, tuple[Action, ...]]] = []
        self._gap = scaled(self, 8)
        self._text = ttk.Label(self, style="Warning.TLabel")
        self._text.pack(side="left", fill="x", expand=True)
        self._actions = ttk.Frame(self)
        self._actions.pack(side="right")
        self.bind("<<ThemeChanged>>", lambda event: self._recolour())

    def _recolour(self) -> None:
        self._text.configure(foreground=palette(self).warning)

    @property
    def errors(self) -> list[str]:
        """The texts of the errors that were not read yet, the newest last."""
        return [text for text, _ in self._unread]

    def add(self, text: str, *actions: Action) -> None:
        """Show an error; one that is shown already is not shown twice."""
        self._unread = [entry for entry in self._unread if entry[0] != text][1 - _MOST :]
        self._unread.append((text, actions))
        self._show()

    def dismiss(self) -> None:
        """Take the error away that is shown; the one before it is shown again."""
        if self._unread:
            self._unread.pop()
        self._show()

    def fit(self, width: int) -> None:
        """Wrap the text at a width of the row in pixels."""
        room = width - self._actions.winfo_reqwidth() - 2 * self._gap
        self._text.configure(wraplength=max(room, scaled(self, 200)))

    def _show(self) -> None:
        for button in self.buttons.values():
            button.destroy()
        self.buttons = {}
        if not self._unread:
            self.grid_remove()
            return
        text, actions = self._unread[-1]
        others = len(self._unread) - 1
        more = f" (and {pluralize(others, 'error')} before)" if others else ""
        # In its own option: the theme gives each label the colour of text, which hides its style's.
        self._text.configure(text=text + more, foreground=palette(self).warning)
        for name, command in (*actions, ("OK", self.dismiss)):
            button = self.buttons[name] = ttk.Button(self._actions, text=name, command=command)
            button.pack(side="left", padx=(self._gap, 0))
        self.grid()
        self._actions.update_idletasks()
        self.fit(self.master.winfo_width())
