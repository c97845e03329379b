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

from digits.drawing import Drawing
from learning.words import counted
from storage.settings import CONFIG
from window import look
from window.body import Body
from window.desk import Desk, Page
from window.job import RUNNING, Jobs
from window.keys import COMMANDS, Command, Menus, bind_keys, view_commands
from window.look import scaled
from window.network_pieces import Pieces
from window.status import Action, Status

if TYPE_CHECKING:
    from types import TracebackType

    from PIL import Image

    from digits.corrections import Correction
    from window.actions import Actions
    from window.dialogs import ClosingQuestion
    from window.help_actions import HelpActions
    from window.looks import Looks
    from window.picture_actions import PictureActions
    from window.view import View

_WARM_UP_DELAY = 4000
_READING_DELAY = 50
"""Milliseconds between a motion of the pen and the reading of what is drawn by then."""


class App(tk.Tk):
    """The window.

    First come the pad, the answer and the empty tabs. Once they are on the screen, `_start` does
    the rest: it counts the kept drawings, loads the network, and lets the first view be built.
    What menus and dialogs need is imported when it is first asked for.

    Attributes:
        desk: what the window and its views share; the answer stands in `desk.prediction`.
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
        self.desk = Desk(model, config_path)
        self.jobs = self.desk.jobs = Jobs(self, self.desk.home / "window.log")
        self._shown_state: dict[str, bool] = {}
        self._question: ClosingQuestion | None = None
        window = self.desk.config.window
        look.apply(self, window.theme, window.zoom)
        self._build()
        self._connect()
        self.body.arrange(window.simple)
        self._show_state()
        self._start_due: str | None = None
        self._warm_up_due: str | None = None
        self.pad.bind("<Map>", self._start_soon)

    @cached_property
    def actions(self) -> Actions:
        """What the Model menu does."""
        from window.actions import Actions

        return Actions(self)

    @cached_property
    def pictures(self) -> PictureActions:
        """What the menus do with pictures."""
        from window.picture_actions import PictureActions

        return PictureActions(self)

    @cached_property
    def looks(self) -> Looks:
        """What the View menu does beside the views."""
        from window.looks import Looks

        return Looks(self)

    @cached_property
    def help(self) -> HelpActions:
        """What the Help menu does."""
        from window.help_actions import HelpActions

        return HelpActions(self)

    def _build(self) -> None:
        self.geometry(self._size())
        self.body = body = Body(self, self.desk)
        body.pack(fill="both", expand=True)
        self._reading = Pieces(self, while_drawing=True)
        self._unread = False
        self.pad, self.tools, self.views = body.pad, body.tools, body.views
        self.answer, self.strip = body.answer, body.strip
        self.status = Status(self)
        ttk.Separator(self).pack(fill="x", before=self.body, side="bottom")
        self.status.pack(fill="x", side="bottom", before=self.body)
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
        width, height = self.body.least_size()
        height += self.status.winfo_reqheight() + scaled(self, 2)
        width, height = max(width, scaled(self, 560)), max(height, scaled(self, 480))
        most = self.winfo_screenwidth(), self.winfo_screenheight() - scaled(self, 80)
        self.minsize(min(width, most[0]), min(height, most[1]))

    def _connect(self) -> None:
        self.protocol("WM_DELETE_WINDOW", self.quit_window)
        bind_keys(self, self.commands, self.run_command)
        self._connect_mac()
        self.pad.bind("<<Drawn>>", lambda event: self._drawn())
        self.pad.bind("<<Lifted>>", lambda event: self._lifted())
        self.answer.bind("<<Corrected>>", lambda event: self.keep(self.answer.label))
        self.tools.bind("<<ToolChosen>>", lambda event: self.set_tool(self.tools.tool))
        self.tools.bind("<<PenChanged>>", lambda event: self._set_pen(self.tools.pen))
        for event, command in (("<<Undo>>", self.undo), ("<<Redo>>", self.redo),
                               ("<<Clear>>", self.clear)):  # fmt: skip
            self.tools.bind(event, lambda event, command=command: command())
        self.status.bind("<<FineTune>>", lambda event: self.actions.fine_tune())
        self.status.bind("<<Pause>>", lambda event: self.jobs.pause())
        self.status.bind("<<Stop>>", lambda event: self.jobs.stop())
        self.bind("<<JobChanged>>", lambda event: self._show_job())
        self.bind("<<JobFailed>>", lambda event: self._job_failed())
        self.views.bind("<<ViewBuilt>>", lambda event: self._connect_view())

    def _connect_view(self) -> None:
        view = self.views.current
        view.bind("<<PutOnPad>>", lambda event: self.put_on_pad(view.picked))
        view.bind("<<StatusMessage>>", lambda event: self.say(view.message, *view.actions))
        view.bind("<<CorrectionsChanged>>", lambda event: self._corrections_changed())
        view.bind("<<NetworkChanged>>", lambda event: self.network_changed())

    def _connect_mac(self) -> None:
        if self.tk.call("tk", "windowingsystem") == "aqua":
            self.createcommand("tkAboutDialog", lambda: self.help.show_about())
            self.createcommand("tk::mac::ShowPreferences", lambda: self.actions.open_settings())
            self.createcommand("tk::mac::Quit", self.quit_window)

    def _start_soon(self, event: tk.Event) -> None:
        """Let the window come to the screen before anything that takes time."""
        self.pad.unbind("<Map>")
        self._start_due = self.after(1, self._start)

    def _start(self) -> None:
        """Load the network once the window is on the screen."""
        self._start_due = None
        self.limit_size()
        self.desk.read_counters()
        try:
            self.desk.load_network()
        except (ValueError, OSError) as error:
            self.say(str(error), ("Open network …", self.actions.open_network), warning=True)
        else:
            if not self.actions.offer_resuming():
                self.say("Draw a digit.")
        self.network_changed()
        self.views.begin()
        self.pad.canvas.focus_set()

    def run_command(self, command: Command) -> None:
        """Do what a menu entry or a key stands for, where its needs are met."""
        if not command.needs or self._state()[command.needs]:
            operator.attrgetter(command.method)(self)(*command.arguments)
        elif command.needs in ("idle", "tunable") and self.jobs.running:
            self.say(f"{self.jobs.title} is still at work: stop it, or wait for its end.")
        elif command.needs == "tunable":
            self.say("Nothing is kept yet: draw a digit and press the key of the digit it is.")

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
        if image is None and drawing and self.desk.recognizer is not None:
            recognizer = self.desk.recognizer
            self.desk.prediction = yield from recognizer.predicting_drawing(drawing)
        else:
            self.desk.read(Page(drawing, image))
        yield
        self.answer.show(self.desk.prediction)
        yield
        self.strip.show(self.desk.prediction.frame)
        yield
        self.views.refresh("drawing")
        self._show_state()
        if self._unread:
            self._reading.start(self._read(), _READING_DELAY)

    def _lifted(self) -> None:
        self._reading.stop()
        self.desk.change(Page(self.pad.drawing, self.pad.image))
        self.status.forget("Undo")
        self._show_answer()

    def _show_page(self) -> None:
        self._reading.stop()
        self.pad.show(self.desk.page.drawing, self.desk.page.image)
        self._show_answer()

    def _show_answer(self) -> None:
        self.answer.show(self.desk.prediction)
        self.strip.show(self.desk.prediction.frame)
        self.views.refresh("drawing")
        self._show_state()

    def put_on_pad(self, picked: Drawing | Image.Image) -> None:
        """Put a drawing or an image on the pad, as one step that can be undone."""
        self.pad.lift()
        is_drawing = isinstance(picked, Drawing)
        self.desk.change(Page(picked) if is_drawing else Page(image=picked))
        self._show_page()

    def clear(self) -> None:
        """Clear the pad, as one step that can be undone."""
        self.pad.lift()
        self.desk.change(Page())
        self._show_page()
        self.say("Cleared.", ("Undo", self.undo))

    def cancel(self) -> None:
        """Take the running stroke back."""
        self.pad.cancel()

    def undo(self) -> None:
        """Take the last step back: a stroke, an erasure, a clearing, a keeping."""
        if self.pad.busy:
            self.pad.cancel()
            return
        self._step(self.desk.undo, "Undone.", "No longer kept as {}")

    def redo(self) -> None:
        """Take the last undone step again."""
        if not self.pad.busy:
            self._step(self.desk.redo, "Redone.", "Kept as {} again")

    def _step(self, step: object, words: str, words_for_keeping: str) -> None:
        try:
            correction = step()
        except (OSError, ValueError) as error:
            self.warn(error)
            return
        self._show_page()
        if correction is None:
            self.say(words)
        else:
            self._corrections_changed()
            self.say(f"{words_for_keeping.format(_named(correction))} ({self._new()}).")

    def keep(self, label: int | None) -> None:
        """Keep what lies on the pad with its right label, and clear the pad for the next one."""
        self.pad.lift()
        try:
            correction = self.desk.keep(label)
        except (OSError, ValueError) as error:
            self.warn(f"Not kept, and still on the pad: {error}" if self.desk.page else error)
            return
        self._show_page()
        self._corrections_changed()
        self.say(f"Kept as {_named(correction)} ({self._new()}).", ("Undo", self.undo))
        self._expect_fine_tuning()

    def _expect_fine_tuning(self) -> None:
        """Whoever corrects will fine-tune: get the worker ready while nothing else happens."""
        if self._warm_up_due is None:
            self._warm_up_due = self.after(_WARM_UP_DELAY, self._warm_up)

    def _warm_up(self) -> None:
        from learning.versions import prepare

        self.jobs.warm_up(prepare)

    def _new(self) -> str:
        return f"{self.desk.counters.new} new"

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
        if self.desk.config.window.simple:
            self.looks.toggle_simple()
        self.views.choose(title)

    def show_view(self, title: str) -> View | None:
        """Bring a view to the top at once, to do something with it."""
        if self.desk.config.window.simple:
            self.looks.toggle_simple()
        return self.views.show(title)

    def remember(self, **changes: object) -> None:
        """Keep a choice of how the window looks or draws, in config.json."""
        try:
            self.desk.set_window(**changes)
        except OSError as error:
            self.warn(f"The choice holds until the window is closed: {error}")

    # State

    def say(self, message: str, *actions: Action, warning: bool = False) -> None:
        """Show what happened last, with buttons for what can be done about it.

        What the desk has to warn of, a file set aside for example, is said with it.
        """
        told = [*self.desk.warnings, message]
        self.desk.warnings.clear()
        self.status.show(" ".join(told), *actions, warning=warning or len(told) > 1)

    def warn(self, problem: object) -> None:
        """Show what went wrong, in one line."""
        self.say(" ".join(str(problem).split()), warning=True)

    def network_changed(self) -> None:
        """Read and show everything with the network that is in use now."""
        self.desk.read(self.desk.page)
        self._show_answer()
        self.views.refresh("network")
        self._show_state()

    def _corrections_changed(self) -> None:
        self.desk.read_counters()
        self.views.refresh("corrections")
        self._show_state()

    def _show_job(self) -> None:
        self.status.show_job(self.jobs)
        self._show_state()
        if self._question is not None and not self.jobs.running:
            self._question.destroy()
            self._question = None

    def _job_failed(self) -> None:
        self.warn(f"{self.jobs.title} failed: {self.jobs.error}")

    def _state(self) -> dict[str, bool]:
        """What is possible now, by the names that `Command.needs` uses."""
        drawn = bool(self.desk.page) or self.pad.busy
        return {
            "undo": self.desk.can_undo or self.pad.busy,
            "redo": self.desk.can_redo,
            "drawn": drawn,
            "readable": drawn and self.desk.prediction.frame is not None,
            "idle": not self.jobs.running,
            "running": self.jobs.running,
            "tunable": not self.jobs.running and self.desk.has_kept,
            "pausable": self.jobs.state == RUNNING,
        }

    def _show_state(self) -> None:
        """Enable what is possible now; nothing else enables or disables a widget."""
        state = self._state()
        new = self.desk.counters.new
        count = f" – {counted(new, 'new drawing')}" if new else ""
        self.title(f"Number Recognition – {self.desk.called}{count}")
        self.status.show_new(new)
        if state == self._shown_state:
            return
        self._shown_state = state
        self.menus.enable(state)
        self.tools.enable(state["undo"], state["redo"], state["drawn"])
        self.answer.enable(state["readable"])
        self.status.enable(
            pause=state["pausable"], stop=state["pausable"], fine_tune=state["tunable"]
        )

    def report_callback_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Show a mistake of the program as one line, and where it was on standard error."""
        import traceback

        traceback.print_exception(kind, error, trace, file=sys.stderr)
        self.warn(f"That did not work ({kind.__name__}: {error}). Your drawing is still here.")

    def quit_window(self) -> None:
        """Close the window, and the slow work with it, but ask first where any is at work."""
        if not self.jobs.running:
            self.destroy()
        elif self._question is not None and self._question.winfo_exists():
            self._question.focus_force()
        else:
            from window.dialogs import ClosingQuestion

            self._question = ClosingQuestion(
                self, self.jobs.title, self.jobs.if_closed, self.destroy
            )

    def destroy(self) -> None:
        """End everything that belongs to the window."""
        with contextlib.suppress(tk.TclError):
            for due in filter(None, (self._start_due, self._warm_up_due)):
                self.after_cancel(due)
        self.actions.close()
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
    look.sharpen_on_windows()
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
