"""The settings of a training as a form: each with its line of help, checked as it is typed."""

from __future__ import annotations

import dataclasses
import itertools
import tkinter as tk
from tkinter import ttk
from typing import Any

from number_recognition.learning.models.settings_checks import SettingConflict, validate_schedule
from number_recognition.storage.fields import parse, to_text, type_hints
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.toolkit.theme import CAPTION, scaled
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame

GROUPS = (
    ("Network", ("hidden_layers", "activation", "dropout", "batch_normalization")),
    (
        "Beginning",
        (
            "start",
            "convolution_epochs",
            "teachers",
            "teacher_epochs",
            "distillation",
            "distillation_temperature",
        ),
    ),
    (
        "Learning",
        (
            "epochs",
            "batch_size",
            "optimizer",
            "learning_rate",
            "learning_rate_schedule",
            "restarts",
            "weight_decay",
            "label_smoothing",
            "weight_average",
            "precision",
        ),
    ),
    (
        "Data",
        (
            "data",
            "no_digit",
            "counterexamples",
            "mnist_repeats",
            "mnist_morphs",
            "generated_samples",
            "correction_renderings",
            "stroke_renderings",
            "held_out_writers",
            "validation_split",
        ),
    ),
    ("Distortion", ("distortion", "rotation", "scaling", "slant", "shift", "elastic")),
    ("Chance and files", ("seed", "tensorboard")),
)
"""The settings in the order of the form; a test holds it to all of them."""

_TOGETHER = (
    "hidden_layers",
    "start",
    "convolution_epochs",
    "teachers",
    "teacher_epochs",
    "epochs",
    "restarts",
)
"""What `validate_schedule` looks at."""
_MANY = 500

_FIELDS = {entry.name: entry for entry in dataclasses.fields(TrainingSettings)}
_HINTS = type_hints(TrainingSettings)


class Field:
    """One setting: its name, a widget to change it, and below its help or what is wrong.

    With `several`, the widget takes several values with spaces between them.

    Attributes:
        error: what is wrong with what was typed; empty where nothing is.
        conflict: why it does not go together with other settings; empty where it does.
    """

    def __init__(self, parent: tk.Misc, row: int, name: str, several: bool) -> None:
        self.name = name
        self.error = "expected a value, found none"
        self.conflict = ""
        self._entry, self._hint, self._several = _FIELDS[name], _HINTS[name], several
        self.text = tk.StringVar(parent)
        gap = scaled(parent, 6)
        label = ttk.Label(parent, text=name.replace("_", " ").capitalize())
        label.grid(row=row, column=0, sticky="w", pady=(gap, 0))
        self.widget = self._make(parent)
        self.widget.grid(row=row, column=1, sticky="ew", padx=(2 * gap, 0), pady=(gap, 0))
        self.widget.bind("<Control-a>", _select_all)
        self.help = ttk.Label(parent, style="Faint.TLabel", text=self._help())
        self.help.grid(row=row + 1, column=0, columnspan=2, sticky="w")
        self.text.trace_add("write", lambda *_: self._check())

    def _make(self, parent: tk.Misc) -> ttk.Widget:
        choices = self._entry.metadata.get("choices")
        width = 22 if self._several else 16
        if self._several:
            return ttk.Entry(parent, textvariable=self.text, width=width)
        if self._hint is bool:
            return ttk.Checkbutton(
                parent,
                variable=self.text,
                onvalue="true",
                offvalue="false",
                style="Switch.TCheckbutton",
            )
        if choices and self._hint is str:
            return ttk.Combobox(
                parent, textvariable=self.text, values=choices, state="readonly", width=width
            )
        return ttk.Entry(parent, textvariable=self.text, width=width)

    def _help(self) -> str:
        choices = self._entry.metadata.get("choices")
        listed = choices and (self._several or self._hint is not str)
        text = self._entry.metadata["help"]
        text = f"{text}: {', '.join(choices)}" if listed else text
        return text[:1].upper() + text[1:]

    @property
    def values(self) -> list[Any]:
        """What was typed, as values.

        Raises:
            ValueError: says what was expected and what was found.
        """
        text = self.text.get().strip()
        # A path may hold spaces.
        several = self._several and self._hint != str | None
        parts = text.split() if several else [text]
        if not parts:
            raise ValueError("expected a value, found none")
        return [parse(self._entry, self._hint, part) for part in parts]

    def _check(self) -> None:
        try:
            _ = self.values
        except ValueError as error:
            self.error = str(error).removeprefix(f"{self.name!r}: ")
        else:
            self.error = ""
        self._show()
        self.widget.event_generate("<<FieldChanged>>")

    def show_conflict(self, words: str) -> None:
        """Say why it does not go together with other settings; "" where it does."""
        if words != self.conflict:
            self.conflict = words
            self._show()

    def _show(self) -> None:
        wrong = self.error or self.conflict
        if wrong:
            words = wrong[:1].upper() + wrong[1:]
            self.help.configure(text=words, style="Warning.TLabel", font=CAPTION)
        else:
            self.help.configure(text=self._help(), style="Faint.TLabel")


