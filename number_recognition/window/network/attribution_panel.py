"""The attribution panel: which pixels speak for a digit and which against it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import font as tkfont
from tkinter import ttk

import numpy as np

from number_recognition.core.formatting import digit_name
from number_recognition.learning.explanation.attribution import (
    Contributions,
    contributions,
    mean_digit,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import REFUSED
from number_recognition.window.network.regions import REGIONS, Region
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled, wrap_to_width
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours, maxabs_scale
from number_recognition.window.widgets.tooltip import Tooltip

_CHOICES = ("Why this answer?", *(f"Why {digit_name(digit)}?" for digit in range(10)))
_NEGLIGIBLE = 0.05
"""What speaks against the digit is little where it is less than this part of what is for it."""
_VISIBLE = 0.05
"""A pixel is seen as coloured from this part of the largest attribution on."""
_INK = 0.2
"""Pixels at least as dark are seen as ink; paler ones are the edge of a stroke."""
_DELAY = 200
"""Milliseconds without a change after which the drawing is explained."""


class AttributionPanel(ttk.Frame):
    """The pixels that speak for a digit (blue) or against it (orange), and a summary in words.

    Event: `<<HeightChanged>>` when its texts may need another height.

    Attributes:
        text: the summary.
        details: the sums of the attributions and the score of the digit, as text.
    """

    can_enlarge = True

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.text = self.details = ""
        self._input: tuple[NumpyNetwork | None, Prediction] = (None, Prediction.blank())
        self._task = IdleTask(self)
        self._heatmap = Heatmap(self, "blue: for, orange: against", pixel=3)
        self._choice = ttk.Combobox(self, values=_CHOICES, state="readonly", width=18)
        self._choice.current(0)
        self._choice.bind("<<ComboboxSelected>>", lambda event: self.show(*self._input))
        self._text_label = ttk.Label(self, justify="left")
        self._details_label = ttk.Label(self, style="Faint.TLabel", justify="left")
        for label in (self._text_label, self._details_label):
            wrap_to_width(label)
            label.bind("<Configure>", lambda event: self._text_resized(), add=True)
        self._arrange()

    def _arrange(self) -> None:
        self._details_button = ttk.Checkbutton(
            self, text="Details", style="Toggle.TButton", command=self._show_details
        )
        self._details_button.state(["!alternate"])
        Tooltip(self._details_button, "Show the figures behind these words, or hide them")
        gap = scaled(self, 10)
        self._heatmap.grid(row=0, column=0, rowspan=5, sticky="n", padx=(0, gap))
        self._choice.grid(row=0, column=1, sticky="nw")
        self._text_label.grid(row=1, column=1, sticky="new", pady=gap)
        self._details_button.grid(row=2, column=1, sticky="nw")
        self._details_label.grid(row=3, column=1, sticky="new", pady=gap // 2)
        self._details_label.grid_remove()
        self.columnconfigure(1, weight=1)
        self.rowconfigure(4, weight=1)
        self.bind("<Configure>", lambda event: self._resize(event.width, event.height))

    def _resize(self, width: int, height: int) -> None:
        caption = 2 * tkfont.nametofont(CAPTION, self).metrics("linespace")
        beside = self._choice.winfo_reqwidth() + scaled(self, 2 * 8 + 10)
        self._heatmap.fit(min(width // 2, width - beside, height - caption - scaled(self, 24)))

    def _text_resized(self) -> None:
        self.event_generate("<<HeightChanged>>")

    def needed_height(self) -> int:
        """Return the height in pixels of its texts at the width of now."""
        widgets = (self._choice, self._text_label, self._details_button, self._details_label)
        heights = [each.winfo_reqheight() for each in widgets if each.winfo_manager()]
        return sum(heights) + 2 * scaled(self, 8) + 3 * scaled(self, 10)

    def _show_details(self) -> None:
        if self._details_button.instate(["selected"]):
            self._details_label.grid()
        else:
            self._details_label.grid_remove()

    def explain(self, digit: int | None) -> None:
        """Explain a digit; None for the predicted one."""
        self._choice.current(0 if digit is None else digit + 1)
        self.show(*self._input)

    @property
    def busy(self) -> bool:
        """Whether an explanation is pending."""
        return self._task.running

    def show(
        self, network: NumpyNetwork | None, prediction: Prediction, moving: bool = False
    ) -> None:
        """Explain a prediction; with `moving`, once the pen has stopped."""
        self._input = network, prediction
        if moving and prediction.frame is not None:
            self._task.start(self._explain_later(), _DELAY)
        else:
            self._task.stop()
            self._explain()

    def _explain_later(self) -> Iterator[None]:
        self._explain()
        yield

    def _explain(self) -> None:
        network, prediction = self._input
        digit = prediction.best_guess
        if network is None or prediction.frame is None or digit is None:
            self._heatmap.clear()
            self._set_text("Draw a digit to see what speaks for it and what against it.", "")
            return
        choice = self._choice.current() - 1
        pixels = prediction.frame.pixels
        attribution = contributions(network, pixels, choice if choice >= 0 else digit)
        colours = HeatmapColours(palette(self))
        self._heatmap.show(colours.attribution_to_rgb(maxabs_scale(attribution.pixels), pixels))
        text = describe_attribution(attribution, pixels)
        if prediction.refused and choice < 0:
            text = f"{REFUSED}; the best guess is {digit_name(digit)}. {text}"
        self._set_text(text, describe_figures(attribution, pixels))

    def _set_text(self, text: str, details: str) -> None:
        self.text, self.details = text, details
        self._text_label.configure(text=text)
        self._details_label.configure(text=details)


def describe_attribution(attribution: Contributions, pixels: np.ndarray) -> str:
    """Describe where ink, or that there is none, speaks for the digit and against it most.

    `pixels` is the drawing, (28, 28), ink 1 on paper 0.
    """
    (highest, support), (_, opposition), is_little = _extremes(attribution, pixels)
    digit = digit_name(attribution.digit)
    if highest <= 0:
        return f"Nothing makes it look like {digit}. Least like it: {opposition}."
    text = f"It looks like {digit} mostly because {support}."
    if attribution.score < 0:
        text = f"It does not look like {digit}. What speaks for one most: {support}."
    if is_little and not _has_visible_opposition(attribution.pixels):
        return f"{text} Almost nothing speaks against it."
    if is_little and opposition == support:
        return f"{text} A little in the same place speaks against it."
    if is_little:
        return f"{text} A little speaks against it: {opposition}."
    return f"{text} It looks less like {digit} because {opposition}."


def _has_visible_opposition(values: np.ndarray) -> bool:
    """Whether the picture of an attribution has a pixel that is seen as orange."""
    return bool(values.min() < -_VISIBLE * np.abs(values).max())


def _extremes(
    attribution: Contributions, pixels: np.ndarray
) -> tuple[tuple[float, str], tuple[float, str], bool]:
    """The regions that support and oppose the digit most, each with the sum of its pixels.

    Where little opposes it, what supports it in a region may outweigh that: the sum is then that
    of the opposing pixels alone, which the picture shows, and the last value is True.
    """
    sums = _sums(attribution.pixels, pixels)
    highest, lowest = max(sums), min(sums)
    is_little = lowest[0] > -_NEGLIGIBLE * highest[0]
    if is_little:
        lowest = min(_sums(np.minimum(attribution.pixels, 0), pixels))
    return highest, lowest, is_little


def _sums(values: np.ndarray, pixels: np.ndarray) -> list[tuple[float, str]]:
    """The sum of the values of each part of each region, with its words."""
    ink = pixels > np.maximum(mean_digit(), _INK)
    return [
        (float(values[region.slices][chosen].sum()), text)
        for region in REGIONS
        for chosen, text in _parts(region, pixels[region.slices], ink[region.slices])
        if chosen.any()
    ]


def _parts(
    region: Region, pixels: np.ndarray, ink: np.ndarray
) -> tuple[tuple[np.ndarray, str], tuple[np.ndarray, str]]:
    """The pixels of a region that have ink and those that have none or little, each in words."""
    less = f"there is no ink {region.name}"
    if pixels.max() >= _INK:
        less = f"the paper beside the ink {region.name} is empty"
    return (ink, f"there is ink {region.name}"), (~ink, less)


def describe_figures(attribution: Contributions, pixels: np.ndarray) -> str:
    """Return the figures behind `describe_attribution`, and the score of the digit."""
    (highest, _), (lowest, _), _ = _extremes(attribution, pixels)
    values = attribution.pixels
    support, opposition = float(values[values > 0].sum()), float(values[values < 0].sum())
    return (
        f"These regions: {highest:+.1f} and {lowest:+.1f}; all pixels: {support:+.1f} and "
        f"{opposition:+.1f}. Score (the logit minus the mean of the others): "
        f"{attribution.baseline_score:+.1f} for an average digit, {attribution.score:+.1f} here."
    )
