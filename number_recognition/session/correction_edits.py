"""Changes of what is kept: other labels, the trash and back; counted, and undone. No Tk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from number_recognition.digits.corrections.corrections import Correction
from number_recognition.digits.corrections.imports import ImportResult
from number_recognition.session.session import Session
from number_recognition.storage.counters import Counters


@dataclass(frozen=True)
class CorrectionEdit:
    """One step: drawings that were `before`, are `after`, and how many new ones it counted.

    What was imported was nothing before.
    """

    before: list[Correction]
    after: list[Correction]
    new: int


class CorrectionEdits:
    """Relabels, trashes and restores kept drawings, and takes the last step back."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._past: list[CorrectionEdit] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    def relabel(self, entries: list[Correction], label: int | None) -> list[Correction]:
        """Give drawings another label (None: no digit); those that had it stay as they are.

        Raises:
            OSError: they cannot be moved; nothing has changed then.
        """
        changing = [entry for entry in entries if entry.label != label]
        # What was learned with another label is to be learned anew.
        new = len(changing) - self._new_among(changing)
        corrections = self._session.corrections
        return self._do(changing, lambda some: corrections.relabel(some, label), new)

    def trash(self, entries: list[Correction]) -> list[Correction]:
        """Move drawings to the trash.

        Raises:
            OSError: see `relabel`.
        """
        return self._do(entries, self._session.corrections.trash, -self._new_among(entries))

    def restore(self, entries: list[Correction]) -> list[Correction]:
        """Bring drawings back from the trash.

        Raises:
            OSError: see `relabel`.
        """
        return self._do(entries, self._session.corrections.restore, len(entries))

    def undo(self) -> list[Correction]:
        """Take the last step back; the drawings as they are now. An import goes to the trash.

        Raises:
            OSError: a file went elsewhere meanwhile, or cannot be moved; nothing has changed then.
        """
        change = self._past[-1]
        try:
            if not change.before:
                return self._take_out(change)
            self._back(change)
        except (FileNotFoundError, FileExistsError):
            self._past.pop()  # it can never be taken back
            raise
        self._count(change.after, change.before, -change.new)
        self._past.pop()
        return change.before

    def _take_out(self, imported: CorrectionEdit) -> list[Correction]:
        """Move what was imported to the trash, which is no step of its own then."""
        entries = imported.after
        trash = self._session.corrections.trash
        trashed = self._made(entries, trash, -self._new_among(entries)).after
        self._past.pop()
        return trashed

    def count_imported(self, imported: ImportResult) -> None:
        """Count what an import took, as a step that can be taken back."""

        def counted(counters: Counters) -> Counters:
            for label, count in enumerate(imported.taken):
                counters = counters.with_kept(label, count, new=count)
            return counters

        self._session.count(counted)
        if imported.kept:
            self._past.append(CorrectionEdit([], imported.kept, len(imported.kept)))

    def _do(
        self,
        entries: list[Correction],
        move: Callable[[list[Correction]], list[Correction]],
        new: int,
    ) -> list[Correction]:
        """Make a step that can be taken back; the drawings as they are after it."""
        if not entries:
            return []
        self._past.append(self._made(entries, move, new))
        return self._past[-1].after

    def _made(
        self,
        entries: list[Correction],
        move: Callable[[list[Correction]], list[Correction]],
        new: int,
    ) -> CorrectionEdit:
        """Move drawings and count that."""
        change = CorrectionEdit(entries, move(entries), new)
        self._count(change.before, change.after, new)
        return change

    def _back(self, change: CorrectionEdit) -> None:
        self._session.corrections.put(change.after, change.before)

    def _count(self, before: list[Correction], after: list[Correction], new: int) -> None:
        """Count drawings under their labels; those in the trash are not kept."""
        trash = self._session.corrections.trash_folder

        steps: Counter[int | None] = Counter()
        for entries, step in ((before, -1), (after, +1)):
            for entry in entries:
                if trash not in entry.path.parents:
                    steps[entry.label] += step

        def counted(counters: Counters) -> Counters:
            for label, step in steps.items():
                counters = counters.with_kept(label, step)
            return counters.with_kept(None, 0, new=new)

        self._session.count(counted)

    def _new_among(self, entries: list[Correction]) -> int:
        """How many of these were kept since the last fine-tuning: those are the latest."""
        self._session.read_counters()
        kept, _ = self._session.corrections.list_kept()
        kept.sort(key=lambda entry: (entry.kept_at, entry.path.name))
        older = max(0, len(kept) - self._session.counters.new)  # the count may be wrong
        latest = {entry.path for entry in kept[older:]}
        return sum(entry.path in latest for entry in entries)
