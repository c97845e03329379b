"""The rows above the status bar: errors that were not read yet, and offers not answered yet."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import NamedTuple

from number_recognition.core.formatting import pluralize
from number_recognition.storage.values import printable
from number_recognition.window.tables.short_names import shorten_names
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.theme import palette, scaled
from number_recognition.window.widgets.tooltip import Tooltip

_MOST = 20
"""Of more errors, the oldest are dropped."""
_GAP = 8
"""Pixels at 96 dpi between buttons, and between rows."""


class _Message(NamedTuple):
    text: str
    actions: tuple[Action, ...]
    about: object


class PendingMessages(ttk.Frame):
    """The newest error that was not read yet, with a button OK; below it, the first offer.

    It takes no room while there is none. In a low window, the offer waits until the errors are
    read: with a row for each, nothing would be left of the pad.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._errors: list[_Message] = []
        self._offers: list[_Message] = []
        self._width = 0
        self._error_row, self._offer_row = _Row(self), _Row(self)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)  # the buttons of an error higher than the window are seen
        self.bind("<<ThemeChanged>>", lambda event: self._recolour())
        self._recolour()

    @property
    def errors(self) -> list[str]:
        """The texts of the errors that were not read yet, the newest last."""
        return [error.text for error in self._errors]

    @property
    def buttons(self) -> dict[str, ttk.Button]:
        """The buttons that are shown, by their texts."""
        rows = [row for row in (self._offer_row, self._error_row) if row.winfo_manager()]
        return {text: button for row in rows for text, button in row.buttons.items()}

    def add_error(self, text: str, *actions: Action, about: object = None) -> None:
        """Show an error (see `AppContext.show_error`); one that waits is not shown twice."""
        text = printable(text)
        others = [error for error in _not_about(about, self._errors) if error.text != text]
        self._errors = [*others[1 - _MOST :], _Message(text, actions, about)]
        self._update()

    def dismiss_error(self) -> None:
        """Take the error away that is shown; the one before it is shown again."""
        if self._errors:
            self._errors.pop()
        self._update()

    def add(self, text: str, *actions: Action, about: object) -> None:
        """Offer something, after the offers before (see `AppContext.offers`)."""
        offer = _Message(printable(text), actions, about)
        self._offers = [*_not_about(about, self._offers), offer]
        self._update()

    def withdraw(self, about: object) -> None:
        """Take the offer and the error about something away, if there are any."""
        self._offers = _not_about(about, self._offers)
        self._errors = _not_about(about, self._errors)
        self._update()

    def fit(self, width: int) -> None:
        """Wrap the texts at a width of the rows in pixels, and show both where there is room."""
        self._width = width
        self._error_row.fit(width)
        self._offer_row.fit(width)
        is_waiting = bool(self._errors and self._offers) and not self._has_room()
        self._show(self._error_row, bool(self._errors))
        self._show(self._offer_row, bool(self._offers) and not is_waiting)
        if self._errors:
            self._error_row.set_text(self._error_text(is_waiting))
        if self._errors or self._offers:
            self.grid()
        else:
            self.grid_remove()

    def _has_room(self) -> bool:
        """Whether the window is high enough for two rows; its least height has room for one."""
        window = self.winfo_toplevel()
        needed = self._error_row.needed_height() + self._offer_row.needed_height()
        return window.winfo_height() - window.minsize()[1] >= needed + scaled(self, _GAP)

    def _show(self, row: _Row, is_shown: bool) -> None:
        gap = scaled(self, _GAP) if row is self._offer_row and self._errors else 0
        if is_shown:
            row.grid(pady=(gap, 0), row=0 if row is self._error_row else 1, column=0, sticky="nsew")
        else:
            row.grid_remove()

    def _update(self) -> None:
        """Show the newest error and the first offer."""
        self._error_row.clear()
        self._offer_row.clear()
        if self._errors:
            actions = [(name, self._reading(command)) for name, command in self._errors[-1].actions]
            self._error_row.show(
                self._error_text(is_offer_waiting=False), *actions, ("OK", self.dismiss_error)
            )
        if self._offers:
            offer = self._offers[0]
            more = f" (1 of {len(self._offers)})" if len(self._offers) > 1 else ""
            actions = [(name, self._answering(command, offer)) for name, command in offer.actions]
            self._offer_row.show(shorten_names(offer.text) + more, *actions)
            is_short = shorten_names(offer.text) != offer.text
            self._offer_row.tooltip.text = offer.text if is_short else ""
        self.fit(self._width or self.master.winfo_width())

    def _error_text(self, is_offer_waiting: bool) -> str:
        others = len(self._errors) - 1
        waiting = [f"{pluralize(others, 'error')} before"] if others else []
        waiting += [pluralize(len(self._offers), "offer")] if is_offer_waiting else []
        return self._errors[-1].text + (f" (and {', '.join(waiting)})" if waiting else "")

    def _recolour(self) -> None:
        colours = palette(self)
        self._error_row.set_colour(colours.warning)
        self._offer_row.set_colour(colours.text)

    def _reading(self, command: Callable[[], object]) -> Callable[[], None]:
        """What a button of an error does: whoever presses it has read the error."""

        def act() -> None:
            self.dismiss_error()
            command()

        return act

    def _answering(self, command: Callable[[], object], offer: _Message) -> Callable[[], None]:
        def answer() -> None:
            if command() is not False:
                self.withdraw(offer.about)

        return answer


def _not_about(about: object, messages: list[_Message]) -> list[_Message]:
    """Those about something else, or about nothing."""
    return [each for each in messages if about is None or each.about != about]


class _Row(ttk.Frame):
    """A text with buttons at its right end."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.buttons: dict[str, ttk.Button] = {}
        self._gap = scaled(self, _GAP)
        self._text = ttk.Label(self)
        self._text.pack(side="left", fill="x", expand=True)
        self.tooltip = Tooltip(self._text, "")
        self._actions = ttk.Frame(self)
        self._actions.pack(side="right")

    def clear(self) -> None:
        for button in self.buttons.values():
            button.destroy()
        self.buttons = {}

    def show(self, text: str, *actions: Action) -> None:
        self.set_text(text)
        for name, command in actions:
            button = self.buttons[name] = ttk.Button(self._actions, text=name, command=command)
            button.pack(side="left", padx=(self._gap, 0))

    def set_text(self, text: str) -> None:
        self._text.configure(text=text)

    def set_colour(self, colour: str) -> None:
        # In its own option: the theme gives each label the colour of text, which hides its style's.
        self._text.configure(foreground=colour)

    def fit(self, width: int) -> None:
        used = sum(button.winfo_reqwidth() + self._gap for button in self.buttons.values())
        self._text.configure(wraplength=max(width - used - 2 * self._gap, scaled(self, 200)))

    def needed_height(self) -> int:
        parts = (self._text, *self.buttons.values())
        return max(part.winfo_reqheight() for part in parts)
