"""The main window: builds its parts and connects them; `open_window` opens it."""

from __future__ import annotations

import operator
import sys
import tkinter as tk
import traceback
from functools import cached_property
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.session.session import Session
from number_recognition.storage.settings import CONFIG
from number_recognition.window.command_state import CommandState
from number_recognition.window.draw_menu import DrawMenu
from number_recognition.window.edit_menu import EditMenu
from number_recognition.window.layout.main_layout import MainLayout
from number_recognition.window.layout.placement import open_as_before, remember
from number_recognition.window.platform import set_up_platform
from number_recognition.window.settings.live_settings import LiveSettings
from number_recognition.window.status_bar import StatusBar
from number_recognition.window.toolkit import theme
from number_recognition.window.toolkit.app_context import Action
from number_recognition.window.toolkit.job_runner import JobRunner
from number_recognition.window.toolkit.shortcuts import (
    COMMANDS,
    Command,
    MenuBar,
    bind_keys,
    view_commands,
)
from number_recognition.window.toolkit.timer import Timer, start_when_shown

if TYPE_CHECKING:
    from types import TracebackType

    from PIL import Image

    from number_recognition.window.dialogs.close_question import CloseQuestion
    from number_recognition.window.help_menu import HelpMenu
    from number_recognition.window.image_menu import ImageMenu
    from number_recognition.window.model_menu import ModelMenu
    from number_recognition.window.toolkit.view import View
    from number_recognition.window.view_menu import ViewMenu


