"""A form of all training settings, each with a line of help, validated while typing."""

from __future__ import annotations

import itertools
import tkinter as tk
from collections.abc import Mapping
from tkinter import ttk
from typing import Any

from number_recognition.learning.models.settings_checks import SettingConflict, validate_schedule
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.settings.field_form import FieldForm
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.tooltip import Tooltip

BASIC = (
    "hidden_layers",
    "activation",
    "optimizer",
    "learning_rate",
    "batch_size",
    "epochs",
    "sources",
)
"""The settings that stand first; all others are under Advanced."""
ADVANCED = (
    ("Network", ("dropout", "batch_normalization")),
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
            "no_digit",
            "counterexamples",
            "mnist_samples",
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
"""All other settings, in groups; a test checks that the form has all of them."""

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


class TrainingForm(FieldForm):
    """The basic settings, and below a button all others in groups.

    Event: `<<FormChanged>>` after a value was changed.

    Attributes:
        fields: by the names of the settings.
        advanced_button: shows the other settings, or hides them.
        is_form: digits typed in it are no corrections (see `window.toolkit.shortcuts.is_typing`).
    """

    is_form = True

    def __init__(self, parent: tk.Misc, several: bool = False) -> None:
        """Create the form; with `several`, each field takes several values."""
        super().__init__(parent)
        self._is_filling = False
        self._basic, self._advanced = ttk.Frame(self.inside), ttk.Frame(self.inside)
        self._basic.pack(fill="x")
        self._add_fields(self._basic, BASIC, several)
        self._build_advanced(several)
        self.bind_wheel()

    def _build_advanced(self, several: bool) -> None:
        self.advanced_button = ttk.Checkbutton(
            self.inside, text="Advanced", style="Toggle.TButton", command=self._show_advanced
        )
        self.advanced_button.state(["!alternate"])
        Tooltip(self.advanced_button, "Show all other settings, or hide them")
        self.advanced_button.pack(anchor="w", pady=(scaled(self, 14), 0))
        self._advanced.lift(self.advanced_button)  # Tab follows the order of the windows
        for title, names in ADVANCED:
            row = self._advanced.grid_size()[1]
            heading = ttk.Label(self._advanced, text=title, style="Heading.TLabel")
            gap = scaled(self, 14)
            heading.grid(row=row, column=0, columnspan=2, sticky="w", pady=(gap, 0))
            self._add_fields(self._advanced, names, several)

    def _add_fields(self, parent: ttk.Frame, names: tuple[str, ...], several: bool) -> None:
        for name in names:
            field = self.add_field(parent, name, several)
            field.widget.bind("<<FieldChanged>>", lambda event: self._validate())

    def _show_advanced(self) -> None:
        if self.shows_advanced:
            self._advanced.pack(fill="x")
        else:
            self._advanced.pack_forget()
        self.content_changed()
        if self.shows_advanced and self.winfo_viewable():
            self.inside.update_idletasks()
            self.show_from(self.advanced_button)

    @property
    def shows_advanced(self) -> bool:
        """Whether all settings are shown."""
        return bool(self.advanced_button.instate(["selected"]))

    def show_advanced(self, shown: bool) -> None:
        """Show all settings, or the basic ones alone."""
        if shown != self.shows_advanced:
            self.advanced_button.invoke()

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
    def texts(self) -> dict[str, str]:
        """What stands in each field, valid or not."""
        return {name: field.text for name, field in self.fields.items()}

    def fill_texts(self, texts: Mapping[str, object]) -> None:
        """Put text into some fields."""
        for name, text in texts.items():
            if name in self.fields and isinstance(text, str):
                self.fields[name].set_text(text)

    @property
    def errors(self) -> list[str]:
        """The names of the settings with an invalid value."""
        return [name for name, field in self.fields.items() if field.error or field.conflict]

    def focus_error(self) -> None:
        """Focus the first field with an invalid value."""
        if self.errors:
            name = self.errors[0]
            self.show_advanced(self.shows_advanced or name not in BASIC)
            self.fields[name].widget.focus_set()

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
