"""One selected drawing, enlarged, with a description and buttons for what can be done with it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

import numpy as np
from PIL import Image, ImageTk

from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.box import SIZE
from number_recognition.window.toolkit.theme import palette, scaled, wrap_to_width
from number_recognition.window.widgets.context_menu import ContextMenu, add_menu
from number_recognition.window.widgets.desktop import file_manager_name
from number_recognition.window.widgets.pictures import add_picture_entries
from number_recognition.window.widgets.tooltip import Tooltip

_HELP = {
    "relabel": ("Say which digit it is", "0 to 9, N"),
    "pad": ("Put it on the pad, to see how it is read", "Enter"),
    "trash": ("Move it to the trash, or restore it", "Delete"),
    "folder": ("Show its file in the file manager",),
}
"""What each button does, and its key."""


class DrawingDetails(ttk.Frame):
    """The network's input and the original drawing, a description, and buttons.

    Events: `<<Relabelled>>` after a label was chosen (`label`), `<<OpenOnPad>>`,
    `<<MoveToTrash>>`, `<<ShowInFolder>>`.

    Attributes:
        label: the digit chosen last, None for "not a digit".
        description: the text shown.
        buttons: by name: "relabel", "pad", and "trash" and "folder" if there are.
        menu: the same as a menu.
    """

    def __init__(
        self, parent: tk.Misc, with_trash: bool = False, pixel: float = 4, flat: bool = False
    ) -> None:
        """Create it without a drawing.

        Args:
            parent: the parent widget.
            with_trash: whether there is a button to move the drawing to the trash.
            pixel: the side of one of the 28 × 28 pixels, in pixels at 96 dpi.
            flat: whether the buttons are beside the images, which needs less height.
        """
        super().__init__(parent)
        self.label: int | None = None
        self.description = ""
        self._side = SIZE * max(2, round(scaled(self, pixel * SIZE) / SIZE))
        self._build_images(flat)
        self._build_buttons(with_trash, flat)
        self.show("", None)

    def _build_images(self, flat: bool) -> None:
        gap = scaled(self, 8)
        self._image_labels = [ttk.Label(self) for _ in range(2)]
        for column, label in enumerate(self._image_labels):
            label.grid(row=0, column=column, rowspan=2 if flat else 1, sticky="nw", padx=(0, gap))
        self._photos: list[ImageTk.PhotoImage | None] = [None, None]
        self._images: list[Image.Image | None] = [None, None]
        self._text = ttk.Label(self, justify="left", anchor="nw")
        self._text.grid(row=0, column=2, sticky="nsew")
        self.columnconfigure(2, weight=1)
        self.rowconfigure(0, weight=1, minsize=0 if flat else self._side)
        wrap_to_width(self._text)

    def _build_buttons(self, with_trash: bool, flat: bool) -> None:
        bar = ttk.Frame(self)
        column, span = (2, 1) if flat else (0, 3)
        bar.grid(row=1, column=column, columnspan=span, sticky="ew", pady=(scaled(self, 8), 0))
        self.buttons: dict[str, ttk.Menubutton | ttk.Button] = {
            "relabel": ttk.Menubutton(bar, text="Change label", menu=self._label_menu(bar)),
            "pad": self._button(bar, "Open on pad", "<<OpenOnPad>>"),
        }
        if with_trash:
            self.buttons["trash"] = self._button(bar, "Move to trash", "<<MoveToTrash>>")
            self.buttons["folder"] = self._button(bar, file_manager_name(), "<<ShowInFolder>>")
        for name, button in self.buttons.items():
            Tooltip(button, *_HELP[name])
        self._context_menu = add_menu(self, self._add_entries)
        self.menu = self._context_menu.menu
        bar.bind("<Configure>", lambda event: self._arrange(event.width))
        self._arrange(1)

    def _label_menu(self, parent: tk.Misc) -> tk.Menu:
        menu = tk.Menu(parent, tearoff=False)
        for digit in range(10):
            menu.add_command(
                label=str(digit), accelerator=str(digit), command=self._relabeller(digit)
            )
        menu.add_command(label="Not a digit", accelerator="N", command=self._relabeller(None))
        return menu

    def _relabeller(self, label: int | None) -> Callable[[], None]:
        def relabel() -> None:
            self.label = label
            self.event_generate("<<Relabelled>>")

        return relabel

    def _button(self, parent: tk.Misc, text: str, event: str) -> ttk.Button:
        return ttk.Button(parent, text=text, command=lambda: self.event_generate(event))

    def post_menu(self, x: int, y: int) -> None:
        """Show a menu of what can be done now at a point of the screen."""
        self._context_menu.post(x, y)

    def fill_menu(self) -> None:
        """Fill `menu` with what the buttons do, and with copying and saving the image."""
        self._context_menu.fill()

    def _add_entries(self, menu: ContextMenu) -> None:
        for name, button in self.buttons.items():
            text = str(button.cget("text"))
            if name == "relabel":
                self.menu.add_cascade(label=text, menu=self._label_menu(self.menu))
            elif isinstance(button, ttk.Button):
                self.menu.add_command(label=text, command=button.invoke)
            if button.instate(["disabled"]):
                self.menu.entryconfigure("end", state="disabled")
        self.menu.add_separator()
        add_picture_entries(menu, self, self.picture, "drawing")

    def picture(self) -> Image.Image | None:
        """Return the original as it is shown, else the network's input; None without either."""
        return next((image for image in reversed(self._images) if image is not None), None)

    def _arrange(self, width: int) -> None:
        """Put all buttons in one row, or as many in each as it has room for, at most two."""
        gap = scaled(self, 8)
        buttons = list(self.buttons.values())
        needed = sum(button.winfo_reqwidth() + gap for button in buttons)
        widest = max(button.winfo_reqwidth() + gap for button in buttons)
        columns = len(buttons) if needed <= width else 2
        if width > 1 and 2 * widest - gap > width:
            columns = 1
        for index, button in enumerate(buttons):
            row, column = divmod(index, columns)
            above = (gap // 2, 0) if row else 0
            button.grid(row=row, column=column, sticky="ew", padx=(0, gap), pady=above)

    def show(
        self,
        description: str,
        pixels: np.ndarray | None,
        original: Drawing | Image.Image | None = None,
        enabled: tuple[str, ...] = (),
    ) -> None:
        """Show a drawing.

        Args:
            description: the text beside it.
            pixels: the network's input, (28, 28) uint8, None for no image.
            original: its strokes, or the image it was read from.
            enabled: the names of the enabled buttons.
        """
        self.description = description
        self._text.configure(text=description)
        network_input = Image.fromarray(pixels) if pixels is not None else None
        self._show_image(0, self._in_theme_colours(network_input) if network_input else None)
        if isinstance(original, Drawing):
            ink = rasterize(original, self._side).point(lambda value: 255 - value)
            self._show_image(1, self._in_theme_colours(ink))
        else:
            self._show_image(1, original.convert("RGBA") if original is not None else None)
        for name, button in self.buttons.items():
            button.state(["!disabled" if name in enabled else "disabled"])

    def _in_theme_colours(self, ink: Image.Image) -> Image.Image:
        return ink.point(palette(self).shades)

    def _show_image(self, index: int, image: Image.Image | None) -> None:
        label = self._image_labels[index]
        self._images[index] = None
        if image is None:
            label.configure(image="")
            label.grid_remove()
            self._photos[index] = None
            return
        scale = self._side / max(image.size)
        width, height = (max(1, round(length * scale)) for length in image.size)
        resampling = Image.Resampling.NEAREST if index == 0 else Image.Resampling.BICUBIC
        shown = self._images[index] = image.resize((width, height), resampling)
        photo = ImageTk.PhotoImage(shown, master=self)
        self._photos[index] = photo
        label.configure(image=str(photo))
        label.grid()
