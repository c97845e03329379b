"""Imports images of a folder or a CSV into the kept drawings, and exports all of these."""

from __future__ import annotations

from pathlib import Path
from tkinter import filedialog

from number_recognition.core.formatting import pluralize
from number_recognition.digits.corrections.export import export_zip
from number_recognition.digits.corrections.imports import ImportResult
from number_recognition.digits.corrections.leftovers import (
    UnfinishedImport,
    find_unfinished_imports,
)
from number_recognition.window.dialogs.skipped_files import show_skipped_files
from number_recognition.window.dialogs.unfinished_imports import offer_undo
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.background_work import BackgroundThread
from number_recognition.window.toolkit.view import View


class DrawingImports:
    """Asks for a source, imports it as a job, and shows the result; asks for a ZIP to export to."""

    def __init__(self, view: View) -> None:
        self._view, self._context = view, view.context
        self._background = BackgroundThread(view)
        self._kept_before = 0

    def choose_folder(self) -> None:
        """Ask for a folder, and import it."""
        folder = filedialog.askdirectory(
            parent=self._view, title="A folder with 0 to 9 or not_a_digit in it"
        )
        if folder:
            self.start(Path(folder))

    def choose_csv(self) -> None:
        """Ask for a CSV, and import it."""
        name = filedialog.askopenfilename(
            parent=self._view,
            title="A CSV of file and label",
            filetypes=[("CSV", (".csv", ".tsv", ".txt")), ("All files", "*")],
        )
        if name:
            self.start(Path(name))

    def start(self, source: Path) -> None:
        """Import the images of a folder or a CSV, as a job."""
        from number_recognition.learning.import_job import import_job

        jobs, session = self._context.jobs, self._context.session
        started = jobs.start(
            "Import",
            import_job,
            source,
            session.corrections.folder,
            if_closed="The images imported so far stay kept; the rest would not be imported.",
            on_done=self._imported,
            on_error=self._failed,
        )
        if started:
            self._kept_before = session.counters.total
        else:
            self._context.notify(
                f"{jobs.title} is still running: stop it, or import when it has finished."
            )

    def choose_zip(self) -> None:
        """Ask for a file, and export all kept drawings into it."""
        name = filedialog.asksaveasfilename(
            parent=self._view,
            title="Export the kept drawings",
            defaultextension=".zip",
            initialfile="drawings.zip",
            filetypes=[("ZIP", ".zip")],
        )
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write all kept drawings and their labels into a ZIP, in the background."""
        corrections = self._context.session.corrections

        def write() -> int:
            return export_zip(corrections.list_kept()[0], path)

        self._background.submit(
            write,
            lambda count: self._context.notify(
                f"{pluralize(count, 'drawing')} exported to {path}."
            ),
            lambda error: self._context.show_error(f"Not exported: {error}"),
        )

    def _imported(self, imported: ImportResult) -> None:
        self._context.session.warnings += imported.warnings
        self._context.edit_menu.add_import(imported)
        message = f"{len(imported.kept):,} imported"
        if imported.problem:
            message += f", then it ended: {imported.problem.rstrip('.')}"
        actions: list[Action] = [("Undo", self._context.undo)] if imported.kept else []
        if imported.skipped:
            message += f", {len(imported.skipped):,} skipped"
            actions.append(("Show why", lambda: show_skipped_files(self._view, imported.skipped)))
        self._context.notify(f"{message}.", *actions, warning=bool(imported.problem))

    def _failed(self, error: BaseException) -> None:
        session = self._context.session
        self._context.corrections_changed()
        kept = session.counters.total - self._kept_before
        if kept <= 0:
            self._context.show_error(f"Not imported: {error}")
            return
        count = pluralize(kept, "drawing was", "drawings were")
        self._context.show_error(f"The import ended: {error}. {count} kept since it began.")
        self._background.submit(
            lambda: find_unfinished_imports(session.corrections), self._offer_undo
        )

    def _offer_undo(self, imports: list[UnfinishedImport]) -> None:
        if imports:
            offer_undo(self._context, imports)
