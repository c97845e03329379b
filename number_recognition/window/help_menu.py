"""The Help menu: a short help, the glossary, the keyboard shortcuts, about."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from number_recognition.window.dialogs import help_dialogs
from number_recognition.window.dialogs.glossary import VIEW_TERMS, show_glossary

if TYPE_CHECKING:
    from number_recognition.window.layout.view_tabs import ViewTabs
    from number_recognition.window.toolkit.shortcuts import Command


class HelpMenu:
    """The commands of the Help menu; each opens a dialog."""

    def __init__(self, window: tk.Tk, views: ViewTabs, commands: list[Command]) -> None:
        self._window, self._views, self._commands = window, views, commands

    def show(self) -> None:
        """Show a short help; where the focus is in a view, the glossary of its terms."""
        view = self._views.current
        if view is not None and str(self._window.tk.call("focus")).startswith(str(view)):
            self.show_glossary(VIEW_TERMS.get(self._views.title, ""))
        else:
            help_dialogs.show_help(self._window)

    def show_glossary(self, term: str = "") -> None:
        """Show the glossary, at a term if given."""
        show_glossary(self._window, term)

    def show_shortcuts(self) -> None:
        """Show all keyboard shortcuts."""
        help_dialogs.show_shortcuts(self._window, self._commands)

    def show_about(self) -> None:
        """Show name, version and license."""
        help_dialogs.show_about(self._window)
