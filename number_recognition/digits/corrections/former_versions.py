"""Moves what earlier versions kept in other folders."""

from __future__ import annotations

from number_recognition.digits.corrections.correction import list_folder
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.moves import moved_to


def move_former_counterexamples(corrections: Corrections) -> None:
    """Move the counterexamples to their folder of today; the log follows.

    Where that fails, a warning is added to `corrections.warnings`, and they are read where they
    are.
    """
    folders = corrections.folders
    try:
        former = list_folder(folders.former_counterexamples, None)
        if former:
            corrections.put(former, moved_to(former, folders.kept))
    except OSError as error:
        corrections.warnings.append(
            f"{folders.former_counterexamples}: expected to move the counterexamples to "
            f"{folders.counterexamples}, but: {error}. They are read where they are."
        )
