"""What the Model menu does: train, fine-tune, evaluate, and choose a network."""

from __future__ import annotations

import dataclasses
import webbrowser
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Protocol

from learning.naming import run_called
from learning.progress import WorkStopped
from storage.settings import place
from window.card import CardWindow

if TYPE_CHECKING:
    from learning.samples import Places
    from learning.sweep_file import Sweep
    from learning.versions import Card
    from window.desk import Desk
    from window.job import Jobs
    from window.status import Action
    from window.view import View


class Host(Protocol):
    """What the actions need of the window that they act for."""

    desk: Desk
    jobs: Jobs

    def say(self, message: str, *actions: Action, warning: bool = False) -> None: ...
    def warn(self, problem: object) -> None: ...
    def show_view(self, title: str) -> View | None: ...
    def network_changed(self) -> None: ...


class Actions:
    """The slow commands of the window, and those about networks."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._card: CardWindow | None = None

    @property
    def _models(self) -> Path:
        desk = self._app.desk
        return place(desk.config.places.models, desk.config_path)

    @property
    def _places(self) -> Places:
        from learning.samples import Places

        desk = self._app.desk
        return Places.of(desk.config.places, desk.config_path)

    def close(self) -> None:
        """Leave nothing behind that nobody kept: a card that is open at the end is discarded."""
        if self._card is not None and self._card.winfo_exists():
            self._card.discard()

    def train(self) -> None:
        """Show the settings of a training; Return starts it."""
        view = self._app.show_view("Training")
        if view is not None:
            view.get_ready()

    def offer_resuming(self) -> bool:
        """Say so where a training was killed before its end; whether anything was said."""
        from learning.runs import killed
        from learning.sweep_file import read_sweep, sweep_files

        runs = self._models / "runs"
        try:
            folder = killed(runs)
            sweeps = [read_sweep(file) for file in sweep_files(runs)]
        except (OSError, ValueError) as error:
            self._app.warn(error)
            return True
        if sweeps and not sweeps[0].ended:
            self._app.say(
                f"{sweeps[0]}.",
                ("Resume", self._resume_sweep),
                ("Leave it", lambda: self._leave(sweeps[0])),
            )
            return True
        if any(folder == spec.folder for sweep in sweeps for spec in sweep.specs):
            return False  # the Experiments view resumes it with the others
        if folder is not None:
            self._app.say(
                f"The {run_called(folder)} did not come to its end.",
                ("Resume", lambda: self._resume(folder)),
                ("Leave it", lambda: self._give_up(folder)),
            )
        return folder is not None

    def _resume_sweep(self) -> None:
        view = self._app.show_view("Experiments")
        if view is not None:
            view.resume()

    def _leave(self, sweep: Sweep) -> None:
        dataclasses.replace(sweep, ended=True).save()
        self._app.say("The Experiments view can resume it.")

    def _resume(self, folder: Path) -> None:
        view = self._app.show_view("Training")
        if view is not None:
            view.resume(folder)

    def _give_up(self, folder: Path) -> None:
        from learning.runs import give_up

        give_up(folder)
        self._app.say(f"The {run_called(folder)} stays as far as it came.")

    def fine_tune(self) -> None:
        """Let the network learn from the kept drawings."""
        from digits import mnist
        from learning.versions import fine_tune_run

        desk = self._app.desk
        if self._card is not None and self._card.winfo_exists():
            self._card.bring_up()
            self._app.say("Keep or discard what was learnt last, then fine-tune again.")
            return
        try:
            known = mnist.find(configured=self._places.mnist)
        except FileNotFoundError as error:
            self._app.warn(error)
            return
        learnt = desk.counters.new
        self._app.jobs.start(
            "Fine-tuning",
            fine_tune_run,
            desk.model,
            desk.corrections.folder,
            known,
            desk.config.fine_tuning,
            self._models / "versions",
            if_closed="What it has learnt would be dropped; the kept drawings stay.",
            done=lambda card: self._fine_tuned(card, learnt),
            failed=self._failed,
        )

    def evaluate(self) -> None:
        """Judge the network in use on what the Results view has chosen."""
        view = self._app.show_view("Results")
        if view is not None:
            view.evaluate()

    def stop(self) -> None:
        """Stop the running job, which keeps what it promised to keep."""
        self._app.jobs.stop()

    def open_network(self) -> None:
        """Choose a network and take it into use."""
        name = filedialog.askopenfilename(
            parent=self._app,
            title="Open network",
            initialdir=self._models,
            filetypes=[("Keras networks", ".keras"), ("All files", "*")],
        )
        if name:
            self.use_network(Path(name))

    def use_network(self, path: Path) -> None:
        """Take a network into use; where it is none, say so and go on with the one in use."""
        try:
            self._app.desk.load_network(path)
        except (ValueError, OSError) as error:
            self._app.warn(error)
            return
        self._app.network_changed()
        self._app.say(f"In use now: {self._app.desk.called}.")
        try:
            self._app.desk.remember_network()
        except OSError as error:
            self._app.warn(f"In use until the window is closed: {error}")

    def show_versions(self) -> None:
        """Choose among the network that came with the program and those that were kept."""
        from Recognition import SHIPPED
        from window.versions import VersionsWindow, versions

        app = self._app
        try:
            listed = versions(self._models, SHIPPED, app.desk.model)
        except OSError as error:
            app.warn(error)
            return
        VersionsWindow(app, listed, app.desk.model, self.use_network)

    def open_settings(self) -> None:
        """Open config.json with the program that this desktop has for it."""
        path = self._app.desk.config_path.resolve()
        self._app.say(f"The settings stand in {path}; they are read when the window opens.")
        webbrowser.open(path.as_uri())

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, WorkStopped):
            self._app.say(f"{self._app.jobs.title} stopped before there was anything to keep.")
        else:
            self._app.warn(f"{self._app.jobs.title} failed: {error}")

    def _fine_tuned(self, card: Card, learnt: int) -> None:
        self._app.say(f"Fine-tuning finished. {card.why}")
        window = self._card = CardWindow(self._app, card)
        window.bind("<<Kept>>", lambda event: self._keep(card, learnt))
        window.bind("<<Discarded>>", lambda event: self._discard(card))

    def _keep(self, card: Card, learnt: int) -> None:
        from learning.versions import write_card

        desk = self._app.desk
        try:
            write_card(card)
        except (OSError, ValueError) as error:
            desk.warnings.append(f"The list of versions will not show this network: {error}.")
        desk.fine_tuned(learnt)
        self.use_network(card.network)

    def _discard(self, card: Card) -> None:
        from learning.versions import discard

        try:
            discard(card)
        except OSError as error:
            self._app.warn(error)
            return
        self._app.say("Discarded: the network in use stays as it was.")
