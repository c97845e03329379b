"""Removes what killed programs left, in the background, and offers what a person might miss."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize
from number_recognition.learning.runs import leavings
from number_recognition.learning.runs.leavings import Leavings
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.unfinished_imports import offer_undo
from number_recognition.window.toolkit.background_work import BackgroundThread

if TYPE_CHECKING:
    from number_recognition.digits.corrections.leavings import UnfinishedImport
    from number_recognition.window.toolkit.app_context import AppContext


class LeavingsOffer:
    """Tidies up once, when the window has opened."""

    def __init__(self, context: AppContext) -> None:
        """Begin nothing yet."""
        self._context = context
        # Of a widget of its own: the window is told of the end of each of its widgets.
        self._background = BackgroundThread(tk.Frame(context.window))
        self._imports: list[UnfinishedImport] = []

    def begin(self) -> None:
        """Look for leavings in the background; offer those that there are."""
        session = self._context.session
        models = resolve_path(session.config.paths.models, session.config_path)
        corrections, home, in_use = session.corrections, session.home, session.network_path
        self._background.submit(
            lambda: leavings.tidy(corrections, models, home, in_use), self._offer
        )

    def _offer(self, found: Leavings) -> None:
        self._imports = found.imports
        parts = []
        if found.originals:
            parts.append(f"{pluralize(len(found.originals), 'drawing')} not kept to the end")
        if found.candidates:
            count = pluralize(len(found.candidates), "fine-tuned network")
            parts.append(f"{count} neither kept nor discarded")
        if not parts:
            self._offer_imports()
            return
        self._context.notify(
            f"When the program was ended, it left {' and '.join(parts)}.",
            ("Keep", lambda: self._run(lambda: self._keep(found), "Kept.")),
            ("Delete", lambda: self._run(lambda: leavings.delete(found), "Deleted.")),
        )

    def _offer_imports(self, said: str = "") -> None:
        """Offer what is left to offer, after what is said."""
        imports, self._imports = self._imports, []
        if imports:
            offer_undo(self._context, imports, said)
        elif said:
            self._context.notify(said)

    def _keep(self, found: Leavings) -> list[str]:
        return leavings.keep(found, self._context.session.corrections)

    def _run(self, work: Callable[[], list[str]], done: str) -> None:
        self._background.submit(work, lambda problems: self._show(problems, done))

    def _show(self, problems: list[str], done: str) -> None:
        self._context.corrections_changed()
        if problems:
            self._context.show_error(
                f"{pluralize(len(problems), 'file')} left as before: {problems[0]}"
            )
        self._offer_imports("" if problems else done)
