"""The Edit menu: undo and redo of everything, and the edits of kept drawings that views offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from number_recognition.core.formatting import digit_name, pluralize
from number_recognition.session.steps import EditStep, KeepStep
from number_recognition.session.undo_history import Step
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.background_work import BackgroundThread, ChangeQueue

if TYPE_CHECKING:
    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.corrections.imports import ImportResult
    from number_recognition.window.draw_menu import DrawMenu
    from number_recognition.window.layout.main_layout import MainLayout


class EditContext(AppContext, Protocol):
    """What the Edit menu uses of the main window."""

    draw_menu: DrawMenu

    def show_corrections(self) -> None:
        """Show the kept drawings after the session changed and counted them."""


class EditMenu:
    """Undo, redo, and edits of kept drawings, one after the other.

    Files are moved in a background thread. What is requested meanwhile waits for its turn.
    """

    def __init__(self, app: EditContext, layout: MainLayout) -> None:
        self._app, self._session = app, app.session
        self._pad, self._views = layout.pad, layout.views
        self._queue = ChangeQueue(BackgroundThread(layout), self._show_failure)

    @property
    def is_busy(self) -> bool:
        """Whether an edit is running."""
        return self._queue.busy

    def undo(self) -> None:
        """Undo the last step, or discard the stroke that is being drawn."""
        if self._pad.pressed:
            self._pad.cancel()
        else:
            self._queue.request(self._undo)

    def redo(self) -> None:
        """Redo the step that was undone last."""
        if not self._pad.pressed:
            self._queue.request(self._redo)

    def _undo(self) -> bool:
        history = self._session.history
        return self._run(history.next_undo, history.undo, "Not undone", self._show_undone)

    def _redo(self) -> bool:
        history = self._session.history
        return self._run(history.next_redo, history.redo, "Not redone", self._show_redone)

    def _run(
        self,
        step: Step | None,
        action: Callable[[], Step | None],
        failure: str,
        show: Callable[[Step], None],
    ) -> bool:
        """Undo or redo a step and show it; False where there is none."""
        if step is None:
            return False
        if step.moves_files:
            self._queue.run(action, show, failure)
            return True
        try:
            action()
        except (OSError, ValueError) as error:
            self._show_failure(f"{failure}: {error}")
        else:
            show(step)
        return True

    def _show_undone(self, step: Step) -> None:
        self._show_step(step, "Undone.", "No longer kept as")

    def _show_redone(self, step: Step) -> None:
        self._show_step(step, "Redone.", "Kept again as")

    def _show_step(self, step: Step, message: str, keep_message: str) -> None:
        undone = message == "Undone."
        other = ("Redo", self.redo) if undone else ("Undo", self.undo)
        if isinstance(step, EditStep):
            changed = step.before if message == "Undone." else step.after
            self._finish(message, changed, other)
            return
        self._app.draw_menu.show_content()
        if isinstance(step, KeepStep):
            self._app.show_corrections()
            name, new = digit_name(step.correction.label), self._session.counters.new
            message = f"{keep_message} {name} ({new} new)."
        self._app.notify(message, other)

    def request(self, edit: Callable[[], bool]) -> bool:
        """Call `edit` once no other edit is running; whether it has something to do."""
        return self._queue.request(edit)

    def relabel(
        self,
        corrections: Sequence[Correction],
        label: int | None,
        select: Sequence[Correction] = (),
    ) -> None:
        """Give kept drawings another label (None: no digit).

        Call this and the other edits from within `request`.

        Args:
            corrections: the drawings.
            label: their new label.
            select: the first of these that is still listed is selected afterwards.
        """
        edits = self._session.edits
        description = f"kept as {digit_name(label)} now"
        self._edit(lambda: edits.relabel(corrections, label), description, select)

    def trash(self, corrections: Sequence[Correction], select: Sequence[Correction] = ()) -> None:
        """Move kept drawings to the trash; see `relabel`."""
        edits = self._session.edits
        self._edit(lambda: edits.trash(corrections), "in the trash", select)

    def restore(self, corrections: Sequence[Correction], select: Sequence[Correction] = ()) -> None:
        """Restore drawings from the trash; see `relabel`."""
        edits = self._session.edits
        self._edit(lambda: edits.restore(corrections), "back from the trash", select)

    def add_import(self, imported: ImportResult) -> None:
        """Count what an import kept, as a step that can be undone."""
        self._queue.request(lambda: self._add_import(imported))

    def _add_import(self, imported: ImportResult) -> bool:
        self._session.edits.add_import(imported)
        self._app.show_corrections()
        return True

    def _edit(
        self,
        edit: Callable[[], list[Correction]],
        description: str,
        select: Sequence[Correction],
    ) -> None:
        def show(edited: list[Correction]) -> None:
            if not edited:
                self._queue.finish()
                return
            count = pluralize(len(edited), "drawing is", "drawings are")
            undo = ("Undo", self._app.undo)
            self._finish(f"{count} {description}.", select, undo, count=1)

        self._queue.run(edit, show, "Nothing was changed")

    def _finish(
        self,
        message: str,
        select: Sequence[Correction],
        *actions: tuple[str, Callable[[], object]],
        count: int | None = None,
    ) -> None:
        """Show everywhere what changed, let the view select drawings, and run the next edit."""
        self._app.show_corrections()
        self._app.notify(message, *actions)
        view = self._views.current
        if view is None:
            self._queue.finish()
        else:
            view.select_corrections(select, count, self._queue.finish)

    def _show_failure(self, message: str) -> None:
        self._app.corrections_changed()
        self._app.show_error(message)
