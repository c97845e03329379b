"""The pad, square or wide: every motion of the pen becomes a point and a line at once."""

from __future__ import annotations

import time
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import (
    DEFAULT_PEN,
    Drawing,
    Point,
)
from number_recognition.digits.drawing.open_stroke import OpenStroke
from number_recognition.digits.drawing.viewport import Viewport
from number_recognition.session.pad_content import PadContent
from number_recognition.window.pad.digit_boxes import DigitBoxes
from number_recognition.window.pad.motion_events import deliver_every_motion
from number_recognition.window.pad.pointer_outline import PointerOutline
from number_recognition.window.pad.rendering import PadRenderer
from number_recognition.window.toolkit.theme import palette, scaled
from number_recognition.window.toolkit.timer import Timer

if TYPE_CHECKING:
    from PIL import Image

    Event = tk.Event[tk.Misc]

PEN, ERASER = "pen", "eraser"
MIN_PEN_WIDTH, MAX_PEN_WIDTH = 2.0, 60.0
_UPDATE_INTERVAL = 40
"""The least milliseconds between two updates, which paint or erase with the new points."""
_PAUSE_FACTOR = 5
"""On a busy machine, the pause after an update is so many times as long as the update."""
_REST_SECONDS = 0.15
"""After so many seconds without a motion, the pen is not moving, though it is down."""


_MARGIN = DEFAULT_PEN
"""Units around a drawing that is too wide for the pad: for the width of the pen, and boxes."""


