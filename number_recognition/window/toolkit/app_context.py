"""The protocol of the main window that the menus and the views are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tkinter as tk
    from collections.abc import Callable

    from PIL import Image

    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.session.session import Session
    from number_recognition.window.edit_menu import EditMenu
    from number_recognition.window.toolkit.job_runner import JobRunner
    from number_recognition.window.toolkit.view import View


class AppContext(Protocol):
    """What menus and views use of the main window; `App` is one, tests have their own.

    `window` is the parent of dialogs, `jobs` runs slow work in a process of its own, `edit_menu`
    edits kept drawings so that it can be undone.
    """

    session: Session
    jobs: JobRunner
    edit_menu: EditMenu

    @property
    def window(self) -> tk.Tk: ...

    def notify(
        self, message: str, *actions: tuple[str, Callable[[], object]], warning: bool = False
    ) -> None:
        """Show a message in the status bar, with a button for each action."""

    def show_error(self, problem: object) -> None:
        """Show what went wrong in the status bar, in one line."""

    def put_on_pad(self, picked: Drawing | Image.Image) -> None:
        """Put a drawing or an image on the pad, as one step that can be undone."""

    def undo(self) -> None:
        """Undo the last step, wherever it was made."""

    def redo(self) -> None:
        """Redo the step that was undone last."""

    def show_view(self, title: str) -> View | None:
        """Select the tab of a view and return the view; None where no tab has this title."""

    def network_changed(self) -> None:
        """Update everything after `session.load_network` loaded another network."""

    def corrections_changed(self) -> None:
        """Update everything after kept drawings were added, moved or removed."""

    def remember(self, **changes: object) -> None:
        """Change settings of the window and save them in config.json."""
