"""The drawing flowing through the network: its pixels, every unit of every layer, ten answers."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tkfont

import numpy as np
from PIL import ImageTk

from number_recognition.core.formatting import WIDEST_PERCENT
from number_recognition.digits.images.frame import SIZE
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.network.layout import Measures, Tile, compute_layout
from number_recognition.window.network.output_bars import OutputBars, bar_names
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import (
    HeatmapColours,
    cell_grid,
    hex_colour,
    maxabs_scale,
)

UnitPosition = tuple[int, int]
"""Number of the layer and of the unit in it, both from 0; the pixels are layer -1."""


class ActivationMap(tk.Canvas):
    """The layers as tiles of small squares, one a unit, and the ten answers as bars.

    Events: `<<UnitChosen>>` after a click or an arrow key chose a unit (`chosen`),
    `<<UnitPointed>>` when the pointer comes to another one, or leaves (`pointed`).

    Attributes:
        chosen: the unit last chosen, None before the first.
        pointed: the unit or pixel under the pointer, None where there is none.
        tiles: where each layer lies.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=scaled(parent, 2), takefocus=True)
        self.chosen: UnitPosition | None = None
        self.pointed: UnitPosition | None = None
        self._network: NumpyNetwork | None = None
        self.tiles: list[Tile] = []
        self._photos: list[ImageTk.PhotoImage] = []
        self._bars = OutputBars(self)
        self._values: list[np.ndarray] = []
        self._width = 0
        self._highest = scaled(self, 400)
        self._mark = 0
        self.bind("<Configure>", self._resized)
        self.bind("<Motion>", lambda event: self._point(self._at(event.x, event.y)))
        self.bind("<Leave>", lambda event: self._point(None))
        self.bind("<Button-1>", self._clicked)
        for key, across, down in (
            ("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1),
        ):  # fmt: skip
            self.bind(f"<{key}>", lambda event, way=(across, down): self._step(*way))
        self.bind("<Prior>", lambda event: self._change_layer(-1))
        self.bind("<Next>", lambda event: self._change_layer(+1))
        self.recolour()

    def set_network(self, network: NumpyNetwork | None) -> None:
        """Show another network; what was chosen stays where the new one has such a unit."""
        self._network = network
        self._values = []
        if self.chosen is not None and not self._has(self.chosen):
            self.chosen = None
        self._arrange()

    def limit(self, height: int) -> None:
        """Take no more than so many pixels of height, where the smallest squares allow it."""
        if height != self._highest:
            self._highest = height
            self._arrange()

    def recolour(self) -> None:
        """Take up the colours and fonts of the window's theme."""
        colours = palette(self)
        self._colours = HeatmapColours(colours)
        self._ground = np.array(
            [part >> 8 for part in self.winfo_rgb(colours.background)], np.uint8
        )
        self.configure(
            background=colours.background,
            highlightbackground=colours.background,
            highlightcolor=colours.accent,
        )
        self._arrange()

    def show(self, pixels: np.ndarray | None, answers: list[np.ndarray]) -> None:
        """Show the pixels (28, 28) and what each layer answers, a list of (units,); or nothing."""
        self._values = [] if pixels is None else [pixels.ravel(), *answers]
        for number, (tile, photo) in enumerate(zip(self.tiles, self._photos, strict=True)):
            self._paint(tile, photo, self._values[number] if self._values else None)
        if self.tiles:
            self._bars.show(self._values[-1] if self._values else None)

    def choose(self, place: UnitPosition) -> None:
        """Choose a unit, as a click does."""
        if place[0] >= 0 and self._has(place):
            self.chosen = place
            self._show_mark()
            self.event_generate("<<UnitChosen>>")

    def _has(self, place: UnitPosition) -> bool:
        layers = self._network.layers if self._network is not None else ()
        return place[0] < len(layers) and place[1] < len(layers[place[0]].bias)

    def _resized(self, event: tk.Event) -> None:
        if event.width != self._width:
            self._width = event.width
            self._arrange()

    def _arrange(self) -> None:
        """Lay everything out anew for the network, the room, the fonts and the colours."""
        self.delete("all")
        self.tiles, self._photos = [], []
        if self._network is None or self._width < 2:
            return
        units = [len(layer.bias) for layer in self._network.layers[:-1]]
        layout = compute_layout(units, self._measures(self._network.outputs))
        self.tiles = layout.tiles
        for tile in self.tiles:
            self._make(tile)
        self._bars.make(layout.bars, layout.bars_top, self._colours)
        self._mark = self.create_rectangle(0, 0, 0, 0, width=scaled(self, 2))
        self.itemconfigure(self._mark, outline=hex_colour(self._colours.negative))
        self.configure(height=layout.height)
        self._show_mark()
        pixels = self._values[0].reshape(SIZE, SIZE) if self._values else None
        self.show(pixels, self._values[1:])

    def _measures(self, outputs: int) -> Measures:
        font = tkfont.nametofont(CAPTION, self)
        name = max(map(font.measure, bar_names(outputs)))
        line = font.metrics("linespace")
        return Measures(
            width=self._width,
            height=self._highest,
            line=line + scaled(self, 4),
            bar_row=line,
            bar_width=name + font.measure(f"  {WIDEST_PERCENT}") + scaled(self, 70),
            gap=scaled(self, 14),
            bars=outputs,
            ring=int(self["highlightthickness"]),
            largest=scaled(self, 10),
            caption=font.measure,
        )

    def _make(self, tile: Tile) -> None:
        size = (tile.columns * tile.cell, tile.rows * tile.cell)
        photo = ImageTk.PhotoImage("RGB", size, master=self)
        self._photos.append(photo)
        self.create_image(tile.left, tile.top, image=photo, anchor="nw")
        line = tkfont.nametofont(CAPTION, self).metrics("linespace") + scaled(self, 4)
        self.create_text(
            tile.left, tile.top - line, text=tile.caption, anchor="nw", font=CAPTION,
            fill=palette(self).faint,
        )  # fmt: skip

    def _paint(self, tile: Tile, photo: ImageTk.PhotoImage, values: np.ndarray | None) -> None:
        colours = self._colours
        if values is None:
            squares = colours.ink_to_rgb(np.full(tile.units, 0.04))
        elif tile.layer < 0:
            squares = colours.ink_to_rgb(values)
        else:
            shown = maxabs_scale(values)
            # The roots of the amounts, or one strong unit would hide all others.
            squares = colours.signed_to_rgb(np.sign(shown) * np.sqrt(np.abs(shown)))
        photo.paste(cell_grid(squares, tile.columns, tile.cell, self._ground))

    def _at(self, x: int, y: int) -> UnitPosition | None:
        """The unit or pixel at a point of the canvas."""
        for tile in self.tiles:
            unit = tile.unit_at(x, y)
            if unit is not None:
                return tile.layer, unit
        digit = self._bars.digit_at(x, y) if self.tiles else None
        return None if digit is None else (len(self._network.layers) - 1, digit)

    def _point(self, place: UnitPosition | None) -> None:
        if place != self.pointed:
            self.pointed = place
            self.event_generate("<<UnitPointed>>")

    def _clicked(self, event: tk.Event) -> None:
        self.focus_set()
        place = self._at(event.x, event.y)
        if place is not None:
            self.choose(place)

    def _step(self, across: int, down: int) -> str:
        """Choose a neighbour of the unit chosen, or the first unit of all."""
        if self._network is not None:
            layer, unit = self.chosen or (0, -across)
            columns = self._columns(layer)
            aside = unit + across + down * columns
            if 0 <= aside < len(self._network.layers[layer].bias):
                self.choose((layer, aside))
        return "break"

    def _change_layer(self, step: int) -> str:
        if self._network is not None:
            layer, unit = self.chosen or (-1, 0)
            layer = min(max(layer + step, 0), len(self._network.layers) - 1)
            self.choose((layer, min(unit, len(self._network.layers[layer].bias) - 1)))
        return "break"

    def _columns(self, layer: int) -> int:
        return self.tiles[layer + 1].columns if layer + 1 < len(self.tiles) else 1

    def _show_mark(self) -> None:
        """Frame the unit chosen."""
        if not self.tiles:
            return
        if self.chosen is None:
            self.coords(self._mark, -9, -9, -9, -9)
            return
        layer, unit = self.chosen
        hidden = layer + 1 < len(self.tiles)
        box = self.tiles[layer + 1].box(unit) if hidden else self._bars.boxes[unit]
        around = scaled(self, 2)
        left, top, right, bottom = box
        self.coords(self._mark, left - around, top - around, right + around, bottom + around)
