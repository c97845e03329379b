"""The layers as images of cells; in a small network each with what its unit responds to."""

from __future__ import annotations

import numpy as np
from PIL import Image

from number_recognition.learning.explanation.activation_maximization import response_images
from number_recognition.learning.explanation.typical_digits import typical_digits
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.window.network.layout import LayerGrid
from number_recognition.window.widgets.heatmaps import HeatmapColours, cell_grid, maxabs_scale

SMALLEST_PICTURE = 12
"""Smaller cells, in pixels, show their activation in place of a picture."""
_BLANK_INK = 0.04
"""The grey of a unit without a drawing."""


class UnitPictures:
    """The weights of the first layer's units; of later ones, the weights pulled back to the pixels.

    Attributes:
        layers: the layers whose units have pictures now.
    """

    def __init__(self) -> None:
        self.layers: set[int] = set()
        self._network: NumpyNetwork | None = None
        self._images: dict[int, np.ndarray] = {}
        self._pictures: dict[int, list[Image.Image]] = {}

    def create(
        self, network: NumpyNetwork | None, grids: list[LayerGrid], colours: HeatmapColours
    ) -> None:
        """Prepare the pictures for a layout; none for a network of None, or in too small cells."""
        if network is not self._network:
            self._network, self._images = network, {}
        self._pictures = {}
        for grid in grids:
            if network is not None and grid.layer >= 0 and grid.cell >= SMALLEST_PICTURE:
                self._pictures[grid.layer] = self._draw(network, grid, colours)
        self.layers = set(self._pictures)

    def _draw(
        self, network: NumpyNetwork, grid: LayerGrid, colours: HeatmapColours
    ) -> list[Image.Image]:
        if grid.layer not in self._images:
            images = response_images(network, grid.layer, typical_digits())
            self._images[grid.layer] = np.array([maxabs_scale(image) for image in images])
        side = grid.cell - max(4, grid.cell // 8)
        resampling = Image.Resampling.BOX if side < 2 * 28 else Image.Resampling.NEAREST
        return [
            Image.fromarray(colours.signed_to_rgb(image)).resize((side, side), resampling)
            for image in self._images[grid.layer]
        ]

    def paint(
        self,
        grid: LayerGrid,
        values: np.ndarray | None,
        colours: HeatmapColours,
        ground: np.ndarray,
    ) -> Image.Image:
        """Return a layer as an image: a cell for each unit, and on it the unit's picture, if any.

        Args:
            grid: the layer.
            values: of its units, (units,); None without a drawing.
            colours: of the theme.
            ground: the colour between the cells, (3,) uint8.
        """
        if values is None:
            cells = colours.ink_to_rgb(np.full(grid.units, _BLANK_INK))
        elif grid.layer < 0:
            cells = colours.ink_to_rgb(values)
        else:
            relative = maxabs_scale(values)
            # Square roots, so that one strong unit does not hide all others.
            cells = colours.signed_to_rgb(np.sign(relative) * np.sqrt(np.abs(relative)))
        size, gaps = (grid.columns, grid.rows), grid.maps is None
        image = cell_grid(cells, grid.places, size, grid.cell, ground, gaps)
        for unit, picture in enumerate(self._pictures.get(grid.layer, [])):
            left, top, _, _ = grid.box(unit)
            margin = (grid.cell - picture.width) // 2
            image.paste(picture, (left - grid.left + margin, top - grid.top + margin))
        return image
