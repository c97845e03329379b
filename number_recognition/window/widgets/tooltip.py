"""A line of help that appears beside the pointer."""

from __future__ import annotations

import tkinter as tk

from number_recognition.window.toolkit.shortcuts import key_label
from number_recognition.window.toolkit.theme import palette, scaled
from number_recognition.window.toolkit.timer import Timer

_DELAY = 600
"""Milliseconds that the pointer rests on a widget before its tooltip appears."""


class Tooltip:
    """Shows a text below a widget while the pointer rests on it, or after `<<ShowTooltip>>`.

    It is above the widget at the screen's bottom.

    Attributes:
        text: what it says, with the key of the command in brackets; it is not shown while it is "".
        window: the small window, None while it is not shown.
    """

    def __init__(self, widget: tk.Misc, text: str, key: str = "") -> None:
        on_mac = widget.tk.call("tk", "windowingsystem") == "aqua"
        self.text = f"{text} ({key_label(key, on_mac)})" if key else text
        self.window: tk.Toplevel | None = None
        self._widget = widget
        self._place: tuple[int, int] | None = None
        self._timer = Timer(widget, self.show)
        widget.bind("<Enter>", lambda event: self._timer.start(_DELAY), add=True)
        widget.bind("<<ShowTooltip>>", lambda event: self.show(), add=True)
        for event in ("<Leave>", "<ButtonPress>", "<Unmap>", "<Destroy>"):
            widget.bind(event, lambda event: self.hide(), add=True)

    def change(self, text: str, place: tuple[int, int] | None = None) -> None:
        """Say something else from now on, for a part of the widget that the pointer is on.

        `place` is where it is shown, x and y in the widget; None for below the widget.
        """
        self.hide()
        self.text, self._place = text, place
        if text:
            self._timer.start(_DELAY)

    def show(self) -> None:
        """Show it now."""
        self.hide()
        if not self.text:
            return
        widget, colours = self._widget, palette(self._widget)
        self.window = window = tk.Toplevel(widget)
        window.overrideredirect(True)
        tk.Label(
            window, text=self.text, font="TkTooltipFont", background=colours.background,
            foreground=colours.text, relief="solid", borderwidth=1, padx=scaled(widget, 6),
            pady=scaled(widget, 3), justify="left",
            wraplength=round(0.6 * widget.winfo_screenwidth()),
        ).pack()  # fmt: skip
        window.update_idletasks()
        if self.window is not window:  # what was idle moved the widget away from the pointer
            return
        window.geometry("+{}+{}".format(*self._corner(window)))

    def _corner(self, window: tk.Toplevel) -> tuple[int, int]:
        """Where on the screen it is shown: the left and the top of the small window."""
        widget, gap = self._widget, scaled(self._widget, 4)
        x, y = self._place or (0, widget.winfo_height())
        most = widget.winfo_screenwidth() - window.winfo_reqwidth()
        below, height = widget.winfo_rooty() + y + gap, window.winfo_reqheight()
        has_no_room = below + height > widget.winfo_screenheight()
        top = widget.winfo_rooty() - height - gap if has_no_room else below
        return max(0, min(widget.winfo_rootx() + x, most)), top

    def hide(self) -> None:
        """Hide it, or do not show it."""
        self._timer.cancel()
        if self.window is not None:
            self.window.destroy()
            self.window = None
