"""What the Drawings view imports: pictures of a folder or a CSV, with what was refused and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

from digits.imports import Imported
from window.drawings_changes import DrawingChanges
from window.refusals import show_refusals
from window.view import View


class DrawingImports:
    """Asks for a source and imports it as a job; the view tells what came of it."""

    def __init__(self, view: View, changes: DrawingChanges, undo: Callable[[], object]) -> None:
        """Make the imports of a view; `undo` takes its last change back."""
        self._view, self._changes, self._undo = view, changes, undo

    def choose_folder(self) -> None:
        """Ask for a folder, and import it."""
        folder = filedialog.askdirectory(parent=self._view, title="A folder with 0 to 9 in it")
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
        """Import the pictures of a folder or a CSV, as a job."""
        from learning.importing import import_run

        desk = self._view.desk
        started = desk.jobs.start(
            "Import",
            import_run,
            source,
            desk.corrections.folder,
            if_closed="The pictures taken so far stay kept; the others would be left out.",
            done=self._imported,
            failed=self._failed,
        )
        if not started:
            self._view.tell(f"{desk.jobs.title} is still at work: stop it, or import afterwards.")

    def _imported(self, imported: Imported) -> None:
        self._view.desk.warnings += imported.warnings
        self._changes.count_imported(imported)
        words = f"{len(imported.kept):,} taken"
        actions = [("Undo", self._undo)] if imported.kept else []
        if imported.refused:
            words += f", {len(imported.refused):,} refused"
            actions.append(("Show why", lambda: show_refusals(self._view, imported.refused)))
        self._view.event_generate("<<CorrectionsChanged>>")
        self._view.tell(f"Imported: {words}.", *actions)

    def _failed(self, error: BaseException) -> None:
        self._view.event_generate("<<CorrectionsChanged>>")
        self._view.tell(f"Not imported: {error}")
