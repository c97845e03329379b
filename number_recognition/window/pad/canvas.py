"""The pad: a square to draw on. Every motion of the pen becomes a point and a line at once."""

from __future__ import annotations

import time
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import (
    DEFAULT_PEN,
    PAD,
    Drawing,
    Point,
    Stroke,
    clip_line,
)
from number_recognition.window.pad.digit_boxes import DigitBoxes
from number_recognition.window.pad.motion_events import deliver_every_motion
from number_recognition.window.pad.rendering import PadRenderer
from number_recognition.window.toolkit.theme import palette, scaled

if TYPE_CHECKING:
    from PIL import Image

PEN, ERASER = "pen", "eraser"
MIN_PEN_WIDTH, MAX_PEN_WIDTH = 2.0, 60.0
_BETWEEN = 40
"""Milliseconds in which points are gathered before they are painted, or erased with, together."""
_BREATH = 5
"""On a busy machine, so many times as long as that took is left for the next motions."""
_REST = 0.15
"""Seconds without a motion after which the pen rests, though it is down."""


class Pad(ttk.Frame):
    """Left drag draws, right drag erases.

    What a motion does at once is little: it takes the point and draws a line. Painting, erasing
    and reading follow some twenty times a second, when no motion waits.

    Events: `<<DrawingChanged>>` when what lies on the pad has changed while the pen is down, or was taken
    back; `<<StrokeFinished>>` after a stroke or an erasure is complete; `<<DigitClicked>>` after a
    click in one of `digit_boxes`, which draws nothing.

    Attributes:
        tool: what the left button does, `PEN` or `ERASER`.
        pen_width: width of the pen, in units of the pad.
        renderer: what is shown.
        digit_boxes: the boxes of a number's digits.
        clicked: the index of the digit that was clicked last.
    """

    def __init__(self, parent: tk.Misc, pen: float = DEFAULT_PEN) -> None:
        super().__init__(parent)
        self.tool = PEN
        self.pen_width = pen
        self.clicked = 0
        self._drawing = Drawing()
        self._image: Image.Image | None = None
        self._before: tuple[Drawing, Image.Image | None] | None = None
        self._button = 0
        self._erasing = False
        self._width = pen
        self._last: Point | None = None
        self._parts: list[list[Point]] = []
        self._tips: list[Point] = []
        self._moved = 0.0
        self._work_due: str | None = None
        self._between = _BETWEEN
        deliver_every_motion(self)
        self._build()

    def _build(self) -> None:
        self._ring = scaled(self, 2)
        self.canvas = tk.Canvas(
            self, highlightthickness=self._ring, takefocus=True, cursor="crosshair"
        )
        self.renderer = PadRenderer(self.canvas, self._ring)
        self.digit_boxes = DigitBoxes(self.canvas, self._ring)
        self._tip = self.canvas.create_oval(0, 0, 0, 0, state="hidden")
        self.canvas.bind("<Motion>", self._show_tip)
        self.canvas.bind("<Leave>", lambda event: self._hide_tip())
        for button in (1, 2, 3):
            self.canvas.bind(f"<ButtonPress-{button}>", self._press)
            self.canvas.bind(f"<B{button}-Motion>", self._move)
            self.canvas.bind(f"<ButtonRelease-{button}>", self._release)
        self.bind("<Configure>", self._resize)
        self.recolour()

    @property
    def drawing(self) -> Drawing:
        """The strokes on the pad, with the one being drawn."""
        if not self._parts:
            return self._drawing
        before = self._drawing.strokes if self._image is None else ()
        running = (Stroke(tuple(points), self._width) for points in self._parts)
        return Drawing((*before, *running))

    @property
    def image(self) -> Image.Image | None:
        """The picture shown in their place, or None."""
        return None if self._parts else self._image

    @property
    def busy(self) -> bool:
        """Whether the pen or the eraser is down."""
        return self._before is not None

    @property
    def moving(self) -> bool:
        """Whether the pen or the eraser is down, and moving."""
        return self.busy and time.monotonic() - self._moved < _REST

    def show(self, drawing: Drawing, image: Image.Image | None = None) -> None:
        """Put other strokes, or a picture in their place, on the pad."""
        self._end()
        self._drawing, self._image = drawing, image
        self.renderer.show(drawing, image)

    def finish_stroke(self) -> None:
        """End the running stroke here, as if the button had been released."""
        if self._before is None:
            return
        if self._erasing:
            self._erase()
        clicked = self._clicked_digit()
        if clicked is not None:
            self.show(*self._before)
            self.clicked = clicked
            self.event_generate("<<DigitClicked>>")
            return
        drawing, image = self.drawing, self.image
        if self._parts:
            self.renderer.finish(drawing, self._parts, self._width)
        self._end()
        self._drawing, self._image = drawing, image
        self.event_generate("<<StrokeFinished>>")

    def _clicked_digit(self) -> int | None:
        """The digit that was clicked: the pen went down and up again in its box without moving."""
        if self._erasing or [len(part) for part in self._parts] != [1]:
            return None
        return self.digit_boxes.at(self._parts[0][0])

    def cancel(self) -> None:
        """Take the running stroke back."""
        if self._before is not None:
            self.show(*self._before)
            self.event_generate("<<DrawingChanged>>")

    def _end(self) -> None:
        """Let nothing of a running stroke remain."""
        self._before = self._last = None
        self._parts, self._tips = [], []
        if self._work_due is not None:
            self.after_cancel(self._work_due)
            self._work_due = None

    def set_pen_width(self, width: float) -> None:
        """Set the width of the pen for the next stroke; what is drawn stays as it is."""
        self.pen_width = min(MAX_PEN_WIDTH, max(MIN_PEN_WIDTH, width))

    def recolour(self) -> None:
        """Take up the colours of the window's theme."""
        colours = palette(self)
        self.canvas.configure(
            background=f"#{colours.paper:02x}{colours.paper:02x}{colours.paper:02x}",
            highlightbackground=colours.track,
            highlightcolor=colours.accent,
        )
        self.canvas.itemconfigure(self._tip, outline=colours.faint)
        self.renderer.recolour(colours.paper, colours.ink)
        self.digit_boxes.show(self.digit_boxes.number)
        self.renderer.show(self.drawing, self.image)

    def _resize(self, event: tk.Event) -> None:
        side = min(event.width, event.height)
        left = (event.width - side) // 2
        self.canvas.place(x=left, y=0, width=side, height=side)
        self.renderer.resize(max(1, side - 2 * self._ring))
        self.digit_boxes.resize(max(1, side - 2 * self._ring))
        # In pieces, a window made larger would show an empty pad first.
        self.renderer.show(self.drawing, self.image, at_once=True)

    def _press(self, event: tk.Event) -> None:
        self.canvas.focus_set()
        if self.busy:
            return
        self._before = (self._drawing, self._image)
        self._button = event.num
        # A tool or a width chosen while the button is down is for the next stroke.
        self._erasing = event.num != 1 or self.tool == ERASER
        self._width = self.pen_width
        self.renderer.begin()
        self._take(event)

    def _move(self, event: tk.Event) -> None:
        if self.busy:
            self._take(event)
        self._show_tip(event)

    def _release(self, event: tk.Event) -> None:
        if self.busy and event.num == self._button:
            self._take(event)
            self.finish_stroke()

    def _take(self, event: tk.Event) -> None:
        """Take the point of an event; everything that needs longer waits until none is left."""
        scale = PAD / self.renderer.side
        point = ((event.x - self._ring) * scale, (event.y - self._ring) * scale)
        if point == self._last:
            return
        if self._erasing:
            self._tips.append(point)
        else:
            self._add(self._last or point, point)
        self._last, self._moved = point, time.monotonic()
        if self._work_due is None:
            self._work_due = self.after(self._between, self._work)

    def _add(self, last: Point, point: Point) -> None:
        """Go on with the stroke; where it comes back to the pad, with a new part of it."""
        on_pad = clip_line(last, point)
        if on_pad is None:
            return
        start, end = on_pad
        if not self._parts and self._image is not None:
            self.renderer.show(Drawing(), None)
        if not self._parts or self._parts[-1][-1] != start:
            self._parts.append([start])
        if end != start:
            self._parts[-1].append(end)
        self.renderer.line(start, end, self._width)

    def _work(self) -> None:
        """Paint or erase with the points taken since the last time, and tell of it."""
        self._work_due = None
        start = time.monotonic()
        if self._erasing:
            self._erase()
        else:
            self.renderer.follow(self._parts, self._width)
        spent = time.monotonic() - start
        self._between = max(_BETWEEN, round(1000 * _BREATH * spent))
        self.event_generate("<<DrawingChanged>>")

    def _erase(self) -> None:
        from number_recognition.digits.drawing.strokes import erase

        path, self._tips = self._tips, self._tips[-1:]
        left = erase(self._drawing, path, self._eraser_radius) if path else self._drawing
        if left is not self._drawing:
            self._drawing = left
            self.renderer.erase(left, path, self._eraser_radius)

    @property
    def _eraser_radius(self) -> float:
        return max(8.0, 0.75 * self.pen_width)

    def _show_tip(self, event: tk.Event) -> None:
        """The outline of what would be drawn or erased here."""
        x, y = event.x, event.y
        erasing = self._erasing if self.busy else self.tool == ERASER
        units = self._eraser_radius if erasing else self.pen_width / 2
        radius = units * self.renderer.side / PAD
        self.canvas.coords(self._tip, x - radius, y - radius, x + radius, y + radius)
        self.canvas.itemconfigure(self._tip, state="normal")
        self.canvas.tag_raise(self._tip)

    def _hide_tip(self) -> None:
        self.canvas.itemconfigure(self._tip, state="hidden")

    def destroy(self) -> None:
        """End what is still due, too."""
        self._end()
        super().destroy()
