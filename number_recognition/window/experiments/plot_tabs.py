"""Two tabs with the plots of the selected runs, created when Matplotlib is first needed."""

from __future__ import annotations

import functools
import tkinter as tk
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.learning.runs.run_list import RunSummary, read_history
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.tabs import Tabs

if TYPE_CHECKING:
    from number_recognition.window.experiments.plots import LearningCurves, SettingEffects

_DELAY = 30
"""Milliseconds in which the table is drawn before Matplotlib is imported."""


class PlotTabs(Tabs):
    """Learning curves, and the effect of each setting."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._timer = Timer(self, self._plot)
        self._runs: list[RunSummary] = []
        self._texts: list[str] = []
        self._shown: list[tuple[str, list[dict[str, float]]]] | None = None
        self._shown_runs: list[RunSummary] = []
        self._folder = Path()
        self._curves_page, self._effects_page = ttk.Frame(self), ttk.Frame(self)
        self.add(self._curves_page, text="Curves")
        self.add(self._effects_page, text="Effects")

    @functools.cached_property
    def curves(self) -> LearningCurves:
        """The learning curves of the runs."""
        from number_recognition.window.experiments.plots import LearningCurves

        plot = LearningCurves(self._curves_page)
        plot.pack(fill="both", expand=True)
        return plot

    @functools.cached_property
    def effects(self) -> SettingEffects:
        """The effect of each setting in the runs."""
        from number_recognition.window.experiments.plots import SettingEffects

        plot = SettingEffects(self._effects_page)
        plot.pack(fill="both", expand=True)
        return plot

    def show(self, runs: list[RunSummary], texts: list[str], folder: Path) -> None:
        """Plot runs of a folder after a short delay, with these texts in the legend."""
        self._runs, self._texts, self._folder = runs, texts, folder
        if not self._timer.pending:
            self._timer.start(_DELAY)

    def _plot(self) -> None:
        histories = [read_history(self._folder / run.folder) for run in self._runs]
        curves = list(zip(self._texts, histories, strict=True))
        if curves == self._shown and self._runs == self._shown_runs:
            return  # drawn anew, plots would lose what was zoomed and hidden
        self._shown, self._shown_runs = curves, self._runs
        self.curves.show(curves)
        self.effects.show(self._runs)

    def save(self) -> None:
        """Ask for a file and save the plot on top."""
        is_curves = self.nametowidget(self.select()) is self._curves_page
        (self.curves if is_curves else self.effects).save()

    def recolour(self) -> None:
        """Apply the colours of the theme."""
        self.curves.recolour()
        self.effects.recolour()

    def destroy(self) -> None:
        """Close the tabs and cancel a pending plot."""
        self._timer.cancel()
        super().destroy()
