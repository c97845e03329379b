"""The activation map: pixels, the units of every layer and the output, drawn on a canvas."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import font as tkfont

import numpy as np
from PIL import ImageTk

from number_recognition.digits.images.box import SIZE
from number_recognition.learning.explanation.feature_maps import FeatureMaps, find_feature_maps
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.network.connections import Connections, is_small
from number_recognition.window.network.layout import LayerGrid, LayoutSizes, compute_layout
from number_recognition.window.network.output_bars import OutputBars, layout_sizes
from number_recognition.window.network.unit_pictures import SMALLEST_PICTURE, UnitPictures
from number_recognition.window.toolkit.shortcuts import focused_widget
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled
from number_recognition.window.widgets.heatmaps import (
    HeatmapColours,
    hex_colour,
)

UnitIndex = tuple[int, int]
"""Index of the layer and of the unit in it, both from 0. The pixels are layer -1."""

_LARGEST_CELLS = {(False, False): 24, (False, True): 40, (True, False): 56, (True, True): 110}
"""Of a large or a small network, beside the pad or filling the window, in pixels at 96 dpi."""
_ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}


class ActivationMap(tk.Canvas):
    """Each layer as a grid with one cell a unit, and the output probabilities as bars.

    Events: `<<UnitSelected>>` after a click or an arrow key selected a unit (`selected`),
    `<<UnitHovered>>` when the pointer enters another unit or leaves the map (`hovered`).

    Attributes:
        selected: the selected unit, None before the first.
        hovered: the unit or pixel under the pointer, None where there is none.
        grids: the positions of the pixels and the hidden layers.
        bars: the output.
        connections: lines between the layers of a small network, all or those of `shown_unit`.
        pictures: what the units of a small network respond to.
    """

    can_enlarge = True

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=scaled(parent, 2), takefocus=True)
        self.selected: UnitIndex | None = None
        self.hovered: UnitIndex | None = None
        self.grids: list[LayerGrid] = []
        self._network: NumpyNetwork | None = None
        self._maps: list[FeatureMaps | None] = []
        self._photos: list[ImageTk.PhotoImage] = []
        self.bars = OutputBars(self)
        self.connections, self.pictures = Connections(self), UnitPictures()
        self._values: list[np.ndarray] = []
        self._is_complete, self._size, self._selection_box = False, (0, 0), 0
        self._max_height = scaled(self, 400)
        self._bind_events()
        self.recolour()

    def _bind_events(self) -> None:
        self.bind("<Configure>", self._resize)
        self.bind("<Motion>", lambda event: self._hover(self._unit_at(event.x, event.y)))
        self.bind("<Leave>", lambda event: self._hover(None))
        self.bind("<Button-1>", self._click)
        for event_name in ("<FocusIn>", "<FocusOut>"):
            self.bind(event_name, lambda event: self._show_connections(), add=True)
        for key, (columns, rows) in _ARROWS.items():
            self.bind(f"<{key}>", partial(self._move_selection, columns, rows))
        self.bind("<Prior>", partial(self._change_layer, -1))
        self.bind("<Next>", partial(self._change_layer, +1))

    def set_network(self, network: NumpyNetwork | None) -> None:
        """Show another network. The selection stays if the new one has such a unit."""
        self._network = network
        self._maps = find_feature_maps(network) if network is not None else []
        self._values = []
        if self.selected is not None and not self._has(self.selected):
            self.selected = None
        self._update_layout()

    def set_max_height(self, height: int) -> None:
        """Limit the height in pixels, as far as the smallest cells allow it."""
        if height != self._max_height:
            self._max_height = height
            self._update_layout()

    def set_complete(self, complete: bool) -> None:
        """Show the pixels and the probabilities, too, which else stand beside the pad."""
        if complete != self._is_complete:
            self._is_complete = complete
            self._update_layout()

    def least_height(self) -> int:
        """Return the height in pixels of the smallest cells at the width and fonts of now."""
        if self._network is None or self._size[0] < 2:
            return 0
        ring = 2 * int(self["highlightthickness"])
        return compute_layout(self._hidden_units(), self._sizes(height=0)).height + ring

    def recolour(self) -> None:
        """Apply the colours and fonts of the theme."""
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
        self._update_layout()

    def show(self, pixels: np.ndarray | None, activations: list[np.ndarray]) -> None:
        """Show a drawing and the activations for it.

        Args:
            pixels: (28, 28) float32, ink 1 on paper 0; None for no drawing.
            activations: an array (units,) for each layer; the last is the output.
        """
        self._values = [] if pixels is None else [pixels.ravel(), *activations]
        for grid, photo in zip(self.grids, self._photos, strict=True):
            values = self._values[grid.layer + 1] if self._values else None
            photo.paste(self.pictures.paint(grid, values, self._colours, self._ground))
        if self.bars.boxes:
            self._show_connections()
            self.bars.show(self._values[-1] if self._values else None)

    @property
    def shown_unit(self) -> UnitIndex | None:
        """The unit whose connections are shown: below the pointer, or selected with the focus."""
        if self.hovered is not None:
            return self.hovered if self.hovered[0] >= 0 else None
        return self.selected if focused_widget(self) is self else None

    def _show_connections(self) -> None:
        if self.bars.boxes:
            self.connections.show(self._values[1:], self.shown_unit)

    def select_unit(self, unit: UnitIndex) -> None:
        """Select a unit, as a click does."""
        if unit[0] >= 0 and self._has(unit):
            self.selected = unit
            self._show_selection()
            self._show_connections()
            self.event_generate("<<UnitSelected>>")

    def describe(self, unit: UnitIndex) -> str:
        """Return which unit of a hidden layer it is, in words."""
        grid = self._grid(unit[0])
        return grid.describe(unit[1]) if grid is not None else ""

    def _has(self, unit: UnitIndex) -> bool:
        return unit[0] < self._layer_count and unit[1] < self._unit_count(unit[0])

    @property
    def _layer_count(self) -> int:
        return len(self._network.layers) if self._network is not None else 0

    def _unit_count(self, layer: int) -> int:
        return len(self._network.layers[layer].bias) if self._network is not None else 0

    def _resize(self, event: tk.Event) -> None:
        """Take up another width, and where the map fills the window, another height."""
        size = event.width, event.height if self.winfo_manager() == "place" else 0
        if size != self._size:
            self._size = size
            self._update_layout()

    def _update_layout(self) -> None:
        """Rebuild the canvas for the network, the size, the fonts and the colours."""
        self.delete("all")
        self.grids, self._photos, self.bars.boxes = [], [], []
        if self._network is None or self._size[0] < 2:
            return
        layout = compute_layout(
            self._hidden_units(), self._sizes(self._size[1] or self._max_height)
        )
        self.grids = layout.grids
        for grid in self.grids:
            self._create_grid(grid)
        self.bars.create(layout.bars, layout.bars_top, self._colours, self._is_complete)
        small = self._network if is_small(self._network) else None
        self.pictures.create(small, self.grids, self._colours)
        self.connections.create(self._network, self.grids, layout.bars, self._colours)
        self._selection_box = self.create_rectangle(0, 0, 0, 0, width=scaled(self, 2))
        self.itemconfigure(self._selection_box, outline=hex_colour(self._colours.negative))
        self.configure(height=layout.height)
        self._show_selection()
        pixels = self._values[0].reshape(SIZE, SIZE) if self._values else None
        self.show(pixels, self._values[1:])

    def _hidden_units(self) -> list[int]:
        return [self._unit_count(layer) for layer in range(self._layer_count - 1)]

    def _sizes(self, height: int) -> LayoutSizes:
        small = self._network is not None and is_small(self._network)
        return layout_sizes(
            self,
            (self._size[0], height),
            self._unit_count(self._layer_count - 1),
            complete=self._is_complete,
            max_cell=_LARGEST_CELLS[small, self._size[1] > 0],
            gap=90 if small else 14,
            maps=self._maps,
            row_from_cell=SMALLEST_PICTURE if small else None,
        )

    def _create_grid(self, grid: LayerGrid) -> None:
        size = (grid.columns * grid.cell, grid.rows * grid.cell)
        photo = ImageTk.PhotoImage("RGB", size, master=self)
        self._photos.append(photo)
        self.create_image(grid.left, grid.top, image=photo, anchor="nw")
        line = tkfont.nametofont(CAPTION, self).metrics("linespace") + scaled(self, 4)
        self.create_text(
            grid.left, grid.top - line, text=grid.caption, anchor="nw", font=CAPTION,
            fill=palette(self).faint,
        )  # fmt: skip

    def _unit_at(self, x: int, y: int) -> UnitIndex | None:
        """Return the unit or pixel at a point of the canvas."""
        for grid in self.grids:
            unit = grid.unit_at(x, y)
            if unit is not None:
                return grid.layer, unit
        output = self.bars.output_at(x, y)
        return None if output is None else (self._layer_count - 1, output)

    def _hover(self, unit: UnitIndex | None) -> None:
        if unit != self.hovered:
            self.hovered = unit
            self._show_connections()
            self.event_generate("<<UnitHovered>>")

    def _click(self, event: tk.Event) -> None:
        self.focus_set()
        unit = self._unit_at(event.x, event.y)
        if unit is not None:
            self.select_unit(unit)

    def _move_selection(self, columns: int, rows: int, event: tk.Event) -> str:
        """Select a neighbour of the selected unit, or the very first unit."""
        neighbour: int | None = 0
        layer = 0
        if self.selected is not None:
            layer, unit = self.selected
            grid = self._grid(layer)
            neighbour = grid.neighbour(unit, columns, rows) if grid is not None else unit + rows
        if neighbour is not None and 0 <= neighbour < self._unit_count(layer):
            self.select_unit((layer, neighbour))
        return "break"

    def _change_layer(self, step: int, event: tk.Event) -> str:
        if self._network is not None:
            layer, unit = self.selected or (-1, 0)
            layer = min(max(layer + step, 0), self._layer_count - 1)
            self.select_unit((layer, min(unit, self._unit_count(layer) - 1)))
        return "break"

    def _grid(self, layer: int) -> LayerGrid | None:
        """The grid of a hidden layer or the pixels, None for the output."""
        return next((grid for grid in self.grids if grid.layer == layer), None)

    def _show_selection(self) -> None:
        """Draw a frame around the selected unit."""
        if not self.bars.boxes:
            return
        if self.selected is None:
            self.coords(self._selection_box, -9, -9, -9, -9)
            return
        layer, unit = self.selected
        grid = self._grid(layer)
        box = grid.box(unit) if grid is not None else self.bars.boxes[unit]
        width = scaled(self, 2)
        left, top, right, bottom = box
        self.coords(self._selection_box, left - width, top - width, right + width, bottom + width)
