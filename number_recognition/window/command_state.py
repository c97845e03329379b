"""Which commands are possible now: menus, buttons and the title of the window follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize
from number_recognition.window.tables.short_names import LONGEST, shorten_middle
from number_recognition.window.toolkit.job_runner import RUNNING

if TYPE_CHECKING:
    from number_recognition.window.layout.main_layout import MainLayout
    from number_recognition.window.status_bar import StatusBar
    from number_recognition.window.toolkit.app_context import AppContext
    from number_recognition.window.toolkit.shortcuts import MenuBar


class CommandState:
    """Enables what is possible; nothing else enables or disables a widget of the main window."""

    def __init__(
        self, app: AppContext, layout: MainLayout, status: StatusBar, menus: MenuBar
    ) -> None:
        self._app, self._layout = app, layout
        self._status, self._menus = status, menus
        self._shown: dict[str, bool] = {}

    def current(self) -> dict[str, bool]:
        """What is possible now, by the names that `Command.needs` uses."""
        session, jobs = self._app.session, self._app.jobs
        is_drawing = self._layout.pad.pressed
        has_content = bool(session.content) or is_drawing
        return {
            "undo": session.history.next_undo is not None or is_drawing,
            "redo": session.history.next_redo is not None,
            "drawn": has_content,
            "image": session.content.image is not None,
            "readable": has_content and session.prediction.frame is not None,
            "idle": not jobs.running,
            "running": jobs.running,
            "tunable": not jobs.running and session.can_fine_tune,
            "pausable": jobs.state == RUNNING,
        }

    def marks(self) -> dict[str, object]:
        """What is chosen now, by the names that `Command.mark` uses."""
        window, layout = self._app.session.config.window, self._layout
        return {
            "tool": layout.pad.tool,
            "single_digit": window.single_digit or self._app.session.in_use.reads_one_digit,
            "simple": window.simple,
            "dark": window.theme == "dark",
            "enlarged": layout.enlarging.active,
            "full_screen": bool(self._app.window.attributes("-fullscreen")),
            "view": layout.views.title,
        }

    def why_not(self, need: str) -> str:
        """Why a command with this need is not possible now; "" where the window shows it."""
        jobs = self._app.jobs
        if need in ("idle", "tunable") and jobs.running:
            return f"{jobs.title} is still running: stop it, or wait until it has finished."
        if need == "image":
            return "There is no image on the pad: File ▸ Open image … opens one."
        if need == "readable":
            if self._app.session.recognizer is None:
                return "There is no network to read it with: Model ▸ Open network … opens one."
            if self._app.session.content:
                return "The image is blank: there is nothing to keep."
            return (
                "Draw a digit first: the keys 0 to 9 then say which digit it is, N that it is none."
            )
        if need == "tunable":
            session = self._app.session
            if session.counters.not_a_digit and session.recognizer is not None:
                return (
                    "What is kept is no digit, which this network cannot answer: keep a digit, or "
                    "choose the bundled network in Model ▸ Network versions …"
                )
            return "Nothing is kept yet: draw a digit and press the key of the digit it is."
        return ""

    def show(self) -> None:
        """Enable what is possible now, and show the count of new drawings."""
        session, layout, state = self._app.session, self._layout, self.current()
        new = session.counters.new
        count = f" – {pluralize(new, 'new drawing')}" if new else ""
        network = shorten_middle(session.network_label, LONGEST, len)
        self._app.window.title(f"Number Recognition – {network}{count}")
        self._status.show_new(new)
        if state == self._shown:
            return
        self._shown = state
        self._menus.enable(state)
        layout.tools.enable(state["undo"], state["redo"], state["drawn"])
        layout.prediction_panel.enable(state["readable"])
        self._status.enable(
            pause=state["pausable"], stop=state["pausable"], fine_tune=state["tunable"]
        )
