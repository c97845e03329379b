"""What the network sees: the drawing on its way to 28 × 28 pixels, step by step."""

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
    """Four small pictures: drawn, cropped, 20 × 20, 28 × 28."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._side = 2 * _SIZE * max(1, round(scaled(self, 100) / 100))
        heading = ttk.Label(self, text="What the network sees", style="Heading.TLabel")
        heading.grid(row=0, column=0, columnspan=7, sticky="w", pady=(0, scaled(self, 6)))
        self._blank = tk.PhotoImage(master=self, width=self._side, height=self._side)
        self._photos: list[ImageTk.PhotoImage] = []
        self._pictures: list[ttk.Label] = []
        for number, step in enumerate(_STEPS):
            picture = ttk.Label(self)
            picture.grid(row=1, column=2 * number)
            caption = ttk.Label(self, text=step, style="Faint.TLabel")
            caption.grid(row=2, column=2 * number)
            self.columnconfigure(2 * number, weight=1)
            if number:
                arrow = ttk.Label(self, text="›", style="Faint.TLabel")
                arrow.grid(row=1, column=2 * number - 1)
            self._pictures.append(picture)
        self.show(None)

    def show(self, frame: Frame | None) -> None:
        """Show the steps of a drawing, or empty places."""
        colours = palette(self)
        paper, ink = colours.paper, colours.ink
        if frame is None:
            colour = f"#{paper:02x}{paper:02x}{paper:02x}"
            self._blank.put(colour, to=(0, 0, self._side, self._side))
            for label in self._pictures:
                label.configure(image=self._blank)
            return
        # Only now is Pillow needed: the empty places are on the screen before it is imported.
        from PIL import ImageTk

        from number_recognition.window.pad.preprocessing_images import step_images

        shades = [round(paper + (ink - paper) * grey / 255) for grey in range(256)]
        if not self._photos:
            size = (self._side, self._side)
            self._photos = [ImageTk.PhotoImage("L", size, master=self) for _ in _STEPS]
        steps = zip(self._pictures, self._photos, step_images(frame, self._side), strict=True)
        for label, photo, picture in steps:
            photo.paste(picture.point(shades))
            label.configure(image=photo)