def _select_all(event: tk.Event) -> str:
    if isinstance(event.widget, ttk.Entry):
        event.widget.selection_range(0, "end")
        event.widget.icursor("end")
    return "break"


class TrainingForm(ScrolledFrame):
    """All the settings of a training, in groups.

    Event: `<<FormChanged>>` whenever a value was changed.

    Attributes:
        is_form: what is typed in it means nothing to the pad (see `window.toolkit.shortcuts.is_typing`).
    """

    is_form = True

    def __init__(self, parent: tk.Misc, several: bool = False) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self._is_filling = False
        self.inside.columnconfigure(1, weight=1)
        row = 0
        for title, names in GROUPS:
            heading = ttk.Label(self.inside, text=title, style="Heading.TLabel")
            heading.grid(row=row, column=0, sticky="w", pady=(scaled(self, 14 if row else 0), 0))
            row += 1
            for name in names:
                field = self.fields[name] = Field(self.inside, row, name, several)
                field.widget.bind("<<FieldChanged>>", lambda event: self._changed())
                row += 2
        self.bind_wheel()
        self.bind("<Configure>", lambda event: self._wrap(event.width), add=True)

    def _wrap(self, width: int) -> None:
        for field in self.fields.values():
            field.help.configure(wraplength=max(scaled(self, 160), width - scaled(self, 40)))

    def _changed(self) -> None:
        if not self._is_filling:
            conflict = self._conflict()
            for name, field in self.fields.items():
                is_meant = conflict is not None and conflict.setting == name
                field.show_conflict(conflict.message if is_meant else "")
            self.event_generate("<<FormChanged>>")

    def _conflict(self) -> SettingConflict | None:
        """Why a training cannot begin with these settings, where each is right for itself.

        Of several combinations it is enough that one can.
        """
        if any(self.fields[name].error for name in _TOGETHER):
            return None
        found = None
        ways = itertools.product(*(self.fields[name].values for name in _TOGETHER))
        for values in itertools.islice(ways, _MANY):
            settings = TrainingSettings(**dict(zip(_TOGETHER, values, strict=True)))
            try:
                validate_schedule(settings, has_initial_weights=settings.start is not None)
            except SettingConflict as conflict:
                found = found or conflict
            else:
                return None
        return found

    def fill(self, settings: TrainingSettings) -> None:
        """Show these settings."""
        self._is_filling = True
        for name, field in self.fields.items():
            field.text.set(to_text(getattr(settings, name)))
        self._is_filling = False
        self._changed()

    @property
    def errors(self) -> list[str]:
        """The names of the settings with a wrong value."""
        return [name for name, field in self.fields.items() if field.error or field.conflict]

    def show_error(self) -> None:
        """Bring the first wrong value into sight, with the focus on it."""
        if self.errors:
            self.fields[self.errors[0]].widget.focus_set()

    @property
    def values(self) -> dict[str, list[Any]]:
        """The values of each setting.

        Raises:
            ValueError: one of them is wrong.
        """
        return {name: field.values for name, field in self.fields.items()}

    @property
    def settings(self) -> TrainingSettings:
        """The settings, each with its first value.

        Raises:
            ValueError: one of them is wrong.
        """
        return TrainingSettings(**{name: values[0] for name, values in self.values.items()})
