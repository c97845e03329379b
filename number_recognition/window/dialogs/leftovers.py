"""Removes what a killed program left behind, and offers what a person may want to keep."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize
from number_recognition.learning.runs import leftovers
from number_recognition.learning.runs.leftovers import Leftovers
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.unfinished_imports import offer_undo
from number_recognition.window.toolkit.background_work import BackgroundThread

if TYPE_CHECKING:
    from number_recognition.window.toolkit.app_context import AppContext


class LeftoversOffer:
    """Looks for leftover files once, in the background, when the window has opened."""

    def __init__(self, context: AppContext) -> None:
        """Create the offer; `begin` starts it."""
        self._context = context
        # Of a widget of its own: the window is told of the end of each of its widgets.
        self._background = BackgroundThread(tk.Frame(context.window))

    def begin(self) -> None:
        """Remove leftover files in the background, and offer those a person may want to keep."""
        session = self._context.session
        models = resolve_path(session.config.paths.models, session.config_path)
        corrections, home, in_use = session.corrections, session.home, session.network_path
        self._background.submit(
            lambda: leftovers.clean_up(corrections, models, home, in_use), self._offer
        )

    def _offer(self, found: Leftovers) -> None:
        parts = []
        if found.originals:
            parts.append(f"{pluralize(len(found.originals), 'drawing')} that it was saving")
        if found.candidates:
            count = pluralize(len(found.candidates), "fine-tuned network")
            parts.append(f"{count} not yet kept or discarded")
        if parts:
            self._context.offers.add(
                f"When the program ended, it left {' and '.join(parts)}.",
                ("Keep", lambda: self._run(lambda: self._keep(found), "Kept.")),
                ("Delete", lambda: self._run(lambda: leftovers.delete(found), "Deleted.")),
                about=LeftoversOffer,
            )
        offer_undo(self._context, found.imports)

    def _keep(self, found: Leftovers) -> list[str]:
        return leftovers.keep(found, self._context.session.corrections)

    def _run(self, work: Callable[[], list[str]], done: str) -> None:
        self._background.submit(work, lambda problems: self._show(problems, done))

    def _show(self, problems: list[str], done: str) -> None:
        self._context.corrections_changed()
        if problems:
            self._context.show_error(f"{pluralize(len(problems), 'file')} unchanged: {problems[0]}")
        else:
            self._context.notify(done)
