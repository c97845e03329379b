"""The tabs of the views; each view is built when its tab is first selected."""

from __future__ import annotations

import contextlib
import importlib
import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.shortcuts import focused_widget
from number_recognition.window.toolkit.theme import scaled_by_text
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame
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
"""Title, module and class of each view, in the order of the tabs."""


class ViewTabs(Tabs):
    """The tabs of the views.

    Attributes:
        is_filled: whether they fill the window.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent)
        self._context = context
        self._built: dict[int, View] = {}
        self._scrolled: dict[int, ScrolledFrame] = {}
        self._outdated: set[int] = set()
        self.is_filled = False
        self._add_pages()
        self._bind_wheel()
        for keys, step in (("Tab", +1), ("Shift-Tab", -1), ("ISO_Left_Tab", -1)):
            with contextlib.suppress(tk.TclError):  # only X11 has a key of that name
                self.winfo_toplevel().bind(f"<Control-{keys}>", partial(self._step, step))

    def _add_pages(self) -> None:
        for title, _, _ in VIEWS:
            page = ttk.Frame(self, width=1, height=1)
            # The layout sets the width: what a view requests changes nothing.
            page.pack_propagate(False)
            self.add(page, text=title)

    def add_command(self, text: str, command: Callable[[], object]) -> ttk.Button:
        """Add a small button at the right end of the titles."""
        button = ttk.Button(self.corner, text=text, width=2, style="Tab.TButton", command=command)
        button.pack(side="right")
        return button

    def _bind_wheel(self) -> None:
        """Let the wheel scroll the view; a widget in it that scrolls itself ends the event."""
        window = self.winfo_toplevel()
        window.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1, event))
        window.bind("<Button-4>", partial(self._scroll, -1))
        window.bind("<Button-5>", partial(self._scroll, +1))

    def _step(self, step: int, event: tk.Event[tk.Misc]) -> str:
        return self.step(step)

    def min_width(self) -> int:
        """The width in pixels that the forms in the views need; the titles need less."""
        return max(super().min_width(), scaled_by_text(self, 290))

    def begin(self) -> None:
        """Build views from now on; called once the window is on the screen."""
        for event in (TAB_CHANGED, "<Map>"):
            self.bind(event, lambda event: self._show_current(), add=True)
        self._show_current()

    @property
    def title(self) -> str:
        """The title of the selected view."""
        return self.titles[self.index("current")]

    @property
    def current(self) -> View | None:
        """The selected view; None before it is built."""
        return self._built.get(self.index("current"))

    def choose(self, title: str) -> None:
        """Select the tab of a view; does nothing where no tab has this title."""
        if title in self.titles:
            self.select(self.titles.index(title))

    def show(self, title: str) -> View | None:
        """Select the tab of a view and return the view, built at once; None without such a tab."""
        if title not in self.titles:
            return None
        self.choose(title)
        self.update_idletasks()
        self._show_current()
        return self.current

    def refresh(self, reason: str) -> None:
        """Update the selected view (see `View.refresh`); the others are when they are selected."""
        if reason == "theme":
            self._outdated = set(self._built)
        view = self.current
        if view is not None and view.winfo_viewable():
            self._update_theme()
            if reason != "theme":
                view.refresh(reason)

    def set_filled(self, filled: bool) -> None:
        """Tell the selected view that it fills the window, or not; others when they are shown."""
        self.is_filled = filled
        if self.current is not None:
            self.current.set_filled(filled)

    def remember(self) -> None:
        """Let each view that is built note what it remembers."""
        for view in self._built.values():
            view.remember()

    def _update_theme(self) -> None:
        """Apply the current theme and fonts to the selected view, where it still has others."""
        index = self.index("current")
        if index in self._outdated:
            self._outdated.discard(index)
            self._scrolled[index].recolour()
            self._set_least_height(index)
            self._built[index].refresh("theme")

    def _set_least_height(self, index: int) -> None:
        """Let a view be scrolled where the window is too low for its text."""
        self._scrolled[index].set_content_height(self._built[index].height_shown())

    def _scroll(self, steps: int, event: tk.Event[tk.Misc]) -> None:
        scrolled = self._scrolled.get(self.index("current"))
        if scrolled is not None and str(event.widget).startswith(str(scrolled)):
            scrolled.scroll(steps)

    def _show_current(self) -> None:
        """Build the selected view where it is new, and update it."""
        if not self.winfo_ismapped():
            return
        index = self.index("current")
        if index not in self._built:
            _, module, name = VIEWS[index]
            tab = self.nametowidget(self.tabs()[index])
            scrolled = ScrolledFrame(tab, padding=0)
            scrolled.pack(fill="both", expand=True)
            view = getattr(importlib.import_module(module), name)(scrolled.inside, self._context)
            view.pack(fill="both", expand=True)
            self._built[index], self._scrolled[index] = view, scrolled
            view.bind("<<HeightChanged>>", lambda event: self._set_least_height(index))
            self._set_least_height(index)
        self._release_focus(index)
        self._update_theme()
        self._built[index].set_filled(self.is_filled)
        self._built[index].refresh("shown")

    def _release_focus(self, index: int) -> None:
        """Take the focus from a view that is hidden now: its keys would act where nobody looks.

        The title of another view loses it, too.
        """
        focused = f"{focused_widget(self)}."
        if focused[:-1] in map(str, self.buttons):
            self.buttons[index].focus_set()
        hidden = [page for page in self.tabs() if page != self.tabs()[index]]
        if any(focused.startswith(f"{page}.") for page in hidden):
            self.buttons[index].focus_set()
