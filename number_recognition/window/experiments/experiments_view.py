"""The Experiments view: choose values, train every combination, compare all runs."""

from __future__ import annotations

import functools
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, ttk
from typing import TYPE_CHECKING, Any, TypeVar

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.learning.runs.runs import load_recipe
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.skipped_files import notify_skipped
from number_recognition.window.experiments.experiments_form import NewExperiment
from number_recognition.window.experiments.run_table import RunTable
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.tabs import Tabs

if TYPE_CHECKING:
    from number_recognition.learning.sweeps.run_spec import Outcome
    from number_recognition.learning.sweeps.sweep_file import Sweep
    from number_recognition.window.experiments.plots import Effects, Overlay

Plot = TypeVar("Plot", bound=tk.Widget)
TITLE = "Experiment"
_IF_CLOSED = "Its finished runs stay; the others can be resumed when the program is opened next."
_PLOTS_DELAY = 30
"""Milliseconds: the table is painted meanwhile."""


class ExperimentsView(View):
    """Two pages: the values to try, and the table of all runs with their plots.

    Attributes:
        plan: the page of the next experiment.
        rows: all runs, as they were last listed.
        table: all runs.
        more: the menu of what is done with a run more rarely.
        unfinished: the newest experiment that was stopped or killed, None where there is none.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self._shown_runs = -1
        self._plots_due: str | None = None
        self._damaged: list[str] = []
        self.rows: list[RunSummary] = []
        self.unfinished: Sweep | None = None
        self._sweep: Sweep | None = None
        self._pages = Tabs(self)
        self._pages.pack(fill="both", expand=True)
        self._build_runs()
        self.plan = NewExperiment(self._pages, context, lambda: self.rows)
        self._pages.add(self.plan, text="New experiment")
        self.plan.bind("<<StartExperiment>>", lambda event: self._start())
        self.winfo_toplevel().bind("<<JobChanged>>", lambda event: self._show_state(), add=True)
        self.plan.form.fill(self.session.config.training)
        self._show_state()

    def _build_runs(self) -> None:
        gap = scaled(self, 8)
        page = ttk.Frame(self._pages, padding=gap)
        self._pages.add(page, text="Runs")
        self.table = RunTable(page)
        self.table.pack(fill="x")
        self._build_buttons(page)
        self._plots = Tabs(page)
        self._plots.pack(fill="both", expand=True)
        self._plot_pages = {text: ttk.Frame(self._plots) for text in ("Curves", "Effects")}
        for text, frame in self._plot_pages.items():
            self._plots.add(frame, text=text)
        for event, command in (
            ("<<RunsChosen>>", self._show_chosen),
            ("<<RenameRun>>", self._rename),
            ("<<NoteRun>>", self._note),
            ("<<DeleteRuns>>", self.delete),
        ):
            self.table.bind(event, lambda event, command=command: command())

    def _plot_soon(self) -> None:
        """The table is there at once; Matplotlib, which takes longer to come, plots after it."""
        if self._plots_due is None:
            self._plots_due = self.after(_PLOTS_DELAY, self._plot)

    def _plot(self) -> None:
        self._plots_due = None
        chosen = self.table.chosen
        self.overlay.show(
            [(row.name, run_list.read_history(self._runs / row.folder)) for row in chosen]
        )
        self.effects.show(chosen)

    @functools.cached_property
    def overlay(self) -> Overlay:
        """The curves of the runs that are chosen."""
        from number_recognition.window.experiments.plots import Overlay

        return self._placed(Overlay(self._plot_pages["Curves"]))

    @functools.cached_property
    def effects(self) -> Effects:
        """What each setting did in them."""
        from number_recognition.window.experiments.plots import Effects

        return self._placed(Effects(self._plot_pages["Effects"]))

    def _placed(self, plot: Plot) -> Plot:
        plot.pack(fill="both", expand=True)
        return plot

    def destroy(self) -> None:
        """Close the view; what it was about to plot is not plotted."""
        if self._plots_due is not None:
            self.after_cancel(self._plots_due)
        super().destroy()

    def _build_buttons(self, page: ttk.Frame) -> None:
        bar = ttk.Frame(page)
        bar.pack(fill="x", pady=scaled(self, 8))
        more = self.more = tk.Menu(bar, tearoff=False)
        for what in ("Name", "Note"):
            more.add_command(label=f"{what} …", command=functools.partial(self._ask, what))
        more.add_command(label="Export the run …", command=self._export)
        more.add_command(label="Open an exported run …", command=self._open)
        more.add_command(label="Save the plot …", command=self._save)
        button = ttk.Menubutton(bar, text="More", menu=more)
        button.pack(side="right")
        self.buttons: dict[str, ttk.Button] = {}
        for text, command in (
            ("Use", self.use),
            ("Delete", self.delete),
            ("Resume", self.resume),
        ):
            self._add_button(bar, text, command)
        self._unfinished = ttk.Label(bar, style="Faint.TLabel")
        self._unfinished.pack(side="left")

    def _add_button(self, bar: ttk.Frame, text: str, command: Callable[[], object]) -> None:
        self.buttons[text] = ttk.Button(bar, text=text, command=command)
        self.buttons[text].pack(side="left", padx=(0, scaled(self, 6)))

    @property
    def _runs(self) -> Path:
        return resolve_path(self.session.config.places.models, self.session.config_path) / "runs"

    def refresh(self, reason: str) -> None:
        """List the runs anew when the view is shown."""
        if reason == "theme":
            self.table.arrange()
            self.plan.form.recolour()
            for plot in (self.overlay, self.effects):
                plot.recolour()
        elif reason == "shown":
            self.list_runs()
            self._tell_of_damage()

    def list_runs(self) -> None:
        """List every run there is."""
        self.rows = run_list.list_runs(self._runs)
        self.table.show(self.rows)
        self.unfinished = self._find_unfinished()
        self._plot_soon()
        self._show_state()

    def _find_unfinished(self) -> Sweep | None:
        """The newest unfinished experiment that can be read; of those that cannot, say why."""
        from number_recognition.learning.sweeps.sweep_file import read_sweep, sweep_files

        for file in sweep_files(self._runs):
            try:
                return read_sweep(file)
            except (OSError, ValueError) as error:
                self.notify(f"An unfinished experiment cannot be resumed: {error}")
        return None

    def _tell_of_damage(self) -> None:
        """Say which runs cannot be read, once for each time that they are others."""
        damaged = [row.error for row in self.rows if row.state == "damaged"]
        if damaged and damaged != self._damaged:
            words = pluralize(len(damaged), "run is damaged", "runs are damaged")
            self.notify(f"{words}: {damaged[0]}")
        self._damaged = damaged

    def _show_chosen(self) -> None:
        chosen = self.table.chosen
        if len(chosen) == 1 and chosen[0].error:
            self.notify(f"{chosen[0].name}: {chosen[0].error}")
        self._plot_soon()
        self._show_state()

    def _start(self) -> None:
        """Train every combination of a sound form."""
        from number_recognition.learning.sweeps.sweep_file import new_sweep

        places = DataPaths.of(self.session.config.places, self.session.config_path)
        self._train(new_sweep(self.plan.combinations(), places, self._runs))

    def resume(self) -> None:
        """Go on with the newest experiment that was stopped or killed."""
        if self.unfinished is not None:
            self._train(self.unfinished)

    def _train(self, sweep: Sweep) -> None:
        """Train the runs of an experiment that are not finished."""
        from number_recognition.learning.sweeps.sweep import run_sweep

        count = len(sweep.unfinished())
        started = self.jobs.start(
            TITLE,
            run_sweep,
            sweep,
            workers=self.plan.workers or 1,
            cluster=self.session.config.places.cluster,
            if_closed=_IF_CLOSED,
            on_progress=self._hear,
            on_done=self._finish,
            on_error=self._fail,
        )
        if started:
            self._sweep = sweep
            self._shown_runs = -1
            self._pages.select(0)
            self.notify(pluralize(count, "run is on its way.", "runs are on their way."))

    def _hear(self, progress: Progress) -> None:
        notify_skipped(self, progress)
        outcomes = progress.details.get("outcomes", [])
        if len(outcomes) != self._shown_runs:
            self._shown_runs = len(outcomes)
            self.list_runs()
            self._choose_outcomes(outcomes)

    def _choose_outcomes(self, outcomes: list[dict[str, Any]]) -> None:
        self.table.choose([Path(o["folder"]).name for o in outcomes if o["folder"]])

    def _finish(self, outcomes: list[Outcome]) -> None:
        self.list_runs()
        self._choose_outcomes([outcome.as_dict() for outcome in outcomes])
        self.notify(self._ended(outcomes))
        for outcome in outcomes:
            if outcome.run is not None:
                self._try(self.session.count_training)

    def _ended(self, outcomes: list[Outcome]) -> str:
        """How an experiment ended, in words."""
        if self._sweep is not None and self._sweep.unfinished():
            return f"{self._sweep}. Resume goes on."
        failed = [outcome.error for outcome in outcomes if outcome.error]
        words = f"The experiment ended: {pluralize(len(outcomes), 'run')}"
        return f"{words}, {len(failed)} of them failed: {failed[0]}" if failed else f"{words}."

    def _fail(self, error: BaseException) -> None:
        self.notify(f"The experiment failed: {error}")
        self.list_runs()

    def use(self) -> None:
        """Take the network of the run chosen into use."""
        [row] = self.table.chosen
        if self._try(lambda: self.session.load_network(self._runs / row.folder / "model.keras")):
            self.context.network_changed()
            self.notify(f"In use now: {self.session.network_label}.")
            self._try(self.session.remember_network)

    def _ask(self, what: str) -> None:
        if len(self.table.chosen) != 1:
            self.notify(f"Choose one run to {what.lower()}: click on it in the table.")
            return
        self.table.ask(what)

    def _rename(self) -> None:
        self._describe(name=self.table.answer)

    def _note(self) -> None:
        self._describe(note=self.table.answer)

    def _describe(self, **changes: str) -> None:
        [row] = self.table.chosen
        if self._try(lambda: run_list.describe(self._runs / row.folder, **changes)):
            self.list_runs()

    def delete(self) -> None:
        """Move the chosen runs to the trash, but not the network in use."""
        rows = [row for row in self.table.chosen if not self._is_in_use(row)]
        thrown: list[Path] = []
        for row in rows:
            self._try(
                lambda row=row: thrown.append(run_list.move_to_trash(self._runs / row.folder))
            )
        self.list_runs()
        if thrown:
            self.notify(
                f"Moved {pluralize(len(thrown), 'run')} to the trash.",
                ("Undo", lambda: self._take_back(thrown)),
            )
        elif self.table.chosen:
            self.notify("That network is in use: take another into use before its run is deleted.")

    def _is_in_use(self, row: RunSummary) -> bool:
        return self.session.network_path.resolve().parent == (self._runs / row.folder).resolve()

    def _take_back(self, thrown: list[Path]) -> None:
        for folder in thrown:
            self._try(lambda folder=folder: run_list.restore(folder))
        self.list_runs()
        self.table.choose([folder.name for folder in thrown])
        self.notify("Taken back.")

    def _export(self) -> None:
        if len(self.table.chosen) != 1:
            self.notify("Choose one run to export: click on it in the table.")
            return
        row = self.table.chosen[0]
        name = filedialog.asksaveasfilename(
            parent=self, title="Export the run", initialfile=f"{row.name}.json",
            defaultextension=".json", filetypes=[("Runs", ".json")],
        )  # fmt: skip
        if name and self._try(lambda: run_list.export(self._runs / row.folder, Path(name))):
            self.notify(f"Exported as {Path(name).name}.")

    def _open(self) -> None:
        name = filedialog.askopenfilename(
            parent=self, title="Open an exported run", filetypes=[("Runs", ".json")]
        )
        if name and self._try(lambda: self.plan.form.fill(load_recipe(Path(name)))):
            self._pages.select(1)
            self.notify("Its settings stand here; Start repeats it.")

    def _save(self) -> None:
        page = self._plots.nametowidget(self._plots.select())
        plot = self.overlay if page is self._plot_pages["Curves"] else self.effects
        words = plot.save("runs", plot.table)
        if words:
            self.notify(words)

    def _try(self, step: Callable[[], object]) -> bool:
        """Do something with files; where it fails, say so."""
        try:
            step()
        except (OSError, ValueError) as error:
            self.notify(str(error))
            return False
        return True

    def _show_state(self) -> None:
        """Enable what is possible now."""
        self.plan.show_state()
        chosen = self.table.chosen
        one = len(chosen) == 1
        resumable = self.unfinished is not None and not self.jobs.running
        self._unfinished.configure(text=str(self.unfinished) if resumable else "")
        has_network = one and chosen[0].state in ("done", "stopped")
        for text, enabled in (
            ("Use", has_network),
            ("Delete", bool(chosen)),
            ("Resume", resumable),
        ):
            self.buttons[text].state(["!disabled" if enabled else "disabled"])
