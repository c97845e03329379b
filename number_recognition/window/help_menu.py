"""The Help menu: a short help, the glossary, the keyboard shortcuts, about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs import help_dialogs
from number_recognition.window.dialogs.glossary import VIEW_TERMS, show_glossary

if TYPE_CHECKING:
    from number_recognition.window.layout.view_tabs import ViewTabs
    from number_recognition.window.toolkit.app_context import AppContext
    from number_recognition.window.toolkit.shortcuts import Command


class HelpMenu:
    """The commands of the Help menu; each opens a dialog."""

    def __init__(self, app: AppContext, views: ViewTabs, commands: list[Command]) -> None:
        self._window, self._session = app.window, app.session
        self._views, self._commands = views, commands

    def show(self) -> None:
        """Show a short help."""
        help_dialogs.show_help(self._window)

    def show_glossary(self) -> None:
        """Show the glossary; where the focus is in a view, at a term of this view."""
        view = self._views.current
        focus = str(self._window.tk.call("focus"))
        is_in_view = view is not None and focus.startswith(str(view))
        show_glossary(self._window, VIEW_TERMS.get(self._views.title, "") if is_in_view else "")

    def show_shortcuts(self) -> None:
        """Show all keyboard shortcuts."""
        help_dialogs.show_shortcuts(self._window, self._commands)

    def show_about(self) -> None:
        """Show version and licence, the network in use, and where files are."""
        session = self._session
        config, path = session.config.paths, session.config_path
        facts = (
            ("Network in use", f"{session.network_label}, {session.network_path}"),
            ("Settings", str(path.resolve())),
            ("Kept drawings", str(resolve_path(config.images, path))),
            ("Networks and runs", str(resolve_path(config.models, path))),
            ("Error log", str(session.home / "window.log")),
        )
        help_dialogs.show_about(self._window, facts)
