"""The window: pad, answer, views and status line, and how they play together."""

from __future__ import annotations

import contextlib
import operator
import sys
import tkinter as tk
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.session.session import PadContent, Session
from number_recognition.storage.settings import CONFIG
from number_recognition.window.main_layout import MainLayout
from number_recognition.window.status_bar import Action, StatusBar
from number_recognition.window.toolkit import theme
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.job_runner import RUNNING, JobRunner
from number_recognition.window.toolkit.shortcuts import (
    COMMANDS,
    Command,
    Menus,
    bind_keys,
    view_commands,
)
from number_recognition.window.toolkit.theme import scaled

if TYPE_CHECKING:
    from types import TracebackType

    from PIL import Image

    from number_recognition.digits.corrections.corrections import Correction
    from number_recognition.window.dialogs.help_dialogs import ClosingQuestion
    from number_recognition.window.help_menu import HelpMenu
    from number_recognition.window.image_menu import ImageMenu
    from number_recognition.window.model_menu import ModelMenu
    from number_recognition.window.toolkit.view import View
    from number_recognition.window.view_menu import ViewMenu

_WARM_UP_DELAY = 4000
_READING_DELAY = 50
"""Milliseconds between a motion of the pen and the reading of what is drawn by then."""


class App(tk.Tk):
    """The window.

    First come the pad, the answer and the empty tabs. Once they are on the screen, `_start` does
    the rest: it counts the kept drawings, loads the network, and lets the first view be built.
    What menus and dialogs need is imported when it is first asked for.

    Attributes:
        desk: what the window and its views share; the answer stands in `session.prediction`.
    """

    def __init__(
        self, model: Path | None = None, config_path: Path = CONFIG, scaling: float | None = None
    ) -> None:
        """Make the window.

        Args:
            model: the network; by default the one that config.json names.
            config_path: another config.json; counters.json stands beside it.
            scaling: pixels in a point, where Tk is not to ask the screen.
        """
        super().__init__(className="NumberRecognition")
        if scaling is not None:
            self.tk.call("tk", "scaling", scaling)
        self.session = Session(model, config_path)
        self.jobs = self.session.jobs = JobRunner(self, self.session.home / "window.log")
        self._shown_state: dict[str, bool] = {}
        self._question: ClosingQuestion | None = None
        window = self.session.config.window
        theme.apply(self, window.theme, window.zoom)
        self._build()
        self._connect()
        self.main_layout.arrange(window.simple)
        self._show_state()
        self._start_due: str | None = None
        self._warm_up_due: str | None = None
        self.pad.bind("<Map>", self._start_soon)

    @cached_property
    def model_menu(self) -> ModelMenu:
        """What the Model menu does."""
        from number_recognition.window.model_menu import ModelMenu

        return ModelMenu(self)

    @cached_property
    def image_menu(self) -> ImageMenu:
        """What the menus do with pictures."""
        from number_recognition.window.image_menu import ImageMenu

        return ImageMenu(self)

    @cached_property
    def view_menu(self) -> ViewMenu:
        """What the View menu does beside the views."""
        from number_recognition.window.view_menu import ViewMenu

        return ViewMenu(self)

    @cached_property
    def help_menu(self) -> HelpMenu:
        """What the Help menu does."""
        from number_recognition.window.help_menu import HelpMenu

        return HelpMenu(self)

    def _build(self) -> None:
        self.geometry(self._size())
        self.main_layout = body = MainLayout(self, self.session)
        body.pack(fill="both", expand=True)
        self._reading = IdleTask(self, while_drawing=True)
        self._unread = False
        self.pad, self.tools, self.views = body.pad, body.tools, body.views
        self.prediction_panel, self.preprocessing_strip = (
            body.prediction_panel,
            body.preprocessing_strip,
        )
        self.status = StatusBar(self)
        ttk.Separator(self).pack(fill="x", before=self.main_layout, side="bottom")
        self.status.pack(fill="x", side="bottom", before=self.main_layout)
        commands = [*COMMANDS, *view_commands(self.views.titles)]
        self.commands = commands
        self.menus = Menus(self, commands, self.run_command)

    def _size(self) -> str:
        width = min(scaled(self, 1360), self.winfo_screenwidth() - 40)
        height = min(scaled(self, 740), self.winfo_screenheight() - 80)
        return f"{width}x{height}"

    def limit_size(self) -> None:
        """Let the window be no smaller than its text needs, but never larger than the screen."""
        self.update_idletasks()
        width, height = self.main_layout.least_size()
        height += self.status.winfo_reqheight() + scaled(self, 2)
        width, height = max(width, scaled(self, 560)), max(height, scaled(self, 480))
        most = self.winfo_screenwidth(), self.winfo_screenheight() - scaled(self, 80)
        self.minsize(min(width, most[0]), min(height, most[1]))

    def _connect(self) -> None:
        self.protocol("WM_DELETE_WINDOW", self.quit_window)
        bind_keys(self, self.commands, self.run_command)
        self._connect_mac()
        self.pad.bind("<<Drawn>>", lambda event: self._drawn())
        self.pad.bind("<<StrokeFinished>>", lambda event: self._lifted())
        self.prediction_panel.bind(
            "<<Corrected>>", lambda event: self.keep(self.prediction_panel.label)
        )
        self.tools.bind("<<ToolChosen>>", lambda event: self.set_tool(self.tools.tool))
        self.tools.bind("<<PenChanged>>", lambda event: self._set_pen(self.tools.pen))
        for event, command in (("<<Undo>>", self.undo), ("<<Redo>>", self.redo),
                               ("<<Clear>>", self.clear)):  # fmt: skip
            self.tools.bind(event, lambda event, command=command: command())
        self.status.bind("<<FineTune>>", lambda event: self.model_menu.fine_tune())
        self.status.bind("<<Pause>>", lambda event: self.jobs.pause())
        self.status.bind("<<Stop>>", lambda event: self.jobs.stop())
        self.bind("<<JobChanged>>", lambda event: self._show_job())
        self.bind("<<JobFailed>>", lambda event: self._job_failed())
        self.views.bind("<<ViewBuilt>>", lambda event: self._connect_view())

    def _connect_view(self) -> None:
        view = self.views.current
        view.bind("<<PutOnPad>>", lambda event: self.put_on_pad(view.picked))
        view.bind("<<StatusMessage>>", lambda event: self.notify(view.message, *view.actions))
        view.bind("<<CorrectionsChanged>>", lambda event: self._corrections_changed())
        view.bind("<<NetworkChanged>>", lambda event: self.network_changed())

    def _connect_mac(self) -> None:
        if self.tk.call("tk", "windowingsystem") == "aqua":
            self.createcommand("tkAboutDialog", lambda: self.help_menu.show_about())
            self.createcommand("tk::mac::ShowPreferences", lambda: self.model_menu.open_settings())
            self.createcommand("tk::mac::Quit", self.quit_window)

    def _start_soon(self, event: tk.Event) -> None:
        """Let the window come to the screen before anything that takes time."""
        self.pad.unbind("<Map>")
        self._start_due = self.after(1, self._start)

    def _start(self) -> None:
        """Load the network once the window is on the screen."""
        self._start_due = None
        self.limit_size()
        self.session.read_counters()
        try:
            self.session.load_network()
        except (ValueError, OSError) as error:
            self.notify(str(error), ("Open network …", self.model_menu.open_network), warning=True)
        else:
            if not self.model_menu.offer_resuming():
                self.notify("Draw a digit.")
        self.network_changed()
        self.views.begin()
        self.pad.canvas.focus_set()

    def run_command(self, command: Command) -> None:
        """Do what a menu entry or a key stands for, where its needs are met."""
        if not command.needs or self._state()[command.needs]:
            operator.attrgetter(command.method)(self)(*command.arguments)
        elif command.needs in ("idle", "tunable") and self.jobs.running:
            self.notify(f"{self.jobs.title} is still at work: stop it, or wait for its end.")
        elif command.needs == "tunable":
            self.notify("Nothing is kept yet: draw a digit and press the key of the digit it is.")

    # Drawing

    def _drawn(self) -> None:
        """The answer follows the pen: what was drawn while it was read is read next."""
        self._unread = True
        if not self._reading.running:
            self._reading.start(self._read(), _READING_DELAY)

    def _read(self) -> Iterator[None]:
        """Read what lies on the pad and show it, in pieces between which the pen goes on."""
        self._unread = False
        drawing, image = self.pad.drawing, self.pad.image
        if image is None and drawing and self.session.recognizer is not None:
            recognizer = self.session.recognizer
            self.session.prediction = yield from recognizer.predict_drawing_in_steps(drawing)
        else:
            self.session.read(PadContent(drawing, image))
        yield
        self.prediction_panel.show(self.session.prediction)
        yield
        self.preprocessing_strip.show(self.session.prediction.frame)
        yield
        self.views.refresh("drawing")
        self._show_state()
        if self._unread:
            self._reading.start(self._read(), _READING_DELAY)

    def _lifted(self) -> None:
        self._reading.stop()
        self.session.set_content(PadContent(self.pad.drawing, self.pad.image))
        self.status.forget("Undo")
        self._show_answer()

    def _show_page(self) -> None:
        self._reading.stop()
        self.pad.show(self.session.content.drawing, self.session.content.image)
        self._show_answer()

    def _show_answer(self) -> None:
        self.prediction_panel.show(self.session.prediction)
        self.preprocessing_strip.show(self.session.prediction.frame)
        self.views.refresh("drawing")
        self._show_state()

    def put_on_pad(self, picked: Drawing | Image.Image) -> None:
        """Put a drawing or an image on the pad, as one step that can be undone."""
        self.pad.finish_stroke()
        is_drawing = isinstance(picked, Drawing)
        self.session.set_content(PadContent(picked) if is_drawing else PadContent(image=picked))
        self._show_page()

    def clear(self) -> None:
        """Clear the pad, as one step that can be undone."""
        self.pad.finish_stroke()
        self.session.set_content(PadContent())
        self._show_page()
        self.notify("Cleared.", ("Undo", self.undo))

    def cancel(self) -> None:
        """Take the running stroke back."""
        self.pad.cancel()

    def undo(self) -> None:
        """Take the last step back: a stroke, an erasure, a clearing, a keeping."""
        if self.pad.busy:
            self.pad.cancel()
            return
        self._step(self.session.undo, "Undone.", "No longer kept as {}")

    def redo(self) -> None:
        """Take the last undone step again."""
        if not self.pad.busy:
            self._step(self.session.redo, "Redone.", "Kept as {} again")

    def _step(self, step: object, words: str, words_for_keeping: str) -> None:
        try:
            correction = step()
        except (OSError, ValueError) as error:
            self.show_error(error)
            return
        self._show_page()
        if correction is None:
            self.notify(words)
        else:
            self._corrections_changed()
            self.notify(f"{words_for_keeping.format(_named(correction))} ({self._new()}).")

    def keep(self, label: int | None) -> None:
        """Keep what lies on the pad with its right label, and clear the pad for the next one."""
        self.pad.finish_stroke()
        try:
            correction = self.session.keep(label)
        except (OSError, ValueError) as error:
            self.show_error(
                f"Not kept, and still on the pad: {error}" if self.session.content else error
            )
            return
        self._show_page()
        self._corrections_changed()
        self.notify(f"Kept as {_named(correction)} ({self._new()}).", ("Undo", self.undo))
        self._expect_fine_tuning()

    def _expect_fine_tuning(self) -> None:
        """Whoever corrects will fine-tune: get the worker ready while nothing else happens."""
        if self._warm_up_due is None:
            self._warm_up_due = self.after(_WARM_UP_DELAY, self._warm_up)

    def _warm_up(self) -> None:
        from number_recognition.learning.fine_tuning.fine_tune_job import prepare_worker

        self.jobs.warm_up(prepare_worker)

    def _new(self) -> str:
        return f"{self.session.counters.new} new"

    def set_tool(self, tool: str) -> None:
        """Let the left button draw or erase."""
        self.pad.tool = tool
        self.tools.show(tool, self.pad.pen)

    def change_pen(self, step: float) -> None:
        """Make the pen thicker or thinner."""
        self._set_pen(self.pad.pen + step)

    def _set_pen(self, width: float) -> None:
        self.pad.set_pen(round(width))
        self.tools.show(self.pad.tool, self.pad.pen)
        self.remember(pen=self.pad.pen)

    # Views

    def choose_view(self, title: str) -> None:
        """Bring a view to the top, and out of simple mode for it."""
        if self.session.config.window.simple:
            self.view_menu.toggle_simple()
        self.views.choose(title)

    def show_view(self, title: str) -> View | None:
        """Bring a view to the top at once, to do something with it."""
        if self.session.config.window.simple:
            self.view_menu.toggle_simple()
        return self.views.show(title)

    def remember(self, **changes: object) -> None:
        """Keep a choice of how the window looks or draws, in config.json."""
        try:
            self.session.set_window(**changes)
        except OSError as error:
            self.show_error(f"The choice holds until the window is closed: {error}")

    # State

    def notify(self, message: str, *actions: Action, warning: bool = False) -> None:
        """Show what happened last, with buttons for what can be done about it.

        What the desk has to warn of, a file set aside for example, is said with it.
        """
        told = [*self.session.warnings, message]
        self.session.warnings.clear()
        self.status.show(" ".join(told), *actions, warning=warning or len(told) > 1)

    def show_error(self, problem: object) -> None:
        """Show what went wrong, in one line."""
        self.notify(" ".join(str(problem).split()), warning=True)

    def network_changed(self) -> None:
        """Read and show everything with the network that is in use now."""
        self.session.read(self.session.content)
        self._show_answer()
        self.views.refresh("network")
        self._show_state()

    def _corrections_changed(self) -> None:
        self.session.read_counters()
        self.views.refresh("corrections")
        self._show_state()

    def _show_job(self) -> None:
        self.status.show_job(self.jobs)
        self._show_state()
        if self._question is not None and not self.jobs.running:
            self._question.destroy()
            self._question = None

    def _job_failed(self) -> None:
        self.show_error(f"{self.jobs.title} failed: {self.jobs.error}")

    def _state(self) -> dict[str, bool]:
        """What is possible now, by the names that `Command.needs` uses."""
        drawn = bool(self.session.content) or self.pad.busy
        return {
            "undo": self.session.can_undo or self.pad.busy,
            "redo": self.session.can_redo,
            "drawn": drawn,
            "readable": drawn and self.session.prediction.frame is not None,
            "idle": not self.jobs.running,
            "running": self.jobs.running,
            "tunable": not self.jobs.running and self.session.has_kept,
            "pausable": self.jobs.state == RUNNING,
        }

    def _show_state(self) -> None:
        """Enable what is possible now; nothing else enables or disables a widget."""
        state = self._state()
        new = self.session.counters.new
        count = f" – {pluralize(new, 'new drawing')}" if new else ""
        self.title(f"Number Recognition – {self.session.network_label}{count}")
        self.status.show_new(new)
        if state == self._shown_state:
            return
        self._shown_state = state
        self.menus.enable(state)
        self.tools.enable(state["undo"], state["redo"], state["drawn"])
        self.prediction_panel.enable(state["readable"])
        self.status.enable(
            pause=state["pausable"], stop=state["pausable"], fine_tune=state["tunable"]
        )

    def report_callback_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Show a mistake of the program as one line, and where it was on standard error."""
        import traceback

        traceback.print_exception(kind, error, trace, file=sys.stderr)
        self.show_error(
            f"That did not work ({kind.__name__}: {error}). Your drawing is still here."
        )

    def quit_window(self) -> None:
        """Close the window, and the slow work with it, but ask first where any is at work."""
        if not self.jobs.running:
            self.destroy()
        elif self._question is not None and self._question.winfo_exists():
            self._question.focus_force()
        else:
            from number_recognition.window.dialogs.help_dialogs import ClosingQuestion

            self._question = ClosingQuestion(
                self, self.jobs.title, self.jobs.if_closed, self.destroy
            )

    def destroy(self) -> None:
        """End everything that belongs to the window."""
        with contextlib.suppress(tk.TclError):
            for due in filter(None, (self._start_due, self._warm_up_due)):
                self.after_cancel(due)
        self.model_menu.close()
        self.jobs.close()
        super().destroy()


def _named(correction: Correction) -> str:
    return "no digit" if correction.label is None else f"a {correction.label}"


def open_window(model: Path | None = None, config_path: Path = CONFIG) -> int:
    """Open the window and stay until it is closed; 0, or 1 where there is no display.

    Args:
        model: the network; by default the one that config.json names.
        config_path: another config.json; counters.json stands beside it.
    """
    theme.enable_high_dpi()
    try:
        app = App(model, config_path)
    except tk.TclError as error:
        print(
            f"No window can be opened ({error}). Without a display, `python Main.py --help` lists "
            "what can be done on the command line.",
            file=sys.stderr,
        )
        return 1
    app.mainloop()
    return 0
