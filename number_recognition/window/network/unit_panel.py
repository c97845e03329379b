"""The unit panel: one unit's activation, most activating input and samples."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from tkinter import font as tkfont
from tkinter import ttk

import numpy as np

from number_recognition.core.formatting import pluralize
from number_recognition.learning.explanation.activation_maximization import (
    maximize_activation,
    weight_image,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.session.session import Session
from number_recognition.window.network.activation_map import UnitIndex
from number_recognition.window.network.output_bars import output_name
from number_recognition.window.network.sample_gallery import SampleGallery
from number_recognition.window.toolkit.idle_work import IdleTask
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled, wrap_to_width
from number_recognition.window.widgets.heatmaps import Heatmap, HeatmapColours, maxabs_scale

_SAMPLES = 6
_DELAY = 120
"""Milliseconds for which a unit must stay selected before its pictures are computed."""


class UnitPanel(ttk.Frame):
    """Details of one unit.

    Event: `<<HeightChanged>>` when its texts may need another height.

    Attributes:
        title: which unit it is.
        text: its activation for the drawing.
        samples_text: the caption of the samples.
    """

    can_enlarge = True

    def __init__(self, parent: tk.Misc, session: Session) -> None:
        super().__init__(parent, padding=scaled(parent, 8))
        self.title = self.text = self.samples_text = ""
        self._unit: tuple[NumpyNetwork, UnitIndex] | None = None
        self._gallery = SampleGallery(session)
        self._task = IdleTask(self)
        self._build()
        self.clear()

    def _build(self) -> None:
        gap = scaled(self, 10)
        self._input_picture = Heatmap(self, pixel=3)
        self._input_picture.grid(row=0, column=0, rowspan=4, sticky="n", padx=(0, gap))
        self._title_label = ttk.Label(self, style="Heading.TLabel")
        self._text_label = ttk.Label(self, justify="left")
        for row, label in enumerate((self._title_label, self._text_label)):
            label.grid(row=row, column=1, sticky="new")
            wrap_to_width(label)
        self._samples_label = ttk.Label(self, style="Faint.TLabel", justify="left")
        self._samples_label.grid(row=2, column=1, sticky="w", pady=(gap // 2, 0))
        self._row_of_samples = ttk.Frame(self)
        self._row_of_samples.grid(row=3, column=1, sticky="nw", pady=(gap // 2, 0))
        self._samples = [Heatmap(self._row_of_samples, pixel=1.5) for _ in range(_SAMPLES)]
        self._show_frames(_SAMPLES)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(3, weight=1)
        self.bind("<Configure>", lambda event: self._resize(event.width, event.height))
        for widget in (self._text_label, self._samples_label, self._input_picture):
            widget.bind("<Configure>", lambda event: self._fit(), add=True)

    def _show_frames(self, count: int) -> None:
        """Show so many pictures of samples: none is left empty where there are few samples."""
        for number, picture in enumerate(self._samples):
            picture.clear("")
            if number < count:
                picture.pack(side="left", padx=(0, scaled(self, 10) // 2))
            else:
                picture.pack_forget()

    def _resize(self, width: int, height: int) -> None:
        line = tkfont.nametofont(CAPTION, self).metrics("linespace")
        self._input_picture.fit(min(2 * width // 5, height - 2 * line - scaled(self, 16)))
        rest = width - self._input_picture.winfo_reqwidth() - scaled(self, 16 + 10)
        below = height - self._text_height() - self._samples_label.winfo_reqheight()
        side = min(rest // _SAMPLES - scaled(self, 5), below - line - scaled(self, 16 + 10))
        for picture in self._samples:
            picture.fit(side)
        self._samples_label.configure(wraplength=max(scaled(self, 80), rest))

    def needed_height(self) -> int:
        """Return the height in pixels of its texts and of its smallest pictures."""
        if self._unit is None:
            return self._text_height() + scaled(self, 16)
        samples = max(picture.least_height() for picture in self._samples)
        beside = self._text_height() + self._samples_label.winfo_reqheight() + samples
        return max(self._input_picture.least_height(), beside) + scaled(self, 16 + 10)

    def _text_height(self) -> int:
        return self._title_label.winfo_reqheight() + self._text_label.winfo_reqheight()

    @property
    def busy(self) -> bool:
        """Whether pictures are being computed."""
        return self._task.running

    def clear(self) -> None:
        """Show no unit."""
        self._task.stop()
        self._unit = None
        self._set_text("No unit selected", "Click a square or press an arrow key.", "")
        for picture in (self._input_picture, *self._samples):
            picture.clear("")
        for widget in (self._input_picture, self._samples_label, self._row_of_samples):
            widget.grid_remove()

    def show(self, network: NumpyNetwork, unit: UnitIndex, activations: list[np.ndarray]) -> None:
        """Show a unit and its activation (see `update_activation`)."""
        self._unit = network, unit
        layer, index = unit
        count = len(network.layers[layer].bias)
        is_output = layer == len(network.layers) - 1
        title = (
            f"Output for {output_name(index)}"
            if is_output
            else f"Layer {layer + 1}, unit {index + 1:,} of {count:,}"
        )
        self._set_text(title, "", "")
        self.update_activation(activations)
        for widget in (self._input_picture, self._samples_label, self._row_of_samples):
            widget.grid()
        self._task.start(self._compute_pictures(network, unit), _DELAY)

    def update_activation(self, activations: list[np.ndarray]) -> None:
        """Show the current activation; `activations` is as `NumpyNetwork.activations` returns."""
        if self._unit is None:
            return
        layer, index = self._unit[1]
        text = describe_activation(activations[layer], index) if activations else "No drawing."
        self._set_text(self.title, text, self.samples_text)

    def recolour(self) -> None:
        """Apply the colours of the theme."""
        if self._unit is None:
            self.clear()
        else:
            self._task.start(self._compute_pictures(*self._unit))

    def clear_samples(self) -> None:
        """Load the samples again the next time."""
        self._gallery.clear()

    def _set_text(self, title: str, text: str, samples_text: str) -> None:
        self.title, self.text, self.samples_text = title, text, samples_text
        self._title_label.configure(text=title)
        self._text_label.configure(text=text)
        self._samples_label.configure(text=samples_text)
        self._fit()

    def _fit(self) -> None:
        """Give the pictures the height that the texts of now leave, and report what is needed."""
        if self.winfo_width() > 1:
            self._resize(self.winfo_width(), self.winfo_height())
        self.event_generate("<<HeightChanged>>")

    def _compute_pictures(self, network: NumpyNetwork, unit: UnitIndex) -> Iterator[None]:
        colours = HeatmapColours(palette(self))
        layer, index = unit
        if layer == 0:
            weights = maxabs_scale(weight_image(network, index))
            self._input_picture.show(colours.signed_to_rgb(weights), "weights: blue +, orange −")
        else:
            for pixels in maximize_activation(network, layer, index):
                self._input_picture.show(colours.ink_to_rgb(pixels), "most activating input")
                yield
        self._fit()
        yield from self._gallery.load()
        self._show_frames(len(self._gallery.pixels))
        if not len(self._gallery.pixels):
            self._set_text(self.title, self.text, "No kept drawings and no MNIST file yet.")
            return
        yield from self._find_samples(network, unit, colours)

    def _find_samples(
        self, network: NumpyNetwork, unit: UnitIndex, colours: HeatmapColours
    ) -> Iterator[None]:
        pixels = self._gallery.pixels
        for indices, values in self._gallery.most_activating(network, *unit, len(self._samples)):
            for picture, index, value in zip(self._samples, indices, values, strict=False):
                picture.show(colours.ink_to_rgb(pixels[index] / 255), f"{value:.1f}")
            yield
        self._set_text(self.title, self.text, self._describe_samples())

    def _describe_samples(self) -> str:
        count = len(self._gallery.pixels)
        if self._gallery.has_mnist:
            return f"Most activating of {count:,} samples:"
        drawings = pluralize(count, "kept drawing")
        more = "With MNIST, which Training downloads, there are more"
        return f"Most activating of your {drawings}. {more}:"


def describe_activation(activations: np.ndarray, index: int) -> str:
    """Describe a unit's activation and its rank among those of its layer, (units,)."""
    value = float(activations[index])
    if value == 0:
        return f"Inactive (0), like {int((activations == 0).sum()) - 1:,} other units."
    rank = int((activations > value).sum()) + 1
    return f"Activation {value:.3f}, rank {rank:,} of {len(activations):,}."
