"""Heatmaps: ink in grey, positive values in blue, negative values in orange."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import numpy as np
from PIL import Image, ImageTk

from number_recognition.digits.images.box import SIZE
from number_recognition.window.toolkit.theme import Palette, palette, scaled, scaled_by_text
from number_recognition.window.widgets.context_menu import ContextMenu, add_menu
from number_recognition.window.widgets.pictures import add_picture_entries

# Blue and orange are distinct with every kind of colour blindness.
# Source: M. Okabe, K. Ito, "Color universal design", 2008 (darkened, lightened for each theme).
_POSITIVE = {"light": (0, 84, 158), "dark": (96, 190, 255)}
_NEGATIVE = {"light": (200, 80, 0), "dark": (255, 150, 50)}
_MIN_CELL_WITH_GAP = 5
_CAPTION_WIDTH = 100
"""A caption is wrapped no narrower than this, in pixels at 96 dpi and at the usual size of text."""


class HeatmapColours:
    """Colour maps for a theme.

    Attributes:
        paper, ink, positive, negative: colours, (3,) float32 from 0 to 255.
    """

    def __init__(self, colours: Palette) -> None:
        theme = "light" if colours.paper > colours.ink else "dark"
        self.paper = np.full(3, colours.paper, np.float32)
        self.ink = np.full(3, colours.ink, np.float32)
        self.positive = np.array(_POSITIVE[theme], np.float32)
        self.negative = np.array(_NEGATIVE[theme], np.float32)
        steps = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
        self._grey = _to_uint8(self.paper + steps * (self.ink - self.paper))
        positive = _to_uint8(self.paper + steps * (self.positive - self.paper))
        negative = _to_uint8(self.paper + steps * (self.negative - self.paper))
        self._signed: np.ndarray = np.concatenate([negative[:0:-1], positive])

    def ink_to_rgb(self, pixels: np.ndarray) -> np.ndarray:
        """Map ink from 0 to 1 to colours, (…, 3) uint8."""
        indices = np.round(np.clip(pixels, 0, 1) * 255).astype(np.intp)
        return np.asarray(self._grey[indices])

    def signed_to_rgb(self, values: np.ndarray) -> np.ndarray:
        """Map values from -1 (orange) over 0 (paper) to 1 (blue) to colours, (…, 3) uint8."""
        indices = np.round(np.clip(values, -1, 1) * 255).astype(np.intp) + 255
        return np.asarray(self._signed[indices])

    def attribution_to_rgb(self, values: np.ndarray, pixels: np.ndarray) -> np.ndarray:
        """Map an attribution to colours over the pale drawing.

        Args:
            values: (28, 28), from -1 to 1.
            pixels: the drawing, (28, 28), ink 1.

        Returns:
            (28, 28, 3) uint8.
        """
        strength = np.sqrt(np.abs(np.clip(values, -1, 1)))[..., None]
        base = self.paper + 0.35 * np.clip(pixels, 0, 1)[..., None] * (self.ink - self.paper)
        colour = np.where(values[..., None] > 0, self.positive, self.negative)
        return _to_uint8(base + strength * (colour - base))


def _to_uint8(colours: np.ndarray) -> np.ndarray:
    return np.round(colours).clip(0, 255).astype(np.uint8)


def hex_colour(colour: np.ndarray) -> str:
    """Return a colour, (3,) from 0 to 255, as Tk writes it: "#rrggbb"."""
    return "#" + "".join(f"{round(float(part)):02x}" for part in colour)


def maxabs_scale(values: np.ndarray) -> np.ndarray:
    """Divide values by their largest absolute value; zeros stay zeros."""
    return values / (float(np.abs(values).max()) or 1.0)


def cell_grid(
    colours: np.ndarray,
    places: np.ndarray,
    size: tuple[int, int],
    cell: int,
    background: np.ndarray,
    gaps: bool = True,
) -> Image.Image:
    """Return an image of squares; larger ones have a gap between them.

    Args:
        colours: one for each square, (n, 3) uint8.
        places: the column and the row of each, (n, 2) int.
        size: columns and rows.
        cell: the side of a square with its gap, in pixels.
        background: the colour of gaps and of places without a square, (3,) uint8.
        gaps: whether there are gaps.
    """
    grid = np.empty((size[1], size[0], 3), np.uint8)
    grid[:] = background
    grid[places[:, 1], places[:, 0]] = colours
    image = grid.repeat(cell, axis=0).repeat(cell, axis=1)
    if gaps and cell >= _MIN_CELL_WITH_GAP:
        image[cell - 1 :: cell] = background
        image[:, cell - 1 :: cell] = background
    return Image.fromarray(image)


class Heatmap(ttk.Frame):
    """An image of 28 × 28 pixels with a caption below it.

    Attributes:
        pixels: what it shows, (28, 28, 3) uint8, None while it is empty.
        menu: copies and saves it.
    """

    def __init__(self, parent: tk.Misc, caption: str = "", pixel: float = 4) -> None:
        super().__init__(parent)
        self.pixels: np.ndarray | None = None
        self._image = ttk.Label(self)
        self._caption = ttk.Label(self, text=caption, style="Faint.TLabel", anchor="center")
        self._caption.configure(justify="center")
        self._image.pack()
        self._caption.pack(fill="x")
        self._min_scale = max(1, scaled(parent, pixel))
        self._scale = 0
        self.fit(0)
        self.clear()
        self.menu = add_menu(self, self._add_entries)

    def _add_entries(self, menu: ContextMenu) -> None:
        add_picture_entries(menu, self, self.picture, "picture")

    def picture(self) -> Image.Image | None:
        """Return the image as large as it is shown, None while it is empty."""
        return None if self.pixels is None else Image.fromarray(self._enlarged(self.pixels))

    def _enlarged(self, pixels: np.ndarray) -> np.ndarray:
        return pixels.repeat(self._scale, axis=0).repeat(self._scale, axis=1)

    def fit(self, side: int, room: int | None = None) -> None:
        """Set the largest size of at most `side` pixels, but not smaller than the first one.

        `room` is the width in pixels that there is for the caption.
        """
        scale = max(self._min_scale, side // SIZE)
        width = max(SIZE * scale, scaled_by_text(self, _CAPTION_WIDTH))
        self._caption.configure(wraplength=width if room is None else max(1, min(width, room)))
        if scale == self._scale:
            return
        self._scale = scale
        self._photo = ImageTk.PhotoImage("RGB", (SIZE * scale, SIZE * scale), master=self)
        self._image.configure(image=str(self._photo))
        if self.pixels is not None:
            self.show(self.pixels)
        else:
            self.clear()

    def least_height(self) -> int:
        """Return the height in pixels that it needs at its smallest size, with its caption."""
        return SIZE * self._min_scale + self._caption.winfo_reqheight()

    def show(self, pixels: np.ndarray, caption: str | None = None) -> None:
        """Show an image, (28, 28, 3) uint8, and another caption if given."""
        self.pixels = pixels
        self._paint(pixels)
        if caption is not None:
            self._caption.configure(text=caption)

    def _paint(self, pixels: np.ndarray) -> None:
        self._photo.paste(Image.fromarray(self._enlarged(pixels)))

    def clear(self, caption: str | None = None) -> None:
        """Show empty paper."""
        self.show(np.full((SIZE, SIZE, 3), palette(self).paper, np.uint8), caption)
        self.pixels = None
