"""A form of all training settings, each with a line of help, validated while typing."""

from __future__ import annotations

import itertools
import tkinter as tk
from tkinter import ttk
from typing import Any

from number_recognition.learning.models.settings_checks import SettingConflict, validate_schedule
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.settings.setting_field import SettingField
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame

GROUPS = (
    ("Network", ("hidden_layers", "activation", "dropout", "batch_normalization")),
    (
        "Initialization and distillation",
        (
            "initial_weights",
            "convolution_epochs",
            "teachers",
            "teacher_epochs",
            "distillation",
            "distillation_temperature",
        ),
    ),
    (
        "Optimization",
        (
            "epochs",
            "batch_size",
            "optimizer",
            "learning_rate",
            "learning_rate_schedule",
            "restarts",
            "weight_decay",
            "label_smoothing",
            "ema_momentum",
            "precision",
        ),
    ),
    (
        "Data",
        (
            "sources",
            "no_digit",
            "counterexamples",
            "mnist_repeats",
            "mnist_morphs",
            "synthetic_samples",
            "correction_renderings",
            "stroke_renderings",
            "held_out_writers",
            "validation_split",
        ),
    ),
    ("Augmentation", ("distortion", "rotation", "scaling", "slant", "shift", "elastic")),
    ("Random seed and logging", ("seed", "tensorboard")),
)
"""The settings in the order of the form; a test checks that it has all of them."""

_SCHEDULE = (
    "hidden_layers",
    "initial_weights",
    "convolution_epochs",
    "teachers",
    "teacher_epochs",
    "epochs",
    "restarts",
)
"""The settings that `validate_schedule` depends on."""
_MAX_COMBINATIONS = 500


class TrainingForm(ScrolledFrame):
    """All training settings in groups.

    Event: `<<FormChanged>>` after a value was changed.

    Attributes:
        fields: by the names of the settings.
        is_form: digits typed in it are no corrections (see `window.toolkit.shortcuts.is_typing`).
    """

    is_form = True

    def __init__(self, parent: tk.Misc, several: bool = False) -> None:
        """Create the form; with `several`, each field takes several values."""
        super().__init__(parent)
        self.fields: dict[str, SettingField] = {}
        self._is_filling = False
        self.inside.columnconfigure(1, weight=1)
        for title, names in GROUPS:
            self._add_group(title, names, several)
        self.bind_wheel()
        self.bind("<Configure>", lambda event: self._wrap_help(event.width), add=True)

    def _add_group(self, title: str, names: tuple[str, ...], several: bool) -> None:
        row = self.inside.grid_size()[1]
        heading = ttk.Label(self.inside, text=title, style="Heading.TLabel")
        gap = scaled(self, 14 if row else 0)
        heading.grid(row=row, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        for i, name in enumerate(names):
            field = self.fields[name] = SettingField(self.inside, row + 1 + 2 * i, name, several)
            field.widget.bind("<<FieldChanged>>", lambda event: self._validate())

    def _wrap_help(self, width: int) -> None:
        for field in self.fields.values():
            field.help.configure(wraplength=max(scaled(self, 160), width - scaled(self, 40)))

    def _validate(self) -> None:
        if self._is_filling:
            return
        conflict = self._find_conflict()
        for name, field in self.fields.items():
            is_conflicting = conflict is not None and conflict.setting == name
            field.set_conflict(conflict.message if conflict is not None and is_conflicting else "")
        self.event_generate("<<FormChanged>>")

    def _find_conflict(self) -> SettingConflict | None:
        """Return why these settings are not valid together, each being valid by itself.

        Of several combinations, one valid combination is enough.
        """
        if any(self.fields[name].error for name in _SCHEDULE):
            return None
        first_conflict = None
        combinations = itertools.product(*(self.fields[name].values for name in _SCHEDULE))
        for values in itertools.islice(combinations, _MAX_COMBINATIONS):
            settings = TrainingSettings(**dict(zip(_SCHEDULE, values, strict=True)))
            try:
                validate_schedule(
                    settings, has_initial_weights=settings.initial_weights is not None
                )
            except SettingConflict as conflict:
                first_conflict = first_conflict or conflict
            else:
                return None
        return first_conflict

    def fill(self, settings: TrainingSettings) -> None:
        """Show these settings."""
        self._is_filling = True
        for name, field in self.fields.items():
            field.set_value(getattr(settings, name))
        self._is_filling = False
        self._validate()

    @property
    def errors(self) -> list[str]:
        """The names of the settings with an invalid value."""
        return [name for name, field in self.fields.items() if field.error or field.conflict]

    def focus_error(self) -> None:
        """Focus the first field with an invalid value."""
        if self.errors:
            self.fields[self.errors[0]].widget.focus_set()

    @property
    def values(self) -> dict[str, list[Any]]:
        """The values of each setting.

        Raises:
            ValueError: one of them is invalid.
        """
        return {name: field.values for name, field in self.fields.items()}

    @property
    def settings(self) -> TrainingSettings:
        """The settings, each with its first value.

        Raises:
            ValueError: one of them is invalid.
        """
        return TrainingSettings(**{name: values[0] for name, values in self.values.items()})
