"""What every view beside the pad is: a frame that is told when to show things anew."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import scaled

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.session.session import Session


class View(ttk.Frame):
    """One tab of the notebook, built when it is first shown.

    Events that the window listens to: `<<PutOnPad>>` puts `picked` on the pad,
    `<<StatusMessage>>` shows `message`, `<<CorrectionsChanged>>` says that kept drawings came or
    went, `<<NetworkChanged>>` that `session.load_network` took another network into use.

    Attributes:
        desk: what the window and its views share.
        picked: a drawing or an image for the pad.
        message: one line for the status.
        actions: what can be done about it, each with the text of its button.
    """

    def __init__(self, parent: tk.Misc, session: Session) -> None:
        super().__init__(parent, padding=scaled(parent, 12))
        self.session = session
        self.picked: Drawing | Image.Image | None = None
        self.message = ""
        self.actions: tuple[tuple[str, Callable[[], object]], ...] = ()

    def refresh(self, reason: str) -> None:
        """Show what is so now; called while the view is visible.

        Args:
            reason: "shown" after the tab was chosen (anything may have changed since), else what
                changed: "drawing" (often, while the pen moves), "network", "corrections",
                "theme" (fonts, too).
        """

    def put_on_pad(self, picked: Drawing | Image.Image) -> None:
        """Put a drawing or an image on the pad, as one step that can be undone."""
        self.picked = picked
        self.event_generate("<<PutOnPad>>")

    def notify(self, message: str, *actions: tuple[str, Callable[[], object]]) -> None:
        """Show one line in the status, with buttons for what can be done about it."""
        self.message, self.actions = message, actions
        self.event_generate("<<StatusMessage>>")
