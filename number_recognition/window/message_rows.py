"""Messages above the status bar: errors that were not read yet, and offers not answered yet."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import NamedTuple

from number_recognition.core.formatting import pluralize
from number_recognition.storage.values import printable
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.theme import palette, scaled

_MOST = 20
"""Of more errors, the oldest are dropped."""


class MessageRow(ttk.Frame):
    """A text with buttons; takes no room while it has none.

    Attributes:
        buttons: those that are shown, by their texts.
    """

    def __init__(self, parent: tk.Misc, style: str = "TLabel") -> None:
        super().__init__(parent)
        self.buttons: dict[str, ttk.Button] = {}
        self._gap = scaled(self, 8)
        self.text = ttk.Label(self, style=style)
        self.text.pack(side="left", fill="x", expand=True)
        self._actions = ttk.Frame(self)
        self._actions.pack(side="right")

    def fit(self, width: int) -> None:
        """Wrap the text at a width of the row in pixels."""
        room = width - self._actions.winfo_reqwidth() - 2 * self._gap
        self.text.configure(wraplength=max(room, scaled(self, 200)))

    def hide(self) -> None:
        """Show nothing."""
        self._remove_buttons()
        self.grid_remove()

    def show(self, text: str, actions: Sequence[Action]) -> None:
        """Show a text with a button for each action, in place of what is shown."""
        self._remove_buttons()
        self.text.configure(text=text)
        for name, command in actions:
            button = self.buttons[name] = ttk.Button(self._actions, text=name, command=command)
            button.pack(side="left", padx=(self._gap, 0))
        self.grid()
        self._actions.update_idletasks()
        self.fit(self.master.winfo_width())

    def _remove_buttons(self) -> None:
        for button in self.buttons.values():
            button.destroy()
        self.buttons = {}


class ErrorRow(MessageRow):
    """The newest error that was not read yet, with what can be done about it and a button OK."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, "Warning.TLabel")
        self._unread: list[tuple[str, tuple[Action, ...]]] = []
        self.bind("<<ThemeChanged>>", lambda event: self._recolour())

    def _recolour(self) -> None:
        # In its own option: the theme gives each label the colour of text, which hides its style's.
        self.text.configure(foreground=palette(self).warning)

    @property
    def errors(self) -> list[str]:
        """The texts of the errors that were not read yet, the newest last."""
        return [text for text, _ in self._unread]

    def add(self, text: str, *actions: Action) -> None:
        """Show an error; one that is shown already is not shown twice."""
        self._unread = [entry for entry in self._unread if entry[0] != text][1 - _MOST :]
        self._unread.append((text, actions))
        self._update()

    def dismiss(self) -> None:
        """Take the error away that is shown; the one before it is shown again."""
        if self._unread:
            self._unread.pop()
        self._update()

    def _update(self) -> None:
        if not self._unread:
            self.hide()
            return
        text, actions = self._unread[-1]
        others = len(self._unread) - 1
        more = f" (and {pluralize(others, 'error')} before)" if others else ""
        self.show(text + more, [*actions, ("OK", self.dismiss)])
        self._recolour()


class _Offer(NamedTuple):
    text: str
    actions: tuple[Action, ...]
    about: object


class OfferRow(MessageRow):
    """The first offer that was not answered yet; answering it shows the next."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._open: list[_Offer] = []

    def add(self, text: str, *actions: Action, about: object) -> None:
        """Offer something, after the offers before (see `AppContext.offers`)."""
        self._open = [offer for offer in self._open if offer.about != about]
        self._open.append(_Offer(printable(text), actions, about))
        self._update()

    def withdraw(self, about: object) -> None:
        """Take the offer about something away, if there is one."""
        self._open = [offer for offer in self._open if offer.about != about]
        self._update()

    def _update(self) -> None:
        if not self._open:
            self.hide()
            return
        offer = self._open[0]
        more = f" (1 of {len(self._open)})" if len(self._open) > 1 else ""
        actions = [(name, self._answering(command, offer)) for name, command in offer.actions]
        self.show(offer.text + more, actions)

    def _answering(self, command: Callable[[], object], offer: _Offer) -> Callable[[], None]:
        def answer() -> None:
            if command() is not False:
                self.withdraw(offer.about)

        return answer
