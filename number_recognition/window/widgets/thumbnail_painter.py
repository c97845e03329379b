"""Draw the visible thumbnails of a grid on a canvas."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from tkinter import font as tkfont

import numpy as np
from PIL import Image, ImageTk

from number_recognition.window.toolkit.theme import (
    CAPTION,
    STRONG,
    Palette,
    palette,
    scaled,
    scaled_by_text,
)
from number_recognition.window.widgets.thumbnail_layout import Sizes, Viewport

_TAG = "thumbnail"
_WIDEST_CAPTION = "0 read 0"
_SIDE = 72
"""Side of a thumbnail, in pixels at 96 dpi and at the usual size of text."""


@dataclass(frozen=True)
class Thumbnail:
    """A small image: `pixels` (28, 28) uint8, ink 255; None while unread or unreadable.

    `caption` is shown below it, in the colour of warnings if `warning` is set.
    """

    pixels: np.ndarray | None
    caption: str = ""
    warning: bool = False


def measure_sizes(widget: tk.Misc) -> Sizes:
    """Return the sizes for the current fonts and screen."""
    caption, heading = (tkfont.nametofont(name, widget) for name in (CAPTION, STRONG))
    gap = scaled(widget, 6)
    return Sizes(
        gap,
        max(scaled_by_text(widget, _SIDE), caption.measure(_WIDEST_CAPTION)),
        caption.metrics("linespace"),
        heading.metrics("linespace") + 2 * gap,
    )


class ThumbnailPainter:
    """Paints all visible thumbnails into one image, with captions and marks as canvas items."""

    def __init__(
        self, canvas: tk.Canvas, border: int, get_thumbnail: Callable[[Hashable], Thumbnail]
    ) -> None:
        self._canvas = canvas
        self._border = border
        self._get_thumbnail = get_thumbnail
        self._item = canvas.create_image(border, border, anchor="nw")
        self._photo: ImageTk.PhotoImage | None = None

    def paint(
        self, viewport: Viewport, selected: Collection[Hashable], cursor: Hashable | None
    ) -> None:
        """Draw what is visible; selected thumbnails get a frame, a thicker one at the cursor."""
        canvas, colours = self._canvas, palette(self._canvas)
        shades = np.array(colours.shades, np.uint8)
        canvas.configure(
            background=colours.background,
            highlightbackground=colours.background,
            highlightcolor=colours.accent,
        )
        canvas.delete(_TAG)
        background = canvas.winfo_rgb(colours.background)[0] >> 8
        image = Image.new("L", (viewport.width, viewport.height), background)
        for key in viewport.keys:
            thumbnail, box = self._get_thumbnail(key), viewport.box(key)
            _paint_pixels(image, thumbnail, box, shades)
            self._draw_caption(thumbnail, box, colours)
            if key in selected:
                self._draw_frame(box, 3 if key == cursor else 2, colours)
        self._draw_headings(viewport, colours)
        self._show(image)

    def _show(self, image: Image.Image) -> None:
        if self._photo is None or (self._photo.width(), self._photo.height()) != image.size:
            self._photo = ImageTk.PhotoImage("L", image.size, master=self._canvas)
            self._canvas.itemconfigure(self._item, image=str(self._photo))
        self._photo.paste(image)

    def _draw_caption(
        self, thumbnail: Thumbnail, box: tuple[int, int, int, int], colours: Palette
    ) -> None:
        if not thumbnail.caption:
            return
        self._canvas.create_text(
            self._border + (box[0] + box[2]) // 2,
            self._border + box[3],
            text=thumbnail.caption,
            anchor="n",
            font=CAPTION,
            fill=colours.warning if thumbnail.warning else colours.faint,
            tags=_TAG,
        )

    def _draw_frame(self, box: tuple[int, int, int, int], width: int, colours: Palette) -> None:
        left, top, right, bottom = (edge + self._border for edge in box)
        self._canvas.create_rectangle(
            left - 1,
            top - 1,
            right,
            bottom,
            width=scaled(self._canvas, width),
            outline=colours.accent,
            tags=_TAG,
        )

    def _draw_headings(self, viewport: Viewport, colours: Palette) -> None:
        tops, gap = viewport.rows.tops, viewport.sizes.gap
        for row, heading in enumerate(viewport.rows.headings):
            if tops[row] > viewport.top + viewport.height:
                break
            if heading and tops[row + 1] > viewport.top:
                y = tops[row + 1] - viewport.top - gap // 2
                self._canvas.create_text(2 * gap, y, text=heading, anchor="sw", font=STRONG,
                                         fill=colours.text, tags=_TAG)  # fmt: skip


def _paint_pixels(
    image: Image.Image, thumbnail: Thumbnail, box: tuple[int, int, int, int], shades: np.ndarray
) -> None:
    if thumbnail.pixels is None:
        image.paste(int(shades[0]), box)
        return
    size = (box[2] - box[0], box[3] - box[1])
    # Image.point takes ten times as long for so small an image.
    large = np.asarray(Image.fromarray(thumbnail.pixels).resize(size))
    image.paste(Image.fromarray(shades[large]), box[:2])
