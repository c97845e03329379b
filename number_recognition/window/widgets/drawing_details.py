"""One chosen drawing, large, with what is known of it and what can be done with it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import numpy as np
from PIL import Image, ImageTk

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.window.toolkit.theme import palette, scaled, wrap_to_width


class DrawingDetails(ttk.Frame):
    """The drawing as the network reads it and as it was made, words beside, buttons below.

    Events: `<<Relabelled>>` after a label was chosen (`label`), `<<OpenOnPad>>`, `<<MoveToTrash>>`.

    Attributes:
        label: the digit chosen last, None for no digit.
        description: what is said of the drawing.
        buttons: by name: "relabel", "pad", and "trash" where there is one.
    """

    def __init__(
        self, parent: tk.Misc, with_trash: bool = False, pixel: float = 4, flat: bool = False
    ) -> None:
        """Make an empty place for a drawing.

        Args:
            parent: where it stands.
            with_trash: whether there is a button for the trash.
            pixel: side of one of the 28 × 28 pixels, at 96 dots an inch.
            flat: whether the buttons stand beside the picture to save height.
        """
        super().__init__(parent)
        self.label: int | None = None
        self.description = ""
        gap = scaled(self, 8)
        self._side = 28 * max(2, round(scaled(self, pixel * 28) / 28))
        self._pictures = [ttk.Label(self) for _ in range(2)]
        for column, picture in enumerate(self._pictures):
            picture.grid(row=0, column=column, rowspan=2 if flat else 1, sticky="nw", padx=(0, gap))
        self._photos: list[ImageTk.PhotoImage | None] = [None, None]
        self._text = ttk.Label(self, justify="left", anchor="nw")
        self._text.grid(row=0, column=2, sticky="nsew")
        self.columnconfigure(2, weight=1)
        self.rowconfigure(0, weight=1, minsize=0 if flat else self._side)
        wrap_to_width(self._text)
        bar = ttk.Frame(self)
        column, span = (2, 1) if flat else (0, 3)
        bar.grid(row=1, column=column, columnspan=span, sticky="ew", pady=(gap, 0))
        self._build_buttons(bar, with_trash, gap)
        self.show("", None)

    def _build_buttons(self, bar: ttk.Frame, with_trash: bool, gap: int) -> None:
        self._menu = tk.Menu(bar, tearoff=False)
        for label in (*range(10), None):
            text = "Not a digit" if label is None else f"It is a {label}"
            key = "N" if label is None else str(label)
            self._menu.add_command(
                label=text, accelerator=key, command=lambda label=label: self._relabel(label)
            )
        self.buttons: dict[str, ttk.Widget] = {
            "relabel": ttk.Menubutton(bar, text="It is a …", menu=self._menu),
            "pad": self._button(bar, "To the pad", "<<OpenOnPad>>"),
        }
        if with_trash:
            self.buttons["trash"] = self._button(bar, "Trash", "<<MoveToTrash>>")
        bar.bind("<Configure>", lambda event: self._arrange(event.width, gap))
        self._arrange(1, gap)

    def _arrange(self, width: int, gap: int) -> None:
        """All buttons in one row, or where it is too narrow for their words two in each."""
        buttons = list(self.buttons.values())
        needed = sum(button.winfo_reqwidth() + gap for button in buttons)
        row = len(buttons) if needed <= width else 2
        for number, button in enumerate(buttons):
            place = divmod(number, row)
            below = (gap // 2, 0) if place[0] else 0
            button.grid(row=place[0], column=place[1], sticky="ew", padx=(0, gap), pady=below)

    def _button(self, parent: tk.Misc, text: str, event: str) -> ttk.Button:
        return ttk.Button(parent, text=text, command=lambda: self.event_generate(event))

    def _relabel(self, label: int | None) -> None:
        self.label = label
        self.event_generate("<<Relabelled>>")

    def show(
        self,
        words: str,
        pixels: np.ndarray | None,
        original: Drawing | Image.Image | None = None,
        can: tuple[str, ...] = (),
    ) -> None:
        """Show a drawing.

        Args:
            words: what is said of it.
            pixels: (28, 28) uint8, None for no picture.
            original: its strokes or the picture it came from.
            can: the names of the buttons that can be pressed.
        """
        self.description = words
        self._text.configure(text=words)
        read = Image.fromarray(pixels) if pixels is not None else None
        self._picture(0, self._shaded(read) if read else None)
        if isinstance(original, Drawing):
            grey = rasterize(original, self._side).point(lambda value: 255 - value)
            self._picture(1, self._shaded(grey))
        else:
            self._picture(1, original.convert("RGBA") if original is not None else None)
        for name, button in self.buttons.items():
            button.state(["!disabled" if name in can else "disabled"])

    def _shaded(self, ink: Image.Image) -> Image.Image:
        colours = palette(self)
        step = (colours.ink - colours.paper) / 255
        return ink.point([round(colours.paper + step * value) for value in range(256)])

    def _picture(self, place: int, image: Image.Image | None) -> None:
        label = self._pictures[place]
        if image is None:
            label.configure(image="")
            label.grid_remove()
            self._photos[place] = None
            return
        scale = self._side / max(image.size)
        size = tuple(max(1, round(length * scale)) for length in image.size)
        way = Image.Resampling.NEAREST if place == 0 else Image.Resampling.BICUBIC
        self._photos[place] = ImageTk.PhotoImage(image.resize(size, way), master=self)
        label.configure(image=self._photos[place])
        label.grid()
