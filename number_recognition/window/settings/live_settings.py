"""Applies changed settings while the window is open, made in it or in config.json itself."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Any, Protocol

from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.timer import Timer

if TYPE_CHECKING:
    from number_recognition.storage.settings import Config
    from number_recognition.window.layout.main_layout import MainLayout
    from number_recognition.window.settings.settings_dialog import SettingsDialog

_CHECK_INTERVAL = 1500
"""Milliseconds between two checks of config.json."""
_AT_NEXT_START = ("images", "models")
"""Paths that are used from the next start on: what is open now lies in the old folders."""


class PadReader(Protocol):
    """Reads what is on the pad."""

    def read_again(self) -> None:
        """Read what is on the pad anew."""


class Appearance(Protocol):
    """Shows the theme and the arrangement of the window."""

    def apply_theme(self) -> None:
        """Show the theme and the size of text."""

    def apply_simple(self) -> None:
        """Show the views or hide them."""


class SettingsContext(AppContext, Protocol):
    """What changed settings are applied to."""

    main_layout: MainLayout

    @property
    def draw_menu(self) -> PadReader: ...

    @property
    def view_menu(self) -> Appearance: ...


class LiveSettings:
    """Applies each setting at once where that is possible, and says where it is not.

    Attributes:
        dialog: the open dialog, None while there is none.
    """

    def __init__(self, app: SettingsContext) -> None:
        self.dialog: SettingsDialog | None = None
        self._app = app
        self._problem: str | None = None
        self._timer = Timer(app.window, self.check_file)
        app.window.bind("<Destroy>", self._on_destroy, add=True)

    def open(self) -> None:
        """Show the dialog."""
        from number_recognition.window.settings.settings_dialog import SettingsDialog

        if self.dialog is None or not self.dialog.winfo_exists():
            self.dialog = SettingsDialog(self._app.window, self._app.session.preferences, self)
        self.dialog.present()

    def change(self, section: str, name: str, value: Any) -> None:
        """Change a setting here and in config.json, and apply it."""
        before = self._app.session.config
        try:
            self._app.session.preferences.change(section, {name: value})
        except OSError as error:
            self._app.show_error(f"The change holds until the window is closed: {error}")
        self.apply(before)

    def watch(self) -> None:
        """Check config.json for changes from now on."""
        self._timer.start(_CHECK_INTERVAL)

    def check_file(self) -> None:
        """Apply what was changed in config.json itself."""
        before = self._app.session.config
        preferences = self._app.session.preferences
        if preferences.reload():
            self._app.offers.withdraw(self._problem)
            self._problem = None
            if preferences.config != before:
                self._app.notify("config.json was changed; its settings are in use now.")
                self.apply(before)
            elif self._app.session.warnings:
                self._problem = self._app.session.warnings[-1]
                self._app.notify("The settings stay as they were.")
        self.watch()

    def apply(self, before: Config) -> None:
        """Show what differs from the settings before."""
        now = self._app.session.config
        if now.window != before.window:
            self._apply_window(before)
        if now.recognition != before.recognition or now.paths.network != before.paths.network:
            self._load_network(is_other=now.paths.network != before.paths.network)
        if any(getattr(now.paths, name) != getattr(before.paths, name) for name in _AT_NEXT_START):
            self._app.notify("The new folder is used when the window is opened next.")
        self._app.main_layout.views.refresh("settings")
        if self.dialog is not None and self.dialog.winfo_exists():
            self.dialog.show(now)

    def _apply_window(self, before: Config) -> None:
        now, app, layout = self._app.session.config.window, self._app, self._app.main_layout
        if (now.theme, now.zoom) != (before.window.theme, before.window.zoom):
            app.view_menu.apply_theme()
        if now.simple != before.window.simple:
            app.view_menu.apply_simple()
        if now.pen != before.window.pen:
            layout.pad.set_pen_width(now.pen)
            layout.tools.show(layout.pad.tool, layout.pad.pen_width)
        if now.single_digit != before.window.single_digit:
            app.draw_menu.read_again()

    def _load_network(self, is_other: bool) -> None:
        session, layout = self._app.session, self._app.main_layout
        layout.prediction_panel.unsure_below = session.config.recognition.unsure_below
        path = session.config.paths.network_file(session.config_path) if is_other else None
        try:
            session.load_network(path)
        except (ValueError, OSError) as error:
            self._app.show_error(error)
            return
        self._app.network_changed()

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._app.window:
            self._timer.cancel()
