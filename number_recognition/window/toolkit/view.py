"""What every view beside the pad is: a frame told when to show things anew; and its empty page."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import font as tkfont
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import BODY_LARGE, scaled, scaled_by_text
from number_recognition.window.toolkit.timer import Timer

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.window.toolkit.app_context import AppContext


class EmptyPage(ttk.Frame):
    """Covers a widget while it is shown, with a sentence and a large button in the middle."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 16))
        self._text = ""
        self._command: Callable[[], object] = lambda: None
        middle = ttk.Frame(self)
        middle.pack(expand=True)
        self._sentence = ttk.Label(middle, font=BODY_LARGE, justify="center", anchor="center")
        self._sentence.pack()
        # One function for all commands: Tk keeps each that it is given as long as the button.
        self.button = ttk.Button(
            middle, style="Large.Accent.TButton", command=lambda: self._command()
        )
        self.button.pack(pady=(scaled(self, 20), 0))
        self._follow_view()

    def _follow_view(self) -> None:
        """Let the view that it is in follow its height while it is shown."""
        view: tk.Misc | None = self.master
        while view is not None and not isinstance(view, View):
            view = view.master
        self._view = view
        if view is not None:
            view.empty_pages.append(self)
        self._timer = Timer(self, self._fit)
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda event: self._timer.start_idle())
        for event in ("<Map>", "<Unmap>"):
            self.bind(event, lambda event: self._report_height())

    def _report_height(self) -> None:
        if self._view is not None:
            self._view.event_generate("<<HeightChanged>>")

    def _fit(self) -> None:
        """Wrap both texts at the width there is, and report the height."""
        room = self.winfo_width() - 2 * scaled(self, 16)
        self._sentence.configure(wraplength=max(1, min(room, scaled_by_text(self, 460))))
        font = tkfont.nametofont(BODY_LARGE, self)
        borders = self.button.winfo_reqwidth() - max(
            map(font.measure, str(self.button["text"]).splitlines()), default=0
        )
        lines = break_lines(self._text, room - borders, font.measure)
        self.button.configure(text="\n".join(lines))
        self._report_height()

    def needed_height(self) -> int:
        """Return the height in pixels of its texts at its width."""
        texts = self._sentence.winfo_reqheight() + self.button.winfo_reqheight()
        return texts + scaled(self, 20) + 2 * scaled(self, 16)

    def cover(self, sentence: str, text: str, command: Callable[[], object]) -> None:
        """Cover the widget, with this sentence and a button of this text."""
        self._sentence.configure(text=sentence)
        self._command = command
        if text != self._text:
            self._text = text
            self.button.configure(text=text)
            self._timer.start_idle()
        if not self.winfo_manager():
            self.place(x=0, y=0, relwidth=1, relheight=1, bordermode="outside")
            self.tkraise()

    def uncover(self) -> None:
        """Show the widget itself again."""
        self.place_forget()

    def destroy(self) -> None:
        """Cancel the timer, and let the view forget it, too."""
        self._timer.cancel()
        if self._view is not None:
            self._view.empty_pages.remove(self)
            self._view = None
        super().destroy()


def break_lines(text: str, width: int, measure: Callable[[str], int]) -> list[str]:
    """Break a text at its spaces into lines of at most a width, or of one longer word."""
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class View(ttk.Frame):
    """One tab of the notebook, built when it is first shown.

    Event: `<<OpenNetwork>>` when a network is to be chosen.

    Attributes:
        context: the main window; `session` and `jobs` are its own.
        empty_page: covers it while there is nothing to show; `empty_pages` has it and those that
            cover a part of the view.
        least_height: the height it needs, in pixels at 96 dpi and at the usual size of text.
    """

    least_height = 360

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, padding=scaled(parent, 12))
        self.context = context
        self.session = context.session
        self.jobs = context.jobs
        self.empty_pages: list[EmptyPage] = []
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

    def height_shown(self) -> int:
        """Return the height in pixels below which the view is scrolled.

        Covered by an empty page it needs less: the button of that page is to be seen.
        """
        for page in self.empty_pages:
            if page.winfo_viewable():
                above = page.winfo_rooty() - self.winfo_rooty()
                return above + page.needed_height() + scaled(self, 2 * 12)
        return self.needed_height()

    def needed_height(self) -> int:
        """Return the height in pixels that what it shows needs.

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

    def original(self, correction: Correction) -> Drawing | Image.Image | None:
        """Return what a drawing was kept of, None without it; says why where it cannot be read."""
        try:
            return self.session.corrections.original(correction)
        except (ValueError, OSError) as error:
            text = f"Only the 28 × 28 pixels of this drawing can be shown: {error}"
            self.context.show_error(text, about=correction.path)
            return None

    def notify(
        self, message: str, *actions: tuple[str, Callable[[], object]], lasting: bool = False
    ) -> None:
        """Show one line in the status, with buttons for what can be done (see `AppContext`)."""
        self.context.notify(message, *actions, lasting=lasting)
