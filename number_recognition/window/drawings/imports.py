"""What the Drawings view imports: pictures of a folder or a CSV, with what was refused and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

from number_recognition.digits.corrections.imports import ImportResult
from number_recognition.session.correction_edits import CorrectionEdits
from number_recognition.window.dialogs.skipped_files import show_skipped_files
from number_recognition.window.toolkit.view import View


class DrawingImports:
    """Asks for a source and imports it as a job; the view tells what came of it."""

    def __init__(self, view: View, changes: CorrectionEdits, undo: Callable[[], object]) -> None:
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
        from number_recognition.learning.import_job import import_job

        session = self._view.session
        started = session.jobs.start(
            "Import",
            import_job,
            source,
            session.corrections.folder,
            if_closed="The pictures taken so far stay kept; the others would be left out.",
            done=self._imported,
            failed=self._failed,
        )
        if not started:
            self._view.notify(
                f"{session.jobs.title} is still at work: stop it, or import afterwards."
            )

    def _imported(self, imported: ImportResult) -> None:
        self._view.session.warnings += imported.warnings
        self._changes.count_imported(imported)
        words = f"{len(imported.kept):,} taken"
        actions = [("Undo", self._undo)] if imported.kept else []
        if imported.refused:
            words += f", {len(imported.refused):,} refused"
            actions.append(("Show why", lambda: show_skipped_files(self._view, imported.refused)))
        self._view.event_generate("<<CorrectionsChanged>>")
        self._view.notify(f"Imported: {words}.", *actions)

    def _failed(self, error: BaseException) -> None:
        self._view.event_generate("<<CorrectionsChanged>>")
        self._view.notify(f"Not imported: {error}")
