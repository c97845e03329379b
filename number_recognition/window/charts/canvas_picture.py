"""What is drawn on a canvas, as an image."""

from __future__ import annotations

import io
import tkinter as tk
from tkinter import font as tkfont

from PIL import Image, ImageDraw, ImageFont

from number_recognition.digits.images.image_files import read_image

_SCALE = 2
"""An image is so many times larger than the canvas, so that its text can be printed."""
_ANCHORS = {
    "nw": "la", "n": "ma", "ne": "ra", "w": "lm", "center": "mm", "e": "rm",
    "sw": "ld", "s": "md", "se": "rd",
}  # fmt: skip
"""Pillow's name for each of Tk's anchors."""


def canvas_picture(canvas: tk.Canvas) -> Image.Image:
    """Draw the images, lines, rectangles, ovals and texts of a canvas, twice as large.

    Dashes are drawn as lines.
    """
    size = canvas.winfo_width() * _SCALE, canvas.winfo_height() * _SCALE
    picture = Image.new("RGB", size, str(canvas["background"]))
    draw = ImageDraw.Draw(picture)
    for item in canvas.find_all():
        if canvas.itemcget(item, "state") == "hidden":
            continue
        points = [_SCALE * value for value in canvas.coords(item)]
        kind = str(canvas.type(item))
        if kind == "image":
            _paste(picture, canvas, item, points)
        elif kind == "text":
            _write(draw, canvas, item, points)
        else:
            _draw(draw, canvas, item, kind, points)
    return picture


def _paste(picture: Image.Image, canvas: tk.Canvas, item: int, points: list[float]) -> None:
    """Paste an image, which hangs on its upper left corner."""
    data = canvas.tk.call(canvas.itemcget(item, "image"), "data", "-format", "png")
    shown = read_image(io.BytesIO(data), "an image of the canvas").convert("RGB")
    large = shown.resize((shown.width * _SCALE, shown.height * _SCALE), Image.Resampling.NEAREST)
    picture.paste(large, (round(points[0]), round(points[1])))


def _write(draw: ImageDraw.ImageDraw, canvas: tk.Canvas, item: int, points: list[float]) -> None:
    font = tkfont.Font(canvas, canvas.itemcget(item, "font"))
    pixels = abs(int(font.actual("size")))
    if int(font.actual("size")) > 0:  # in points
        pixels = round(pixels * canvas.winfo_fpixels("1p"))
    draw.text(
        (points[0], points[1]),
        canvas.itemcget(item, "text"),
        fill=canvas.itemcget(item, "fill"),
        font=ImageFont.load_default(_SCALE * pixels),
        anchor=_ANCHORS[canvas.itemcget(item, "anchor")],
    )


def _draw(
    draw: ImageDraw.ImageDraw, canvas: tk.Canvas, item: int, kind: str, points: list[float]
) -> None:
    width = round(_SCALE * float(canvas.itemcget(item, "width")))
    fill = canvas.itemcget(item, "fill") or None
    if kind == "line":
        draw.line(points, fill, max(1, width))
        return
    outline = (canvas.itemcget(item, "outline") or None) if width else None
    shape = draw.rectangle if kind == "rectangle" else draw.ellipse
    shape(points, fill, outline, max(1, width))
