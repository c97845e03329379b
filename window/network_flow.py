"""The drawing flowing through the network: its pixels, every unit of every layer, ten answers."""

from __future__ import annotations

import math
import tkinter as tk
from dataclasses import dataclass
from tkinter import font as tkfont

import numpy as np
from PIL import ImageTk

from learning.numpy_network import DIGITS, NumpyNetwork
from window.look import CAPTION, palette, scaled
from window.network_pictures import Colours, colour_name, strongest, tiled

_SIZE = 28
_SMALLEST, _LARGEST = 2, 10
Place = tuple[int, int]
"""Number of the layer and of the unit in it, both from 0; the pixels are layer -1."""


@dataclass
class _Tile:
    """One layer as a grid of squares: where it lies on the canvas, and its picture there."""

    layer: int
    units: int
    columns: int
    left: int = 0
    top: int = 0
    cell: int = 1
    photo: ImageTk.PhotoImage | None = None
    item: int = 0
    caption: int = 0

    @property
    def rows(self) -> int:
        return -(-self.units // self.columns)


class Flow(tk.Canvas):
    """The layers as tiles of small squares, one a unit, and the ten answers as bars.

    Events: `<<UnitChosen>>` after a click or an arrow key chose a unit (`chosen`),
    `<<UnitPointed>>` when the pointer comes to another one, or leaves (`pointed`).

    Attributes:
        chosen: the unit last chosen, None before the first.
        pointed: the unit or pixel under the pointer, None where there is none.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=scaled(parent, 2), takefocus=True)
        self.chosen: Place | None = None
        self.pointed: Place | None = None
        self._network: NumpyNetwork | None = None
        self._tiles: list[_Tile] = []
        self._bars: list[tuple[int, int, int, int]] = []
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
        self._colours = Colours(colours)
        self.configure(
            background=colours.ground,
            highlightbackground=colours.ground,
            highlightcolor=colours.accent,
        )
        self._arrange()

    def show(self, pixels: np.ndarray | None, answers: list[np.ndarray]) -> None:
        """Show the pixels (28, 28) and what each layer answers, a list of (units,); or nothing."""
        self._values = [] if pixels is None else [pixels.ravel(), *answers]
        for number, tile in enumerate(self._tiles):
            self._paint(tile, self._values[number] if self._values else None)
        self._show_bars(self._values[-1] if self._values else np.zeros(DIGITS))

    def choose(self, place: Place) -> None:
        """Choose a unit, as a click does."""
        if place[0] >= 0 and self._has(place):
            self.chosen = place
            self._show_mark()
            self.event_generate("<<UnitChosen>>")

    def _has(self, place: Place) -> bool:
        layers = self._network.layers if self._network is not None else ()
        return place[0] < len(layers) and place[1] < len(layers[place[0]].bias)

    def _resized(self, event: tk.Event) -> None:
        if event.width != self._width:
            self._width = event.width
            self._arrange()

    def _arrange(self) -> None:
        """Lay everything out anew for the network, the width, the fonts and the colours."""
        self.delete("all")
        self._tiles, self._bars = [], []
        if self._network is None or self._width < 2:
            return
        layers = self._network.layers[:-1]
        self._tiles = [_Tile(-1, _SIZE * _SIZE, _SIZE)]
        for number, layer in enumerate(layers):
            units = len(layer.bias)
            self._tiles.append(_Tile(number, units, math.ceil(math.sqrt(units))))
        bottom = self._place()
        for tile in self._tiles:
            self._make(tile)
        self._mark = self.create_rectangle(0, 0, 0, 0, width=scaled(self, 2))
        self.itemconfigure(self._mark, outline=colour_name(self._colours.objection))
        self.configure(height=bottom)
        self._show_mark()
        pixels = self._values[0].reshape(_SIZE, _SIZE) if self._values else None
        self.show(pixels, self._values[1:])

    def _place(self) -> int:
        """Give every tile and the bars their places; the height of it all, in pixels.

        One row where squares of three pixels fit into it, else the layers below the pixels.
        """
        font = tkfont.nametofont(CAPTION, self)
        self._line = font.metrics("linespace") + scaled(self, 4)
        self._gap = scaled(self, 14)
        self._ring = int(self["highlightthickness"])
        bars = font.measure("0  100.0 %") + scaled(self, 70)
        room = self._width - 2 * self._ring
        in_a_row = self._fitting(self._tiles, room - bars - self._gap)
        if in_a_row >= scaled(self, 3) or len(self._tiles) == 1:
            left, bottom = self._place_row(self._tiles, self._ring, in_a_row)
            return max(bottom, self._place_bars(left, self._ring, bars))
        large, small = scaled(self, 5), min(self._fitting(self._tiles[1:], room), scaled(self, 5))
        bottom = self._place_two_rows(large, small, room)
        while bottom > self._highest and max(large, small) > _SMALLEST:
            large, small = max(_SMALLEST, large - 1), max(_SMALLEST, small - 1)
            bottom = self._place_two_rows(large, small, room)
        return max(bottom, self._place_bars(self._bars_left, self._ring, room - self._bars_left))

    def _place_two_rows(self, large: int, small: int, room: int) -> int:
        """The pixels, with the bars beside them, above the layers; where they end."""
        self._bars_left, bottom = self._place_row(self._tiles[:1], self._ring, large)
        bottom = max(bottom, self._ring + self._line + DIGITS * self._bar_height() + self._ring)
        return self._place_row(self._tiles[1:], bottom + self._gap // 2, small)[1]

    def _bar_height(self) -> int:
        line = tkfont.nametofont(CAPTION, self).metrics("linespace")
        return max(line, round(_SIZE * self._tiles[0].cell / DIGITS))

    def _fitting(self, tiles: list[_Tile], room: int) -> int:
        """The largest square with which these tiles fit side by side."""
        columns = sum(tile.columns for tile in tiles) or 1
        widest = (room - self._gap * (len(tiles) - 1)) // columns
        highest = scaled(self, 200) // max(tile.rows for tile in tiles) if tiles else widest
        return max(_SMALLEST, min(widest, highest, scaled(self, _LARGEST)))

    def _place_row(self, tiles: list[_Tile], top: int, cell: int) -> tuple[int, int]:
        """Tiles side by side; where the next may begin, and where the row ends."""
        left, bottom = self._ring, top
        for tile in tiles:
            tile.left, tile.top, tile.cell = left, top + self._line, cell
            left += max(tile.columns * cell, self._caption_width(tile)) + self._gap
            bottom = max(bottom, tile.top + tile.rows * cell)
        return left, bottom + self._ring

    def _caption_width(self, tile: _Tile) -> int:
        return tkfont.nametofont(CAPTION, self).measure(_caption(tile))

    def _make(self, tile: _Tile) -> None:
        size = (tile.columns * tile.cell, tile.rows * tile.cell)
        tile.photo = ImageTk.PhotoImage("RGB", size, master=self)
        tile.item = self.create_image(tile.left, tile.top, image=tile.photo, anchor="nw")
        self.create_text(
            tile.left, tile.top - self._line, text=_caption(tile), anchor="nw", font=CAPTION,
            fill=palette(self).faint,
        )  # fmt: skip

    def _paint(self, tile: _Tile, values: np.ndarray | None) -> None:
        colours = self._colours
        if values is None:
            squares = colours.of_ink(np.full(tile.units, 0.04))
        elif tile.layer < 0:
            squares = colours.of_ink(values)
        else:
            shown = strongest(values)
            # The roots of the amounts, or one strong unit would hide all others.
            squares = colours.of_signed(np.sign(shown) * np.sqrt(np.abs(shown)))
        ground = _triple(self, palette(self).ground)
        tile.photo.paste(tiled(squares, tile.columns, tile.cell, ground))

    def _place_bars(self, left: int, top: int, width: int) -> int:
        """The ten answers from `top` on; where they end."""
        colours = palette(self)
        font = tkfont.nametofont(CAPTION, self)
        height = self._bar_height()
        self.create_text(left, top, text="Answers", anchor="nw", font=CAPTION, fill=colours.faint)
        top += self._line
        start = left + font.measure("0") + scaled(self, 8)
        end = left + width - font.measure("100.0 %") - scaled(self, 8)
        self._bar_edges = (start, max(end, start + 10), left + width)
        self._bar_rows = (left, top, height)
        for digit in range(DIGITS):
            middle = top + (digit + 0.5) * height
            name = self.create_text(left, middle, text=str(digit), anchor="w", font=CAPTION)
            track = self.create_rectangle(0, 0, 0, 0, width=0, fill=colours.track)
            bar = self.create_rectangle(0, 0, 0, 0, width=0)
            number = self.create_text(left + width, middle, anchor="e", font=CAPTION)
            self._bars.append((name, track, bar, number))
        return top + DIGITS * height + self._ring

    def _show_bars(self, probabilities: np.ndarray) -> None:
        colours = palette(self)
        for digit, (name, track, bar, number) in enumerate(self._bars):
            part = float(probabilities[digit])
            start, end, _ = self._bar_edges
            _, top, height = self._bar_rows
            upper, lower = top + (digit + 0.25) * height, top + (digit + 0.75) * height
            self.coords(track, start, upper, end, lower)
            self.coords(bar, start, upper, start + max(1, part * (end - start)), lower)
            best = bool(self._values) and part == probabilities.max()
            colour = colours.text if best else colours.faint
            self.itemconfigure(bar, fill=colour_name(self._colours.support))
            self.itemconfigure(bar, state="normal" if part > 0.001 else "hidden")
            self.itemconfigure(name, fill=colour)
            text = f"{100 * part:.1f} %" if self._values else ""
            self.itemconfigure(number, text=text, fill=colour)

    def _at(self, x: int, y: int) -> Place | None:
        """The unit or pixel at a point of the canvas."""
        for tile in self._tiles:
            column, row = (x - tile.left) // tile.cell, (y - tile.top) // tile.cell
            if 0 <= column < tile.columns and 0 <= row < tile.rows:
                unit = row * tile.columns + column
                return (tile.layer, unit) if unit < tile.units else None
        if self._bars:
            left, top, height = self._bar_rows
            digit = int((y - top) // height)
            if left <= x < self._bar_edges[2] and 0 <= digit < DIGITS:
                return len(self._network.layers) - 1, digit
        return None

    def _point(self, place: Place | None) -> None:
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
        return self._tiles[layer + 1].columns if layer + 1 < len(self._tiles) else 1

    def _show_mark(self) -> None:
        """Frame the unit chosen."""
        if self.chosen is None or not self._tiles:
            self.coords(self._mark, -9, -9, -9, -9)
            return
        layer, unit = self.chosen
        around = scaled(self, 2)
        if layer + 1 < len(self._tiles):
            tile = self._tiles[layer + 1]
            left = tile.left + unit % tile.columns * tile.cell
            top = tile.top + unit // tile.columns * tile.cell
            right, bottom = left + tile.cell, top + tile.cell
        else:
            left, top, height = self._bar_rows
            top, right, bottom = top + unit * height, self._bar_edges[2], top + (unit + 1) * height
        self.coords(self._mark, left - around, top - around, right + around, bottom + around)


def _caption(tile: _Tile) -> str:
    return "28 × 28 pixels" if tile.layer < 0 else f"Layer {tile.layer + 1}: {tile.units:,}"


def _triple(widget: tk.Misc, colour: str) -> np.ndarray:
    """A colour of Tk as (3,) uint8."""
    return np.array([part >> 8 for part in widget.winfo_rgb(colour)], np.uint8)
