"""What the pad shows: lines of Tk at once, and in their place what Pillow paints."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Generator
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import PAD, Drawing, Point, Stroke
from number_recognition.window.toolkit.idle_work import IdleTask

if TYPE_CHECKING:
    from PIL import Image, ImageTk

_TAIL = 10
"""Only so many of the last points of a running stroke are painted anew each time."""
_INK = "ink"
"""The tag of lines that stand for ink until it is painted."""


class PadRenderer:
    """The picture of a drawing, or a picture in its place, on a canvas.

    Attributes:
        side: of the picture in pixels.
    """

    def __init__(self, canvas: tk.Canvas, ring: int) -> None:
        self.side = 0
        self._canvas = canvas
        self._ring = ring
        self._item = canvas.create_image(ring, ring, anchor="nw")
        self._photo: ImageTk.PhotoImage | None = None
        self._shades = list(range(256))
        self._pieces = IdleTask(canvas, while_drawing=True)
        self._forget()

    @property
    def complete(self) -> bool:
        """Whether the picture shows all there is as `digits.drawing.rasterize.paint` paints it."""
        return not self._pieces.running and not self._canvas.find_withtag(_INK)

    def _forget(self) -> None:
        """Nothing is painted."""
        self._pieces.stop()
        self._exact: Image.Image | None = None
        self._count = 0
        self._base: Image.Image | None = None
        self.begin()

    def resize(self, side: int) -> None:
        """Take another size; what is shown must be shown anew."""
        self.side, self._photo = side, None

    def recolour(self, paper: int, ink: int) -> None:
        """Take other greys, each from 0 to 255; what is shown must be shown anew."""
        # Ink is 0 and paper 255 in what is painted; a dark theme shows it the other way round.
        self._shades = [round(ink + (paper - ink) * grey / 255) for grey in range(256)]

    def show(self, drawing: Drawing, image: Image.Image | None, at_once: bool = False) -> None:
        """Show a drawing or an image, painted in pieces between other work or at once."""
        self._forget()
        self._canvas.delete(_INK)
        if not self.side:
            return
        if image is not None:
            self._put(_fitted_on_paper(image, self.side))
        elif not drawing:
            # An empty pad is its canvas alone, which needs no Pillow.
            self._canvas.itemconfigure(self._item, image="", state="hidden")
        elif at_once:
            for _ in self._painting(drawing):
                pass
        else:
            self._pieces.start(self._painting(drawing), 1)

    def begin(self) -> None:
        """Begin a stroke on top of what is shown."""
        self._part = self._settled = 0
        self._running = False

    def line(self, start: Point, end: Point, width: float) -> None:
        """Show a straight part of a stroke, all in units of the pad; this takes next to no time."""
        scale, ring = self.side / PAD, self._ring
        self._running = True
        self._canvas.create_line(
            ring + start[0] * scale,
            ring + start[1] * scale,
            ring + end[0] * scale,
            ring + end[1] * scale,
            width=width * scale,
            capstyle="round",
            fill=f"#{self._shades[0]:02x}{self._shades[0]:02x}{self._shades[0]:02x}",
            tags=_INK,
        )

    def follow(self, parts: list[list[Point]], width: float) -> None:
        """Paint what is new of a running stroke, and put it in the place of its lines."""
        if not parts or (self._base is None and self._pieces.running):
            return
        while self._part < len(parts) - 1:
            self._base = self._with_part(parts[self._part][max(0, self._settled - 2) :], width)
            self._part, self._settled = self._part + 1, 0
        points = parts[-1]
        if len(points) - self._settled > 2 * _TAIL:
            new = points[max(0, self._settled - 2) : -_TAIL]
            self._base = self._with_part(new, width)
            self._settled = len(points) - _TAIL
        painted = self._with_part(points[max(0, self._settled - 2) :], width)
        if not self._running:
            self._base = painted
        self._put_painted(painted)
        self._canvas.delete(_INK)

    def _with_part(self, points: list[Point], width: float) -> Image.Image:
        from number_recognition.digits.drawing.rasterize import rasterize

        return rasterize(Drawing((Stroke(tuple(points), width),)), self.side, self._base)

    def finish(self, drawing: Drawing, parts: list[list[Point]], width: float) -> None:
        """End a stroke, the last of a drawing, and paint it as a whole.

        The pieces in which it was painted so far have other edges where they meet.
        """
        self._running = False
        self.follow(parts, width)
        self._pieces.start(self._painting(drawing), 1)

    def _painting(self, drawing: Drawing) -> Generator[None, None, None]:
        from number_recognition.digits.drawing.rasterize import rasterize_in_steps

        new = Drawing(drawing.strokes[self._count :])
        self._exact = self._base = yield from rasterize_in_steps(new, self.side, self._exact)
        self._count = len(drawing.strokes)
        self._part = self._settled = 0
        if not self._running:
            self._put_painted(self._exact)
            self._canvas.delete(_INK)

    def erase(self, drawing: Drawing, path: list[Point], radius: float) -> None:
        """Paint anew where an eraser was: painting all of a long drawing would make it lag."""
        if self._exact is None or self._pieces.running:
            self.show(drawing, None)
            return
        from number_recognition.digits.drawing.rasterize import rasterize
        from number_recognition.digits.drawing.strokes import strokes_near

        reach = radius + max((stroke.width for stroke in drawing.strokes), default=0.0)
        xs, ys = zip(*path, strict=True)
        box = (min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)
        scale = self.side / PAD
        left, top = (min(self.side, max(0, int(edge * scale))) for edge in box[:2])
        right, bottom = (max(0, min(self.side, int(edge * scale) + 1)) for edge in box[2:])
        if left < right and top < bottom:
            anew = rasterize(strokes_near(drawing, box, 2 * reach), self.side)
            self._exact = self._exact.copy()
            self._exact.paste(anew.crop((left, top, right, bottom)), (left, top))
        self._base, self._count = self._exact, len(drawing.strokes)
        self._put_painted(self._exact)

    def _put_painted(self, painted: Image.Image) -> None:
        self._put(painted.point(self._shades))

    def _put(self, picture: Image.Image) -> None:
        if self._photo is None:
            from PIL import ImageTk

            self._photo = ImageTk.PhotoImage("L", (self.side, self.side), master=self._canvas)
        self._photo.paste(picture)
        self._canvas.itemconfigure(self._item, image=self._photo, state="normal")


def _fitted_on_paper(image: Image.Image, side: int) -> Image.Image:
    """A picture as large as a square allows, in its middle, in grey."""
    from PIL import Image

    on_white = Image.new("RGBA", image.size, "white")
    on_white.alpha_composite(image.convert("RGBA"))
    grey = on_white.convert("L")
    scale = side / max(grey.size)
    size = tuple(max(1, round(length * scale)) for length in grey.size)
    way = Image.Resampling.NEAREST if scale > 3 else Image.Resampling.BICUBIC
    shown = Image.new("L", (side, side), 232)
    shown.paste(grey.resize(size, way), ((side - size[0]) // 2, (side - size[1]) // 2))
    return shown
