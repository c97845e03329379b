"""The Help menu: a short help, the glossary, the keyboard shortcuts, about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from number_recognition.window.dialogs import help_dialogs
from number_recognition.window.dialogs.glossary import VIEW_TERMS, show_glossary

if TYPE_CHECKING:
    from number_recognition.window.app import App


class HelpMenu:
    """The commands of the Help menu; each opens a dialog."""

    def __init__(self, app: App) -> None:
        self._app = app

    def show(self) -> None:
        """Show a short help; where the focus is in a view, the glossary of its terms."""
        views = self._app.views
        view = views.current
        if view is not None and str(self._app.tk.call("focus")).startswith(str(view)):
            self.show_glossary(VIEW_TERMS.get(views.title, ""))
        else:
            help_dialogs.show_help(self._app)

    def show_glossary(self, term: str = "") -> None:
        """Show the glossary, at a term if given."""
        show_glossary(self._app, term)

    def show_shortcuts(self) -> None:
        """Show all keyboard shortcuts."""
        help_dialogs.show_shortcuts(self._app, self._app.commands)

    def show_about(self) -> None:
        """Show name, version and license."""
        help_dialogs.show_about(self._app)
