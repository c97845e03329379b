"""The counterfactual panel: the smallest change that makes the drawing another digit."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from functools import partial
from tkinter import ttk

import numpy as np

from number_recognition.core.formatting import digit_name, percent
from number_recognition.learning.explanation.counterfactual import (
    Counterfactual,
    find_counterfactual,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.window.network.regions import strongest_region
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import palette, scaled, scaled_by_text
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours
from number_recognition.window.widgets.tooltip import Tooltip

_DELAY = 250
"""Milliseconds without a change after which the counterfactual is computed."""
_FRAMES = 8
_MIN_INK = 0.05
"""Less ink added or removed, in pixels, is not mentioned."""


class CounterfactualPanel(ttk.Frame):
    """Ten buttons for the target digit, and the change that leads to it.

    Event: `<<HeightChanged>>` after `needed_height` may have changed.

    Attributes:
        target: the digit to change the drawing into, None before one was chosen.
        counterfactual: the changed drawing, None until it is computed.
        text: a summary of the change.
        buttons: the ten digits.
    """

    can_enlarge = True

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.target: int | None = None
        self.counterfactual: Counterfactual | None = None
        self.text = ""
        self._input: tuple[NumpyNetwork | None, Prediction] = (None, Prediction.blank())
        self._task = IdleTask(self)
        self._gap = scaled(self, 2)
        self._build_buttons()
        self._build_pictures()
        self._clear()

    def _build_buttons(self) -> None:
        self._question = ttk.Label(self, text="Change the drawing to:")
        self._question.pack(anchor="w")
        row = ttk.Frame(self)
        row.pack(fill="x", pady=(self._gap, 3 * self._gap))
        self.buttons: list[ttk.Button] = []
        for digit in range(10):
            command = partial(self.set_target, digit)
            button = ttk.Button(row, text=str(digit), width=1, command=command)
            button.grid(row=0, column=digit, sticky="ew", padx=(0, self._gap))
            row.columnconfigure(digit, weight=1, uniform="digit")
            Tooltip(button, f"Show what would make it {digit_name(digit)}")
            self.buttons.append(button)

    def _build_pictures(self) -> None:
        row = ttk.Frame(self)
        row.pack(fill="x")
        self._original = Heatmap(row, "original", pixel=3)
        self._changed = Heatmap(row, "changed", pixel=3)
        self._difference = Heatmap(row, "+ blue, − orange", pixel=3)
        self._pictures = (self._original, self._changed, self._difference)
        for picture in self._pictures:
            picture.pack(side="left", anchor="n", padx=(0, 6 * self._gap))
        self._label = ttk.Label(self, justify="left")
        self._label.pack(fill="x", pady=(3 * self._gap, 0))
        self.bind("<Configure>", lambda event: self._resize(event.width, event.height))

    def _resize(self, width: int, height: int) -> None:
        text_height = scaled_by_text(self, 170)
        side = min(width // 3 - scaled(self, 24), height - text_height)
        for picture in self._pictures:
            picture.fit(side, room=width // 3 - scaled(self, 20))
        self._label.configure(wraplength=max(scaled(self, 80), width - scaled(self, 20)))

    def needed_height(self) -> int:
        """Return the height in pixels of its texts and of its smallest pictures."""
        texts = (self._question, self.buttons[0], self._label)
        pictures = max(picture.least_height() for picture in self._pictures)
        heights = sum(each.winfo_reqheight() for each in texts)
        return heights + pictures + 9 * self._gap + 2 * scaled(self, 8)

    @property
    def busy(self) -> bool:
        """Whether a counterfactual is being computed or shown."""
        return self._task.running

    def set_target(self, digit: int) -> None:
        """Show how to change the drawing into this digit."""
        self.target = digit
        for number, button in enumerate(self.buttons):
            button.configure(style="Accent.TButton" if number == digit else "TButton")
        self._start(0)

    def show(self, network: NumpyNetwork | None, prediction: Prediction) -> None:
        """Show another drawing or network; the counterfactual follows after a short delay."""
        self._input = network, prediction
        self._start(_DELAY)

    def recolour(self) -> None:
        """Apply the colours of the theme."""
        self._start(0)

    def _start(self, delay: int) -> None:
        network, prediction = self._input
        self._task.stop()
        self.counterfactual = None
        if network is None or prediction.frame is None:
            self._clear()
            return
        pixels = prediction.frame.pixels
        if self.target is None:
            self._set_text("Choose a digit to see which ink to add or remove.")
            self._original.show(HeatmapColours(palette(self)).ink_to_rgb(pixels))
        else:
            work = self._compute(network, pixels, self.target, prediction.digit)
            self._task.start(work, delay)

    def _clear(self) -> None:
        self._set_text("Draw a digit first.")
        for picture in self._pictures:
            picture.clear()

    def _compute(
        self, network: NumpyNetwork, pixels: np.ndarray, target: int, predicted: int | None
    ) -> Iterator[None]:
        """Compute the counterfactual, then show the change as a short animation."""
        colours = HeatmapColours(palette(self))
        counterfactual = find_counterfactual(network, pixels, target)
        difference = counterfactual.pixels - pixels
        self._original.show(colours.ink_to_rgb(pixels))
        self._difference.show(colours.signed_to_rgb(difference))
        self._set_text(describe_counterfactual(counterfactual, pixels, predicted))
        for frame in range(1, _FRAMES + 1):
            self._changed.show(colours.ink_to_rgb(pixels + frame / _FRAMES * difference))
            yield
        self.counterfactual = counterfactual

    def _set_text(self, text: str) -> None:
        self.text = text
        self._label.configure(text=text)
        self.event_generate("<<HeightChanged>>")


def describe_counterfactual(
    counterfactual: Counterfactual, pixels: np.ndarray, predicted: int | None
) -> str:
    """Describe how much ink is added and removed, and where most of it is.

    `pixels` is the original drawing, (28, 28), and `predicted` the digit predicted for it.
    """
    digit, confidence = digit_name(counterfactual.digit), percent(counterfactual.confidence)
    if counterfactual.digit == predicted:
        return f"The drawing is already recognized as {digit} ({confidence})."
    if not counterfactual.succeeded:
        return f"No small change makes it {digit}: this one reaches {confidence}."
    difference = counterfactual.pixels - pixels
    added, removed = np.maximum(difference, 0), np.maximum(-difference, 0)
    parts = [
        f"{percent(ink.sum() / pixels.sum())} {amount} ink, mostly {strongest_region(ink)}"
        for ink, amount in ((added, "more"), (removed, "less"))
        if ink.sum() > _MIN_INK
    ]
    return f"Becomes {digit} ({confidence}) with {'; and '.join(parts) or 'almost no change'}."
