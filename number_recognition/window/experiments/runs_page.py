"""The page of all runs: a table, plots, and what can be done with the selected runs."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import ttk
from typing import Any

from number_recognition.core.formatting import pluralize
from number_recognition.learning.runs import run_list
from number_recognition.learning.runs.run import runs_folder
from number_recognition.learning.runs.run_files import MODEL_FILE
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.window.experiments.plot_tabs import PlotTabs
from number_recognition.window.experiments.run_groups import (
    WAITING,
    natural_order,
    runs_stamp,
    waiting_runs,
)
from number_recognition.window.experiments.run_states import legend_texts
from number_recognition.window.experiments.run_table import RunTable
from number_recognition.window.tables.short_names import unbroken
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.toolkit.view import EmptyPage
from number_recognition.window.widgets.context_menu import ContextMenu, RowMenu
from number_recognition.window.widgets.desktop import file_manager_name, show_in_folder
from number_recognition.window.widgets.pictures import save_file
from number_recognition.window.widgets.tooltip import Tooltip

_LOOK_EVERY = 2000
"""Milliseconds between two looks for runs that have changed."""
_LEAST_PLOTS = 140
"""The height in which curves can be read, in pixels at 96 dpi."""
_NO_RUNS = "Every training is listed here, to compare their settings, curves and results."
_HELP = {
    "Use": ("Read with the network of the selected run from now on",),
    "Delete": ("Move the selected runs to the trash", "Delete"),
    "Resume": ("Go on with what is selected, or with the newest unfinished experiment",),
}
"""What each button does, and its key."""


class RunsPage(ttk.Frame):
    """All runs with their plots.

    Events: `<<RunsSelected>>` after other runs were selected, `<<RunsChanged>>` after runs were
    begun, got on or ended, wherever they train; `<<Resume>>`, `<<NewExperiment>>` and `<<OpenRun>>`
    when one of these is chosen.

    Attributes:
        runs: all runs, as they were last listed.
        table: shows them.
        plots: the plots of the selected runs.
        buttons: by their text.
        more_menu: the less frequent actions.
        menu: what can be done with the selected runs.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.runs: list[RunSummary] = []
        self._context, self._session = context, context.session
        self._reported_errors: list[str] = []
        self._stamp: list[tuple[object, ...]] = []
        self._timer = Timer(self, self._look)
        self.table = RunTable(self)
        self._build_buttons()
        self.plots = PlotTabs(self)
        _place(self)
        self.empty_page = EmptyPage(self)
        self._connect()

    def _connect(self) -> None:
        self.menu = RowMenu(self.table.tree, self._add_entries)
        self._name_menu = RowMenu(self.table.names, self._add_entries)
        self.table.bind("<<RunsSelected>>", lambda event: self._show_selected())
        self.table.bind("<<RunEdited>>", lambda event: self._save_edit())
        self.table.bind("<<DeleteRuns>>", lambda event: self.delete())

    def _build_buttons(self) -> None:
        bar = ttk.Frame(self)
        bar.grid(row=1, sticky="ew", pady=scaled(self, 8))
        self._build_more_menu(bar)
        self.buttons: dict[str, ttk.Button] = {}
        for text, command in (
            ("Use", self.use),
            ("Delete", self.delete),
            ("Resume", partial(self.event_generate, "<<Resume>>")),
        ):
            self.buttons[text] = ttk.Button(bar, text=text, command=command)
            self.buttons[text].pack(side="left", padx=(0, scaled(self, 6)))
            Tooltip(self.buttons[text], *_HELP[text])
        self._unfinished_label = ttk.Label(bar, style="Faint.TLabel")
        self._unfinished_label.pack(side="left")

    def _build_more_menu(self, bar: ttk.Frame) -> None:
        menu = self.more_menu = tk.Menu(bar, tearoff=False)
        menu.add_command(label="Rename …", command=lambda: self._edit("name", "rename it"))
        menu.add_command(label="Edit note …", command=lambda: self._edit("note", "edit its note"))
        menu.add_command(label="Export run …", command=self._export)
        menu.add_command(label=file_manager_name(), command=self._show_in_folder)
        menu.add_command(
            label="Open exported run …", command=partial(self.event_generate, "<<OpenRun>>")
        )
        menu.add_command(label="Save plot …", command=lambda: self.plots.save())
        more = ttk.Menubutton(bar, text="More", menu=menu)
        more.pack(side="right")
        Tooltip(more, "Rename, export and more; also by the right button on a run")

    def _add_entries(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected runs."""
        for text, key in (("Use", ""), ("Delete", "Delete"), ("Resume", "")):
            button = self.buttons[text]
            menu.add(text, button.invoke, key, enabled=button.instate(["!disabled"]))
        menu.menu.add_separator()
        menu.add("Rename …", lambda: self._edit("name", "rename it"), "F2")
        menu.add("Edit note …", lambda: self._edit("note", "edit its note"))
        menu.add("Export run …", self._export)
        menu.add(file_manager_name(), self._show_in_folder)

    def _show_in_folder(self) -> None:
        run = self._selected_run("show its folder")
        if run is not None:
            show_in_folder(self, self.folder / run.folder / "summary.json")

    @property
    def folder(self) -> Path:
        """The folder of all runs."""
        return runs_folder(self._session.config.paths, self._session.config_path)

    def list_runs(self) -> None:
        """List all runs again; where that fails, say so and show none."""
        self._stamp = runs_stamp(self.folder)
        self._timer.start(_LOOK_EVERY)
        try:
            begun = run_list.list_runs(self.folder)
        except OSError as error:
            begun = []
            self._context.show_error(error)
        self.runs = sorted(
            [*waiting_runs(self.folder, begun), *begun], key=natural_order, reverse=True
        )
        if self.runs:
            self.empty_page.uncover()
        else:
            begin = partial(self.event_generate, "<<NewExperiment>>")
            self.empty_page.cover(_NO_RUNS, "New experiment", begin)
        self.table.show(self.runs, self.folder)
        self._show_plots()

    def _look(self) -> None:
        """Report runs that have changed since they were listed, those of other programs, too."""
        self._timer.start(_LOOK_EVERY)
        if self.winfo_viewable() and runs_stamp(self.folder) != self._stamp:
            self.event_generate("<<RunsChanged>>")

    def destroy(self) -> None:
        """Close the page, and look for runs no more."""
        self._timer.cancel()
        super().destroy()

    def report_damaged(self) -> None:
        """Report damaged runs, unless the same ones were reported before."""
        errors = [run.error for run in self.runs if run.state == "damaged"]
        if errors and errors != self._reported_errors:
            text = pluralize(len(errors), "run is damaged", "runs are damaged")
            self._context.show_error(f"{text}: {errors[0]}")
        self._reported_errors = errors

    def select(self, folders: list[str]) -> None:
        """Select the runs with these names of folders."""
        self.table.select(folders)

    def recolour(self) -> None:
        """Apply the colours and fonts of the theme."""
        self.table.resize_columns()
        self.plots.recolour()

    def show_preparing(self, preparing: dict[str, str]) -> None:
        """Show what runs do before their first epoch, by their folders, with how far they are."""
        steps = {folder: text.partition(",")[0] for folder, text in preparing.items()}
        if steps != self.table.preparing:
            self.table.preparing = steps
            self.table.show(self.runs, self.folder)
        text = next(iter(preparing.values()), "")
        self._unfinished_label.configure(text=text[:1].upper() + text[1:])

    def update_state(self, unfinished: str) -> None:
        """Enable the buttons that have an effect; `unfinished` describes what Resume resumes."""
        selected = self.table.selected
        has_network = len(selected) == 1 and selected[0].state in ("done", "stopped")
        if unfinished or not self.table.preparing:
            self._unfinished_label.configure(text=unfinished)
        for text, enabled in (
            ("Use", has_network),
            ("Delete", bool(selected)),
            ("Resume", bool(unfinished)),
        ):
            self.buttons[text].state(["!disabled" if enabled else "disabled"])

    def _show_selected(self) -> None:
        selected = self.table.selected
        if len(selected) == 1 and selected[0].error:
            self._context.notify(f"{unbroken(selected[0].name)}: {selected[0].error}")
        self._show_plots()
        self.event_generate("<<RunsSelected>>")

    def _show_plots(self) -> None:
        selected = self.table.selected
        self.plots.show(selected, legend_texts(selected, self.table.numbers), self.folder)

    def _selected_run(self, action: str) -> RunSummary | None:
        """Return the selected run; report and return None unless there is exactly one."""
        selected = self.table.selected
        if len(selected) != 1:
            self._context.notify(f"Select one run in the table to {action}.")
            return None
        return selected[0]

    def use(self) -> None:
        """Use the network of the selected run, also the next time."""
        run = self._selected_run("use it")
        if run is not None:
            self._context.model_menu.use_network(self.folder / run.folder / MODEL_FILE)

    def _edit(self, field: str, action: str) -> None:
        if self._selected_run(action) is not None:
            self.table.edit(field)

    def _save_edit(self) -> None:
        [run] = self.table.selected
        if self._try(run_list.annotate, self.folder / run.folder, **self.table.changes):
            self.list_runs()

    def delete(self) -> None:
        """Move the selected runs to the trash, except that of the network in use."""
        selected = self.table.selected
        trashed: list[Path] = []
        for run in selected:
            if not self._is_in_use(run) and not self._is_active(run):
                self._try(self._move_to_trash, run, trashed)
        self.list_runs()
        if trashed:
            text = f"Moved {pluralize(len(trashed), 'run')} to the trash."
            self._context.notify(text, ("Undo", lambda: self._restore(trashed)))
        elif any(map(self._is_in_use, selected)):
            self._context.notify("This network is in use. Use another one before deleting its run.")
        elif any(map(self._is_active, selected)):
            self._context.notify("This run is being trained, or waits. Stop it before deleting it.")

    def _is_active(self, run: RunSummary) -> bool:
        return self.table.state_of(run).startswith(("running", WAITING))

    def _move_to_trash(self, run: RunSummary, trashed: list[Path]) -> None:
        trashed.append(run_list.move_to_trash(self.folder / run.folder))

    def _is_in_use(self, run: RunSummary) -> bool:
        return self._session.network_path.resolve().parent == (self.folder / run.folder).resolve()

    def _restore(self, trashed: list[Path]) -> None:
        restored = [folder for folder in trashed if self._try(run_list.restore, folder)]
        self.list_runs()
        self.select([folder.name for folder in restored])
        if restored:
            self._context.notify(f"Restored {pluralize(len(restored), 'run')}.")

    def _export(self) -> None:
        run = self._selected_run("export it")
        if run is None:
            return
        write = partial(run_list.export_run, self.folder / run.folder)
        save_file(self, "Export run", run.name, [("Runs", ".json")], write)

    def _try(self, step: Callable[..., object], *arguments: Any, **options: Any) -> bool:
        """Run a step that uses files; report an error and return whether there was none."""
        try:
            step(*arguments, **options)
        except (OSError, ValueError) as error:
            self._context.show_error(error)
            return False
        return True


def _place(page: RunsPage) -> None:
    """Let only the plots grow; the table shrinks where they would have no room otherwise."""
    page.table.grid(row=0, sticky="nsew")
    page.plots.grid(row=2, sticky="nsew")
    page.columnconfigure(0, weight=1)
    page.rowconfigure(0, weight=1)
    page.rowconfigure(2, weight=10_000, minsize=scaled(page, _LEAST_PLOTS))
