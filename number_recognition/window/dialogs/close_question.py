"""The question before the window is closed while a job is running."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import center_over, scaled, text_width

if TYPE_CHECKING:
    from number_recognition.window.toolkit.job_runner import JobRunner


class CloseQuestion:
    """Asks once whether to close the window; the question ends with the job."""

    def __init__(self, root: tk.Tk, jobs: JobRunner) -> None:
        self._root, self._jobs = root, jobs
        self._dialog: ConfirmCloseDialog | None = None
        root.bind("<<JobChanged>>", lambda event: self._withdraw(), add=True)

    def ask(self) -> None:
        """Ask, or show the question again; closing destroys the window."""
        if self._dialog is not None and self._dialog.winfo_exists():
            self._dialog.focus_force()
        else:
            root, jobs = self._root, self._jobs
            self._dialog = ConfirmCloseDialog(root, jobs.title, jobs.if_closed, root.destroy)

    def _withdraw(self) -> None:
        if self._dialog is not None and not self._jobs.running:
            self._dialog.destroy()
            self._dialog = None


class ConfirmCloseDialog(tk.Toplevel):
    """Asks whether to close the window while a job is running; Escape and Return cancel.

    Attributes:
        message: the text.
        cancel_button, close_button: the answers.
    """

    def __init__(self, root: tk.Tk, job: str, if_closed: str, close: Callable[[], None]) -> None:
        """Open the dialog.

        Args:
            root: the main window.
            job: the name of the job.
            if_closed: what is lost, a sentence.
            close: called when the user decides to close.
        """
        super().__init__(root)
        self.title("Close the window?")
        self.transient(root)
        self.resizable(False, False)
        self.message = f"{job} is still running. {if_closed}"
        self._build(close)
        self.bind("<Return>", lambda event: self.destroy())
        self.bind("<Escape>", lambda event: self.destroy())
        center_over(self, root)
        self.cancel_button.focus_set()

    def _build(self, close: Callable[[], None]) -> None:
        def close_on_return(event: tk.Event[ttk.Button]) -> str:
            close()
            return "break"

        gap = scaled(self, 10)
        frame = ttk.Frame(self, padding=2 * gap)
        frame.pack(fill="both", expand=True)
        ttk.Label(frame, text=self.message, wraplength=text_width(self, 52)).pack()
        bar = ttk.Frame(frame)
        bar.pack(anchor="e", pady=(2 * gap, 0))
        self.cancel_button = ttk.Button(
            bar, text="Cancel", style="Accent.TButton", command=self.destroy
        )
        self.close_button = ttk.Button(bar, text="Close anyway", command=close)
        for button in (self.cancel_button, self.close_button):
            button.pack(side="left", padx=(gap, 0))
        self.close_button.bind("<Return>", close_on_return)
