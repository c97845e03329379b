"""The rectangle on the pad to which an image is cropped."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.viewport import Box, Viewport
from number_recognition.window.toolkit.theme import palette

if TYPE_CHECKING:
    from number_recognition.window.pad.canvas import Pad

    Event = tk.Event[tk.Misc]

_TAG = "crop"
_STEP = 4.0
"""Units of the pad that an arrow key moves the rectangle or its lower right corner."""
_SMALLEST = 4.0
"""No side of the rectangle is shorter than this, in units of the pad."""
_ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}


class CropSelection:
    """While it is active, dragging and arrow keys change a rectangle and nothing is drawn.

    A drag selects another rectangle, arrow keys move it, with Shift they move its lower right
    corner. Events on the pad: `<<Cropped>>` after Enter, with the rectangle in `box`;
    `<<CropCancelled>>` after Escape.

    Attributes:
        active: whether the rectangle is shown.
        box: left, top, right and bottom in units of the pad.
    """

    def __init__(self, pad: Pad) -> None:
        self.active = False
        self.box: Box = (0.0, 0.0, 0.0, 0.0)
        self._pad, self._canvas = pad, pad.canvas
        self._limits: Box = self.box
        self._anchor: tuple[float, float] | None = None
        self._bindings = f"Crop{pad.canvas}"
        self._bind()
        pad.bind("<Configure>", lambda event: self._draw(), add=True)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[Event], None]] = {
            "<Button>": self._ignore,
            "<ButtonPress-1>": self._press,
            "<B1-Motion>": self._drag,
            "<ButtonRelease-1>": self._drag,
            "<Return>": partial(self._end, "<<Cropped>>"),
            "<KP_Enter>": partial(self._end, "<<Cropped>>"),
            "<Escape>": partial(self._end, "<<CropCancelled>>"),
        }
        for key, direction in _ARROWS.items():
            handlers[f"<{key}>"] = partial(self._move, direction)
            handlers[f"<Shift-{key}>"] = partial(self._resize, direction)
        for sequence, handler in handlers.items():
            self._canvas.bind_class(self._bindings, sequence, partial(self._handle, handler))

    def _handle(self, handler: Callable[[Event], None], event: Event) -> str:
        """Handle an event here alone."""
        handler(event)
        return "break"

    def _ignore(self, event: Event) -> None:
        """Draw and erase nothing with the other buttons."""

    def start(self, image_size: tuple[int, int]) -> None:
        """Show the rectangle around all of an image of (width, height) pixels."""
        self._limits = self.box = Viewport.of_image(image_size).box
        if not self.active:
            self.active = True
            self._canvas.bindtags((self._bindings, *self._canvas.bindtags()))
        self._canvas.focus_set()
        self._draw()

    def stop(self) -> None:
        """Hide the rectangle; the pen draws again."""
        if self.active:
            self.active, self._anchor = False, None
            tags = self._canvas.bindtags()
            self._canvas.bindtags([tag for tag in tags if tag != self._bindings])
            self._canvas.delete(_TAG)

    def _end(self, result: str, event: Event) -> None:
        self.stop()
        self._pad.event_generate(result)

    def _press(self, event: Event) -> None:
        self._canvas.focus_set()
        self._anchor = self._point(event)

    def _drag(self, event: Event) -> None:
        """Select from where the button went down to the pointer."""
        if self._anchor is None:
            return
        x, y = self._point(event)
        left, right = sorted((self._anchor[0], x))
        top, bottom = sorted((self._anchor[1], y))
        if min(right - left, bottom - top) >= _SMALLEST:
            self.box = left, top, right, bottom
            self._draw()

    def _point(self, event: Event) -> tuple[float, float]:
        """Where the pointer is on the image, or the nearest point of it."""
        border = int(self._canvas["highlightthickness"])
        x, y = self._pad.renderer.view.to_pad(event.x - border, event.y - border)
        left, top, right, bottom = self._limits
        return min(right, max(left, x)), min(bottom, max(top, y))

    def _move(self, direction: tuple[int, int], event: Event) -> None:
        """Move the rectangle as far as the image goes."""
        low_x, low_y, high_x, high_y = self._limits
        x0, y0, x1, y1 = self.box
        x = min(high_x - x1, max(low_x - x0, direction[0] * _STEP))
        y = min(high_y - y1, max(low_y - y0, direction[1] * _STEP))
        self.box = x0 + x, y0 + y, x1 + x, y1 + y
        self._draw()

    def _resize(self, direction: tuple[int, int], event: Event) -> None:
        """Move the lower right corner of the rectangle as far as the image goes."""
        _, _, high_x, high_y = self._limits
        x0, y0, x1, y1 = self.box
        x1 = min(high_x, max(x0 + _SMALLEST, x1 + direction[0] * _STEP))
        y1 = min(high_y, max(y0 + _SMALLEST, y1 + direction[1] * _STEP))
        self.box = x0, y0, x1, y1
        self._draw()

    def _draw(self) -> None:
        self._canvas.delete(_TAG)
        if not self.active:
            return
        border, view = int(self._canvas["highlightthickness"]), self._pad.renderer.view
        corners = (*view.to_pixels(self.box[:2]), *view.to_pixels(self.box[2:]))
        self._canvas.create_rectangle(
            *(border + edge for edge in corners),
            outline=palette(self._canvas).accent,
            width=2,
            dash=(6, 4),
            tags=_TAG,
        )