class App(tk.Tk):
    """The main window, which is the `AppContext` of its menus and views.

    It opens with the pad and empty tabs; once they are on the screen, `_start` loads the network.
    What menus and dialogs need is imported when it is first used.

    Attributes:
        session: the state that the window and its views share.
        jobs: runs slow work in a process of its own.
        commands: every command of the menus and keys.
        command_state: which of them are possible now.
    """

    def __init__(
        self, model: Path | None = None, config_path: Path = CONFIG, scaling: float | None = None
    ) -> None:
        """Open the window; see `open_window`. `scaling`: pixels in a point, None to ask Tk."""
        super().__init__(className="NumberRecognition")
        theme.set_scaling(self, scaling)
        self.session = Session(model, config_path)
        self.jobs = JobRunner(self, self.session.home / "window.log")
        self._start_timer = Timer(self, self._start)
        self._build()
        self._connect()
        self.command_state.show()

    @property
    def window(self) -> tk.Tk:
        """The parent of dialogs."""
        return self

    @cached_property
    def model_menu(self) -> ModelMenu:
        """The commands of the Model menu."""
        from number_recognition.window.model_menu import ModelMenu

        return ModelMenu(self)

    @cached_property
    def image_menu(self) -> ImageMenu:
        """The commands that open, save, copy and paste images."""
        from number_recognition.window.image_menu import ImageMenu

        return ImageMenu(self)

    @cached_property
    def view_menu(self) -> ViewMenu:
        """The commands of the View menu other than the views."""
        from number_recognition.window.view_menu import ViewMenu

        return ViewMenu(self, self.main_layout, self.status)

    @cached_property
    def help_menu(self) -> HelpMenu:
        """The commands of the Help menu."""
        from number_recognition.window.help_menu import HelpMenu

        return HelpMenu(self, self.views, self.commands)

    @cached_property
    def _close_question(self) -> CloseQuestion:
        from number_recognition.window.dialogs.close_question import CloseQuestion

        return CloseQuestion(self, self.jobs)

    def _build(self) -> None:
        window = self.session.config.window
        theme.apply_theme(self, window.theme, window.zoom)
        self.main_layout = layout = MainLayout(self, self)
        layout.pack(fill="both", expand=True)
        self.pad, self.tools, self.views = layout.pad, layout.tools, layout.views
        self.prediction_panel = layout.prediction_panel
        self.preprocessing_strip = layout.preprocessing_strip
        self.status = StatusBar(self)
        self.offers = self.status.pending
        ttk.Separator(self).pack(fill="x", before=layout, side="bottom")
        self.status.pack(fill="x", side="bottom", before=layout)
        self.commands = [*COMMANDS, *view_commands(self.views.titles)]
        self.menus = MenuBar(self, self.commands, self.run_command)
        self.command_state: CommandState = CommandState(self, layout, self.status, self.menus)
        self.menus.marks = self.command_state.marks
        self.draw_menu, self.edit_menu = DrawMenu(self, layout), EditMenu(self, layout)
        self.settings = LiveSettings(self)
        layout.arrange(window.simple)
        open_as_before(self, layout, self.session.window_state)

    def _connect(self) -> None:
        self.protocol("WM_DELETE_WINDOW", self.quit_window)
        bind_keys(self, self.commands, self.run_command)
        self.draw_menu.connect()
        self.tools.bind("<<Undo>>", lambda event: self.undo())
        self.tools.bind("<<Redo>>", lambda event: self.redo())
        self.status.bind("<<FineTune>>", lambda event: self.model_menu.fine_tune())
        self.status.bind("<<Pause>>", lambda event: self.jobs.toggle_pause())
        self.status.bind("<<Stop>>", lambda event: self.jobs.stop())
        self.bind("<<JobStarted>>", lambda event: self.status.show_start(self.jobs))
        self.bind("<<JobChanged>>", lambda event: self._show_job())
        self.bind("<<JobFailed>>", lambda event: self._show_job_error())
        self.bind("<<OpenNetwork>>", lambda event: self.model_menu.open_network())
        self.bind("<<TrainingInterrupted>>", lambda event: self.model_menu.offer_resuming())
        start_when_shown(self._start_timer, self.pad.canvas)

    def _start(self) -> None:
        """Load the network once the window is on the screen."""
        self.session.counts.update()
        try:
            self.session.load_network()
        except (ValueError, OSError) as error:
            self.notify(str(error), ("Open network …", self.model_menu.open_network), warning=True)
        else:
            self.model_menu.offer_resuming()
            self.notify("" if self.session.content else "Draw a digit.")
        self.network_changed()
        if not self.main_layout.fits_screen(self.status):
            self.view_menu.apply_theme()
        self.settings.watch()
        self.views.begin()
        self.model_menu.offer_leftovers()
        self.pad.canvas.focus_set()
        self.draw_menu.accept_files()
        set_up_platform(
            self, lambda: self.help_menu.show_about(), self.settings.open, self.quit_window
        )

    def run_command(self, command: Command) -> None:
        """Run the command of a menu entry or a key; where it is not possible now, say why."""
        if not command.needs or self.command_state.current()[command.needs]:
            operator.attrgetter(command.method)(self)(*command.arguments)
        elif reason := self.command_state.why_not(command.needs):
            self.notify(reason)

    def put_on_pad(self, picked: Drawing | Image.Image, is_test_image: bool = False) -> None:
        """Put a drawing or an image on the pad; see `AppContext.put_on_pad`."""
        self.draw_menu.put_on_pad(picked, is_test_image)

    def undo(self) -> None:
        """Undo the last step, wherever it was made."""
        self.edit_menu.undo()

    def redo(self) -> None:
        """Redo the step that was undone last."""
        self.edit_menu.redo()

    def choose_view(self, title: str) -> None:
        """Select the tab of a view; leaves simple mode, which has no views."""
        if self.session.config.window.simple:
            self.view_menu.toggle_simple()
        self.views.choose(title)

    def show_view(self, title: str) -> View | None:
        """Select the tab of a view and return the view, built at once; None without such a tab."""
        self.choose_view(title)
        return self.views.show(title)

    def show_run(self, folder: Path) -> None:
        """Show a run in the Experiments view."""
        self.view_menu.show_run(folder)

    def resume_run(self, folder: Path) -> bool:
        """Resume a run in the Training view; whether that began."""
        return self.model_menu.resume_run(folder)

    def remember(self, **changes: object) -> None:
        """Change settings of the window and save them in config.json."""
        try:
            self.session.preferences.set_window(**changes)
        except OSError as error:
            self.show_error(f"The choice holds until the window is closed: {error}")

    def notify(
        self, message: str, *actions: Action, warning: bool = False, lasting: bool = False
    ) -> None:
        """Show a message, with a button for each action; pending warnings are shown with it."""
        errors = self.session.take_warnings()
        self.status.show(message, *actions, warning=warning, lasting=lasting, errors=errors)

    def show_error(self, problem: object, about: object = None) -> None:
        """Show what went wrong, in one line; see `AppContext.show_error`."""
        text, errors = " ".join(str(problem).split()), self.session.take_warnings()
        self.status.show(text, warning=True, errors=errors, about=about)

    def network_changed(self) -> None:
        """Predict and show everything with the network that is in use now."""
        self.session.predict(self.session.content)
        if self.session.recognizer is not None:
            self.prediction_panel.set_outputs(self.session.recognizer.network.outputs)
        self.main_layout.limit_window_size(self.status)
        self.draw_menu.show_prediction()
        self.views.refresh("network")
        self.command_state.show()

    def corrections_changed(self) -> None:
        """Count and show the kept drawings after files were added, moved or removed."""
        self.session.counts.update()
        self.show_corrections()

    def show_corrections(self) -> None:
        """Show the kept drawings after the session changed and counted them."""
        self.views.refresh("corrections")
        self.command_state.show()

    def _show_job(self) -> None:
        self.status.show_job(self.jobs)
        self.command_state.show()

    def _show_job_error(self) -> None:
        self.show_error(f"{self.jobs.title} failed: {self.jobs.error}", about=self.jobs.title)

    def report_callback_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Show a bug of the program as one line, and its traceback on standard error."""
        traceback.print_exception(kind, error, trace, file=sys.stderr)
        self.show_error(f"That did not work ({kind.__name__}: {error}). Your drawing is kept.")

    def quit_window(self) -> None:
        """Close the window; ask first where a job is running, which closing ends."""
        if self.jobs.running:
            self._close_question.ask()
        else:
            self.destroy()

    def destroy(self) -> None:
        """Stop everything that belongs to the window, and close it."""
        self._start_timer.cancel()
        remember(self, self.main_layout, self.session.window_state)
        self.model_menu.close()
        self.jobs.close()
        super().destroy()


def open_window(model: Path | None = None, config_path: Path = CONFIG) -> int:
    """Open the window and return when it is closed: 0, or 1 where there is no display.

    `model` is the file of the network, by default the one that config.json names.
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
