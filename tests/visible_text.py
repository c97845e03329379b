"""Finds text in a window that is cut off, or covered by a widget beside it."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator
from tkinter import font as tkfont

import pytest

_WITH_TEXT = ("TLabel", "TButton", "TCheckbutton", "TRadiobutton", "TMenubutton")
_ARROW = 42
"""What a choice needs beside its text, in pixels."""
_MARGINS = 10
"""What an entry needs beside its text, in pixels."""
_Box = tuple[int, int, int, int]


def cut_off(parent: tk.Misc) -> list[str]:
    """Return a line for each text in a window that is not visible as a whole."""
    return [line for widget in _viewable(parent) for line in _problems(widget)]


def wait_until_whole(app: tk.Tk, column: tk.Misc, where: object) -> None:
    """Wait until no text in a window is cut off, and no two widgets of a column overlap."""
    end = time.monotonic() + 5
    while cut_off(app) or overlapping(column):
        if time.monotonic() > end:
            pytest.fail(f"{where}: {cut_off(app)} {overlapping(column)}")
        app.update()


def overlapping(parent: tk.Misc) -> list[str]:
    """Return a line for each two children of a widget that cover each other."""
    children = [child for child in parent.winfo_children() if child.winfo_viewable()]
    return [
        f"{first} {_box(first)} and {second} {_box(second)}"
        for index, first in enumerate(children)
        for second in children[index + 1 :]
        if _overlap(_box(first), _box(second))
    ]


def values_cut_off(parent: tk.Misc) -> list[str]:
    """Return a line for each field, and each column of a table, too narrow for its text."""
    lines = []
    for widget in _viewable(parent, ("TEntry",)):
        text = str(widget.get())
        if _measure(widget, text) + _MARGINS > widget.winfo_width():
            lines.append(f"TEntry {text!r}: {widget.winfo_width()}")
    for widget in _viewable(parent, ("TCombobox",)):
        text = str(widget.get())
        if _measure(widget, text) + _ARROW > widget.winfo_width():
            lines.append(f"TCombobox {text!r}: {widget.winfo_width()}")
    for table in _viewable(parent, ("Treeview",)):
        names = ["#0"] if "tree" in str(table.cget("show")) else []
        for name in [*names, *table.cget("columns")]:
            heading = str(table.heading(name, "text"))
            if _measure(table, heading) > int(table.column(name, "width")):
                lines.append(f"Treeview column {heading!r}: {table.column(name, 'width')}")
    return lines


def texts_on_each_other(parent: tk.Misc) -> list[str]:
    """Return a line for each two texts on a canvas that cover each other, or leave it."""
    lines = []
    for canvas in _viewable(parent, ("Canvas",)):
        boxes = [
            (str(canvas.itemcget(item, "text")), canvas.bbox(item))
            for item in canvas.find_all()
            if canvas.type(item) == "text" and canvas.itemcget(item, "state") != "hidden"
        ]
        boxes = [(text, box) for text, box in boxes if box is not None and text]
        for index, (text, box) in enumerate(boxes):
            if box[0] < -1 or box[2] > canvas.winfo_width() + 1:
                lines.append(f"{text!r}: {box} on a canvas of {canvas.winfo_width()}")
            lines += [
                f"{text!r} on {other!r}" for other, b in boxes[index + 1 :] if _overlap(box, b)
            ]
    return lines


def _measure(widget: tk.Misc, text: str) -> int:
    return tkfont.nametofont("SunValleyBodyFont", widget).measure(text)


def _viewable(parent: tk.Misc, classes: tuple[str, ...] = ()) -> Iterator[tk.Misc]:
    """The visible widgets in a window: those with a text, or those of some classes."""
    for child in parent.winfo_children():
        if child.winfo_toplevel() is parent.winfo_toplevel() and child.winfo_viewable():
            kind = child.winfo_class()
            if kind in classes or (not classes and kind in _WITH_TEXT and str(child.cget("text"))):
                yield child
            yield from _viewable(child, classes)


def _problems(widget: tk.Misc) -> Iterator[str]:
    name = f"{widget.winfo_class()} {widget.cget('text')!r}"
    size = widget.winfo_width(), widget.winfo_height()
    needed = widget.winfo_reqwidth(), widget.winfo_reqheight()
    if size[0] < needed[0] or size[1] < needed[1]:
        yield f"{name}: {size} for {needed}"
    left, top, right, bottom = _box(widget)
    ancestor, is_scrolled = widget.master, False
    while ancestor is not None:
        outer = _box(ancestor)
        if ancestor.winfo_class() == "Canvas":
            is_scrolled = True  # what is above or below is scrolled to
        if left < outer[0] or right > outer[2]:
            yield f"{name}: {(left, right)} outside of {(outer[0], outer[2])}, {ancestor}"
        if not is_scrolled and (top < outer[1] or bottom > outer[3]):
            yield f"{name}: {(top, bottom)} outside of {(outer[1], outer[3])}, {ancestor}"
        if ancestor is ancestor.winfo_toplevel():
            return
        ancestor = ancestor.master


def _box(widget: tk.Misc) -> _Box:
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    return left, top, left + widget.winfo_width(), top + widget.winfo_height()


def _overlap(first: _Box, second: _Box) -> bool:
    return max(first[0], second[0]) < min(first[2], second[2]) and max(first[1], second[1]) < min(
        first[3], second[3]
    )
