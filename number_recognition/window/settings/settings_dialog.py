"""The settings dialog: every setting of config.json, checked while typing, used at once."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING, Any, Protocol

from number_recognition.storage.settings import Config
from number_recognition.window.settings.field_form import FieldForm
from number_recognition.window.settings.setting_field import SettingField
from number_recognition.window.toolkit.theme import center_over, dialog_size, scaled
from number_recognition.window.widgets.desktop import open_with_desktop
from number_recognition.window.widgets.tabs import Tabs

if TYPE_CHECKING:
    from number_recognition.session.preferences.preferences import Preferences

SECTIONS = {
    "window": "Window",
    "recognition": "Recognition",
    "paths": "Files",
    "fine_tuning": "Fine-tuning",
    "training": "Training",
}
"""The sections of config.json in the order of the tabs, with their titles."""


class Changes(Protocol):
    """Saves and applies a changed setting."""

    def change(self, section: str, name: str, value: Any) -> None:
        """Change a setting, save it and apply it."""


class SettingsDialog(tk.Toplevel):
    """A tab for each section of config.json.

    A choice and a switch are applied at once, a text when its field is left or Return is pressed.
    What is wrong with a value stands below it, in the words used for config.json; it is not saved.

    Attributes:
        fields: by section and name.
        is_form: digits typed in it are no corrections.
    """

    is_form = True

    def __init__(self, root: tk.Tk, preferences: Preferences, changes: Changes) -> None:
        super().__init__(root)
        self.title("Settings")
        self.transient(root)
        self._preferences, self._changes = preferences, changes
        self.fields: dict[str, dict[str, SettingField]] = {}
        self._is_filling = False
        self._build()
        self.show(preferences.config)
        self.bind("<Escape>", lambda event: self.destroy())
        self.geometry(dialog_size(root, 560, 460))
        center_over(self, root)

    def present(self) -> None:
        """Bring the dialog to the front."""
        self.lift()
        self.focus_set()

    def _build(self) -> None:
        gap = scaled(self, 10)
        frame = ttk.Frame(self, padding=gap)
        frame.pack(fill="both", expand=True)
        bar = ttk.Frame(frame)
        bar.pack(side="bottom", fill="x", pady=(gap, 0))
        ttk.Button(bar, text="Close", command=self.destroy).pack(side="right")
        ttk.Button(bar, text="Open config.json", command=self.open_file).pack(side="left")
        self.message = ttk.Label(frame, style="Faint.TLabel", text=str(self._preferences.path))
        self.message.pack(side="bottom", fill="x", pady=(gap // 2, 0))
        self._tabs = Tabs(frame)
        self._tabs.pack(fill="both", expand=True)
        for section, title in SECTIONS.items():
            self._add_section(section, title)

    def _add_section(self, section: str, title: str) -> None:
        page = ttk.Frame(self._tabs, padding=scaled(self, 8))
        form = FieldForm(page)
        form.pack(fill="both", expand=True)
        kind = type(getattr(Config(), section))
        for each in dataclasses.fields(kind):
            self._connect(section, form.add_field(form.inside, each.name, kind=kind))
        self.fields[section] = form.fields
        form.bind_wheel()
        self._tabs.add(page, text=title)

    def _connect(self, section: str, field: SettingField) -> None:
        def take(event: tk.Event[tk.Misc]) -> None:
            self._take(section, field)

        if isinstance(field.widget, ttk.Combobox):
            field.widget.bind("<<ComboboxSelected>>", take, add=True)
        elif isinstance(field.widget, ttk.Checkbutton):
            field.widget.bind("<<FieldChanged>>", take, add=True)
        else:
            for event in ("<FocusOut>", "<Return>"):
                field.widget.bind(event, take, add=True)

    def _take(self, section: str, field: SettingField) -> None:
        """Save the value of a field where it is valid and another one."""
        if self._is_filling or field.error:
            return
        [value] = field.values
        if value != getattr(getattr(self._preferences.config, section), field.name):
            self._changes.change(section, field.name, value)

    def show(self, config: Config) -> None:
        """Show these settings; a field that is being typed in keeps its text."""
        focused = self.focus_displayof()
        self._is_filling = True
        for section, fields in self.fields.items():
            for name, field in fields.items():
                if field.widget is not focused or not field.error:
                    field.set_value(getattr(getattr(config, section), name))
        self._is_filling = False

    def open_file(self) -> None:
        """Open config.json in the editor of this desktop; say where it is if there is none."""
        path = self._preferences.path.resolve()
        opened = open_with_desktop(path)
        text = f"{path}" if opened else f"No editor was found. The settings are in {path}"
        self.message.configure(text=text)
