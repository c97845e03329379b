"""What every view beside the pad is: a frame told when to show things anew; and its empty page."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import BODY_LARGE, scaled, scaled_by_text

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.window.toolkit.app_context import AppContext


class EmptyPage(ttk.Frame):
    """Covers a widget while it is shown, with a sentence and a large button in the middle."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 16))
        middle = ttk.Frame(self)
        middle.pack(expand=True)
        self._sentence = ttk.Label(middle, font=BODY_LARGE, justify="center", anchor="center")
        self._sentence.pack()
        self._command: Callable[[], object] = lambda: None
        # One function for all commands: Tk keeps each that it is given as long as the button.
        self.button = ttk.Button(
            middle, style="Large.Accent.TButton", command=lambda: self._command()
        )
        self.button.pack(pady=(scaled(self, 20), 0))
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def _wrap(self, width: int) -> None:
        room = width - 2 * scaled(self, 16)
        self._sentence.configure(wraplength=max(1, min(room, scaled_by_text(self, 460))))

    def cover(self, sentence: str, text: str, command: Callable[[], object]) -> None:
        """Cover the widget, with this sentence and a button of this text."""
        self._sentence.configure(text=sentence)
        self._command = command
        self.button.configure(text=text)
        if not self.winfo_manager():
            self.place(x=0, y=0, relwidth=1, relheight=1, bordermode="outside")
            self.tkraise()

    def uncover(self) -> None:
        """Show the widget itself again."""
        self.place_forget()


class View(ttk.Frame):
    """One tab of the notebook, built when it is first shown.

    Event: `<<OpenNetwork>>` when a network is to be chosen.

    Attributes:
        context: the main window; `session` and `jobs` are its own.
        empty_page: covers it while there is nothing to show.
        least_height: the height it needs, in pixels at 96 dpi and at the usual size of text.
    """

    least_height = 360

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=scaled(parent, 12))
        self.context = context
        self.session = context.session
        self.jobs = context.jobs
        self.empty_page = EmptyPage(self)
        self._examples = 0

    def cover_unless(self, has_drawing: bool, sentence: str) -> None:
        """Cover the view where there is no network or no drawing, with what would fill it.

        `sentence` says what the view shows.
        """
        if self.session.recognizer is None:
            ask = partial(self.event_generate, "<<OpenNetwork>>")
            self.empty_page.cover(sentence, "Open network …", ask)
        elif not has_drawing:
            self.empty_page.cover(sentence, "Draw an example", self._draw_example)
        else:
            self.empty_page.uncover()

    def _draw_example(self) -> None:
        from number_recognition.digits.drawing.examples import example

        self._examples += 1
        self.put_on_pad(example(self._examples))

    def needed_height(self) -> int:
        """Return the height in pixels below which the view is scrolled.

        Where it changed for another reason than the size of the text, `<<HeightChanged>>` says so.
        """
        return scaled_by_text(self, self.least_height)

    def refresh(self, reason: str) -> None:
        """Show what is so now; called while the view is visible.

        Args:
            reason: "shown" after the tab was chosen (anything may have changed since), else what
                changed: "drawing" (often, while the pen moves), "network", "corrections",
                "theme" (fonts, too), "settings" in config.json.
        """

    def set_filled(self, filled: bool) -> None:
        """Arrange the view to fill the window (`filled`), or to stand beside the pad."""

    def remember(self) -> None:
        """Note in `session.window_state` what is to be as now when the window opens next."""

    def select_corrections(
        self, corrections: Sequence[Correction], count: int | None, on_done: Callable[[], object]
    ) -> None:
        """Select kept drawings after an edit of them was shown; only some views list them.

        Args:
            corrections: the drawings; those that the view does not list are left out.
            count: at most so many, None for all.
            on_done: called when it is done.
        """
        on_done()

    def put_on_pad(self, picked: Drawing | Image.Image, is_test_image: bool = False) -> None:
        """Put a drawing or an image on the pad; see `AppContext.put_on_pad`."""
        self.context.put_on_pad(picked, is_test_image)

    def notify(
        self, message: str, *actions: tuple[str, Callable[[], object]], lasting: bool = False
    ) -> None:
        """Show one line in the status, with buttons for what can be done (see `AppContext`)."""
        self.context.notify(message, *actions, lasting=lasting)
