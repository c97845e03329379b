"""What the network sees: the drawing on its way to 28 × 28 pixels, step by step."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import numpy as np
from PIL import Image, ImageTk

from digits.frame import SIZE, Frame
from window.look import palette, scaled

_STEPS = ("drawn", "cropped", "20 × 20", "28 × 28")


class Strip(ttk.Frame):
    """Four small pictures: drawn, cropped, 20 × 20, 28 × 28."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._side = 2 * SIZE * max(1, round(scaled(self, 100) / 100))
        heading = ttk.Label(self, text="What the network sees", style="Heading.TLabel")
        heading.grid(row=0, column=0, columnspan=7, sticky="w", pady=(0, scaled(self, 6)))
        self._photos = []
        for number, step in enumerate(_STEPS):
            photo = ImageTk.PhotoImage("L", (self._side, self._side), master=self)
            picture = ttk.Label(self, image=photo)
            picture.grid(row=1, column=2 * number)
            caption = ttk.Label(self, text=step, style="Faint.TLabel")
            caption.grid(row=2, column=2 * number)
            self.columnconfigure(2 * number, weight=1)
            if number:
                arrow = ttk.Label(self, text="›", style="Faint.TLabel")
                arrow.grid(row=1, column=2 * number - 1)
            self._photos.append(photo)
        self.show(None)

    def show(self, frame: Frame | None) -> None:
        """Show the steps of a drawing, or empty places."""
        colours = palette(self)
        paper, ink = colours.paper, colours.ink
        shades = [round(paper + (ink - paper) * grey / 255) for grey in range(256)]
        for photo, picture in zip(self._photos, self._steps(frame), strict=True):
            photo.paste(picture.point(shades))

    def _steps(self, frame: Frame | None) -> list[Image.Image]:
        """The four pictures, each of the same size, ink 255 on paper 0."""
        if frame is None:
            return [Image.new("L", (self._side, self._side))] * len(_STEPS)
        network = Image.fromarray(np.round(frame.pixels * 255).astype(np.uint8))
        pixel = self._side // SIZE
        boxed = frame.boxed.resize(
            (frame.boxed.width * pixel, frame.boxed.height * pixel), Image.Resampling.NEAREST
        )
        return [
            self._placed(_shrunk(frame.drawn, self._side)),
            self._placed(_shrunk(frame.cropped, self._side)),
            self._placed(boxed),
            network.resize((self._side, self._side), Image.Resampling.NEAREST),
        ]

    def _placed(self, picture: Image.Image) -> Image.Image:
        placed = Image.new("L", (self._side, self._side))
        corner = ((self._side - picture.width) // 2, (self._side - picture.height) // 2)
        placed.paste(picture, corner)
        return placed


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    scale = side / max(picture.size)
    size = tuple(max(1, round(length * scale)) for length in picture.size)
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
