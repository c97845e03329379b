"""Small networks: the strongest connections as lines between the layers."""

from __future__ import annotations

import tkinter as tk

import numpy as np

from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.network.layout import Box, LayerGrid
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.heatmaps import HeatmapColours, hex_colour

MOST_UNITS = 128
"""In a network with more units in a layer, connections would hide each other."""
_LINES = 60
"""Connections that are drawn between two layers, the strongest ones."""
_LINES_OF_UNIT = 16
"""Connections that are drawn of one unit, to each side."""
_WIDEST = 5.0
"""Width of the strongest connection, in pixels at 96 dpi."""


def is_small(network: NumpyNetwork) -> bool:
    """Whether the connections of a network can be told apart."""
    hidden = network.layers[:-1]
    return bool(hidden) and all(len(layer.bias) <= MOST_UNITS for layer in hidden)


def strongest(
    network: NumpyNetwork,
    layer: int,
    activations: np.ndarray,
    count: int = _LINES,
    source: int | None = None,
    target: int | None = None,
) -> list[tuple[int, int, float]]:
    """Return the connections of the largest weight × activation, the weakest first.

    Args:
        network: the network.
        layer: they lead from the units of this layer to those of the next.
        activations: of that layer, (units,).
        count: how many at most.
        source: the unit that all of them come from, None for any.
        target: the unit that all of them lead to, None for any.

    Returns:
        of each the unit it comes from, the unit it leads to, and weight × activation.
    """
    carried = network.layers[layer + 1].weights * activations[:, None]
    counted = np.abs(carried)
    if source is not None:
        counted[np.arange(len(counted)) != source] = 0
    if target is not None:
        counted[:, np.arange(counted.shape[1]) != target] = 0
    order = np.argsort(counted.ravel(), kind="stable")[-count:]
    sources, targets = np.unravel_index(order, carried.shape)
    return [
        (int(a), int(b), float(carried[a, b]))
        for a, b in zip(sources, targets, strict=True)
        if counted[a, b]
    ]


class Connections:
    """Lines between the layers on the canvas of the activation map, thick by weight × activation.

    They lead from the right edge of a layer to the left edge of the next one, which leaves the
    units visible; those of one unit lead from it and to it.

    Attributes:
        lines: how many are shown.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self.lines = 0
        self._canvas = canvas
        self._network: NumpyNetwork | None = None

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
        if self._network is None:
            return  # the boxes of thousands of units would be for nothing
        hidden = [grid for grid in grids if grid.layer >= 0]
        self._boxes = [[grid.box(unit) for unit in range(grid.units)] for grid in hidden]
        self._edges = [(grid.left, grid.left + grid.columns * grid.cell) for grid in hidden]
        self._boxes.append(bars)
        self._edges.append((min(bar[0] for bar in bars), max(bar[2] for bar in bars)))

    def show(self, activations: list[np.ndarray], unit: tuple[int, int] | None = None) -> None:
        """Draw the strongest connections; none without a drawing.

        Args:
            activations: of each layer, (units,).
            unit: a layer and a unit in it, whose connections are shown alone; None for all.
        """
        self._canvas.delete("connection")
        self.lines = 0
        if self._network is None or not activations:
            return
        for layer in range(len(self._network.layers) - 1):
            if unit is None or unit[0] == layer or unit[0] == layer + 1:
                self._show_between(layer, activations[layer], unit)

    def _show_between(
        self, layer: int, activations: np.ndarray, unit: tuple[int, int] | None
    ) -> None:
        assert self._network is not None
        source = unit[1] if unit is not None and unit[0] == layer else None
        target = unit[1] if unit is not None and unit[0] == layer + 1 else None
        count = _LINES if unit is None else _LINES_OF_UNIT
        carried = strongest(self._network, layer, activations, count, source, target)
        most = max((abs(value) for _, _, value in carried), default=0.0) or 1.0
        for from_unit, to_unit, value in carried:
            start = self._end(layer, from_unit, 1, inside=unit is not None)
            end = self._end(layer + 1, to_unit, 0, inside=unit is not None)
            self._draw(start, end, value / most)

    def _end(self, layer: int, unit: int, side: int, inside: bool) -> tuple[int, int]:
        """The end of a line: at the unit itself, or at an edge of its layer (0: left, 1: right)."""
        left, top, right, bottom = self._boxes[layer][unit]
        is_output = layer == len(self._boxes) - 1
        x = (left + right) // 2 if inside and not is_output else self._edges[layer][side]
        return (left if is_output else x), (top + bottom) // 2

    def _draw(self, start: tuple[int, int], end: tuple[int, int], part: float) -> None:
        colours = self._colours
        colour = colours.positive if part > 0 else colours.negative
        shade = colours.paper + (0.25 + 0.75 * abs(part)) * (colour - colours.paper)
        self._canvas.create_line(
            *start,
            *end,
            width=max(1.0, scaled(self._canvas, _WIDEST) * abs(part)),
            fill=hex_colour(shade),
            tags="connection",
        )
        self.lines += 1
