"""What would make it another digit: the drawing, the drawing changed, and the difference."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

import numpy as np

from number_recognition.core.formatting import digit_name, percent
from number_recognition.learning.models.explanation import Counterfactual, find_counterfactual
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.window.network.attribution_panel import strongest_place
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import palette, scaled, scaled_by_text
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours

_REST = 250
"""Milliseconds for which the pen must rest before the change is looked for anew."""
_FRAMES = 8


class CounterfactualPanel(ttk.Frame):
    """Ten buttons, and what the one pressed asks for.

    Attributes:
        digit: the digit asked for, None before the first.
        change: the last change found, None while there is none.
        sentence: what is shown, in words.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.digit: int | None = None
        self.change: Counterfactual | None = None
        self.sentence = ""
        self._last: tuple[NumpyNetwork | None, Prediction] = (None, Prediction.blank())
        self._pieces = IdleTask(self)
        self._build()
        self._clear()

    def _build(self) -> None:
        gap = scaled(self, 2)
        ttk.Label(self, text="What would make it a …").pack(anchor="w")
        row = ttk.Frame(self)
        row.pack(fill="x", pady=(gap, 3 * gap))
        self.buttons: list[ttk.Button] = []
        for digit in range(10):
            button = ttk.Button(row, text=str(digit), width=1)
            button.configure(command=lambda digit=digit: self.ask(digit))
            button.grid(row=0, column=digit, sticky="ew", padx=(0, gap))
            row.columnconfigure(digit, weight=1, uniform="digit")
            self.buttons.append(button)
        pictures = ttk.Frame(self)
        pictures.pack(fill="x")
        self._pictures = [
            Heatmap(pictures, caption, pixel=3)
            for caption in ("drawn", "changed", "+ blue, − orange")
        ]
        for picture in self._pictures:
            picture.pack(side="left", padx=(0, 6 * gap))
        self._words = ttk.Label(self, justify="left")
        self._words.pack(fill="x", pady=(3 * gap, 0))
        self.bind("<Configure>", lambda event: self._resized(event.width, event.height))

    def _resized(self, width: int, height: int) -> None:
        lines = scaled_by_text(self, 170)
        side = min(width // 3 - scaled(self, 24), height - lines, scaled(self, 280))
        for picture in self._pictures:
            picture.fit(side)
        self._words.configure(wraplength=max(scaled(self, 80), width - scaled(self, 20)))

    @property
    def busy(self) -> bool:
        """Whether a change is being looked for or shown."""
        return self._pieces.running

    def ask(self, digit: int) -> None:
        """Ask what would make the drawing this digit."""
        self.digit = digit
        self._start(0)

    def show(self, network: NumpyNetwork | None, prediction: Prediction) -> None:
        """Ask the same of another drawing or network, once it rests."""
        self._last = network, prediction
        self._start(_REST)

    def recolour(self) -> None:
        """Take up the colours of the window's theme."""
        self._start(0)

    def _start(self, rest: int) -> None:
        network, prediction = self._last
        self._pieces.stop()
        self.change = None
        if network is None or prediction.frame is None:
            self._clear()
        elif self.digit is None:
            self._say("Choose a digit, and see the ink that would have to come or go.")
            self._pictures[0].show(
                HeatmapColours(palette(self)).ink_to_rgb(prediction.frame.pixels)
            )
        else:
            self._pieces.start(self._work(network, prediction), rest)

    def _clear(self) -> None:
        self._say("Draw a digit first.")
        for picture in self._pictures:
            picture.clear()

    def _work(self, network: NumpyNetwork, prediction: Prediction) -> Iterator[None]:
        """Find the change, then let it grow before the eyes."""
        pixels, colours = prediction.frame.pixels, HeatmapColours(palette(self))
        change = find_counterfactual(network, pixels, self.digit)
        difference = change.pixels - pixels
        self._pictures[0].show(colours.ink_to_rgb(pixels))
        self._pictures[2].show(colours.signed_to_rgb(difference))
        self._say(in_words(change, pixels, prediction))
        for frame in range(1, _FRAMES + 1):
            self._pictures[1].show(colours.ink_to_rgb(pixels + frame / _FRAMES * difference))
            yield
        self.change = change

    def _say(self, sentence: str) -> None:
        self.sentence = sentence
        self._words.configure(text=sentence)


def in_words(change: Counterfactual, pixels: np.ndarray, prediction: Prediction) -> str:
    """How much ink came and went, and where most of it."""
    digit, sure = change.digit, f"{percent(change.confidence)} sure"
    if digit == prediction.digit:
        return f"It is read as {digit_name(digit)} already ({sure})."
    difference = change.pixels - pixels
    added, removed = np.maximum(difference, 0), np.maximum(-difference, 0)
    parts = [
        f"{percent(amount.sum() / pixels.sum())} {words}, most of it {strongest_place(amount)}"
        for amount, words in ((added, "more ink"), (removed, "less ink"))
        if amount.sum() > 0.05
    ]
    if not change.succeeded:
        return f"No small change makes it {digit_name(digit)}: this one comes to {sure}."
    name = digit_name(digit)
    return (
        f"{name[:1].upper()}{name[1:]} ({sure}) with {'; and '.join(parts) or 'next to no change'}."
    )
