"""Moves the files of kept drawings: all of them or none."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from number_recognition.core.formatting import pluralize
from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.originals import Originals
from number_recognition.storage.file_errors import explained


def move_all(
    before: Sequence[Correction], after: Sequence[Correction], originals: Originals
) -> None:
    """Move drawings from one path and label to another, with the labels in their stroke files.

    Raises:
        OSError: one of them cannot be moved; all are where they were then, but those that cannot
            be moved back, which the error counts.
    """
    moved: list[tuple[Correction, Correction]] = []
    try:
        for old, new in zip(before, after, strict=True):
            _move_file(old.path, new.path)
            moved.append((old, new))
            if new.label != old.label:
                originals.relabel(new.path.stem, new.label)
    except BaseException as error:
        left = sum(not _move_back(old, new, originals) for old, new in moved)
        if left and isinstance(error, OSError):
            count = pluralize(left, "drawing", "drawings")
            raise OSError(f"{error} {count} moved before it could not be moved back.") from error
        raise


def _move_back(old: Correction, new: Correction, originals: Originals) -> bool:
    """Move a drawing back to where it was; whether that succeeded."""
    try:
        _move_file(new.path, old.path)
    except OSError:
        return False
    with contextlib.suppress(OSError):  # the folders are the truth about labels
        originals.relabel(old.path.stem, old.label)
    return True


def moved_to(
    corrections: Sequence[Correction], folder_of: Callable[[int | None], Path]
) -> list[Correction]:
    """Return drawings as they are in the folder of their label; no file is moved."""
    return [Correction(folder_of(each.label) / each.path.name, each.label) for each in corrections]


def _move_file(path: Path, target: Path) -> None:
    """Move a file in one step, and never over another."""
    if path == target:
        return
    with explained(path, f"cannot be moved to {target.parent}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise FileExistsError(f"{target} is there already; {path} stays where it is")
        try:
            os.rename(path, target)
        except FileNotFoundError as error:
            gone = "is no longer there: another program moved or deleted it"
            raise FileNotFoundError(f"{path} {gone}") from error
