"""The choice to have the pad read by the network in training."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk

from number_recognition.core.progress import Progress
from number_recognition.learning.runs.run import LAST_EPOCH
from number_recognition.session.network_in_use import NetworkInUse
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.widgets.tooltip import Tooltip

_NEVER = (Path(), 0)


class PadChoice(ttk.Checkbutton):
    """Lets the network in training read the pad, as of its last epoch, while it is checked.

    At the end of the training the network in use reads the pad again.

    Attributes:
        epoch: the epoch as of which the network in training reads the pad; 0 while it does not.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        self._checked = tk.BooleanVar(parent, False)
        super().__init__(
            parent,
            text="Read the pad with the network in training",
            variable=self._checked,
            command=self._update,
        )
        help = "See what it reads in your drawing after each epoch; nothing else changes"
        Tooltip(self, help)  # what changes is said in the line above
        self.epoch = 0
        self._context, self._session = context, context.session
        self._folder, self._last = _NEVER
        self._before: NetworkInUse | None = None

    @property
    def text(self) -> str:
        """Which network reads the pad, a sentence."""
        if self.epoch:
            return f"The pad is read by the network in training, as of epoch {self.epoch:,}."
        if self._checked.get():
            return "The pad is read by the network in training once its first epoch is done."
        return "Until this training is done, the pad is read by the network in use."

    def show_progress(self, progress: Progress) -> None:
        """Take up the folder of the training, or its next epoch, from a report of its progress."""
        details = progress.details
        if "folder" in details:
            self._folder = Path(details["folder"])
        if details.get("saved_epoch", 0) > self._last:
            self._last = details["saved_epoch"]
            self._update()

    def end(self) -> None:
        """Read the pad with the network in use again: the training has ended."""
        self._checked.set(False)
        self._update()
        self._folder, self._last = _NEVER

    def _update(self) -> None:
        is_replaced = self.epoch > 0 and self._session.network_path != self._folder / LAST_EPOCH
        if is_replaced:  # by a network that was opened meanwhile
            self._checked.set(False)
            self.epoch = 0
        elif self._checked.get() and self._last > self.epoch:
            self._show_last_epoch()
        elif not self._checked.get() and self.epoch:
            self._show_network_in_use()
        self.event_generate("<<PadChoiceChanged>>")

    def _show_last_epoch(self) -> None:
        session = self._session
        before = session.in_use
        label = f"network in training, epoch {self._last:,}"
        try:
            session.load_network(self._folder / LAST_EPOCH, label)
        except (OSError, ValueError) as error:
            self._context.show_error(f"The network in training does not read the pad: {error}")
            self._checked.set(False)
            return
        if not self.epoch:
            self._before = before
        self.epoch = self._last
        self._context.network_changed()

    def _show_network_in_use(self) -> None:
        if self._before is not None:
            self._session.use_network(self._before)
        self.epoch, self._before = 0, None
        self._context.network_changed()
