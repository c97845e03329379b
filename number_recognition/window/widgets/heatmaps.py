"""Pictures of numbers: ink in grey, signed values in blue (for) and orange (against)."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import numpy as np
from PIL import Image, ImageTk

from number_recognition.digits.images.frame import SIZE
from number_recognition.window.toolkit.theme import Palette, palette, scaled

# Blue and orange that eyes with any kind of colour blindness tell apart.
# Source: M. Okabe, K. Ito, "Color universal design", 2008 (darkened, lightened for each ground).
_FOR = {"light": (0, 84, 158), "dark": (96, 190, 255)}
_AGAINST = {"light": (200, 80, 0), "dark": (255, 150, 50)}


class HeatmapColours:
    """The colours of pictures under the window's theme."""

    def __init__(self, colours: Palette) -> None:
        theme = "light" if colours.paper > colours.ink else "dark"
        self.paper = np.full(3, colours.paper, np.float32)
        self.ink = np.full(3, colours.ink, np.float32)
        self.positive = np.array(_FOR[theme], np.float32)
        self.negative = np.array(_AGAINST[theme], np.float32)
        steps = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
        self._grey = _bytes(self.paper + steps * (self.ink - self.paper))
        rising = _bytes(self.paper + steps * (self.positive - self.paper))
        falling = _bytes(self.paper + steps * (self.negative - self.paper))
        self._signed = np.concatenate([falling[:0:-1], rising])

    def ink_to_rgb(self, pixels: np.ndarray) -> np.ndarray:
        """Ink from 0 to 1 -> (…, 3) uint8."""
        return self._grey[np.round(np.clip(pixels, 0, 1) * 255).astype(np.intp)]

    def signed_to_rgb(self, values: np.ndarray) -> np.ndarray:
        """Values from -1 (orange) over 0 (paper) to 1 (blue) -> (…, 3) uint8."""
        return self._signed[np.round(np.clip(values, -1, 1) * 255).astype(np.intp) + 255]

    def attribution_to_rgb(self, values: np.ndarray, pixels: np.ndarray) -> np.ndarray:
        """Signed values in colour over the ink they are about, both (28, 28) -> (28, 28, 3)."""
        strength = np.sqrt(np.abs(np.clip(values, -1, 1)))[..., None]
        ground = self.paper + 0.35 * np.clip(pixels, 0, 1)[..., None] * (self.ink - self.paper)
        colour = np.where(values[..., None] > 0, self.positive, self.negative)
        return _bytes(ground + strength * (colour - ground))


def _bytes(colours: np.ndarray) -> np.ndarray:
    return np.round(colours).clip(0, 255).astype(np.uint8)


def hex_colour(colour: np.ndarray) -> str:
    """A colour (3,) from 0 to 255 as Tk names it."""
    return "#" + "".join(f"{round(float(part)):02x}" for part in colour)


def maxabs_scale(values: np.ndarray) -> np.ndarray:
    """Values divided by the largest of their amounts, so that they fill -1 to 1."""
    return values / (float(np.abs(values).max()) or 1.0)


def cell_grid(colours: np.ndarray, columns: int, cell: int, ground: np.ndarray) -> Image.Image:
    """Squares of these colours, (n, 3) uint8, row by row; larger ones with a gap between them."""
    count = len(colours)
    rows = -(-count // columns)
    grid = np.empty((rows * columns, 3), np.uint8)
    grid[:count] = colours
    grid[count:] = ground
    picture = grid.reshape(rows, columns, 3).repeat(cell, axis=0).repeat(cell, axis=1)
    if cell >= 5:
        picture[cell - 1 :: cell] = ground
        picture[:, cell - 1 :: cell] = ground
    return Image.fromarray(picture)


class Heatmap(ttk.Frame):
    """A picture of 28 × 28 with a caption below it.

    Attributes:
        pixels: what it shows, (28, 28, 3) uint8, None while it is empty.
    """

    def __init__(self, parent: tk.Misc, caption: str = "", pixel: int = 4) -> None:
        super().__init__(parent)
        self.pixels: np.ndarray | None = None
        self._picture = ttk.Label(self)
        self._caption = ttk.Label(self, text=caption, style="Faint.TLabel", anchor="center")
        self._picture.pack()
        self._caption.pack(fill="x")
        self._pixel = 0
        self._smallest = max(1, scaled(parent, pixel))
        self.fit(0)
        self.clear()

    def fit(self, side: int) -> None:
        """Take at most so many pixels a side, but never less than at first."""
        pixel = max(self._smallest, side // SIZE)
        if pixel == self._pixel:
            return
        self._pixel = pixel
        self._photo = ImageTk.PhotoImage("RGB", (SIZE * pixel, SIZE * pixel), master=self)
        self._picture.configure(image=self._photo)
        if self.pixels is not None:
            self.show(self.pixels)
        else:
            self.clear()

    def show(self, picture: np.ndarray, caption: str | None = None) -> None:
        """Show a picture, (28, 28, 3) uint8, and another caption where one is given."""
        self.pixels = picture
        large = picture.repeat(self._pixel, axis=0).repeat(self._pixel, axis=1)
        self._photo.paste(Image.fromarray(large))
        if caption is not None:
            self._caption.configure(text=caption)

    def clear(self, caption: str | None = None) -> None:
        """Show empty paper."""
        paper = palette(self).paper
        self.show(np.full((SIZE, SIZE, 3), paper, np.uint8), caption)
        self.pixels = None
