"""Small networks: the strongest connections as lines, the weights of each unit as a picture."""

from __future__ import annotations

import tkinter as tk

import numpy as np
from PIL import Image

from number_recognition.learning.explanation.activation_maximization import weight_image
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.network.layout import Box, LayerGrid
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour, maxabs_scale

MOST_UNITS = 128
"""In a network with more units in a layer, connections would hide each other."""
SMALLEST_PICTURE = 12
"""Smaller cells, in pixels, show their activation in place of their weights."""
_LINES = 60
"""Connections that are drawn between two layers, the strongest ones."""
_WIDEST = 5.0
"""Width of the strongest connection, in pixels at 96 dpi."""


def is_small(network: NumpyNetwork) -> bool:
    """Whether the connections of a network can be told apart."""
    hidden = network.layers[:-1]
    return bool(hidden) and all(len(layer.bias) <= MOST_UNITS for layer in hidden)


def strongest(
    network: NumpyNetwork, layer: int, activations: np.ndarray, count: int = _LINES
) -> list[tuple[int, int, float]]:
    """Return the connections of the largest weight × activation, the weakest first.

    Args:
        network: the network.
        layer: they lead from the units of this layer to those of the next.
        activations: of that layer, (units,).
        count: how many at most.

    Returns:
        of each the unit it comes from, the unit it leads to, and weight × activation.
    """
    carried = network.layers[layer + 1].weights * activations[:, None]
    flat = carried.ravel()
    order = np.argsort(np.abs(flat), kind="stable")[-count:]
    sources, targets = np.unravel_index(order, carried.shape)
    return [
        (int(source), int(target), float(carried[source, target]))
        for source, target in zip(sources, targets, strict=True)
        if carried[source, target]
    ]


class Connections:
    """Lines between the layers on the canvas of the activation map, thick by weight × activation.

    Attributes:
        lines: how many are shown.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self.lines = 0
        self._canvas = canvas
        self._network: NumpyNetwork | None = None
        self._pictures: list[Image.Image] = []

    def create(
        self,
        network: NumpyNetwork,
        grids: list[LayerGrid],
        bars: list[Box],
        colours: HeatmapColours,
    ) -> None:
        """Prepare for a layout; shows nothing of a network that is not small."""
        self.lines = 0
        self._colours = colours
        self._network = network if is_small(network) else None
        self._pictures = []
        if self._network is None:
            return
        hidden = [grid for grid in grids if grid.layer >= 0]
        self._places = [
            [((box := grid.box(unit))[0] + grid.cell // 2, box[1] + grid.cell // 2)
             for unit in range(grid.units)]
            for grid in hidden
        ]  # fmt: skip
        self._places.append([(left, (top + bottom) // 2) for left, top, _, bottom in bars])
        if hidden and hidden[0].cell >= SMALLEST_PICTURE:
            self._pictures = self._draw_weights(network, hidden[0])

    def _draw_weights(self, network: NumpyNetwork, grid: LayerGrid) -> list[Image.Image]:
        """The weights of each unit of the first layer as a picture that fits its cell."""
        side = grid.cell - max(4, grid.cell // 8)
        images = []
        for unit in range(grid.units):
            colours = self._colours.signed_to_rgb(maxabs_scale(weight_image(network, unit)))
            images.append(Image.fromarray(colours).resize((side, side), Image.Resampling.BOX))
        return images

    @property
    def has_pictures(self) -> bool:
        """Whether the units of the first layer show their weights."""
        return bool(self._pictures)

    def paint_weights(self, image: Image.Image, grid: LayerGrid) -> Image.Image:
        """Put the picture of its weights on each cell, whose colour stays as a frame around it."""
        margin = (grid.cell - self._pictures[0].width) // 2
        for unit, picture in enumerate(self._pictures):
            left, top, _, _ = grid.box(unit)
            image.paste(picture, (left - grid.left + margin, top - grid.top + margin))
        return image

    def show(self, activations: list[np.ndarray]) -> None:
        """Draw the strongest connections; none without a drawing."""
        self._canvas.delete("connection")
        self.lines = 0
        if self._network is None or not activations:
            return
        for layer in range(len(self._network.layers) - 1):
            carried = strongest(self._network, layer, activations[layer])
            most = max((abs(value) for _, _, value in carried), default=0.0) or 1.0
            for source, target, value in carried:
                self._draw(layer, source, target, value / most)

    def _draw(self, layer: int, source: int, target: int, part: float) -> None:
        colours = self._colours
        colour = colours.positive if part > 0 else colours.negative
        shade = colours.paper + (0.25 + 0.75 * abs(part)) * (colour - colours.paper)
        self._canvas.create_line(
            *self._places[layer][source],
            *self._places[layer + 1][target],
            width=max(1.0, scaled(self._canvas, _WIDEST) * abs(part)),
            fill=hex_colour(shade),
            tags="connection",
        )
        self.lines += 1
