"""The bar above the thumbnails: which drawings are listed, in which order, and the Import menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable
from tkinter import ttk

from number_recognition.session.correction_list import ALL
from number_recognition.window.drawings.imports import DrawingImports
from number_recognition.window.toolkit.theme import scaled, scaled_by_text

NEWEST, LEAST_PROBABLE = "Newest first", "Least probable first"


class FilterBar(ttk.Frame):
    """Two choices and a menu.

    Event: `<<FilterChanged>>` after the user chose another group or order.

    Attributes:
        group: which drawings are listed, one of `CorrectionList.groups`.
        order: `NEWEST`, or `LEAST_PROBABLE`, by the network's probability of the label.
    """

    def __init__(self, parent: tk.Misc, imports: DrawingImports) -> None:
        super().__init__(parent)
        self.group, self.order = ALL, NEWEST
        self._groups: list[str] = []
        self._group_box = ttk.Combobox(self, state="readonly", width=14)
        self._order_box = ttk.Combobox(
            self, state="readonly", width=14, values=(NEWEST, LEAST_PROBABLE)
        )
        self._build_menu(imports)
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._arrange(event.width))
        self._group_box.bind("<<ComboboxSelected>>", lambda event: self._choose())
        self._order_box.bind("<<ComboboxSelected>>", lambda event: self._choose())

    def _build_menu(self, imports: DrawingImports) -> None:
        menu = tk.Menu(self, tearoff=False)
        menu.add_command(
            label="A folder with 0 to 9 or not_a_digit in it …", command=imports.choose_folder
        )
        menu.add_command(label="A CSV of file and label …", command=imports.choose_csv)
        menu.add_separator()
        menu.add_command(label="Export all as a ZIP …", command=imports.choose_zip)
        self._menu_button = ttk.Menubutton(self, text="Import, export", menu=menu)

    @property
    def text(self) -> str:
        """The chosen group with its count, as the box shows it: "Trash (3)"."""
        return self._group_box.get()

    def show(self, counts: Iterable[tuple[str, int]]) -> None:
        """Show the groups with the counts of their drawings, and what is chosen."""
        texts = []
        self._groups = []
        for group, count in counts:
            self._groups.append(group)
            texts.append(f"{group} ({count:,})")
        self._group_box.configure(values=texts)
        self._group_box.set(texts[self._groups.index(self.group)])
        self._order_box.set(self.order)

    def _choose(self) -> None:
        self.group = self._groups[self._group_box.current()]
        self.order = self._order_box.get()
        self.event_generate("<<FilterChanged>>")

    def _arrange(self, width: int) -> None:
        """Place both boxes in one row, or in two where their texts need more width."""
        gap = scaled(self, 8)
        is_narrow = width < scaled_by_text(self, 480)
        if is_narrow:
            self._group_box.grid(row=0, column=0, columnspan=2, padx=0, sticky="ew")
            self._order_box.grid(row=1, column=0, padx=0, pady=(gap, 0), sticky="ew")
            self._menu_button.grid(row=1, column=1, padx=(gap, 0), pady=(gap, 0))
        else:
            self._group_box.grid(row=0, column=0, columnspan=1, padx=(0, gap), sticky="ew")
            self._order_box.grid(row=0, column=1, padx=0, pady=0, sticky="ew")
            self._menu_button.grid(row=0, column=2, padx=(gap, 0), pady=0)
        self.columnconfigure(1, weight=0 if is_narrow else 1)
