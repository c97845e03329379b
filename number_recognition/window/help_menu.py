"""What the Help menu does: what the window is for, its words, its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from number_recognition.window.dialogs import help_dialogs
from number_recognition.window.dialogs.glossary import VIEW_TERMS, show_glossary

if TYPE_CHECKING:
    import tkinter as tk

    from number_recognition.window.toolkit.shortcuts import Command
    from number_recognition.window.view_tabs import ViewTabs


class AppContext(Protocol):
    """What help needs of the window that it is about."""

    commands: list[Command]
    tk: tk.Tk
    views: ViewTabs


class HelpMenu:
    """Small windows with words."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    def show(self) -> None:
        """Say in a few words what the window is for, or in a view what its words mean."""
        views = self._app.views
        view = views.current
        if view is not None and str(self._app.tk.call("focus")).startswith(str(view)):
            self.show_glossary(VIEW_TERMS.get(views.title, ""))
        else:
            help_dialogs.show_help(self._app)

    def show_glossary(self, term: str = "") -> None:
        """Explain the words that the window uses."""
        show_glossary(self._app, term)

    def show_shortcuts(self) -> None:
        """List every key."""
        help_dialogs.show_shortcuts(self._app, self._app.commands)

    def show_about(self) -> None:
        """Say what the program is."""
        help_dialogs.show_about(self._app)
