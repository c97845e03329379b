"""The pad: a square to draw on, which shows what Pillow paints from the points of the pen."""

from __future__ import annotations

import time
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from digits.drawing import DEFAULT_PEN, PAD, Drawing, Point, Stroke
from window.look import palette, scaled

if TYPE_CHECKING:
    from PIL import Image, ImageTk

PEN, ERASER = "pen", "eraser"
THINNEST, THICKEST = 2.0, 60.0
_TAIL = 10
"""Only so many of the last points of a running stroke are painted anew with each motion."""
_CLOSEST = 0.8
"""Points of a stroke nearer to each other than this, in units of the pad, add nothing."""
_BETWEEN_EVENTS = 0.03


class Pad(ttk.Frame):
    """Left drag draws, right drag erases.

    Events: `<<Drawn>>` when what lies on the pad has changed, some thirty times a second while
    the pen moves; `<<Lifted>>` after a stroke or an erasure is complete.

    Attributes:
        drawing: the strokes on the pad, with the one being drawn.
        image: the picture shown in their place, or None.
        tool: what the left button does, `PEN` or `ERASER`.
        pen: width of the pen, in units of the pad.
    """

    def __init__(self, parent: tk.Misc, pen: float = DEFAULT_PEN) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self.image: Image.Image | None = None
        self.tool = PEN
        self.pen = pen
        self._before: tuple[Drawing, Image.Image | None] | None = None
        self._button = 0
        self._erasing = False
        self._width = pen
        self._points: list[Point] = []
        self._settled = 0
        self._base: Image.Image | None = None
        self._finished: Image.Image | None = None
        self._side = 0
        self._redraw_due: str | None = None
        self._last_event = 0.0
        self._tell_due: str | None = None
        self._build()

    def _build(self) -> None:
        ring = scaled(self, 2)
        self.canvas = tk.Canvas(self, highlightthickness=ring, takefocus=True, cursor="crosshair")
        self._photo: ImageTk.PhotoImage | None = None
        self._picture = self.canvas.create_image(ring, ring, anchor="nw")
        self._tip = self.canvas.create_oval(0, 0, 0, 0, state="hidden")
        self.canvas.bind("<Motion>", self._hover)
        self.canvas.bind("<Leave>", lambda event: self._hide_tip())
        for button in (1, 2, 3):
            self.canvas.bind(f"<ButtonPress-{button}>", self._press)
            self.canvas.bind(f"<B{button}-Motion>", self._move)
            self.canvas.bind(f"<ButtonRelease-{button}>", self._release)
        self.bind("<Configure>", self._resize)
        self.recolour()

    @property
    def busy(self) -> bool:
        """Whether the pen or the eraser is down."""
        return self._before is not None

    def show(self, drawing: Drawing, image: Image.Image | None = None) -> None:
        """Put other strokes, or a picture in their place, on the pad."""
        self._before = None
        self.drawing, self.image = drawing, image
        self._repaint()

    def lift(self) -> None:
        """End the running stroke here, as if the button had been released."""
        if self._before is not None:
            if not self._erasing:
                stroke = Drawing(self.drawing.strokes[-1:])
                done = self._finished
                self._base = _paint(stroke, self._side, done) if done is not None else None
            self._before = None
            self._request_redraw()
            self._tell("<<Drawn>>")
            self._tell("<<Lifted>>")

    def cancel(self) -> None:
        """Take the running stroke back."""
        if self._before is not None:
            self.show(*self._before)
            self._tell("<<Drawn>>")

    def set_pen(self, width: float) -> None:
        """Set the width of the pen for the next stroke; what is drawn stays as it is."""
        self.pen = min(THICKEST, max(THINNEST, width))

    def recolour(self) -> None:
        """Take up the colours of the window's theme."""
        colours = palette(self)
        self.canvas.configure(
            background=f"#{colours.paper:02x}{colours.paper:02x}{colours.paper:02x}",
            highlightbackground=colours.track,
            highlightcolor=colours.accent,
        )
        self.canvas.itemconfigure(self._tip, outline=colours.faint)
        # Ink is 0 and paper 255 in what is painted; a dark theme shows it the other way round.
        paper, ink = colours.paper, colours.ink
        self._shades = [round(ink + (paper - ink) * grey / 255) for grey in range(256)]
        self._request_redraw()

    def _resize(self, event: tk.Event) -> None:
        side = min(event.width, event.height)
        left = (event.width - side) // 2
        self.canvas.place(x=left, y=0, width=side, height=side)
        self._side = max(1, side - 2 * int(self.canvas["highlightthickness"]))
        self._photo = None
        self._repaint()
        # Without this, a window made larger shows an empty pad until it is idle.
        self._redraw()

    def _press(self, event: tk.Event) -> None:
        self.canvas.focus_set()
        if self.busy:
            return
        self._before = (self.drawing, self.image)
        self._button = event.num
        # A tool or a width chosen while the button is down is for the next stroke.
        self._erasing = event.num != 1 or self.tool == ERASER
        self._width = self.pen
        self._points = []
        self._settled = 0
        self._finished = None
        if self._erasing:
            self._erase_to(self._place(event))
        else:
            self.drawing, self.image = self._drawn_before(), None
            self._base = None if self._before[1] is not None else self._base
            self._draw_to(self._place(event))

    def _move(self, event: tk.Event) -> None:
        self._show_tip(event.x, event.y)
        if not self.busy:
            return
        point = self._place(event)
        last = self._points[-1] if self._points else point
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) < _CLOSEST:
            return
        if self._erasing:
            self._erase_to(point)
        else:
            self._draw_to(point)

    def _release(self, event: tk.Event) -> None:
        if self.busy and event.num == self._button:
            self._move(event)
            self.lift()

    def _drawn_before(self) -> Drawing:
        return self._before[0] if self._before and self._before[1] is None else Drawing()

    def _draw_to(self, point: Point) -> None:
        self._points.append(point)
        stroke = Stroke(tuple(self._points), self._width)
        self.drawing = self._drawn_before().with_stroke(stroke)
        self._request_redraw()

    def _erase_to(self, point: Point) -> None:
        from digits.strokes import erased

        self._points.append(point)
        left = erased(self.drawing, self._points[-2:], self._eraser_radius)
        if left is not self.drawing:
            self.drawing = left
            self._repaint_around(self._points[-2:])

    @property
    def _eraser_radius(self) -> float:
        return max(8.0, 0.75 * self.pen)

    def _place(self, event: tk.Event) -> Point:
        """Where the pointer is, in units of the pad, and never off it."""
        ring = int(self.canvas["highlightthickness"])
        scale = PAD / self._side
        x, y = (event.x - ring) * scale, (event.y - ring) * scale
        return min(PAD, max(0.0, x)), min(PAD, max(0.0, y))

    def _repaint(self) -> None:
        self._base = self._finished = None
        self._settled = 0
        self._request_redraw()

    def _repaint_around(self, path: list[Point]) -> None:
        """Repaint where the eraser was: painting all of a long drawing would make it lag."""
        if self._base is None or self._base.size != (self._side, self._side):
            self._repaint()
            return
        from digits.strokes import near

        reach = self._eraser_radius + max((s.width for s in self.drawing.strokes), default=0.0)
        xs, ys = zip(*path, strict=True)
        box = (min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)
        scale = self._side / PAD
        left, top = (max(0, int(edge * scale)) for edge in box[:2])
        right, bottom = (min(self._side, int(edge * scale) + 1) for edge in box[2:])
        anew = _paint(near(self.drawing, box, 2 * reach), self._side)
        self._base = self._base.copy()
        self._base.paste(anew.crop((left, top, right, bottom)), (left, top))
        self._request_redraw()

    def _request_redraw(self) -> None:
        if self._redraw_due is None and self._side:
            self._redraw_due = self.after_idle(self._redraw)

    def _redraw(self) -> None:
        if self._redraw_due is not None:
            self.after_cancel(self._redraw_due)
            self._redraw_due = None
        self._show_picture()
        if self.busy and time.monotonic() - self._last_event > _BETWEEN_EVENTS:
            self._last_event = time.monotonic()
            if self._tell_due is None:
                self._tell_due = self.after_idle(self._tell_drawn)

    def _show_picture(self) -> None:
        """Show what lies on the pad; an empty pad is its canvas alone, which needs no Pillow."""
        if not self.drawing and self.image is None:
            # The picture may be gone by now: after a new size, another is made.
            self.canvas.itemconfigure(self._picture, image="", state="hidden")
            return
        if self._photo is None:
            from PIL import ImageTk

            self._photo = ImageTk.PhotoImage("L", (self._side, self._side), master=self)
        if self.image is not None:
            shown = _fitted_on_paper(self.image, self._side)
        else:
            shown = self._painted().point(self._shades)
        self._photo.paste(shown)
        self.canvas.itemconfigure(self._picture, image=self._photo, state="normal")

    def _painted(self) -> Image.Image:
        """The drawing, of which only what is new is painted."""
        running = self.busy and not self._erasing
        if self._base is None:
            self._base = _paint(self._drawn_before() if running else self.drawing, self._side)
        if not running:
            return self._base
        if self._finished is None:
            self._finished = self._base
        if len(self._points) - self._settled > 2 * _TAIL:
            settled = self._points[max(0, self._settled - 2) : -_TAIL]
            self._base = self._paint_part(settled)
            self._settled = len(self._points) - _TAIL
        return self._paint_part(self._points[max(0, self._settled - 2) :])

    def _paint_part(self, points: list[Point]) -> Image.Image:
        return _paint(Drawing((Stroke(tuple(points), self._width),)), self._side, self._base)

    def _hover(self, event: tk.Event) -> None:
        self._show_tip(event.x, event.y)

    def _show_tip(self, x: int, y: int) -> None:
        """The outline of what would be drawn or erased here."""
        erasing = self._erasing if self.busy else self.tool == ERASER
        units = self._eraser_radius if erasing else self.pen / 2
        radius = units * self._side / PAD
        self.canvas.coords(self._tip, x - radius, y - radius, x + radius, y + radius)
        self.canvas.itemconfigure(self._tip, state="normal")

    def _hide_tip(self) -> None:
        self.canvas.itemconfigure(self._tip, state="hidden")

    def _tell_drawn(self) -> None:
        """Let what is drawn be read, once it is on the screen and no motion of the pen waits."""
        self._tell_due = None
        self._tell("<<Drawn>>")

    def destroy(self) -> None:
        """End what is still due, too."""
        if self._tell_due is not None:
            self.after_cancel(self._tell_due)
        super().destroy()

    def _tell(self, event: str) -> None:
        self.event_generate(event)


def _paint(drawing: Drawing, side: int, under: Image.Image | None = None) -> Image.Image:
    """What `digits.painter.paint` paints; it brings NumPy, which an empty pad opens without."""
    from digits.painter import paint

    return paint(drawing, side, under)


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
