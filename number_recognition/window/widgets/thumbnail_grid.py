"""A sheet of small pictures in sections, of which only those in sight are painted."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from tkinter import font as tkfont
from tkinter import ttk

import numpy as np
from PIL import Image, ImageTk

from number_recognition.window.toolkit.theme import CAPTION, STRONG, palette, scaled
from number_recognition.window.widgets.thumbnail_layout import Rows, Section

SHIFT, CONTROL = 0x1, 0x4


@dataclass(frozen=True)
class Thumbnail:
    """One picture of a sheet: `pixels` (28, 28) uint8, ink 255, None while unread or unreadable.

    `caption` stands below it, in the colour of warnings where `alarm` is set.
    """

    pixels: np.ndarray | None
    caption: str = ""
    alarm: bool = False


class ThumbnailGrid(ttk.Frame):
    """Pictures to choose among with the pointer or the arrow keys.

    Events: `<<SelectionChanged>>` after others were chosen, `<<ThumbnailOpened>>` after a double click or
    Return.

    Attributes:
        selected: the keys of the chosen pictures, in their order.
        rows: where each picture stands.
        cursor: the key of the one that the arrow keys go on from.
        canvas: takes the keys.
    """

    def __init__(
        self, parent: tk.Misc, look: Callable[[Hashable], Thumbnail], height: int = 200
    ) -> None:
        """Make an empty sheet.

        Args:
            parent: where it stands.
            look: what the picture of a key looks like; asked when it comes into sight.
            height: the least height, in pixels at 96 dots an inch.
        """
        super().__init__(parent)
        self.selected: list[Hashable] = []
        self.cursor: Hashable | None = None
        self._look = look
        self._selected: frozenset[Hashable] = frozenset()
        self.rows = Rows()
        self._anchor: Hashable | None = None
        self._top = 0
        self._due: str | None = None
        self._least = scaled(self, height)
        ring = scaled(self, 2)
        self.canvas = tk.Canvas(
            self, width=1, height=scaled(self, height), highlightthickness=ring, takefocus=True
        )
        self._bar = ttk.Scrollbar(self, command=self._scroll_command)
        self._bar.pack(side="right", fill="y")
        self.canvas.pack(side="left", fill="both", expand=True)
        self._picture = self.canvas.create_image(ring, ring, anchor="nw")
        self._photo: ImageTk.PhotoImage | None = None
        self._connect()

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda event: self.arrange())
        canvas.bind("<Button-1>", self._click)
        canvas.bind("<Double-Button-1>", lambda event: self._open())
        canvas.bind("<Return>", lambda event: self._open())
        canvas.bind("<Control-a>", lambda event: self._select(list(self.order)))
        canvas.bind("<Escape>", self._escape)
        for key, step in (("Left", -1), ("Right", 1)):
            canvas.bind(f"<{key}>", lambda event, step=step: self._step(event, step))
        for key, step in (("Up", -1), ("Down", 1), ("Prior", -5), ("Next", 5)):
            canvas.bind(f"<{key}>", lambda event, step=step: self._step_rows(event, step))
        for key, place in (("Home", 0), ("End", -1)):
            canvas.bind(f"<{key}>", lambda event, place=place: self._go_to(event, place))
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-event.delta / 120))
        for button, step in ((4, -1), (5, 1)):
            canvas.bind(f"<Button-{button}>", lambda event, step=step: self._scroll(step))

    def show(self, sections: list[Section]) -> None:
        """Show other pictures; those chosen stay so where they are shown again."""
        self.rows = Rows(sections)
        chosen = [key for key in self.selected if key in self.rows]
        changed = chosen != self.selected
        self.selected, self._selected = chosen, frozenset(chosen)
        if self.cursor not in self.rows:
            self.cursor = None
        if self._anchor not in self.rows:
            self._anchor = self.cursor
        self.arrange()
        if changed:
            self.event_generate("<<SelectionChanged>>")

    @property
    def order(self) -> list[Hashable]:
        """All keys in the order shown."""
        return self.rows.order

    @property
    def visible(self) -> list[Hashable]:
        """The keys of the pictures in sight."""
        return self.rows.between(self._top, self._top + self._height)

    def select(self, keys: list[Hashable]) -> None:
        """Choose pictures, and bring the first into sight."""
        self.cursor = self._anchor = keys[0] if keys else None
        self._select(keys)

    def arrange(self) -> None:
        """Lay everything out for the width, the fonts and the colours there are now."""
        caption, strong = (tkfont.nametofont(name, self) for name in (CAPTION, STRONG))
        self._gap = scaled(self, 6)
        self._side = max(scaled(self, 46), caption.measure("0 read 0"))
        self._line = caption.metrics("linespace")
        self._heading = strong.metrics("linespace") + 2 * self._gap
        self._pitch = self._side + self._gap
        ring = int(self.canvas["highlightthickness"])
        least = max(self._least, self._row_height + 2 * ring)
        if int(self.canvas["height"]) != least:
            self.canvas.configure(height=least)
        self._width = max(1, self.canvas.winfo_width() - 2 * ring)
        self._height = max(1, self.canvas.winfo_height() - 2 * ring)
        columns = max(1, (self._width - self._gap) // self._pitch)
        self.rows.lay_out(columns, self._heading, self._row_height)
        self._scroll_to(self._top)

    def repaint(self) -> None:
        """Show what the pictures in sight look like now, once the window is idle."""
        if self._due is None:
            self._due = self.after_idle(self._paint)

    def box(self, key: Hashable) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a picture on the canvas."""
        row, column = self.rows.row(key), self.rows.column(key)
        ring = int(self.canvas["highlightthickness"])
        left = ring + self._gap + column * self._pitch
        top = ring + self._gap + self.rows.tops[row] - self._top
        return left, top, left + self._side, top + self._side

    @property
    def _row_height(self) -> int:
        return self._side + self._line + 2 * self._gap

    def _paint(self) -> None:
        self._due = None
        if not self.winfo_exists():
            return
        canvas, colours = self.canvas, palette(self)
        ground = canvas.winfo_rgb(colours.background)[0] >> 8
        canvas.configure(
            background=colours.background,
            highlightbackground=colours.background,
            highlightcolor=colours.accent,
        )
        canvas.delete("tile")
        sheet = Image.new("L", (self._width, self._height), ground)
        shades = [
            round(colours.paper + (colours.ink - colours.paper) * i / 255) for i in range(256)
        ]
        for key in self.visible:
            self._paint_tile(sheet, key, shades)
        self._paint_headings()
        if self._photo is None or (self._photo.width(), self._photo.height()) != sheet.size:
            self._photo = ImageTk.PhotoImage("L", sheet.size, master=self)
            canvas.itemconfigure(self._picture, image=self._photo)
        self._photo.paste(sheet)

    def _paint_headings(self) -> None:
        tops = self.rows.tops
        for row, heading in enumerate(self.rows.headings):
            if heading and tops[row + 1] > self._top:
                if tops[row] > self._top + self._height:
                    break
                y = tops[row + 1] - self._top - self._gap // 2
                x = 2 * self._gap
                self.canvas.create_text(x, y, text=heading, anchor="sw", font=STRONG,
                                        fill=palette(self).text, tags="tile")  # fmt: skip

    def _paint_tile(self, sheet: Image.Image, key: Hashable, shades: list[int]) -> None:
        tile, colours = self._look(key), palette(self)
        ring = int(self.canvas["highlightthickness"])
        left, top, right, bottom = self.box(key)
        if tile.pixels is not None:
            picture = Image.fromarray(tile.pixels).resize((self._side, self._side))
            sheet.paste(picture.point(shades), (left - ring, top - ring))
        else:
            sheet.paste(shades[0], (left - ring, top - ring, right - ring, bottom - ring))
        if tile.caption:
            colour = colours.warning if tile.alarm else colours.faint
            self.canvas.create_text((left + right) // 2, bottom, text=tile.caption, anchor="n",
                                    font=CAPTION, fill=colour, tags="tile")  # fmt: skip
        if key in self._selected:
            wide = scaled(self, 3 if key == self.cursor else 2)
            self.canvas.create_rectangle(left - 1, top - 1, right, bottom, width=wide,
                                         outline=colours.accent, tags="tile")  # fmt: skip

    # Scrolling

    def _scroll_to(self, top: float) -> None:
        whole = max(self.rows.tops[-1] + self._gap, 1)
        self._top = round(max(0, min(top, whole - self._height)))
        self._bar.set(self._top / whole, min(1.0, (self._top + self._height) / whole))
        self.repaint()

    def _scroll(self, rows: float) -> None:
        self._scroll_to(self._top + rows * self._row_height)

    def _scroll_command(self, action: str, amount: str, unit: str = "") -> None:
        if action == "moveto":
            self._scroll_to(float(amount) * self.rows.tops[-1])
        else:
            step = self._height if unit == "pages" else self._row_height
            self._scroll_to(self._top + float(amount) * step)

    def _see(self, key: Hashable) -> None:
        row, tops = self.rows.row(key), self.rows.tops
        bottom = tops[row + 1]
        if row and self.rows.headings[row - 1]:
            row -= 1  # with its heading
        top = tops[row]
        if top < self._top:
            self._scroll_to(top)
        elif bottom > self._top + self._height:
            self._scroll_to(min(top, bottom - self._height))

    # Choosing

    def _select(self, keys: list[Hashable]) -> str:
        self.selected, self._selected = keys, frozenset(keys)
        if self.cursor in self.rows:
            self._see(self.cursor)
        self.repaint()
        self.event_generate("<<SelectionChanged>>")
        return "break"

    def _click(self, event: tk.Event) -> None:
        self.canvas.focus_set()
        for key in self.visible:
            left, top, right, bottom = self.box(key)
            if left <= event.x <= right and top <= event.y <= bottom + self._line:
                self._go(event, key)
                return

    def _go(self, event: tk.Event, key: Hashable) -> str:
        """Choose a picture: alone, with Shift all up to it, with Control it too."""
        self.cursor = key
        if event.state & SHIFT and self._anchor in self.rows:
            ends = sorted((self.rows.number(self._anchor), self.rows.number(key)))
            return self._select(self.order[ends[0] : ends[1] + 1])
        self._anchor = key
        if event.state & CONTROL:
            return self._select(sorted(self._selected ^ {key}, key=self.rows.number))
        return self._select([key])

    def _step(self, event: tk.Event, step: int) -> str:
        if not self.order:
            return "break"
        if self.cursor is None:
            return self._go(event, self.order[0])
        place = self.rows.number(self.cursor) + step
        return self._go(event, self.order[max(0, min(place, len(self.order) - 1))])

    def _step_rows(self, event: tk.Event, step: int) -> str:
        if self.cursor is None:
            return self._step(event, 0)
        return self._go(event, self.rows.away(self.cursor, step))

    def _go_to(self, event: tk.Event, place: int) -> str:
        return self._go(event, self.order[place]) if self.order else "break"

    def _open(self) -> str:
        if self.cursor is not None:
            self.event_generate("<<ThumbnailOpened>>")
        return "break"

    def _escape(self, event: tk.Event) -> str | None:
        if not self.selected:
            return None
        self.cursor = self._anchor = None
        return self._select([])
