"""A scrolled grid of thumbnails in sections; only the visible ones are drawn."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Hashable
from tkinter import ttk

from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.widgets.context_menu import context_menu_events
from number_recognition.window.widgets.thumbnail_layout import Rows, Section, Viewport
from number_recognition.window.widgets.thumbnail_painter import (
    Thumbnail,
    ThumbnailPainter,
    measure_sizes,
)

SHIFT, CONTROL = 0x1, 0x4


class ThumbnailGrid(ttk.Frame):
    """Thumbnails to select with the pointer or the arrow keys.

    Events: `<<SelectionChanged>>`; `<<ThumbnailOpened>>` after a double click or Return;
    `<<ContextMenu>>` of the canvas where the menu of the selected ones is asked for.

    Attributes:
        selected: the keys of the selected thumbnails, in order.
        cursor: the key from which the arrow keys go on, None for none.
        canvas: the widget that takes the keys.
    """

    can_enlarge = True

    def __init__(
        self, parent: tk.Misc, get_thumbnail: Callable[[Hashable], Thumbnail], height: int = 200
    ) -> None:
        """Create an empty grid.

        Args:
            parent: the parent widget.
            get_thumbnail: returns the thumbnail of a key; called when it becomes visible.
            height: the minimum height, in pixels at 96 dpi.
        """
        super().__init__(parent)
        self.selected: list[Hashable] = []
        self.cursor: Hashable | None = None
        self._selected: frozenset[Hashable] = frozenset()
        self._anchor: Hashable | None = None
        self._timer = Timer(self, self._paint)
        self._min_height = scaled(self, height)
        self._view = Viewport(Rows(), measure_sizes(self))
        self._build(get_thumbnail)
        self._bind_events()

    def _build(self, get_thumbnail: Callable[[Hashable], Thumbnail]) -> None:
        self._border = scaled(self, 2)
        self.canvas = tk.Canvas(
            self,
            width=1,
            height=self._min_height,
            highlightthickness=self._border,
            takefocus=True,
        )
        self._scrollbar = ttk.Scrollbar(self, command=self._scroll_command)
        self.canvas.pack(side="left", fill="both", expand=True)
        self._painter = ThumbnailPainter(self.canvas, self._border, get_thumbnail)

    def _bind_events(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda event: self.arrange())
        canvas.bind("<Button-1>", self._click)
        canvas.bind("<Double-Button-1>", lambda event: self._open())
        for press in context_menu_events(canvas):
            canvas.bind(press, self._open_menu)
        canvas.bind("<Return>", lambda event: self._open())
        canvas.bind("<Control-a>", lambda event: self._select(list(self.order)))
        canvas.bind("<Escape>", lambda event: self._clear_selection())
        for key, step in (("Left", -1), ("Right", 1)):
            canvas.bind(f"<{key}>", self._stepper(step))
        for key, step in (("Up", -1), ("Down", 1), ("Prior", -5), ("Next", 5)):
            canvas.bind(f"<{key}>", self._row_stepper(step))
        canvas.bind("<Home>", lambda event: self._go_to_index(event, 0))
        canvas.bind("<End>", lambda event: self._go_to_index(event, -1))
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-event.delta / 120))
        canvas.bind("<Button-4>", lambda event: self._scroll(-1))
        canvas.bind("<Button-5>", lambda event: self._scroll(1))

    def show(self, sections: list[Section]) -> None:
        """Show other thumbnails; those selected stay selected if they are shown again."""
        self._view.rows = rows = Rows(sections)
        selected = [key for key in self.selected if key in rows]
        changed = selected != self.selected
        self.selected, self._selected = selected, frozenset(selected)
        if self.cursor not in rows:
            self.cursor = None
        if self._anchor not in rows:
            self._anchor = self.cursor
        self.arrange()
        if changed:
            self.event_generate("<<SelectionChanged>>")

    @property
    def rows(self) -> Rows:
        """The thumbnails in rows; a key is `in` them if it is in the grid."""
        return self._view.rows

    @property
    def order(self) -> list[Hashable]:
        """All keys in the order of the grid."""
        return self._view.rows.order

    @property
    def visible(self) -> list[Hashable]:
        """The keys of the visible thumbnails."""
        return self._view.keys

    def select(self, keys: list[Hashable]) -> None:
        """Select thumbnails and scroll to the first one."""
        self.cursor = self._anchor = keys[0] if keys else None
        self._select(keys)

    def arrange(self) -> None:
        """Lay out the thumbnails for the current width, fonts and colours."""
        view, border = self._view, self._border
        view.sizes = measure_sizes(self)
        min_height = max(self._min_height, view.sizes.row_height + 2 * border)
        if int(self.canvas["height"]) != min_height:
            self.canvas.configure(height=min_height)
        view.width = max(1, self.canvas.winfo_width() - 2 * border)
        view.height = max(1, self.canvas.winfo_height() - 2 * border)
        columns = view.sizes.columns(view.width)
        view.rows.lay_out(columns, view.sizes.heading_height, view.sizes.row_height)
        self._scroll_to(view.top)

    def repaint(self) -> None:
        """Draw the visible thumbnails again once the window is idle."""
        if not self._timer.pending:
            self._timer.start_idle()

    def box(self, key: Hashable) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a thumbnail on the canvas."""
        left, top, right, bottom = (edge + self._border for edge in self._view.box(key))
        return left, top, right, bottom

    def _paint(self) -> None:
        self._painter.paint(self._view, self._selected, self.cursor)

    def destroy(self) -> None:
        """Cancel the timer, too."""
        self._timer.cancel()
        super().destroy()

    # Scrolling

    def _scroll_to(self, top: float) -> None:
        view = self._view
        total = view.content_height
        view.top = round(max(0, min(top, total - view.height)))
        # The bar makes rows shorter and so never fewer: this cannot alternate.
        if total <= view.height:
            self._scrollbar.pack_forget()
        elif not self._scrollbar.winfo_manager():
            self._scrollbar.pack(side="right", fill="y", before=self.canvas)
        self._scrollbar.set(view.top / total, min(1.0, (view.top + view.height) / total))
        self.repaint()

    def _scroll(self, rows: float) -> None:
        self._scroll_to(self._view.top + rows * self._view.sizes.row_height)

    def _scroll_command(self, action: str, amount: str, unit: str = "") -> None:
        view = self._view
        if action == "moveto":
            self._scroll_to(float(amount) * view.rows.tops[-1])
        else:
            step = view.height if unit == "pages" else view.sizes.row_height
            self._scroll_to(view.top + float(amount) * step)

    # Selection

    def _select(self, keys: list[Hashable]) -> str:
        self.selected, self._selected = keys, frozenset(keys)
        if self.cursor in self._view.rows:
            self._scroll_to(self._view.top_to_see(self.cursor))
        self.repaint()
        self.event_generate("<<SelectionChanged>>")
        return "break"

    def _clear_selection(self) -> str | None:
        if not self.selected:
            return None
        self.cursor = self._anchor = None
        return self._select([])

    def _click(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.focus_set()
        key = self._view.key_at(event.x - self._border, event.y - self._border)
        if key is not None:
            self._go_to(event, key)

    def _open_menu(self, event: tk.Event[tk.Canvas]) -> str:
        """Select the thumbnail below the pointer, unless it is, and ask for its menu."""
        key = self._view.key_at(event.x - self._border, event.y - self._border)
        if key is not None and key not in self._selected:
            self.cursor = self._anchor = key
            self._select([key])
        if self.selected:
            self.canvas.event_generate(
                "<<ContextMenu>>", rootx=event.x_root, rooty=event.y_root, x=event.x, y=event.y
            )
        return "break"

    def _go_to(self, event: tk.Event[tk.Canvas], key: Hashable) -> str:
        """Select a thumbnail: alone, with Shift the range up to it, with Control in addition."""
        self.cursor = key
        rows, modifiers = self._view.rows, int(event.state)
        if modifiers & SHIFT and self._anchor in rows:
            first, last = sorted((rows.index(self._anchor), rows.index(key)))
            return self._select(self.order[first : last + 1])
        self._anchor = key
        if modifiers & CONTROL:
            return self._select(sorted(self._selected ^ {key}, key=rows.index))
        return self._select([key])

    def _stepper(self, step: int) -> Callable[[tk.Event[tk.Canvas]], str]:
        return lambda event: self._step(event, step)

    def _step(self, event: tk.Event[tk.Canvas], step: int) -> str:
        if not self.order:
            return "break"
        if self.cursor is None:
            return self._go_to(event, self.order[0])
        index = self._view.rows.index(self.cursor) + step
        return self._go_to(event, self.order[max(0, min(index, len(self.order) - 1))])

    def _row_stepper(self, step: int) -> Callable[[tk.Event[tk.Canvas]], str]:
        return lambda event: self._step_rows(event, step)

    def _step_rows(self, event: tk.Event[tk.Canvas], step: int) -> str:
        if self.cursor is None:
            return self._step(event, 0)
        return self._go_to(event, self._view.rows.neighbour(self.cursor, step))

    def _go_to_index(self, event: tk.Event[tk.Canvas], index: int) -> str:
        return self._go_to(event, self.order[index]) if self.order else "break"

    def _open(self) -> str:
        if self.cursor is not None:
            self.event_generate("<<ThumbnailOpened>>")
        return "break"
