"""For and against: which pixels speak for the answer, and which against it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

import numpy as np

from number_recognition.core.formatting import digit_name
from number_recognition.learning.models.explanation import (
    Contributions,
    contributions,
    typical_digit,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import REFUSED
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import palette, scaled
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours, maxabs_scale

_ANSWER = "Why this answer?"
_LITTLE = 0.05
"""So small a part of what speaks for a digit is not worth a word when it speaks against it."""
_REST = 200
"""Milliseconds without a change after which the pen rests."""
_ROWS = ("upper", "", "lower")
_COLUMNS = ("left", "", "right")


class AttributionPanel(ttk.Frame):
    """The pixels for (blue) and against (orange) a digit, and the same in words.

    Attributes:
        sentence: what is shown, in words.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.sentence = ""
        self._last: tuple[NumpyNetwork | None, Prediction] = (None, Prediction.blank())
        self._pieces = IdleTask(self)
        gap = scaled(self, 10)
        self._evidence = Heatmap(self, "blue for, orange against", pixel=3)
        self._evidence.grid(row=0, column=0, rowspan=4, sticky="n", padx=(0, gap))
        choices = [_ANSWER, *(f"Why {digit_name(digit)}?" for digit in range(10))]
        self._choice = ttk.Combobox(self, values=choices, state="readonly", width=16)
        self._choice.current(0)
        self._choice.grid(row=0, column=1, sticky="nw")
        self._choice.bind("<<ComboboxSelected>>", lambda event: self.show(*self._last))
        self._words = ttk.Label(self, justify="left")
        self._words.grid(row=1, column=1, sticky="new", pady=gap)
        self._figures = ttk.Label(self, style="Faint.TLabel", justify="left")
        self._figures.grid(row=2, column=1, sticky="new")
        self.columnconfigure(1, weight=1)
        self.rowconfigure(3, weight=1)
        self.bind("<Configure>", lambda event: self._resized(event.width, event.height))

    def _resized(self, width: int, height: int) -> None:
        self._evidence.fit(min(width // 2, height - scaled(self, 50), scaled(self, 420)))
        room = max(scaled(self, 80), width - self._evidence.winfo_reqwidth() - scaled(self, 30))
        self._words.configure(wraplength=room)
        self._figures.configure(wraplength=room)

    def choose(self, digit: int | None) -> None:
        """Explain a digit, or the answer."""
        self._choice.current(0 if digit is None else digit + 1)
        self.show(*self._last)

    @property
    def busy(self) -> bool:
        """Whether an explanation is still to come: while a pen moves, it waits for its rest."""
        return self._pieces.running

    def show(
        self, network: NumpyNetwork | None, prediction: Prediction, moving: bool = False
    ) -> None:
        """Explain what a network reads; while the pen is moving, once it rests."""
        self._last = network, prediction
        if moving and prediction.frame is not None:
            self._pieces.start(self._explaining(), _REST)
        else:
            self._pieces.stop()
            self._explain()

    def _explaining(self) -> Iterator[None]:
        self._explain()
        yield

    def _explain(self) -> None:
        network, prediction = self._last
        if network is None or prediction.frame is None:
            self._evidence.clear()
            self._say("Draw a digit to see what speaks for it.", "")
            return
        chosen = self._choice.current() - 1
        pixels = prediction.frame.pixels
        digit = chosen if chosen >= 0 else prediction.best_guess
        found = contributions(network, pixels, digit)
        colours = HeatmapColours(palette(self))
        self._evidence.show(colours.attribution_to_rgb(maxabs_scale(found.pixels), pixels))
        words = in_words(found, pixels)
        if prediction.refused and chosen < 0:
            words = f"{REFUSED}; the best guess is {digit_name(digit)}. {words}"
        self._say(words, _figures(found))

    def _say(self, sentence: str, figures: str) -> None:
        self.sentence = sentence
        self._words.configure(text=sentence)
        self._figures.configure(text=figures)


def in_words(found: Contributions, pixels: np.ndarray) -> str:
    """Where most speaks for a digit and where against, ink and missing ink apart."""
    ink = pixels > typical_digit()
    sums = [
        (float(found.pixels[rows, columns][ink[rows, columns] == inked].sum()), words)
        for rows, columns, name in _regions()
        for inked, words in ((True, f"the ink {name}"), (False, f"the empty paper {name}"))
    ]
    (most, support), (least, objection) = max(sums), min(sums)
    name = digit_name(found.digit)
    if most <= 0:
        return f"Nothing speaks for {name}; {objection} most against it ({least:+.1f})."
    sentence = f"{support[0].upper()}{support[1:]} speaks most for {name} ({most:+.1f})"
    if least > -_LITTLE * most:
        return f"{sentence}, and hardly anything against it."
    return f"{sentence}, {objection} most against it ({least:+.1f})."


def _regions() -> list[tuple[slice, slice, str]]:
    """Nine parts of the 28 × 28, the middle where the digit's middle is."""
    parts = (slice(0, 11), slice(11, 17), slice(17, 28))
    regions = []
    for rows, upper in zip(parts, _ROWS, strict=True):
        for columns, left in zip(parts, _COLUMNS, strict=True):
            regions.append((rows, columns, place_name(upper, left)))
    return regions


def place_name(upper: str, left: str) -> str:
    """Where a part of the 28 × 28 is: "at the upper right", "at the top", "in the middle"."""
    if upper and left:
        return f"at the {upper} {left}"
    if upper:
        return "at the top" if upper == "upper" else "at the bottom"
    return f"on the {left}" if left else "in the middle"


def _figures(found: Contributions) -> str:
    support = float(found.pixels[found.pixels > 0].sum())
    objection = float(found.pixels[found.pixels < 0].sum())
    return (
        f"In all {support:+.1f} and {objection:+.1f}: from the score {found.typical:+.1f} of a "
        f"shapeless blot to {found.score:+.1f}. The score is the logit of {found.digit} less the "
        "mean of the others."
    )


def strongest_place(values: np.ndarray) -> str:
    """Where values (28, 28), none of them negative, are largest in sum."""
    return max(_regions(), key=lambda region: float(values[region[0], region[1]].sum()))[2]
