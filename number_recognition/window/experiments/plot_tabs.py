"""Two tabs with the plots of the selected runs; Matplotlib is imported beside the window."""

from __future__ import annotations

import functools
import importlib
import sys
import tkinter as tk
from functools import partial
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.learning.runs.run_list import RunSummary, read_history
from number_recognition.window.toolkit.background_work import BackgroundThread
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.tabs import Tabs

if TYPE_CHECKING:
    from number_recognition.window.charts.mpl_chart import Chart
    from number_recognition.window.experiments.learning_curves import LearningCurves
    from number_recognition.window.experiments.setting_effects import SettingEffects

_DELAY = 30
"""Milliseconds in which the server draws the table before the plots are."""
_IMPORT_DELAY = 300
"""Milliseconds after which Matplotlib is imported where no run is selected."""
_HINT = "Select runs in the table"
_PLOTS = "number_recognition.window.experiments.learning_curves"


class PlotTabs(Tabs):
    """Learning curves, and the effect of each setting; a hint while no run is selected."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._thread = BackgroundThread(self)
        self._import_timer = Timer(self, self._import_plots)
        self._table_timer = Timer(self, lambda: self._plot_timer.start(_DELAY))
        self._plot_timer = Timer(self, self._plot)
        self._charts: list[Chart] = []
        self._runs: list[RunSummary] = []
        self._texts: list[str] = []
        self._shown: list[tuple[str, list[dict[str, float]]]] | None = None
        self._shown_runs: list[RunSummary] = []
        self._folder = Path()
        self._curves_page, self._effects_page = self._add_page("Curves"), self._add_page("Effects")

    def _add_page(self, text: str) -> ttk.Frame:
        page = ttk.Frame(self)
        self.add(page, text=text)
        ttk.Label(page, text=_HINT, anchor="center").pack(fill="both", expand=True)
        return page

    @functools.cached_property
    def curves(self) -> LearningCurves:
        """The learning curves of the runs."""
        from number_recognition.window.experiments.learning_curves import LearningCurves

        plot = LearningCurves(self._curves_page)
        self._add_chart(plot)
        return plot

    @functools.cached_property
    def effects(self) -> SettingEffects:
        """The effect of each setting in the runs."""
        from number_recognition.window.experiments.setting_effects import SettingEffects

        plot = SettingEffects(self._effects_page)
        self._add_chart(plot)
        return plot

    def _add_chart(self, chart: Chart) -> None:
        """Show a new chart on its page, in place of the hint."""
        for hint in chart.master.pack_slaves():
            hint.destroy()
        chart.pack(fill="both", expand=True)
        self._charts.append(chart)

    def show(self, runs: list[RunSummary], texts: list[str], folder: Path) -> None:
        """Plot runs of a folder once the table is drawn, with these texts in the legend."""
        self._runs, self._texts, self._folder = runs, texts, folder
        if not self._table_timer.pending and not self._plot_timer.pending:
            self._table_timer.start_idle()

    def _plot(self) -> None:
        if not self._runs and not self._charts:
            self._import_timer.start(_IMPORT_DELAY)
            return
        histories = [read_history(self._folder / run.folder) for run in self._runs]
        curves = list(zip(self._texts, histories, strict=True))
        if curves == self._shown and self._runs == self._shown_runs:
            return  # drawn anew, plots would lose what was zoomed and hidden
        self._shown, self._shown_runs = curves, self._runs
        self.curves.show(curves)
        self.effects.show(self._runs)

    def _import_plots(self) -> None:
        """Import what plots need beside the window, before a run is selected."""
        if _PLOTS not in sys.modules:
            self._thread.submit(partial(importlib.import_module, _PLOTS))

    def save(self) -> None:
        """Ask for a file and save the plot on top."""
        is_curves = self.nametowidget(self.select()) is self._curves_page
        (self.curves if is_curves else self.effects).save()

    def recolour(self) -> None:
        """Apply the colours of the theme."""
        for chart in self._charts:
            chart.recolour()

    def destroy(self) -> None:
        """Close the tabs and cancel a pending plot."""
        for timer in (self._table_timer, self._plot_timer, self._import_timer):
            timer.cancel()
        super().destroy()
