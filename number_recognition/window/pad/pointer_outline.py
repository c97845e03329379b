"""The outline of the pen or the eraser at the pointer."""

from __future__ import annotations

import tkinter as tk


class PointerOutline:
    """A circle on the canvas as large as what the pointer draws or erases."""

    def __init__(self, canvas: tk.Canvas) -> None:
        self._canvas = canvas
        self._item = canvas.create_oval(0, 0, 0, 0, state="hidden")
        canvas.bind("<Leave>", lambda event: self.hide(), add=True)

    def recolour(self, colour: str) -> None:
        """Set the colour of the circle."""
        self._canvas.itemconfigure(self._item, outline=colour)

    def show(self, x: float, y: float, radius: float) -> None:
        """Show the circle around a position on the canvas, in pixels."""
        self._canvas.coords(self._item, x - radius, y - radius, x + radius, y + radius)
        self._canvas.itemconfigure(self._item, state="normal")
        self._canvas.tag_raise(self._item)

    def hide(self) -> None:
        """Hide the circle."""
        self._canvas.itemconfigure(self._item, state="hidden")
