"""The row above the status bar: errors that were not read yet, and offers not answered yet."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import NamedTuple

from number_recognition.core.formatting import pluralize
from number_recognition.storage.values import printable
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.theme import palette, scaled

_MOST = 20
"""Of more errors, the oldest are dropped."""


class _Offer(NamedTuple):
    text: str
    actions: tuple[Action, ...]
    about: object


class PendingMessages(ttk.Frame):
    """The newest error that was not read yet, with a button OK; after the errors, the first offer.

    It takes no room while there is none. Errors and offers share one row, and say how many others
    wait: with a row for each, nothing would be left of the pad in a low window.

    Attributes:
        buttons: those that are shown, by their texts.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.buttons: dict[str, ttk.Button] = {}
        self._errors: list[tuple[str, tuple[Action, ...]]] = []
        self._offers: list[_Offer] = []
        self._gap = scaled(self, 8)
        self._text = ttk.Label(self)
        self._text.pack(side="left", fill="x", expand=True)
        self._actions = ttk.Frame(self)
        self._actions.pack(side="right")
        self.bind("<<ThemeChanged>>", lambda event: self._recolour())

    @property
    def errors(self) -> list[str]:
        """The texts of the errors that were not read yet, the newest last."""
        return [text for text, _ in self._errors]

    def add_error(self, text: str, *actions: Action) -> None:
        """Show an error; one that waits already is not shown twice."""
        text = printable(text)
        self._errors = [entry for entry in self._errors if entry[0] != text][1 - _MOST :]
        self._errors.append((text, actions))
        self._update()

    def dismiss_error(self) -> None:
        """Take the error away that is shown; the one before it is shown again."""
        if self._errors:
            self._errors.pop()
        self._update()

    def add(self, text: str, *actions: Action, about: object) -> None:
        """Offer something, after the offers before (see `AppContext.offers`)."""
        self._offers = [offer for offer in self._offers if offer.about != about]
        self._offers.append(_Offer(printable(text), actions, about))
        self._update()

    def withdraw(self, about: object) -> None:
        """Take the offer about something away, if there is one."""
        self._offers = [offer for offer in self._offers if offer.about != about]
        self._update()

    def fit(self, width: int) -> None:
        """Wrap the text at a width of the row in pixels."""
        used = sum(button.winfo_reqwidth() + self._gap for button in self.buttons.values())
        self._text.configure(wraplength=max(width - used - 2 * self._gap, scaled(self, 200)))

    def _update(self) -> None:
        for button in self.buttons.values():
            button.destroy()
        self.buttons = {}
        if self._errors:
            self._show_error(*self._errors[-1])
        elif self._offers:
            self._show_offer(self._offers[0])
        else:
            self.grid_remove()

    def _show_error(self, text: str, actions: tuple[Action, ...]) -> None:
        others = len(self._errors) - 1
        waiting = [f"{pluralize(others, 'error')} before"] if others else []
        waiting += [pluralize(len(self._offers), "offer")] if self._offers else []
        more = f" (and {', '.join(waiting)})" if waiting else ""
        self._show(text + more, *actions, ("OK", self.dismiss_error))

    def _show_offer(self, offer: _Offer) -> None:
        more = f" (1 of {len(self._offers)})" if len(self._offers) > 1 else ""
        actions = [(name, self._answering(command, offer)) for name, command in offer.actions]
        self._show(offer.text + more, *actions)

    def _show(self, text: str, *actions: Action) -> None:
        self._text.configure(text=text)
        for name, command in actions:
            button = self.buttons[name] = ttk.Button(self._actions, text=name, command=command)
            button.pack(side="left", padx=(self._gap, 0))
        self.grid()
        self.fit(self.master.winfo_width())
        self._recolour()

    def _recolour(self) -> None:
        # In its own option: the theme gives each label the colour of text, which hides its style's.
        colours = palette(self)
        self._text.configure(foreground=colours.warning if self._errors else colours.text)

    def _answering(self, command: Callable[[], object], offer: _Offer) -> Callable[[], None]:
        def answer() -> None:
            if command() is not False:
                self.withdraw(offer.about)

        return answer
