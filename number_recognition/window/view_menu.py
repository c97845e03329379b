"""How the window looks: simple mode, light or dark, the size of text, full screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from number_recognition.window.toolkit import theme

if TYPE_CHECKING:
    from number_recognition.session.session import Session
    from number_recognition.window.main_layout import MainLayout
    from number_recognition.window.pad.canvas import Pad
    from number_recognition.window.pad.prediction_panel import PredictionPanel
    from number_recognition.window.pad.preprocessing_strip import PreprocessingStrip
    from number_recognition.window.view_tabs import ViewTabs

ZOOM_STEPS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class AppContext(Protocol):
    """What the looks need of the window that they change."""

    session: Session
    main_layout: MainLayout
    pad: Pad
    prediction_panel: PredictionPanel
    preprocessing_strip: PreprocessingStrip
    views: ViewTabs

    def attributes(self, name: str, value: bool = ...) -> object: ...
    def limit_size(self) -> None: ...
    def remember(self, **changes: object) -> None: ...


class ViewMenu:
    """What the View menu does beside the views; each choice is kept in config.json."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    def toggle_simple(self) -> None:
        """Hide everything but the pad, the answer and the correction keys, or show it again."""
        app = self._app
        app.remember(simple=not app.session.config.window.simple)
        app.main_layout.arrange(app.session.config.window.simple)
        app.limit_size()

    def toggle_theme(self) -> None:
        """Change between light and dark."""
        is_dark = self._app.session.config.window.theme == "dark"
        self._app.remember(theme="light" if is_dark else "dark")
        self._show()

    def zoom(self, step: int) -> None:
        """Make all text larger or smaller, or with 0 as large as it was."""
        now = self._app.session.config.window.zoom
        larger = [size for size in ZOOM_STEPS if size > now]
        smaller = [size for size in ZOOM_STEPS if size < now]
        chosen = {0: [1.0], 1: larger[:1], -1: smaller[-1:]}[step]
        if chosen:
            self.zoom_to(chosen[0])

    def zoom_to(self, size: float) -> None:
        """Make all text so many times as large as it is by default."""
        self._app.remember(zoom=size)
        self._show()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self._app.attributes("-fullscreen", not self._app.attributes("-fullscreen"))

    def _show(self) -> None:
        app = self._app
        window = app.session.config.window
        theme.apply_theme(app, window.theme, window.zoom)
        app.pad.recolour()
        app.prediction_panel.recolour(app.session.prediction)
        app.preprocessing_strip.show(app.session.prediction.frame)
        app.limit_size()
        app.main_layout.fit()
        app.views.refresh("theme")
