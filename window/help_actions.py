"""What the Help menu does: what the window is for, its words, its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from window import dialogs
from window.glossary import VIEW_TERMS, show_glossary

if TYPE_CHECKING:
    import tkinter as tk

    from window.keys import Command
    from window.views import Views


class Host(Protocol):
    """What help needs of the window that it is about."""

    commands: list[Command]
    tk: tk.Tk
    views: Views


class HelpActions:
    """Small windows with words."""

    def __init__(self, app: Host) -> None:
        self._app = app

    def show(self) -> None:
        """Say in a few words what the window is for, or in a view what its words mean."""
        views = self._app.views
        view = views.current
        if view is not None and str(self._app.tk.call("focus")).startswith(str(view)):
            self.show_glossary(VIEW_TERMS.get(views.title, ""))
        else:
            dialogs.show_help(self._app)

    def show_glossary(self, term: str = "") -> None:
        """Explain the words that the window uses."""
        show_glossary(self._app, term)

    def show_shortcuts(self) -> None:
        """List every key."""
        dialogs.show_shortcuts(self._app, self._app.commands)

    def show_about(self) -> None:
        """Say what the program is."""
        dialogs.show_about(self._app)
