"""Edits of the kept drawings: relabel, move to the trash, restore, import; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from number_recognition.session.steps import EditStep
from number_recognition.session.undo_history import UndoHistory

if TYPE_CHECKING:
    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.corrections.corrections import Corrections
    from number_recognition.digits.corrections.imports import ImportResult
    from number_recognition.session.counts import Counts


class CorrectionEdits:
    """Edits kept drawings, counts them, and adds each edit to the undo history.

    With many drawings an edit takes long: call it in a background thread.
    """

    def __init__(self, corrections: Corrections, counts: Counts, history: UndoHistory) -> None:
        self._corrections, self._counts, self._history = corrections, counts, history

    def relabel(self, corrections: Sequence[Correction], label: int | None) -> list[Correction]:
        """Give drawings another label (None: no digit); those that have it stay as they are.

        A drawing that was trained on with another label counts as new again.

        Returns:
            The drawings that were relabelled, with their new files.

        Raises:
            OSError: they cannot be moved; nothing has changed.
        """
        changing = [correction for correction in corrections if correction.label != label]
        if not changing:
            return []
        new = len(changing) - self._count_new(changing)
        return self._edit(changing, lambda: self._corrections.relabel(changing, label), 0, new)

    def trash(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Move drawings to the trash; see `relabel`."""
        new = -self._count_new(corrections)
        trash = self._corrections.trash
        return self._edit(corrections, lambda: trash(corrections), -len(corrections), new)

    def restore(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Move drawings from the trash back to the folders of their labels; see `relabel`.

        They count as new.
        """
        count, restore = len(corrections), self._corrections.restore
        return self._edit(corrections, lambda: restore(corrections), count, count)

    def add_import(self, imported: ImportResult) -> None:
        """Count what an import kept, as a step that can be undone: it moves to the trash then."""
        kept = imported.kept
        self._counts.update()
        if kept:
            self._add_step(self._corrections.in_trash(kept), kept, len(kept), len(kept))

    def _edit(
        self,
        corrections: Sequence[Correction],
        edit: Callable[[], list[Correction]],
        added: int,
        new: int,
    ) -> list[Correction]:
        after = self._counts.update_after(edit, added, new)
        self._add_step(corrections, after, added, new)
        return after

    def _add_step(
        self, before: Sequence[Correction], after: list[Correction], added: int, new: int
    ) -> None:
        step = EditStep(list(before), after, added, new, self._corrections, self._counts)
        self._history.add(step)

    def _count_new(self, corrections: Sequence[Correction]) -> int:
        """How many of these drawings are new: those kept last are."""
        self._counts.update()
        kept, _ = self._corrections.list_kept()
        kept.sort(key=lambda correction: (correction.kept_at, correction.path.name))
        trained = max(0, len(kept) - self._counts.counters.new)
        new = {correction.path for correction in kept[trained:]}
        return sum(correction.path in new for correction in corrections)
