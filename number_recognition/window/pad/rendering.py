"""Draw the content of the pad: Tk's lines at once, then an image that Pillow paints."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Generator
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import Drawing, Point, Stroke
from number_recognition.digits.drawing.viewport import Viewport
from number_recognition.window.toolkit.idle_work import IdleTask

if TYPE_CHECKING:
    from PIL import Image, ImageTk

_TAIL = 10
"""Only so many of the last points of the stroke being drawn are painted again in each update."""
_LINE_TAG = "ink"
"""The tag of lines that are shown until they are painted."""
_MARGIN_GREY = 232
"""The grey beside an image that is smaller than the pad."""


class PadRenderer:
    """Shows a drawing, or an image, on a canvas.

    Attributes:
        view: what of the pad is shown.
        shades: the grey shown for each painted value, 0 (ink) to 255 (paper).
        item: the canvas item of the image.
    """

    def __init__(self, canvas: tk.Canvas, border: int) -> None:
        self.view = Viewport(0, 0, 1.0)
        self.shades = list(range(256))
        self.item = canvas.create_image(border, border, anchor="nw")
        self._canvas = canvas
        self._border = border
        self._photo: ImageTk.PhotoImage | None = None
        self._task = IdleTask(canvas, while_drawing=True)
        self._reset()

    @property
    def complete(self) -> bool:
        """Whether the image shows the whole drawing as `rasterize` paints it."""
        return not self._task.running and not self._canvas.find_withtag(_LINE_TAG)

    def _reset(self) -> None:
        """Forget what is painted."""
        self._task.stop()
        self._finished: Image.Image | None = None  # all finished strokes
        self._stroke_count = 0  # in `_finished`
        self._image_shades: tuple[int, int] | None = None  # of ink and paper on an image
        self._base: Image.Image | None = None  # and the settled points of the one being drawn
        self.begin()

    def resize(self, view: Viewport) -> None:
        """Set what of the pad is shown; call `show` afterwards."""
        if (view.width, view.height) != (self.view.width, self.view.height):
            self._photo = None
        self.view = view

    def recolour(self, paper: int, ink: int) -> None:
        """Set the greys of paper and ink, 0 to 255; call `show` afterwards."""
        self.shades = [round(ink + (paper - ink) * grey / 255) for grey in range(256)]

    def show(self, drawing: Drawing, image: Image.Image | None, at_once: bool = False) -> None:
        """Show a drawing or an image, painted in slices when the window is idle, or at once."""
        self._reset()
        self._canvas.delete(_LINE_TAG)
        if not self.view.width:
            return
        if image is not None:
            shown, paper = _fit_on_paper(image, self.view)
            self._image_shades = (0 if paper > 127 else 255, paper)
            self._show_image(shown)
        elif not drawing:
            # The canvas itself is the empty pad: this needs no Pillow.
            self._canvas.itemconfigure(self.item, image="", state="hidden")
        elif at_once:
            for _ in self._paint(drawing):
                pass
        else:
            self._task.start(self._paint(drawing), 1)

    def begin(self) -> None:
        """Begin a stroke on top of what is shown."""
        self._part = self._settled = 0
        self._drawing = False

    def draw_line(self, start: Point, end: Point, width: float, *, erasing: bool = False) -> None:
        """Draw a straight part of a stroke, in units of the pad; this takes almost no time.

        With `erasing` it has the colour of the paper of the image that is shown.
        """
        self._drawing = True
        ink = self._image_shades[erasing] if self._image_shades else self.shades[0]
        ends = (*self.view.to_pixels(start), *self.view.to_pixels(end))
        self._canvas.create_line(
            *(self._border + edge for edge in ends),
            width=width * self.view.scale,
            capstyle="round",
            fill=f"#{ink:02x}{ink:02x}{ink:02x}",
            tags=_LINE_TAG,
        )

    def paint_stroke(self, parts: list[list[Point]], width: float) -> None:
        """Paint the new points of the stroke being drawn, and remove its lines."""
        if not parts or (self._base is None and self._task.running):
            return
        while self._part < len(parts) - 1:
            self._base = self._with_points(parts[self._part][max(0, self._settled - 2) :], width)
            self._part, self._settled = self._part + 1, 0
        points = parts[-1]
        if len(points) - self._settled > 2 * _TAIL:
            new = points[max(0, self._settled - 2) : -_TAIL]
            self._base = self._with_points(new, width)
            self._settled = len(points) - _TAIL
        painted = self._with_points(points[max(0, self._settled - 2) :], width)
        if not self._drawing:
            self._base = painted
        self._show_painted(painted)
        self._canvas.delete(_LINE_TAG)

    def _with_points(self, points: list[Point], width: float) -> Image.Image:
        from number_recognition.digits.drawing.rasterize import rasterize

        return rasterize(Drawing((Stroke(tuple(points), width),)), self.view, self._base)

    def finish(self, drawing: Drawing, parts: list[list[Point]], width: float) -> None:
        """End the last stroke of a drawing and paint it as a whole.

        Where the parts painted so far meet, their edges differ slightly.
        """
        self._drawing = False
        self.paint_stroke(parts, width)
        self._task.start(self._paint(drawing), 1)

    def _paint(self, drawing: Drawing) -> Generator[None, None, None]:
        """Paint the strokes that are not yet in `_finished`."""
        from number_recognition.digits.drawing.rasterize import rasterize_in_steps

        new = Drawing(drawing.strokes[self._stroke_count :])
        self._finished = self._base = yield from rasterize_in_steps(new, self.view, self._finished)
        self._stroke_count = len(drawing.strokes)
        self._part = self._settled = 0
        if not self._drawing:
            self._show_painted(self._finished)
            self._canvas.delete(_LINE_TAG)

    def erase(self, drawing: Drawing, path: list[Point], radius: float) -> None:
        """Paint the region around the eraser again: all of a long drawing would take too long.

        Args:
            drawing: what remains.
            path: of the eraser, in units of the pad, as is `radius`.
            radius: of the eraser.
        """
        if self._finished is None or self._task.running:
            self.show(drawing, None)
            return
        from number_recognition.digits.drawing.rasterize import rasterize
        from number_recognition.digits.drawing.strokes import strokes_near

        reach = radius + max((stroke.width for stroke in drawing.strokes), default=0.0)
        xs, ys = zip(*path, strict=True)
        box = (min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)
        left, top, right, bottom = self._to_pixels(box)
        if left < right and top < bottom:
            repainted = rasterize(strokes_near(drawing, box, 2 * reach), self.view)
            self._finished = self._finished.copy()
            self._finished.paste(repainted.crop((left, top, right, bottom)), (left, top))
        self._base, self._stroke_count = self._finished, len(drawing.strokes)
        self._show_painted(self._finished)

    def _to_pixels(self, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        """Convert a box in units of the pad to whole pixels of the image, within the image."""
        width, height = self.view.width, self.view.height
        left, top = map(int, self.view.to_pixels(box[:2]))
        right, bottom = map(int, self.view.to_pixels(box[2:]))
        return (
            min(width, max(0, left)),
            min(height, max(0, top)),
            max(0, min(width, right + 1)),
            max(0, min(height, bottom + 1)),
        )

    def _show_painted(self, painted: Image.Image) -> None:
        self._show_image(painted.point(self.shades))

    def _show_image(self, image: Image.Image) -> None:
        if self._photo is None:
            from PIL import ImageTk

            size = (self.view.width, self.view.height)
            self._photo = ImageTk.PhotoImage("L", size, master=self._canvas)
        self._photo.paste(image)
        self._canvas.itemconfigure(self.item, image=str(self._photo), state="normal")


def _fit_on_paper(image: Image.Image, view: Viewport) -> tuple[Image.Image, int]:
    """Return an image in grey where it lies on the pad, with a margin, and its median grey."""
    from PIL import Image

    on_white = Image.new("RGBA", image.size, "white")
    on_white.alpha_composite(image.convert("RGBA"))
    grey = on_white.convert("L")
    scale = view.scale / Viewport.of_image(image.size).scale
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    resampling = Image.Resampling.NEAREST if size[0] > 3 * grey.width else Image.Resampling.BICUBIC
    paper = Image.new("L", (view.width, view.height), _MARGIN_GREY)
    corner = (view.width - size[0]) // 2, (view.height - size[1]) // 2
    shown = grey.resize(size, resampling)
    paper.paste(shown, corner)
    return paper, _median(shown)


def _median(grey: Image.Image) -> int:
    """The median of an image's greys."""
    count = 0
    for shade, pixels in enumerate(grey.histogram()):
        count += pixels
        if 2 * count >= grey.width * grey.height:
            return shade
    return 255
