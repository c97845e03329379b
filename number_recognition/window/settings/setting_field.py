"""A form field for one setting: name, widget and help, or what is wrong with its value."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from tkinter import ttk
from typing import Any, get_origin

from number_recognition.core.formatting import setting_label
from number_recognition.storage.fields import parse, to_text, type_hints
from number_recognition.storage.settings import TrainingSettings
from number_recognition.window.toolkit.theme import CAPTION, scaled

_NO_VALUE = "expected a value, found none"


class SettingField:
    """One setting: its name, a widget to change it, and below its help or what is wrong.

    With `several`, the widget takes several values separated by spaces, or by commas and
    spaces where a value is no list.

    Attributes:
        widget: the widget with the value.
        help: the label below; it shows `error` or `conflict` if there is one.
        error: what is wrong with the text; empty if nothing is.
        conflict: why the value is not valid together with other settings; empty if it is.
    """

    def __init__(
        self, parent: tk.Misc, row: int, name: str, several: bool = False, kind: type | None = None
    ) -> None:
        """Create the field of a setting in three rows of a grid, `row` and the next two.

        `kind` is its settings class, that of a training where it is None.
        """
        self.name, self.error, self.conflict = name, _NO_VALUE, ""
        self._row = row
        kind = kind or TrainingSettings
        self._field = {each.name: each for each in dataclasses.fields(kind)}[name]
        self._hint, self._several = type_hints(kind)[name], several
        self._choices: tuple[str, ...] = self._field.metadata.get("choices") or ()
        self._text = tk.StringVar(parent)
        self.widget = self._create_widget(parent)
        self.help = ttk.Label(parent, style="Faint.TLabel", text=self._help_text())
        self._label = ttk.Label(parent, text=setting_label(name))
        self.arrange(is_stacked=False)
        self._check_each_change()

    def _check_each_change(self) -> None:
        """Until the widget goes: Tk would keep the field for ever, with all of its dialog."""
        trace = self._text.trace_add("write", lambda *_: self._check())
        self.widget.bind(
            "<Destroy>", lambda event: self._text.trace_remove("write", trace), add=True
        )

    def arrange(self, is_stacked: bool) -> None:
        """Place the widget below the name (`is_stacked`), or beside it."""
        gap, span = scaled(self._label, 6), 2 if is_stacked else 1
        left, above = (0, gap // 2) if is_stacked else (2 * gap, gap)
        self._label.grid(row=self._row, column=0, columnspan=span, sticky="w", pady=(gap, 0))
        self.widget.grid(row=self._row + span - 1, column=2 - span, columnspan=span, sticky="ew")
        self.widget.grid(padx=(left, 0), pady=(above, 0))
        self.help.grid(row=self._row + 2, column=0, columnspan=2, sticky="w")

    def needed_widths(self) -> tuple[int, int]:
        """The widths in pixels of the name, and of the widget with the space before it."""
        beside = self.widget.winfo_reqwidth() + 2 * scaled(self._label, 6)
        return self._label.winfo_reqwidth(), beside

    def _create_widget(self, parent: tk.Misc) -> ttk.Widget:
        text = self._text
        if self._several:
            return ttk.Entry(parent, textvariable=text, width=22)
        if self._hint is bool:
            return ttk.Checkbutton(
                parent, variable=text, onvalue="true", offvalue="false",
                style="Switch.TCheckbutton",
            )  # fmt: skip
        if self._choices and self._hint is str:
            return ttk.Combobox(
                parent, textvariable=text, values=self._choices, state="readonly", width=16
            )
        return ttk.Entry(parent, textvariable=text, width=16)

    def _help_text(self) -> str:
        text = str(self._field.metadata["help"])
        if self._choices and (self._several or self._hint is not str):
            text = f"{text}: {', '.join(self._choices)}"
        return text[:1].upper() + text[1:]

    @property
    def text(self) -> str:
        """What stands in the widget."""
        return self._text.get()

    def set_text(self, text: str) -> None:
        """Set the text of the widget."""
        self._text.set(text)

    def set_value(self, value: Any) -> None:
        """Set the value of the setting."""
        self.set_text(to_text(value))

    @property
    def values(self) -> list[Any]:
        """The values; one unless `several`.

        Raises:
            ValueError: says what was expected and what was found.
        """
        text = self._text.get().strip()
        # A path may contain spaces; in a list, a comma stands between its parts.
        several = self._several and self._hint != str | None
        if several and get_origin(self._hint) is not tuple:
            text = text.replace(", ", " ")
        parts = text.split() if several else [text]
        if not parts:
            raise ValueError(_NO_VALUE)
        return [parse(self._field, self._hint, part) for part in parts]

    def _check(self) -> None:
        try:
            _ = self.values
        except ValueError as error:
            self.error = str(error).removeprefix(f"{self.name!r}: ")
        else:
            self.error = ""
        self._show_help()
        self.widget.event_generate("<<FieldChanged>>")

    def set_conflict(self, text: str) -> None:
        """Show why the value is not valid together with other settings; "" if it is."""
        if text != self.conflict:
            self.conflict = text
            self._show_help()

    def _show_help(self) -> None:
        problem = self.error or self.conflict
        if problem:
            text = problem[:1].upper() + problem[1:]
            self.help.configure(text=text, style="Warning.TLabel", font=CAPTION)
        else:
            self.help.configure(text=self._help_text(), style="Faint.TLabel")