class Pad(ttk.Frame):
    """Left drag draws, right drag erases.

    A motion only adds a point and a line. Painting, erasing and recognizing follow up to 25 times
    per second, when no motion is queued.

    On an image, the stroke is drawn or erased when it ends.

    Events: `<<DrawingChanged>>` when the content has changed during a stroke or was restored;
    `<<StrokeFinished>>` after a stroke or an erasure; `<<DigitClicked>>` after a click in one of
    `digit_boxes`, which draws nothing.

    Attributes:
        tool: what the left button does, `PEN` or `ERASER`.
        pen_width: in units of the pad.
        canvas: what is drawn on: a square, or wider where there is room.
        renderer: draws the content on the canvas.
        digit_boxes: the boxes of a number's digits.
        clicked: the index of the digit that was clicked last.
    """

    def __init__(self, parent: tk.Misc, pen_width: float = DEFAULT_PEN) -> None:
        super().__init__(parent)
        self.tool = PEN
        self.pen_width = pen_width
        self.clicked = 0
        self._drawing = Drawing()
        self._image: Image.Image | None = None
        self._stroke_button, self._erasing = 0, False
        self._motion_time, self._interval = 0.0, _UPDATE_INTERVAL
        self._timer = Timer(self, self._update_content)
        self._size = (0, 0)
        self._reset_stroke()
        deliver_every_motion(self)
        self._build()

    def _build(self) -> None:
        self._border = scaled(self, 2)
        self.canvas = tk.Canvas(
            self, highlightthickness=self._border, takefocus=True, cursor="crosshair"
        )
        self.renderer = PadRenderer(self.canvas, self._border)
        self.digit_boxes = DigitBoxes(self.canvas, self._border)
        self._outline = PointerOutline(self.canvas)
        self.canvas.bind("<Motion>", self._show_outline)
        for button in (1, 2, 3):
            self.canvas.bind(f"<ButtonPress-{button}>", self._press)
            self.canvas.bind(f"<B{button}-Motion>", self._move)
            self.canvas.bind(f"<ButtonRelease-{button}>", self._release)
        self.bind("<Configure>", self._resize)
        self.recolour()

    @property
    def drawing(self) -> Drawing:
        """The strokes on the pad, with the one being drawn; none where an image is shown."""
        if not self._stroke or self._image is not None:
            return self._drawing
        return Drawing((*self._drawing.strokes, *self._stroke.drawing.strokes))

    @property
    def image(self) -> Image.Image | None:
        """The image shown instead of strokes, or None; without the stroke being drawn."""
        return self._image

    @property
    def pressed(self) -> bool:
        """Whether the pen or the eraser is down."""
        return self._before is not None

    @property
    def moving(self) -> bool:
        """Whether the pen or the eraser is down and moving."""
        return self.pressed and time.monotonic() - self._motion_time < _REST_SECONDS

    def show(self, drawing: Drawing, image: Image.Image | None = None) -> None:
        """Replace the content by a drawing, or by an image."""
        self._reset_stroke()
        self._drawing, self._image = drawing, image
        self._fit_view()
        self.renderer.show(drawing, image)

    def finish_stroke(self) -> None:
        """End the stroke being drawn, as if the button were released."""
        if self._before is None:
            return
        if self._erasing and self._image is None:
            self._erase()
        clicked = self._clicked_digit()
        if clicked is not None:
            self.show(*self._before)
            self.clicked = clicked
            self.event_generate("<<DigitClicked>>")
            return
        drawing, image = self.drawing, self._edited_image()
        if image is not None:
            self.renderer.show(drawing, image)
        elif self._stroke:
            self.renderer.finish(drawing, self._stroke.parts, self._stroke.width)
        self._reset_stroke()
        self._drawing, self._image = drawing, image
        self.event_generate("<<StrokeFinished>>")

    def _edited_image(self) -> Image.Image | None:
        """The image with the stroke drawn on it, or erased from it."""
        if self._image is None or not self._stroke:
            return self._image
        from number_recognition.digits.drawing.image_edits import draw_on_image, erase_on_image

        edit = erase_on_image if self._erasing else draw_on_image
        return edit(self._image, self._stroke.drawing)

    def _clicked_digit(self) -> int | None:
        """The digit that was clicked: the pen went down and up again in its box without moving."""
        parts = self._stroke.parts
        if self._erasing or [len(part) for part in parts] != [1]:
            return None
        return self.digit_boxes.at(parts[0][0])

    def cancel(self) -> None:
        """Cancel the stroke being drawn."""
        if self._before is not None:
            self.show(*self._before)
            self.event_generate("<<DrawingChanged>>")

    def _reset_stroke(self) -> None:
        """Forget the stroke being drawn."""
        self._before: tuple[Drawing, Image.Image | None] | None = None
        self._last: Point | None = None
        self._stroke = OpenStroke(self.pen_width)
        self._eraser_path: list[Point] = []
        self._timer.cancel()

    def set_pen_width(self, width: float) -> None:
        """Set the width of the next stroke, within the limits."""
        self.pen_width = min(MAX_PEN_WIDTH, max(MIN_PEN_WIDTH, width))

    def recolour(self) -> None:
        """Apply the colours of the theme."""
        colours = palette(self)
        self.canvas.configure(
            background=f"#{colours.paper:02x}{colours.paper:02x}{colours.paper:02x}",
            highlightbackground=colours.track,
            highlightcolor=colours.accent,
        )
        self._outline.recolour(colours.faint)
        self.renderer.recolour(colours.paper, colours.ink)
        self.digit_boxes.show(self.digit_boxes.number)
        self.renderer.show(self.drawing, self.image)

    def _resize(self, event: Event) -> None:
        width, height = event.width, min(event.width, event.height)  # never higher than wide
        self.canvas.place(x=0, y=0, width=width, height=height)
        border = 2 * self._border
        self._size = (max(1, width - border), max(1, height - border))
        self._fit_view()
        # Painted in slices, the drawing would vanish for a moment while the window is resized.
        self.renderer.show(self.drawing, self.image, at_once=True)

    def _fit_view(self) -> None:
        """Show all that is on the pad, the square at least, as large as possible."""
        if self._size == (0, 0):
            return
        box = PadContent(self._drawing, self._image).box
        view = Viewport.around(*self._size, box, 0.0 if self._image is not None else _MARGIN)
        if view != self.renderer.view:
            self.renderer.resize(view)
            self.digit_boxes.resize(view)

    def _press(self, event: Event) -> None:
        self.canvas.focus_set()
        if self.pressed:
            return
        self._before = (self._drawing, self._image)
        self._stroke_button = int(event.num)
        # A tool or a width selected during a stroke is for the next one.
        self._erasing = event.num != 1 or self.tool == ERASER
        erases_image = self._image is not None and self._erasing
        self._stroke = OpenStroke(2 * self._eraser_radius if erases_image else self.pen_width)
        self.renderer.begin()
        self._add_motion(event)

    def _move(self, event: Event) -> None:
        if self.pressed:
            self._add_motion(event)
        self._show_outline(event)

    def _release(self, event: Event) -> None:
        if self.pressed and event.num == self._stroke_button:
            self._add_motion(event)
            self.finish_stroke()

    def _add_motion(self, event: Event) -> None:
        """Add the point of an event; what takes longer is left to `_update_content`."""
        point = self.renderer.view.to_pad(event.x - self._border, event.y - self._border)
        if point == self._last:
            return
        if self._erasing and self._image is None:
            self._eraser_path.append(point)
        else:
            self._draw_line(self._last or point, point)
        self._last, self._motion_time = point, time.monotonic()
        # An image is edited when the stroke ends.
        if not self._timer.pending and self._image is None:
            self._timer.start(self._interval)

    def _draw_line(self, last: Point, point: Point) -> None:
        """Extend the stroke, on the pad or on the image on it."""
        box = PadContent(image=self._image).box or self.renderer.view.box
        if line := self._stroke.extend(last, point, box):
            self.renderer.draw_line(*line, self._stroke.width, erasing=self._erasing)

    def _update_content(self) -> None:
        """Paint or erase with the points added since the last update."""
        start = time.monotonic()
        if self._erasing:
            self._erase()
        else:
            self.renderer.paint_stroke(self._stroke.parts, self._stroke.width)
        seconds = time.monotonic() - start
        self._interval = max(_UPDATE_INTERVAL, round(1000 * _PAUSE_FACTOR * seconds))
        self.event_generate("<<DrawingChanged>>")

    def _erase(self) -> None:
        from number_recognition.digits.drawing.strokes import erase

        path, self._eraser_path = self._eraser_path, self._eraser_path[-1:]
        remaining = erase(self._drawing, path, self._eraser_radius) if path else self._drawing
        if remaining is not self._drawing:
            self._drawing = remaining
            self.renderer.erase(remaining, path, self._eraser_radius)

    @property
    def _eraser_radius(self) -> float:
        return max(8.0, 0.75 * self.pen_width)

    def _show_outline(self, event: Event) -> None:
        """Show the size of the pen or the eraser at the pointer."""
        erasing = self._erasing if self.pressed else self.tool == ERASER
        units = self._eraser_radius if erasing else self.pen_width / 2
        self._outline.show(event.x, event.y, units * self.renderer.view.scale)

    def destroy(self) -> None:
        """Cancel the timer, too."""
        self._reset_stroke()
        super().destroy()
