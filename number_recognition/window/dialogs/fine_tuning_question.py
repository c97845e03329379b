"""The question whether to keep a fine-tuned network, which waits until it is answered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.window.dialogs.fine_tuning_result import FineTuningResultDialog
from number_recognition.window.toolkit.app_context import AppContext

if TYPE_CHECKING:
    from number_recognition.learning.fine_tuning.report import FineTuningReport


class FineTuningQuestion:
    """Asks whether to keep a fine-tuned network.

    A result that is closed without an answer is offered above the status bar. A discarded one can
    be shown again and kept: its file is deleted with the window.
    """

    def __init__(self, context: AppContext, use: Callable[[Path], object]) -> None:
        """Ask nothing yet; `use` is called with the network that is kept."""
        self._context, self._use = context, use
        self._dialog: FineTuningResultDialog | None = None
        self._unanswered: tuple[FineTuningReport, int] | None = None
        self._discarded: list[FineTuningReport] = []

    @property
    def is_open(self) -> bool:
        """Whether a result was neither kept nor discarded yet."""
        return self._unanswered is not None

    def ask(self, report: FineTuningReport, new: int) -> None:
        """Show a result, and keep or discard its network when that is answered.

        While another dialog waits for an answer, the result is offered above the status bar.

        Args:
            report: the result.
            new: how many drawings were new when the fine-tuning started.
        """
        self._context.notify(f"Fine-tuning finished. {report.why}", lasting=True)
        self._unanswered = report, new
        if report in self._discarded:
            self._discarded.remove(report)
        window = self._context.window
        if window.tk.call("grab", "current", window):
            # Another dialog takes all clicks and keys: this one could not be answered.
            self._put_off(report, new)
            return
        dialog = self._dialog = FineTuningResultDialog(window, report)
        dialog.bind("<<Kept>>", lambda event: self._keep(report, new))
        dialog.bind("<<Discarded>>", lambda event: self._discard(report, new))
        dialog.bind("<<PutOff>>", lambda event: self._put_off(report, new))

    def show(self) -> None:
        """Show the result that was not answered yet, if there is one."""
        if self._dialog is not None and self._dialog.winfo_exists():
            self._dialog.present()
        elif self._unanswered is not None:
            self._context.offers.withdraw(self._unanswered[0].network)
            self.ask(*self._unanswered)

    def close(self) -> None:
        """Delete the networks that were discarded; the next window offers one without an answer."""
        from number_recognition.learning.fine_tuning.version_store import (
            discard_version,
            leave_candidate,
        )

        if self._unanswered is not None:
            leave_candidate(self._unanswered[0].network)
        for report in self._discarded:
            # The window is closed: there is nowhere to say it, and the next one offers the file.
            with contextlib.suppress(OSError):
                discard_version(report)

    def _put_off(self, report: FineTuningReport, new: int) -> None:
        self._context.offers.add(
            "The last fine-tuned network is neither kept nor discarded.",
            ("Show it", self.show),
            ("Discard", partial(self._discard, report, new)),
            about=report.network,
        )

    def _keep(self, report: FineTuningReport, new: int) -> None:
        from number_recognition.learning.fine_tuning.version_store import write_report

        self._unanswered = None
        session = self._context.session
        try:
            write_report(report)
        except (OSError, ValueError) as error:
            session.warnings.append(f"The list of versions will not show this network: {error}.")
        session.counts.count_fine_tuning(new)
        self._use(report.network)

    def _discard(self, report: FineTuningReport, new: int) -> None:
        self._unanswered = None
        self._discarded.append(report)
        again = ("Show it again", partial(self.ask, report, new))
        self._context.notify("Discarded: the network in use stays as it was.", again)
