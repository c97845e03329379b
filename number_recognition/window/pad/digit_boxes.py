"""Boxes around the digits of a number on the pad, with what is read in each."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import DEFAULT_PEN, Point
from number_recognition.digits.drawing.viewport import Viewport
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled

if TYPE_CHECKING:
    from number_recognition.session.pad_content import Number

_TAG = "digit_box"
_MARGIN = DEFAULT_PEN / 2 + 4
"""Units of the pad between the path of the pen and its box."""


class DigitBoxes:
    """Thin boxes on the canvas of the pad: the chosen one in colour, what is no digit in grey.

    Attributes:
        texts: what stands at each box, as shown.
        number: whose boxes they are, None where there are none.
    """

    def __init__(self, canvas: tk.Canvas, ring: int) -> None:
        self.texts: list[str] = []
        self.number: Number | None = None
        self._canvas, self._ring = canvas, ring
        self._view = Viewport.square(1)

    def resize(self, view: Viewport) -> None:
        """Draw the boxes where they lie in what of the pad is shown."""
        self._view = view
        self.show(self.number)

    def show(self, number: Number | None) -> None:
        """Show the boxes of a number, or none."""
        self.number, self.texts = number, []
        self._canvas.delete(_TAG)
        if number is None:
            return
        for index, piece in enumerate(number.pieces):
            text = number.label_text(piece)
            self.texts.append(text)
            self._draw(piece.box, text, is_chosen=index == number.index)

    def at(self, point: Point) -> int | None:
        """The index of the piece whose box a point of the pad lies in, None in no box."""
        x, y = point
        for index, piece in enumerate(self.number.pieces if self.number else ()):
            left, top, right, bottom = _with_margin(piece.box)
            if left <= x <= right and top <= y <= bottom:
                return index
        return None

    def _draw(self, box: tuple[float, float, float, float], text: str, is_chosen: bool) -> None:
        colours = palette(self._canvas)
        colour = colours.accent if is_chosen else colours.faint if text else colours.track
        around = _with_margin(box)
        left, top = (self._ring + edge for edge in self._view.to_pixels(around[:2]))
        right, bottom = (self._ring + edge for edge in self._view.to_pixels(around[2:]))
        self._canvas.create_rectangle(
            left, top, right, bottom, outline=colour, tags=_TAG, width=2 if is_chosen else 1
        )
        gap = scaled(self._canvas, 2)
        above = top > scaled(self._canvas, 20)
        self._canvas.create_text(
            left,
            top - gap if above else bottom + gap,
            anchor="sw" if above else "nw",
            text=text,
            fill=colour,
            font=CAPTION,
            tags=_TAG,
        )


def _with_margin(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN
