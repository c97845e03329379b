"""Scrollbars that are there only where something is hidden: of a frame, and of a table."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk

from number_recognition.window.toolkit.theme import palette, scaled
from number_recognition.window.toolkit.timer import Timer


class ScrolledFrame(ttk.Frame):
    """Scrolls by the bar, the wheel, and to the widget that gets the focus.

    The bar is there only where something is hidden.

    Event: `<<Fitted>>` after it was arranged for another size or other content.

    Attributes:
        inside: the frame to put widgets into.
    """

    def __init__(self, parent: tk.Misc, padding: int | None = None) -> None:
        """Create an empty frame; `padding`: beside the bar, in pixels, None for the usual."""
        super().__init__(parent)
        self._canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0)
        self._canvas.configure(width=scaled(self, 300), height=scaled(self, 200))
        self._scrollbar = ttk.Scrollbar(self, command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._scrollbar.set)
        self._canvas.pack(side="left", fill="both", expand=True)
        right = scaled(self, 12) if padding is None else padding
        self.inside = ttk.Frame(self._canvas, padding=(0, 0, right, 0))
        self._item = self._canvas.create_window(0, 0, anchor="nw", window=self.inside)
        self._timer = Timer(self, self._resize)
        self._bind_resize()
        self.recolour()

    def _bind_resize(self) -> None:
        # A canvas reports a new size of what is in it while it draws that, and forgets what it is
        # told meanwhile.
        for widget in (self._canvas, self.inside):
            widget.bind("<Configure>", lambda event: self._timer.start_idle())

    def recolour(self) -> None:
        """Apply the colours of the theme, and the height that its fonts need."""
        self._canvas.configure(background=palette(self).background)
        if self.winfo_viewable():
            self.content_changed()

    def bind_wheel(self) -> None:
        """Let the wheel scroll over all widgets inside; call it after adding them."""
        for widget in (self._canvas, *_with_descendants(self.inside)):
            widget.bind("<MouseWheel>", lambda event: self.scroll(-1 if event.delta > 0 else 1))
            widget.bind("<Button-4>", lambda event: self.scroll(-1))
            widget.bind("<Button-5>", lambda event: self.scroll(1))
            # Tk's Tab key also stops at labels that have a binding for the focus.
            if str(widget.cget("takefocus")):
                widget.bind("<FocusIn>", lambda event: self.see(event.widget), add=True)

    def see(self, widget: tk.Misc) -> None:
        """Scroll until a widget inside is visible."""
        height, visible = self.inside.winfo_height(), self._canvas.winfo_height()
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        bottom = top + widget.winfo_height() + scaled(self, 30)
        first = self._canvas.canvasy(0)
        if top < first:
            self._canvas.yview_moveto(max(0, top - scaled(self, 10)) / max(1, height))
        elif bottom > first + visible:
            self._canvas.yview_moveto((bottom - visible) / max(1, height))

    def show_from(self, widget: tk.Misc) -> None:
        """Scroll until a widget inside stands at the top, as far as there is content below it."""
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        self._canvas.yview_moveto(top / max(1, self.inside.winfo_height()))

    def content_changed(self) -> None:
        """Arrange it for content of another height: Tk reports that only before it is set."""
        self.inside.update_idletasks()
        self._resize()

    def show_size(self, width: int, height: int) -> None:
        """Ask for a size in pixels of what is visible."""
        self._canvas.configure(width=width, height=height)

    def fit_screen(self) -> None:
        """Ask for the size of all that is inside, as far as a dialog has room for it."""
        self.bind_wheel()
        self.inside.update_idletasks()
        most = self.winfo_screenheight() - scaled(self, 200)
        height = max(1, min(most, self.inside.winfo_reqheight()))
        if height == most:
            self.inside.configure(padding=(0, 0, scaled(self, 12), 0))  # beside the bar
            self.inside.update_idletasks()
        self.show_size(self.inside.winfo_reqwidth(), height)

    def set_content_height(self, height: int) -> None:
        """Give the inner frame a height in pixels of its own, whatever is in it."""
        self.inside.pack_propagate(False)
        self.inside.configure(height=height)
        self._timer.start_idle()

    def destroy(self) -> None:
        """Cancel the timer, too."""
        self._timer.cancel()
        super().destroy()

    @property
    def is_scrollable(self) -> bool:
        """Whether something is hidden."""
        return bool(self._scrollbar.winfo_manager())

    def scroll(self, steps: int) -> str:
        """Scroll by some lines."""
        if self.is_scrollable:
            self._canvas.yview_scroll(3 * steps, "units")
        return "break"

    def _resize(self) -> None:
        """Give the inner frame the width of the canvas, and at least its height."""
        needed, visible = self.inside.winfo_reqheight(), self._canvas.winfo_height()
        # The bar makes the content narrower and so never lower: this cannot alternate.
        if needed <= visible:
            self._scrollbar.pack_forget()
        elif not self.is_scrollable:
            self._scrollbar.pack(side="right", fill="y", before=self._canvas)
        height = max(needed, visible)
        width = self._canvas.winfo_width()
        self._canvas.itemconfigure(self._item, width=width, height=height)
        self._canvas.configure(
            scrollregion=(0, 0, self.inside.winfo_width(), self.inside.winfo_height()),
            yscrollincrement=scaled(self, 16),
        )
        self.event_generate("<<Fitted>>")


def add_scrollbars(table: ttk.Treeview, horizontal: bool = False) -> None:
    """Place a table in its frame, which it fills, with the scrollbars that it needs."""
    frame = table.master
    frame.rowconfigure(0, weight=1)
    frame.columnconfigure(0, weight=1)
    table.grid(row=0, column=0, sticky="nsew")
    vertical = ttk.Scrollbar(frame, command=table.yview)
    vertical.grid(row=0, column=1, sticky="ns")
    table.configure(yscrollcommand=partial(scroll_to, vertical))
    if horizontal:
        below = ttk.Scrollbar(frame, orient="horizontal", command=table.xview)
        below.grid(row=1, column=0, sticky="ew")
        table.configure(xscrollcommand=partial(scroll_to, below))


def scroll_to(bar: ttk.Scrollbar, first: str, last: str) -> None:
    """Show which part is visible; a bar beside all of it is taken away."""
    bar.set(first, last)
    if float(first) <= 0 and float(last) >= 1:
        bar.grid_remove()
    else:
        bar.grid()


def _with_descendants(widget: tk.Misc) -> list[tk.Misc]:
    children = widget.winfo_children()
    return [widget, *(found for child in children for found in _with_descendants(child))]
