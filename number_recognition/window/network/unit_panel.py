"""One unit of the network: what it answers now, what it looks for, which samples excite it most."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

import numpy as np

from number_recognition.learning.models.explanation import maximize_activation, weights_picture
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.session.session import Session
from number_recognition.window.network.activation_map import UnitPosition
from number_recognition.window.network.output_bars import output_name
from number_recognition.window.network.sample_gallery import SampleGallery
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import palette, scaled, wrap_to_width
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours, maxabs_scale

_SAMPLES = 6
_REST = 120
"""Milliseconds for which a choice must rest before work is begun for it."""


class UnitPanel(ttk.Frame):
    """What there is to know of one unit.

    Attributes:
        title: which unit it is, in words.
        answer: what it answers to the drawing on the pad, in words.
        samples_line: what is shown of samples, in words.
    """

    def __init__(self, parent: tk.Misc, session: Session) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.title = self.answer = self.samples_line = ""
        self._place: UnitPosition | None = None
        self._network: NumpyNetwork | None = None
        self._gallery = SampleGallery(session)
        self._pieces = IdleTask(self)
        self._build()
        self.clear()

    def _build(self) -> None:
        gap = scaled(self, 10)
        self._looks_for = Heatmap(self, pixel=3)
        self._looks_for.grid(row=0, column=0, rowspan=2, sticky="n", padx=(0, gap))
        self._title = ttk.Label(self, style="Heading.TLabel")
        self._answer = ttk.Label(self, justify="left")
        for row, label in enumerate((self._title, self._answer)):
            label.grid(row=row, column=1, sticky="new")
            wrap_to_width(label)
        self._line = ttk.Label(self, style="Faint.TLabel", justify="left")
        self._line.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap // 2, 0))
        holder = ttk.Frame(self)
        holder.grid(row=3, column=0, columnspan=2, sticky="w")
        self._samples = [Heatmap(holder, pixel=1.5) for _ in range(_SAMPLES)]
        for picture in self._samples:
            picture.pack(side="left", padx=(0, gap // 2))
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self.bind("<Configure>", lambda event: self._resized(event.width, event.height))

    def _resized(self, width: int, height: int) -> None:
        self._looks_for.fit(min(width // 2, height - scaled(self, 200), scaled(self, 280)))
        side = min(width // _SAMPLES - scaled(self, 8), scaled(self, 84))
        for picture in self._samples:
            picture.fit(side)
        self._line.configure(wraplength=max(scaled(self, 80), width - scaled(self, 20)))

    @property
    def busy(self) -> bool:
        """Whether pictures are still being made."""
        return self._pieces.running

    def clear(self) -> None:
        """Show no unit."""
        self._pieces.stop()
        self._place = None
        self._say("No unit chosen", "Click a square, or press an arrow key.", "")
        for picture in (self._looks_for, *self._samples):
            picture.clear("")

    def show(self, network: NumpyNetwork, place: UnitPosition, answers: list[np.ndarray]) -> None:
        """Show a unit, and what it answers: see `answer_with`."""
        self._network, self._place = network, place
        layer, unit = place
        count = len(network.layers[layer].bias)
        last = layer == len(network.layers) - 1
        name = output_name(unit) if last else f"Layer {layer + 1}, unit {unit + 1:,} of {count:,}"
        self._say(name, "", "")
        self.answer_with(answers)
        self._pieces.start(self._work(), _REST)

    def answer_with(self, answers: list[np.ndarray]) -> None:
        """Show what the unit answers now; `answers` as `NumpyNetwork.activations` gives them."""
        if self._place is None:
            return
        layer, unit = self._place
        words = in_words(answers[layer], unit) if answers else "Nothing is drawn."
        self._say(self.title, words, self.samples_line)

    def recolour(self) -> None:
        """Take up the colours of the window's theme."""
        if self._place is None:
            self.clear()
        else:
            self._pieces.start(self._work())

    def forget_samples(self) -> None:
        """Read the samples anew the next time."""
        self._gallery.forget()

    def _say(self, title: str, answer: str, samples: str) -> None:
        self.title, self.answer, self.samples_line = title, answer, samples
        self._title.configure(text=title)
        self._answer.configure(text=answer)
        self._line.configure(text=samples)

    def _work(self) -> Iterator[None]:
        """Make the pictures, piece by piece."""
        colours = HeatmapColours(palette(self))
        layer, unit = self._place
        if layer == 0:
            weights = maxabs_scale(weights_picture(self._network, unit))
            self._looks_for.show(colours.signed_to_rgb(weights), "ink on blue excites")
        else:
            for picture in maximize_activation(self._network, layer, unit):
                self._looks_for.show(colours.ink_to_rgb(picture), "excites it most")
                yield
        yield from self._gallery.gather()
        for picture in self._samples:
            picture.clear("")
        if not len(self._gallery.pixels):
            self._say(self.title, self.answer, "There are no kept drawings yet, and no MNIST here.")
            return
        yield from self._find_samples(colours, layer, unit)

    def _find_samples(self, colours: HeatmapColours, layer: int, unit: int) -> Iterator[None]:
        pixels = self._gallery.pixels
        for numbers, values in self._gallery.most_activating(
            self._network, layer, unit, len(self._samples)
        ):
            for picture, number, value in zip(self._samples, numbers, values, strict=False):
                picture.show(colours.ink_to_rgb(pixels[number] / 255), f"{value:.1f}")
            yield
        line = f"Of {len(pixels):,} samples these excite it most:"
        self._say(self.title, self.answer, line)


def in_words(answers: np.ndarray, unit: int) -> str:
    """What a unit answers, among the answers (units,) of its layer."""
    value = float(answers[unit])
    if value == 0:
        return f"Silent now (0), as are {int((answers == 0).sum()) - 1:,} others."
    rank = int((answers > value).sum()) + 1
    return f"Answers {value:.3f} now, strength {rank:,} of {len(answers):,}."
