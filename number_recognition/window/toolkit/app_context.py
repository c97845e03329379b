"""What the views and the menus are given of the main window; names no view and no menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tkinter as tk
    from pathlib import Path

    from PIL import Image

    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.corrections.imports import ImportResult
    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.session.session import Session
    from number_recognition.window.toolkit.job_runner import JobRunner

Action = tuple[str, Callable[[], object]]
"""The text of a button beside a message, and what it does."""


class CorrectionEditor(Protocol):
    """Edits kept drawings, one edit after the other, so that each can be undone."""

    @property
    def is_busy(self) -> bool:
        """Whether an edit is running."""

    def request(self, edit: Callable[[], bool]) -> bool:
        """Call `edit` once no other edit is running; whether it has something to do."""

    def relabel(
        self,
        corrections: Sequence[Correction],
        label: int | None,
        select: Sequence[Correction] = (),
    ) -> None:
        """Give kept drawings another label (None: no digit); call it from within `request`.

        Args:
            corrections: the drawings.
            label: their new label.
            select: the first of these that is still listed is selected afterwards.
        """

    def trash(self, corrections: Sequence[Correction], select: Sequence[Correction] = ()) -> None:
        """Move kept drawings to the trash; see `relabel`."""

    def restore(self, corrections: Sequence[Correction], select: Sequence[Correction] = ()) -> None:
        """Restore drawings from the trash; see `relabel`."""

    def add_import(self, imported: ImportResult) -> None:
        """Count what an import kept, as a step that can be undone."""


class Offers(Protocol):
    """What a person is asked about; each offer stays in the window until it is answered."""

    def add(self, text: str, *actions: Action, about: object) -> None:
        """Offer something, after the offers before.

        Args:
            text: what is offered, a sentence.
            actions: the answers; one whose function returns False leaves the offer open.
            about: what it is about, a path for example; an offer about the same is replaced.
        """

    def withdraw(self, about: object) -> None:
        """Take the offer and the error about something away, if there are any."""


class NetworkUser(Protocol):
    """What views use of the menu of the model."""

    def use_network(self, path: Path) -> bool:
        """Load a network and use it from now on; says why and returns False where that fails."""


class AppContext(Protocol):
    """What every view and menu uses of the main window; `App` is one, tests have their own.

    What a single menu uses beyond this is in a protocol beside it. `window` is the parent of
    dialogs, `jobs` runs slow work in a process of its own.
    """

    session: Session
    jobs: JobRunner

    @property
    def window(self) -> tk.Tk: ...

    @property
    def offers(self) -> Offers: ...

    @property
    def edit_menu(self) -> CorrectionEditor: ...

    @property
    def model_menu(self) -> NetworkUser: ...

    def notify(
        self, message: str, *actions: Action, warning: bool = False, lasting: bool = False
    ) -> None:
        """Show a message in the status bar, with a button for each action.

        An error (`warning`) stays until it is read, a lasting notice until the next one; others
        end when what is on the pad changes, or a job ends.
        """

    def show_error(self, problem: object, about: object = None) -> None:
        """Show what went wrong in the status bar, in one line.

        It stays until it is read, or until another error is about the same, or `offers.withdraw`
        says that it is out of date. `about` None: nothing else is about the same.
        """

    def put_on_pad(self, picked: Drawing | Image.Image, is_test_image: bool = False) -> None:
        """Put a drawing or an image on the pad, as one step that can be undone.

        Args:
            picked: the drawing or the image.
            is_test_image: whether networks are compared on it, so that it cannot be kept.
        """

    def undo(self) -> None:
        """Undo the last step, wherever it was made."""

    def network_changed(self) -> None:
        """Update everything after `session.load_network` loaded another network."""

    def corrections_changed(self) -> None:
        """Update everything after kept drawings were added, moved or removed."""

    def show_run(self, folder: Path) -> None:
        """Show a run of a training in the Experiments view."""

    def resume_run(self, folder: Path) -> bool:
        """Resume a run in the Training view; whether that began. Says why where it did not."""

    def remember(self, **changes: object) -> None:
        """Change settings of the window and save them in config.json."""
