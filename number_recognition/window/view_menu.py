"""The View menu: simple mode, light or dark theme, the size of text, full screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from number_recognition.window.layout.enlarging import find_plot
from number_recognition.window.toolkit import theme
from number_recognition.window.toolkit.shortcuts import focused_widget

if TYPE_CHECKING:
    from pathlib import Path

    from number_recognition.window.experiments.experiments_view import ExperimentsView
    from number_recognition.window.layout.main_layout import MainLayout
    from number_recognition.window.status_bar import StatusBar
    from number_recognition.window.toolkit.app_context import AppContext

_LEAST_ZOOM = 0.8
ZOOM_STEPS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


class ViewMenu:
    """The commands of the View menu other than the views; each choice is saved in config.json."""

    def __init__(self, app: AppContext, layout: MainLayout, status: StatusBar) -> None:
        self._app, self._layout, self._status = app, layout, status
        self._shown_zoom = app.session.config.window.zoom

    def toggle_simple(self) -> None:
        """Hide everything but the pad, the prediction and the correction keys, or show it again."""
        app = self._app
        app.remember(simple=not app.session.config.window.simple)
        self.apply_simple()

    def apply_simple(self) -> None:
        """Arrange the window as its settings say."""
        self._layout.arrange(self._app.session.config.window.simple)
        self._layout.limit_window_size(self._status)

    def toggle_theme(self) -> None:
        """Switch between the light and the dark theme."""
        is_dark = self._app.session.config.window.theme == "dark"
        self._app.remember(theme="light" if is_dark else "dark")
        self.apply_theme()

    def zoom(self, step: int) -> None:
        """Make all text larger (+1) or smaller (-1), or reset its size (0)."""
        zoom = self._shown_zoom
        larger = [factor for factor in ZOOM_STEPS if factor > zoom]
        smaller = [factor for factor in ZOOM_STEPS if factor < zoom]
        factors = {0: [1.0], 1: larger[:1], -1: smaller[-1:]}[step]
        if factors:
            self.zoom_to(factors[0])

    def zoom_to(self, factor: float) -> None:
        """Multiply the default size of all text by a factor."""
        self._app.remember(zoom=factor)
        self.apply_theme()

    def enlarge(self) -> None:
        """Let the plot below the pointer or with the focus, else the view, fill the window."""
        if self._layout.is_simple:
            self.toggle_simple()
        window = self._app.window
        at = window.winfo_containing(*window.winfo_pointerxy())
        view = self._layout.views.current
        if view is not None and find_plot(at, view) is None:
            at = focused_widget(window)
        self._layout.toggle_enlarged(at)

    def show_run(self, folder: Path) -> None:
        """Show a run of a training in the Experiments view."""
        if self._layout.is_simple:
            self.toggle_simple()
        view = self._layout.views.show("Experiments")
        cast("ExperimentsView", view).show_run(folder)

    def toggle_full_screen(self) -> None:
        """Enter or leave full screen."""
        window = self._app.window
        window.attributes("-fullscreen", not window.attributes("-fullscreen"))

    def apply_theme(self) -> None:
        """Show the theme and the size of text that its settings say."""
        session, layout = self._app.session, self._layout
        window = session.config.window
        self._shown_zoom = self._apply_fitting(window.theme, window.zoom)
        layout.pad.recolour()
        layout.prediction_panel.recolour(session.prediction, session.number)
        layout.preprocessing_strip.show(session.prediction.frame)
        layout.limit_window_size(self._status)
        layout.fit()
        layout.views.refresh("theme")
        if self._shown_zoom < window.zoom:
            size = f"{100 * self._shown_zoom:.0f} %"
            self._app.notify(f"Larger text has no room on this screen: it is shown at {size}.")

    def _apply_fitting(self, name: str, zoom: float) -> float:
        """Apply a theme with the largest text up to a size that the screen has room for.

        Text no larger than `_LEAST_ZOOM` is never made smaller. Returns the size.
        """
        smaller = [step for step in reversed(ZOOM_STEPS) if _LEAST_ZOOM <= step < zoom]
        for size in (zoom, *smaller):
            theme.apply_theme(self._app.window, name, size)
            if self._layout.fits_screen(self._status):
                break
        return size
