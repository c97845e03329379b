"""Counts of the kept drawings, taken from their folders and remembered in counters.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from number_recognition.core.formatting import pluralize
from number_recognition.storage.counters import (
    Counters,
    count_fine_tuning,
    count_training,
    counters_problem,
    read_counters,
    update_counters,
)

if TYPE_CHECKING:
    from number_recognition.digits.corrections.corrections import Corrections

Result = TypeVar("Result")


class Counts:
    """The counts that the window shows.

    The kept drawings are counted in their folders; counters.json is written from that. It also
    remembers how many are new since the last fine-tuning, and how often a network was trained. A
    file that cannot be read or written gives a warning and stops nothing.

    Attributes:
        counters: the counts as last updated.
    """

    def __init__(
        self, path: Path, corrections: Callable[[], Corrections], warn: Callable[[str], None]
    ) -> None:
        """Make the counts, all 0 before `update`.

        Args:
            path: counters.json.
            corrections: returns the kept drawings; called when they are counted.
            warn: called with each warning for the user.
        """
        self.counters = Counters()
        self._path, self._corrections, self._warn = path, corrections, warn
        self._unlisted: set[Path] = set()
        self._is_changing = False

    @property
    def has_kept(self) -> bool:
        """Whether any digit is kept; counterexamples: see `Session.can_fine_tune`."""
        return any(self.counters.kept)

    def update(self) -> None:
        """Count the kept drawings, and save the counts where they changed.

        Drawings that were not counted before are new. While `update_after` runs in another
        thread nothing happens: it counts at its end.
        """
        if not self._is_changing:
            self._update(0, 0)

    def update_after(self, change: Callable[[], Result], added: int, new: int) -> Result:
        """Move or remove kept drawings by calling `change`, then count; the result of `change`.

        Args:
            change: moves or removes them.
            added: how many drawings more are kept after it, negative for fewer.
            new: how many more of the kept drawings are new after it.
        """
        self._is_changing = True
        try:
            result = change()
            self._update(added, new)
        finally:
            self._is_changing = False
        return result

    def _update(self, added: int, new: int) -> None:
        counts, problems = self._corrections().count()
        self._warn_of_folders(problems)

        def counted(counters: Counters) -> Counters:
            return recount(counters, counts, added, new)

        try:
            before, warning = read_counters(self._path)
        except OSError as error:
            self.counters = counted(self.counters)
            self._warn(counters_problem(self._path, error))
            return
        if warning or counted(before) != before:
            self._set(update_counters(counted, self._path, self.counters))
        else:
            self.counters = before
        if warning:
            self._warn(warning)

    def count_fine_tuning(self, trained: int) -> None:
        """Count a fine-tuning; `trained` is how many drawings were new when it started."""
        self._set(count_fine_tuning(trained, self._path, self.counters))

    def count_training(self) -> None:
        """Count a training."""
        self._set(count_training(self._path, self.counters))

    def _set(self, updated: tuple[Counters, str | None]) -> None:
        self.counters, warning = updated
        if warning:
            self._warn(warning)

    def _warn_of_folders(self, problems: Mapping[Path, str]) -> None:
        """Warn of each folder that cannot be listed, once."""
        reasons = [reason for folder, reason in problems.items() if folder not in self._unlisted]
        if reasons:
            others = len(reasons) - 1
            more = f", nor can {pluralize(others, 'more folder')}" if others else ""
            self._warn(f"{reasons[0]}{more}.")
        self._unlisted = set(problems)


def recount(counters: Counters, counts: Mapping[int | None, int], added: int, new: int) -> Counters:
    """The counters after the folders were counted.

    Args:
        counters: the counters before.
        counts: the kept drawings by label; a label that could not be counted keeps its count.
        added: how many drawings more are kept by what was just done; those that are there beyond
            were added without being counted, for example before the program was killed.
        new: how many more are new by what was just done.
    """
    kept = tuple(counts.get(digit, counters.kept[digit]) for digit in range(10))
    not_a_digit = counts.get(None, counters.not_a_digit)
    total = sum(kept) + not_a_digit
    not_counted_yet = total - added - sum(counters.kept) - counters.not_a_digit
    now_new = counters.new + new + max(0, not_counted_yet)
    return dataclasses.replace(
        counters, kept=kept, not_a_digit=not_a_digit, new=min(total, max(0, now_new))
    )
