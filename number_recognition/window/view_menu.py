"""The View menu: simple mode, light or dark theme, the size of text, full screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from number_recognition.window.toolkit import theme

if TYPE_CHECKING:
    from number_recognition.window.app import App

ZOOM_STEPS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class ViewMenu:
    """The commands of the View menu other than the views; each choice is saved in config.json."""

    def __init__(self, app: App) -> None:
        self._app = app

    def toggle_simple(self) -> None:
        """Hide everything but the pad, the prediction and the correction keys, or show it again."""
        app = self._app
        app.remember(simple=not app.session.config.window.simple)
        app.main_layout.arrange(app.session.config.window.simple)
        app.main_layout.limit_window_size(app.status)

    def toggle_theme(self) -> None:
        """Switch between the light and the dark theme."""
        is_dark = self._app.session.config.window.theme == "dark"
        self._app.remember(theme="light" if is_dark else "dark")
        self._apply()

    def zoom(self, step: int) -> None:
        """Make all text larger (+1) or smaller (-1), or reset its size (0)."""
        zoom = self._app.session.config.window.zoom
        larger = [factor for factor in ZOOM_STEPS if factor > zoom]
        smaller = [factor for factor in ZOOM_STEPS if factor < zoom]
        factors = {0: [1.0], 1: larger[:1], -1: smaller[-1:]}[step]
        if factors:
            self.zoom_to(factors[0])

    def zoom_to(self, factor: float) -> None:
        """Multiply the default size of all text by a factor."""
        self._app.remember(zoom=factor)
        self._apply()

    def toggle_full_screen(self) -> None:
        """Enter or leave full screen."""
        self._app.attributes("-fullscreen", not self._app.attributes("-fullscreen"))

    def _apply(self) -> None:
        app = self._app
        window = app.session.config.window
        theme.apply_theme(app, window.theme, window.zoom)
        app.pad.recolour()
        app.prediction_panel.recolour(app.session.prediction, app.session.number)
        app.preprocessing_strip.show(app.session.prediction.frame)
        app.main_layout.limit_window_size(app.status)
        app.main_layout.fit()
        app.views.refresh("theme")
