"""The views beside the pad: which there are, and the tabs that build each when first shown."""

from __future__ import annotations

import contextlib
import importlib
import tkinter as tk
from tkinter import ttk

from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled_by_text
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.tabs import TAB_CHANGED, Tabs

VIEWS = (
    ("Network", "number_recognition.window.network.network_view", "NetworkView"),
    ("Robustness", "number_recognition.window.robustness.robustness_view", "RobustnessView"),
    ("Training", "number_recognition.window.training.training_view", "TrainingView"),
    ("Results", "number_recognition.window.results.results_view", "ResultsView"),
    ("Experiments", "number_recognition.window.experiments.experiments_view", "ExperimentsView"),
    ("Drawings", "number_recognition.window.drawings.drawings_view", "DrawingsView"),
    ("Files", "number_recognition.window.files.files_view", "FilesView"),
)
"""Title, module and class of each view, in their order."""


class ViewTabs(Tabs):
    """The tabs of the views."""

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent)
        self._context = context
        self._built: dict[int, View] = {}
        self._old_looks: set[int] = set()
        for title, _, _ in VIEWS:
            page = ttk.Frame(self, width=1, height=1)
            # The room is the window's to give: what a view would like to have changes nothing.
            page.pack_propagate(False)
            self.add(page, text=title)
        for keys, step in (("Tab", +1), ("Shift-Tab", -1), ("ISO_Left_Tab", -1)):
            with contextlib.suppress(tk.TclError):  # X11 alone has a key of that name
                self.winfo_toplevel().bind(
                    f"<Control-{keys}>", lambda event, step=step: self.step(step)
                )

    def min_width(self) -> int:
        """What the forms in the views need; the titles alone need less."""
        return max(super().min_width(), scaled_by_text(self, 290))

    def begin(self) -> None:
        """Build views from now on, once the window itself is on the screen."""
        for event in (TAB_CHANGED, "<Map>"):
            self.bind(event, lambda event: self._show_current())
        self._show_current()

    @property
    def title(self) -> str:
        """The title of the view on top."""
        return self.titles[self.index("current")]

    @property
    def current(self) -> View | None:
        """The view on top, if it was built."""
        return self._built.get(self.index("current"))

    def choose(self, title: str) -> None:
        """Bring a view to the top; nothing where there is none of that title."""
        if title in self.titles:
            self.select(self.titles.index(title))

    def show(self, title: str) -> View | None:
        """Bring a view to the top and build it at once; None where there is none of that title."""
        if title not in self.titles:
            return None
        self.choose(title)
        self.update_idletasks()
        self._show_current()
        return self.current

    def refresh(self, reason: str) -> None:
        """Let the view on top show what is so now (see `View.refresh`)."""
        if reason == "theme":
            self._old_looks = set(self._built)
        view = self.current
        if view is not None and view.winfo_viewable():
            self._take_looks()
            if reason != "theme":
                view.refresh(reason)

    def _take_looks(self) -> None:
        """Let the view on top take the colours and the text of today, where it has not yet."""
        place = self.index("current")
        if place in self._old_looks:
            self._old_looks.discard(place)
            self._built[place].refresh("theme")

    def _show_current(self) -> None:
        """Build the view on top where it is new, and let it show what is so now."""
        if not self.winfo_ismapped():
            return
        place = self.index("current")
        if place not in self._built:
            _, module, name = VIEWS[place]
            tab = self.nametowidget(self.tabs()[place])
            view = getattr(importlib.import_module(module), name)(tab, self._context)
            view.pack(fill="both", expand=True)
            self._built[place] = view
        self._take_looks()
        self._built[place].refresh("shown")
