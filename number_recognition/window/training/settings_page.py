"""The settings of a training: presets, the form, and the page for a missing MNIST."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.learning.runs.estimates import describe_time
from number_recognition.learning.runs.run import runs_folder
from number_recognition.learning.runs.run_list import RunSummary, list_runs
from number_recognition.session.session import Session
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.toolkit.theme import scaled, scaled_by_text, wrap_to_width
from number_recognition.window.training.mnist_page import MnistPage
from number_recognition.window.training.preset_bar import PresetBar
from number_recognition.window.training.presets import (
    presets,
    without_missing_strokes,
)
from number_recognition.window.training.training_form import TrainingForm
from number_recognition.window.widgets.tooltip import Tooltip

_REMEMBERED = "training_form"
_LEAST_FORM = 110
"""The height in which the form can be used, in pixels at 96 dpi and at the usual size of text."""


class SettingsPage(ttk.Frame):
    """Presets above the form, Start below it.

    Events: `<<StartTraining>>`, `<<SettingsChanged>>` after another value.

    Attributes:
        presets: the ready-made settings.
        form: all settings.
        mnist: covers the page where MNIST is missing.
        start_button, reset_button: below the form.
    """

    def __init__(self, parent: tk.Misc, session: Session) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self._session, self._state = session, session.window_state
        self._runs: list[RunSummary] | None = None
        self._from_config: dict[str, str] = {}
        self._build_bar()
        self._build_form()
        self.mnist = MnistPage(self)
        self._connect()

    def _build_form(self) -> None:
        self.presets = PresetBar(self, self.describe_time)
        self.presets.pack(fill="x", pady=(0, scaled(self, 8)))
        self.form = TrainingForm(self)
        self.form.pack(fill="both", expand=True)
        self.form.keep_close(self._bar, self._text)
        self._bar.lift()  # Tab follows the order of the windows

    def _build_bar(self) -> None:
        gap = scaled(self, 8)
        self._bar = bar = ttk.Frame(self)
        bar.pack(side="bottom", fill="x", pady=(gap, 0))
        self.start_button = ttk.Button(
            bar, text="Start", style="Accent.TButton", command=self._request_start
        )
        self.start_button.pack(side="left")
        Tooltip(self.start_button, "Train a network with these settings", "Enter")
        self.reset_button = ttk.Button(bar, text="Reset to config.json")
        self.reset_button.pack(side="left", padx=gap)
        self._text = ttk.Label(self, style="Faint.TLabel")
        self._text.pack(side="bottom", fill="x", pady=(gap, 0))
        wrap_to_width(self._text)

    def _connect(self) -> None:
        self.presets.bind("<<PresetChosen>>", lambda event: self._use_preset())
        self.form.bind("<<FormChanged>>", lambda event: self.event_generate("<<SettingsChanged>>"))
        self.mnist.bind("<<Back>>", lambda event: self.show_mnist(False))
        for widget in (self.start_button, *(f.widget for f in self.form.fields.values())):
            widget.bind("<Return>", lambda event: self._request_start())

    def _request_start(self) -> None:
        self.event_generate("<<StartTraining>>")

    def describe_time(self, settings: TrainingSettings) -> str:
        """Say about how long a training takes, as the beginning of a sentence: "About 1 minute".

        Past runs are read once for each showing.
        """
        if self._runs is None:
            self._runs = self.past_runs()
        text = describe_time(without_missing_strokes(settings, self._has_strokes), self._runs)
        return text[:1].upper() + text[1:]

    def past_runs(self) -> list[RunSummary]:
        """Return the runs that times are estimated from, none where they cannot be listed.

        The Experiments view says why not.
        """
        try:
            return list_runs(runs_folder(self._session.config.paths, self._session.config_path))
        except OSError:
            return []

    @property
    def _has_strokes(self) -> bool:
        return bool(self._session.config.paths.strokes)

    def _use_preset(self) -> None:
        if self.presets.chosen is not None:
            self.fill(presets()[self.presets.chosen].settings)
            self.form.show_from(self.form.inside)
            self.start_button.focus_set()

    def fill(self, settings: TrainingSettings) -> None:
        """Show these settings."""
        self.form.fill(settings)

    def fill_from_config(self, settings: TrainingSettings, remembered: bool) -> None:
        """Show the settings of config.json, with what was typed into the form before or without."""
        self.form.fill(settings)
        self._from_config = self.form.texts
        if remembered:
            self.form.fill_texts(self._state.get(_REMEMBERED, {}))
            self.form.show_advanced(self._state.get("training_advanced", False))

    def remember(self) -> None:
        """Remember what differs from config.json, until the window opens next."""
        differing = {
            name: text
            for name, text in self.form.texts.items()
            if text != self._from_config.get(name)
        }
        self._state.set(_REMEMBERED, differing)
        self._state.set("training_advanced", self.form.shows_advanced)

    def settings_to_use(self) -> TrainingSettings:
        """Return the settings, without the stroke files where none are set."""
        return without_missing_strokes(self.form.settings, self._has_strokes)

    def show_mnist(self, shown: bool) -> None:
        """Cover the page where MNIST is missing, or show the settings again."""
        if shown:
            self.mnist.place(x=0, y=0, relwidth=1.0, relheight=1.0)
            self.mnist.lift()
        else:
            self.mnist.place_forget()
        self.event_generate("<<SettingsChanged>>")

    def refresh(self) -> None:
        """Read the runs again, and show the times that follow from them."""
        self._runs = None
        self.presets.show_times()

    def needed_height(self) -> int:
        """Return the height in pixels of everything, and of a few fields of the form."""
        if self.mnist.winfo_manager():
            return self.mnist.winfo_reqheight()
        rows = (self.presets, self._text, self.start_button)
        gaps = 5 * scaled(self, 8)
        fields = scaled_by_text(self, _LEAST_FORM)
        return sum(row.winfo_reqheight() for row in rows) + gaps + fields

    def update_state(self, job: str) -> None:
        """Enable Start where it is possible, and say why not or how long it takes.

        Args:
            job: the name of the job that is running, "" for none.
        """
        errors = len(self.form.errors)
        if job:
            text = f"{job} is running."
        elif errors:
            text = "One value is invalid." if errors == 1 else f"{errors} values are invalid."
        else:
            time = self.describe_time(self.form.settings)
            text = f"{time} on this machine, if nothing else runs."
        self.presets.mark(None if errors else self.form.settings)
        self._text.configure(text=text)
        self.start_button.state(["disabled" if job or errors else "!disabled"])
