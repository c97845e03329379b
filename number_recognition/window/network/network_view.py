"""The Network view: the drawing flowing through the network, and why it answers as it does."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk

import numpy as np

from number_recognition.core.formatting import percent
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.network.activation_map import ActivationMap, UnitPosition
from number_recognition.window.network.attribution_panel import AttributionPanel
from number_recognition.window.network.counterfactual_panel import CounterfactualPanel
from number_recognition.window.network.output_bars import output_name
from number_recognition.window.network.unit_panel import UnitPanel
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import BODY, scaled, wrap_to_width
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.tabs import Tabs

_HINT = "Each square is a unit: point at it, click it, or press an arrow key."
_NOTHING = "Draw a digit, and see it pass through the network."


class NetworkView(View):
    """The layers as one draws; below them one unit, the reasons, and what would change the answer.

    Attributes:
        answers: what each layer answers to the drawing, a list of (units,); empty without one.
        hint: the line below the layers.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        # What is shown grows with the room; a room that grew with it in turn would never rest.
        self.configure(width=scaled(self, 380), height=scaled(self, 480))
        self.pack_propagate(False)
        self.answers: list[np.ndarray] = []
        self.hint = ""
        self._network: NumpyNetwork | None = None
        self._due: str | None = None
        self._build()

    def _build(self) -> None:
        gap = scaled(self, 6)
        self.flow = ActivationMap(self)
        self.flow.pack(fill="x")
        self._hint = ttk.Label(self, style="Faint.TLabel")
        self._hint.pack(fill="x", pady=gap)
        wrap_to_width(self._hint)
        self._tabs = Tabs(self)
        self._tabs.pack(fill="both", expand=True)
        self.unit = UnitPanel(self._tabs, self.session)
        self.reasons = AttributionPanel(self._tabs)
        self.changes = CounterfactualPanel(self._tabs)
        for tab, text in (
            (self.reasons, "For, against"),
            (self.changes, "What if …?"),
            (self.unit, "One unit"),
        ):
            self._tabs.add(tab, text=text)
        self._tabs.bind("<<NotebookTabChanged>>", lambda event: self._show_tab())
        self.bind("<Configure>", lambda event: self._share(event.height))
        self.flow.bind("<<UnitChosen>>", lambda event: self._choose())
        self.flow.bind("<<UnitPointed>>", lambda event: self._show_hint())

    def _share(self, height: int) -> None:
        """Leave the tabs the height of their smallest pictures and a few lines."""
        line = tkfont.nametofont(BODY, self).metrics("linespace")
        self.flow.limit(height - 10 * line - scaled(self, 150))

    def refresh(self, reason: str) -> None:
        """Show the drawing on the pad as it passes through the network in use."""
        recognizer = self.session.recognizer
        network = recognizer.network if recognizer is not None else None
        is_other = network is not self._network
        self._network = network
        if reason == "theme":
            self._recolour()
        if is_other:
            self.flow.set_network(network)
        if reason in ("shown", "corrections"):
            self.unit.forget_samples()
        if reason == "drawing" and not is_other:
            self._soon(self._flow_and_tab)
            return
        self._flow()
        if is_other:
            self._choose_again()
        self._show_tab()

    def destroy(self) -> None:
        """End what is still due, too."""
        self._forget_due()
        super().destroy()

    def choose_tab(self, tab: tk.Misc) -> None:
        """Bring `reasons`, `changes` or `unit` to the top."""
        self._tabs.select(tab)
        # Tk tells of the change later, when a button of the tab may have been pressed already.
        self._show_tab()

    def _flow(self) -> None:
        frame = self.session.prediction.frame
        if self._network is None or frame is None:
            self.answers = []
            self.flow.show(None, [])
        else:
            self.answers = [part[0] for part in self._network.activations(frame.pixels[None])]
            self.flow.show(frame.pixels, self.answers)
        self._show_hint()

    def _recolour(self) -> None:
        self.flow.recolour()
        self.unit.recolour()
        self.changes.recolour()

    def _choose(self) -> None:
        self._tabs.select(self.unit)
        self.unit.show(self._network, self.flow.chosen, self.answers)

    def _choose_again(self) -> None:
        """After the network changed, its unit of the same place is another one."""
        if self._network is not None and self.flow.chosen is not None:
            self.unit.show(self._network, self.flow.chosen, self.answers)
        else:
            self.unit.clear()

    def _soon(self, step: Callable[[], None]) -> None:
        """Take a step when nothing else waits: the pen comes first, and what it draws."""
        if self._due is None:
            self._due = self.after_idle(step)

    def _forget_due(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
            self._due = None

    def _flow_and_tab(self) -> None:
        """The two parts of showing a drawing, with room for the pen between."""
        self._forget_due()
        self._flow()
        self._soon(lambda: self._show_tab(moving=True))

    def _show_tab(self, moving: bool = False) -> None:
        """Show what is so now in the tab on top; the others wait until they are."""
        self._forget_due()
        top = self._tabs.nametowidget(self._tabs.select())
        if top is self.unit:
            self.unit.answer_with(self.answers)
        elif top is self.reasons:
            self.reasons.show(self._network, self.session.prediction, moving)
        else:
            top.show(self._network, self.session.prediction)

    def _show_hint(self) -> None:
        place = self.flow.pointed
        self.hint = self._words(place) if place is not None and self.answers else ""
        self.hint = self.hint or (_HINT if self.answers else _NOTHING)
        self._hint.configure(text=self.hint)

    def _words(self, place: UnitPosition) -> str:
        """What stands under the pointer."""
        layer, unit = place
        if layer < 0:
            ink = float(self.session.prediction.frame.pixels.ravel()[unit])
            return f"Pixel in row {unit // 28 + 1}, column {unit % 28 + 1}: {percent(ink)} ink"
        value = float(self.answers[layer][unit])
        if layer == len(self.answers) - 1:
            return f"{output_name(unit)}: {percent(value)}"
        return f"Layer {layer + 1}, unit {unit + 1:,} of {len(self.answers[layer]):,}: {value:.3f}"
