"""The ready-made settings above the form, each with its time on this machine."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.toolkit.theme import scaled, wrap_to_width
from number_recognition.window.training.presets import presets
from number_recognition.window.widgets.tooltip import Tooltip


class PresetBar(ttk.Frame):
    """A button for each preset, marked while it is chosen, with what it is and its time below.

    Event: `<<PresetChosen>>` after a click; `chosen` is then its index in `presets()`.

    Attributes:
        chosen: see above, None before the first click.
        buttons: by the names of the presets.
        times: the labels with the times, by the names of the presets.
    """

    def __init__(self, parent: tk.Misc, describe_time: Callable[[TrainingSettings], str]) -> None:
        """Build the buttons; `describe_time` says how long a training takes."""
        super().__init__(parent)
        self.chosen: int | None = None
        self.buttons: dict[str, ttk.Radiobutton] = {}
        self._marked = tk.IntVar(self, -1)
        self.times: dict[str, ttk.Label] = {}
        self._describe_time = describe_time
        for index, preset in enumerate(presets()):
            self._add(index, preset.name, preset.sentence)
        self.show_times()
        self.bind("<Configure>", lambda event: self._share_width(event.width))

    def _share_width(self, width: int) -> None:
        """Make all columns as wide, unless a button has no room then."""
        gaps = scaled(self, 8) * (len(self.buttons) - 1)
        widest = max(button.winfo_reqwidth() for button in self.buttons.values())
        group = "preset" if widest * len(self.buttons) + gaps <= width else ""
        for index in range(len(self.buttons)):
            self.columnconfigure(index, uniform=group)

    def _add(self, index: int, name: str, sentence: str) -> None:
        gap = scaled(self, 8)
        column = ttk.Frame(self)
        column.grid(row=0, column=index, sticky="nsew", padx=(gap if index else 0, 0))
        self.columnconfigure(index, weight=1)
        button = ttk.Radiobutton(
            column, text=name, value=index, variable=self._marked, style="Toggle.TButton"
        )
        button.configure(command=partial(self._choose, index))
        button.pack(fill="x")
        Tooltip(button, "Fill the form with these settings; Start then trains")
        # As narrow as the button: the texts are wrapped at the width that the column gets.
        time = ttk.Label(column, width=1)
        text = ttk.Label(column, text=sentence, width=1, style="Faint.TLabel")
        for label in (time, text):
            label.pack(fill="x", pady=(gap // 2 if label is time else 0, 0))
            wrap_to_width(label)
        self.buttons[name], self.times[name] = button, time

    def _choose(self, index: int) -> None:
        self.chosen = index
        self.event_generate("<<PresetChosen>>")

    def mark(self, settings: TrainingSettings | None) -> None:
        """Mark the preset that has these settings, where one has; None marks none."""
        same = [index for index, each in enumerate(presets()) if each.settings == settings]
        self._marked.set(same[0] if same else -1)

    def show_times(self) -> None:
        """Show how long each takes, from the runs there are now."""
        for preset in presets():
            self.times[preset.name].configure(text=self._describe_time(preset.settings))
