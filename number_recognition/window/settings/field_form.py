"""A form of setting fields, one below the other."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.window.settings.setting_field import SettingField
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame


class FieldForm(ScrolledFrame):
    """Each name stands beside its widget, or above it where the widget would be too narrow.

    Attributes:
        fields: by the names of the settings.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.fields: dict[str, SettingField] = {}
        # Later: widgets take up another font only after they are told of it.
        self._arrange_timer = Timer(self, self._arrange)
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda event: self._arrange_timer.start_idle(), add=True)

    def add_field(
        self, parent: tk.Misc, name: str, several: bool = False, kind: type | None = None
    ) -> SettingField:
        """Add a field below what is in `parent`, a frame inside; see `SettingField`."""
        row = parent.grid_size()[1]
        parent.columnconfigure(1, weight=1)
        field = self.fields[name] = SettingField(parent, row, name, several, kind)
        return field

    def keep_close(self, bar: ttk.Frame, text: ttk.Label) -> None:
        """Keep what is below the form directly below the fields, where these leave height.

        Args:
            bar: packed at the bottom of the form's parent.
            text: packed above the bar.
        """
        gap = scaled(self, 8)

        def move(event: tk.Event[tk.Misc]) -> None:
            # Of heights alone that do not depend on the result: else it would alternate.
            needed = self.inside.winfo_reqheight() + 3 * gap
            needed += bar.winfo_reqheight() + text.winfo_reqheight()
            spare = max(0, self.master.winfo_height() - self.winfo_y() - needed)
            if self.master.winfo_viewable() and str(bar.pack_info()["pady"]) != f"({gap}, {spare})":
                bar.pack_configure(pady=(gap, spare))

        self.bind("<<Fitted>>", move, add=True)
        # A lower parent has no room for the form until there is less room around the bar.
        self.master.bind("<Configure>", move, add=True)

    def _arrange(self) -> None:
        if not self.fields or self.winfo_width() < 2:
            return
        room = self.winfo_width() - scaled(self, 40)
        widths = [field.needed_widths() for field in self.fields.values()]
        name, widget = (max(each[n] for each in widths) for n in (0, 1))
        is_stacked = name + widget > room
        for field in self.fields.values():
            field.arrange(is_stacked)
            field.widget.master.columnconfigure(0, minsize=0 if is_stacked else name)
            field.help.configure(wraplength=max(scaled(self, 160), room))
        self.content_changed()

    def destroy(self) -> None:
        """Cancel the timer, too."""
        self._arrange_timer.cancel()
        super().destroy()
