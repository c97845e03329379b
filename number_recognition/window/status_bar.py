"""The status bar: the last message with its buttons, and the progress of the running job."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from functools import partial
from tkinter import ttk

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import format_duration
from number_recognition.storage.values import printable
from number_recognition.window.pending_messages import PendingMessages
from number_recognition.window.tables.short_names import NO_BREAK, shorten_names
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.job_runner import STOPPING, JobRunner
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.pictures import bind_notices
from number_recognition.window.widgets.tooltip import Tooltip

_MIN_MESSAGE_WIDTH = 280
"""A message beside the progress of a job is at least this wide, in pixels at 96 dpi."""
_BAR_WIDTH, _MIN_BAR_WIDTH = 140, 40
"""Width of the progress bar, and what is left of it beside a long text, in pixels at 96 dpi."""


class StatusBar(ttk.Frame):
    """The row at the bottom of the window; above it, what waits to be read or answered.

    Events: `<<FineTune>>`, `<<Pause>>` and `<<Stop>>` when their buttons are pressed.

    Attributes:
        message: the last message shown, with the errors shown with it; all its spaces are plain.
        pending: the errors that were not read, and the offers that were not answered yet.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=(scaled(parent, 14), scaled(parent, 6)))
        self.message = ""
        self._is_lasting = True
        self._buttons: dict[str, ttk.Button] = {}
        self._gap = scaled(self, 8)
        self._build()
        # The row keeps its height when buttons are shown and hidden.
        self.rowconfigure(1, minsize=self._fine_tune.winfo_reqheight())
        self.show_new(0)
        self.bind("<Configure>", lambda event: self._fit())
        bind_notices(parent.winfo_toplevel(), self.show, partial(self.show, warning=True))

    def _build(self) -> None:
        self.pending = PendingMessages(self)
        self.pending.grid(row=0, column=0, columnspan=5, sticky="ew", pady=(0, self._gap))
        self.pending.grid_remove()
        self.rowconfigure(0, weight=1)  # an error higher than the window hides no notice
        self._text = ttk.Label(self)
        self._text.grid(row=1, column=0, sticky="w")
        self._tooltip = Tooltip(self._text, "")
        self._actions = ttk.Frame(self)
        self._actions.grid(row=1, column=1, sticky="w", padx=self._gap)
        self.columnconfigure(1, weight=1)
        self._new = ttk.Label(self, style="Faint.TLabel")
        self._new.grid(row=1, column=3, padx=self._gap)
        self._fine_tune = self._button(self, "Fine-tune", "<<FineTune>>")
        self._fine_tune.grid(row=1, column=4)
        Tooltip(self._fine_tune, "Train the network on the drawings that were kept", "F6")
        self._build_job()

    def _build_job(self) -> None:
        self._job = ttk.Frame(self)
        self._bar = ttk.Progressbar(self._job, length=scaled(self, _BAR_WIDTH), maximum=1.0)
        self._step = ttk.Label(self._job)
        self._pause = self._button(self._job, "Pause", "<<Pause>>")
        self._stop = self._button(self._job, "Stop", "<<Stop>>")
        Tooltip(self._pause, "Pause what is running, or go on")
        Tooltip(self._stop, "End what is running", "Ctrl+F2")
        # Packed last, the bar is what gets narrower where the text needs the room.
        for button in (self._stop, self._pause):
            button.pack(side="right", padx=(self._gap, 0))
        self._step.pack(side="left", padx=(self._gap, 0))
        self._bar.pack(side="left", padx=(self._gap, 0), fill="x", expand=True)
        self._job.bind("<Configure>", lambda event: self._fit())

    def _button(self, parent: tk.Misc, text: str, event: str) -> ttk.Button:
        return ttk.Button(parent, text=text, command=lambda: self.event_generate(event))

    @property
    def action_buttons(self) -> dict[str, ttk.Button]:
        """The buttons of the actions that are shown, by their texts."""
        return {**self.pending.buttons, **self._buttons}

    def show(
        self,
        message: str,
        *actions: Action,
        warning: bool = False,
        lasting: bool = False,
        errors: Sequence[str] = (),
        about: object = None,
    ) -> None:
        """Show a message, with a button for each action.

        Args:
            message: a notice, which replaces the one before, or an error.
            actions: what can be done.
            warning: whether it is an error; those stay until they are read.
            lasting: whether a notice stays until the next one, as one with an action does; others
                end with what they speak of (see `end_notice`).
            errors: errors to show as well, each about its own text.
            about: what an error is about, see `AppContext.show_error`.
        """
        self.message = printable(" ".join([*errors, message])).replace(NO_BREAK, " ")
        for error in errors:
            self.pending.add_error(error, about=error)
        if warning:
            self.pending.add_error(message, *actions, about=about)
        else:
            self._show_notice(printable(message), *actions)
            self._is_lasting = lasting or bool(self._buttons.keys() - {"Undo", "Redo"})
        self._fit()

    def _show_notice(self, message: str, *actions: Action) -> None:
        self._text.configure(text=shorten_names(message))
        self._tooltip.text = message if shorten_names(message) != message else ""
        for text in list(self._buttons):
            self._buttons.pop(text).destroy()
        for text, command in actions:
            button = ttk.Button(self._actions, text=shorten_names(text), command=command)
            if shorten_names(text) != text:
                Tooltip(button, text)
            self._buttons[text] = button
            button.pack(side="left", padx=(0, self._gap))

    def end_notice(self) -> None:
        """Take a notice away that is out of date: the pad changed, or the job ended."""
        if not self._is_lasting:
            self._show_notice("")
            self._is_lasting = True
            self._fit()

    def _fit(self) -> None:
        """Wrap a long message before it pushes the buttons off the window.

        Where little width is left for it, the progress of the job moves to a second row.
        """
        self.pending.fit(self.winfo_width() - 4 * self._gap)
        fine_tune = [self._fine_tune] if self._fine_tune.winfo_manager() else []
        used = self._needed_width(*self._buttons.values(), self._new, *fine_tune)
        width = self.winfo_width() - used - 7 * self._gap
        if self._job.winfo_manager():
            rest = width - self._needed_width(self._step, self._bar, self._pause, self._stop)
            is_below = rest < scaled(self, _MIN_MESSAGE_WIDTH)
            self._place_job(below=is_below)
            width = width if is_below else rest
        self._text.configure(wraplength=max(width, scaled(self, 200)))

    def _needed_width(self, *widgets: tk.Misc) -> int:
        """The width of widgets beside each other; that of a frame is known a moment later."""
        return sum(widget.winfo_reqwidth() + self._gap for widget in widgets)

    def _place_job(self, below: bool) -> None:
        """Show the job left of the other buttons, so that none moves under the pointer."""
        wrap = 0
        if below:
            self._job.grid(row=2, column=0, columnspan=5, sticky="ew", pady=(self._gap, 0))
            used = self._needed_width(self._pause, self._stop) + scaled(self, _MIN_BAR_WIDTH)
            wrap = max(self.winfo_width() - used - 6 * self._gap, scaled(self, 200))
        else:
            self._job.grid(row=1, column=2, columnspan=1, sticky="e", pady=0)
        self._step.configure(wraplength=wrap)

    def show_new(self, count: int) -> None:
        """Show how many drawings are new since the last fine-tuning, and offer one."""
        self._new.configure(text=pluralize(count, "new drawing") if count else "")
        if count:
            self._fine_tune.grid()
        else:
            self._fine_tune.grid_remove()
        self._fit()

    def show_start(self, jobs: JobRunner) -> None:
        """Say that a job was started; why the one before failed is out of date."""
        self.pending.withdraw(jobs.title)
        self.show(f"{jobs.title} started.")

    def show_job(self, jobs: JobRunner) -> None:
        """Show the progress of the running job, or nothing where none is running."""
        if not jobs.running:
            self._job.grid_forget()
            self.end_notice()
            return
        progress = jobs.progress
        self._bar.configure(value=progress.done)
        self._step.configure(text=_job_text(jobs))
        self._pause.configure(text="Resume" if jobs.paused else "Pause")
        if not self._job.winfo_manager():
            self._place_job(below=False)
            self._fit()

    def enable(self, *, pause: bool, stop: bool, fine_tune: bool) -> None:
        """Enable or disable the buttons."""
        for button, enabled in (
            (self._pause, pause),
            (self._stop, stop),
            (self._fine_tune, fine_tune),
        ):
            button.state(["!disabled" if enabled else "disabled"])


def _job_text(jobs: JobRunner) -> str:
    if jobs.state == STOPPING:
        return f"{jobs.title}: stopping …"
    if jobs.paused:
        return f"{jobs.title}: paused"
    left = jobs.progress.seconds_left
    return jobs.progress.message + (f", {format_duration(left)} left" if left is not None else "")
