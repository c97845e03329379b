"""The steps from the drawing to the network's input of 28 × 28 pixels, side by side."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.window.toolkit.focus import FocusRing, set_tab_stop
from number_recognition.window.toolkit.theme import CAPTION, STRONG, enlarged, palette, scaled
from number_recognition.window.widgets.context_menu import ContextMenu
from number_recognition.window.widgets.pictures import add_picture_entries
from number_recognition.window.widgets.tooltip import Tooltip

if TYPE_CHECKING:
    from PIL import Image, ImageTk

    from number_recognition.digits.images.frame import Frame

_SIZE = 28
_STEPS = ("drawn", "cropped", "20 × 20", "28 × 28")


class PreprocessingStrip(ttk.Frame):
    """Four small images: drawn, cropped, 20 × 20, 28 × 28; fewer where there is little room.

    Attributes:
        steps: how many are shown, the last of the four.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.steps = len(_STEPS)
        self._frame: Frame | None = None
        self._usual_side = self._side = 2 * _SIZE * max(1, round(scaled(self, 100) / 100))
        self._blank = tk.PhotoImage(master=self, width=self._side, height=self._side)
        self._photos: list[ImageTk.PhotoImage] = []
        self._heading = ttk.Label(self, text="What the network sees", style="Heading.TLabel")
        self._labels: list[ttk.Label] = []
        self._columns: list[list[ttk.Label]] = []
        for index, step in enumerate(_STEPS):
            self._add_step(index, step)
        self.set_steps(len(_STEPS), with_heading=True)
        self.show(None)

    def _add_entries(self, index: int, menu: ContextMenu) -> None:
        name = _STEPS[index].replace(" × ", "x")
        add_picture_entries(menu, self, partial(self.picture, index), name)

    def picture(self, index: int) -> Image.Image | None:
        """Return the image of a step, ink black on white; None without a drawing."""
        if self._frame is None:
            return None
        from number_recognition.window.pad.preprocessing_images import step_images

        return step_images(self._frame, self._side)[index].point(lambda grey: 255 - grey)

    def _add_step(self, index: int, step: str) -> None:
        """Add an image with a caption, and an arrow before it."""
        image, caption = ttk.Label(self), ttk.Label(self, text=step, style="Faint.TLabel")
        arrow = ttk.Label(self, text="›", style="Faint.TLabel")
        self._labels.append(image)
        self._columns.append([image, caption, arrow])
        Tooltip(image, "What the network sees: the drawing cut out, made small and centred")
        ContextMenu(image, partial(self._add_entries, index))
        FocusRing(image)
        self.columnconfigure(2 * index, weight=1)

    def enlarge(self, texts: float, images: float) -> None:
        """Have the texts in so many times their size, and the images in about so many times."""
        self._heading.configure(font=enlarged(self, STRONG, texts))
        for _, *labels in self._columns:
            for label in labels:
                label.configure(font=enlarged(self, CAPTION, texts))
        side = _SIZE * round(images * self._usual_side / _SIZE)
        if side != self._side:
            self._side = side
            self._photos = []
            self._blank.configure(width=side, height=side)
            self.show(self._frame)

    def width_of(self, steps: int) -> int:
        """Return the width in pixels that so many steps need."""
        widths = [
            max(image.winfo_reqwidth(), caption.winfo_reqwidth())
            for image, caption, _ in self._columns[len(_STEPS) - steps :]
        ]
        arrows = sum(each[2].winfo_reqwidth() for each in self._columns[len(_STEPS) - steps + 1 :])
        return sum(widths) + arrows + scaled(self, 10)

    def height_of(self, with_heading: bool) -> int:
        """Return the height in pixels of the images with their captions."""
        image, caption, _ = self._columns[0]
        heading = self._heading.winfo_reqheight() if with_heading else 0
        return heading + image.winfo_reqheight() + caption.winfo_reqheight()

    def set_steps(self, steps: int, with_heading: bool) -> None:
        """Show the last `steps` of the images, and the heading above them or not."""
        self.steps = steps
        for child in (self._heading, *(label for labels in self._columns for label in labels)):
            child.grid_forget()
        if with_heading and steps:
            self._heading.grid(row=0, column=0, columnspan=7, sticky="w")
        first = len(_STEPS) - steps
        for index in range(first, len(_STEPS)):
            image, caption, arrow = self._columns[index]
            image.grid(row=1, column=2 * index)
            caption.grid(row=2, column=2 * index)
            if index > first:
                arrow.grid(row=1, column=2 * index - 1)

    def show(self, frame: Frame | None) -> None:
        """Show the steps of a drawing, or empty images."""
        self._frame = frame
        if frame is None:
            self._clear()
            return
        # Imported here so that the window opens before Pillow is loaded.
        from PIL import ImageTk

        from number_recognition.window.pad.preprocessing_images import step_images

        shades = palette(self).shades
        if not self._photos:
            size = (self._side, self._side)
            self._photos = [ImageTk.PhotoImage("L", size, master=self) for _ in _STEPS]
        images = step_images(frame, self._side)
        for label, photo, image in zip(self._labels, self._photos, images, strict=True):
            photo.paste(image.point(shades))
            label.configure(image=str(photo))
            set_tab_stop(label, True)

    def _clear(self) -> None:
        paper = palette(self).paper
        colour = f"#{paper:02x}{paper:02x}{paper:02x}"
        self._blank.put(colour, to=(0, 0, self._side, self._side))
        for label in self._labels:
            label.configure(image=self._blank)
            set_tab_stop(label, False)
