"""The steps from the drawing to the network's input of 28 × 28 pixels, side by side."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.theme import palette, scaled

if TYPE_CHECKING:
    from PIL import ImageTk

    from number_recognition.digits.images.frame import Frame

_SIZE = 28
_STEPS = ("drawn", "cropped", "20 × 20", "28 × 28")


class PreprocessingStrip(ttk.Frame):
    """Four small images: drawn, cropped, 20 × 20, 28 × 28."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._side = 2 * _SIZE * max(1, round(scaled(self, 100) / 100))
        self._blank = tk.PhotoImage(master=self, width=self._side, height=self._side)
        self._photos: list[ImageTk.PhotoImage] = []
        heading = ttk.Label(self, text="What the network sees", style="Heading.TLabel")
        heading.grid(row=0, column=0, columnspan=7, sticky="w", pady=(0, scaled(self, 6)))
        self._labels = [self._add_step(2 * index, step) for index, step in enumerate(_STEPS)]
        self.show(None)

    def _add_step(self, column: int, step: str) -> ttk.Label:
        """Add an image with a caption, and an arrow before it; return the label of the image."""
        label = ttk.Label(self)
        label.grid(row=1, column=column)
        ttk.Label(self, text=step, style="Faint.TLabel").grid(row=2, column=column)
        self.columnconfigure(column, weight=1)
        if column:
            ttk.Label(self, text="›", style="Faint.TLabel").grid(row=1, column=column - 1)
        return label

    def show(self, frame: Frame | None) -> None:
        """Show the steps of a drawing, or empty images."""
        if frame is None:
            self._clear()
            return
        # Imported here so that the window opens before Pillow is loaded.
        from PIL import ImageTk

        from number_recognition.window.pad.preprocessing_images import step_images

        colours = palette(self)
        step = (colours.ink - colours.paper) / 255
        shades = [round(colours.paper + step * grey) for grey in range(256)]
        if not self._photos:
            size = (self._side, self._side)
            self._photos = [ImageTk.PhotoImage("L", size, master=self) for _ in _STEPS]
        images = step_images(frame, self._side)
        for label, photo, image in zip(self._labels, self._photos, images, strict=True):
            photo.paste(image.point(shades))
            label.configure(image=str(photo))

    def _clear(self) -> None:
        paper = palette(self).paper
        colour = f"#{paper:02x}{paper:02x}{paper:02x}"
        self._blank.put(colour, to=(0, 0, self._side, self._side))
        for label in self._labels:
            label.configure(image=self._blank)
