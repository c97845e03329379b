"""The Drawings view: all kept drawings, to look through, relabel, delete, restore and import."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import cast

from PIL import Image

from number_recognition.core.formatting import pluralize
from number_recognition.digits.corrections.correction import Correction
from number_recognition.session.correction_list import (
    ALL,
    DUPLICATES,
    NOT_A_DIGIT,
    TRASH,
    CorrectionList,
    by_label,
)
from number_recognition.window.drawings.descriptions import (
    describe,
    kept_as,
    summarize,
    thumbnail,
)
from number_recognition.window.drawings.filter_bar import LEAST_PROBABLE, FilterBar
from number_recognition.window.drawings.imports import DrawingImports
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.background_work import BackgroundThread
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.toolkit.view import View
from number_recognition.window.toolkit.view_keys import LABEL_KEYS, bind_view_keys
from number_recognition.window.widgets.desktop import show_in_folder
from number_recognition.window.widgets.drawing_details import DrawingDetails
from number_recognition.window.widgets.thumbnail_grid import ThumbnailGrid
from number_recognition.window.widgets.thumbnail_layout import Section

_NOTHING_KEPT = (
    "The drawings you keep stand here by digit: draw one and press the key of the digit it is, or "
    "import images of digits."
)


class DrawingsView(View):
    """Thumbnails by digit, and the selected drawing large.

    Attributes:
        drawings: the kept drawings as last listed.
        thumbnails: a thumbnail for each; their keys are corrections.
        filter: which drawings are listed, in which order.
        details: the selected drawing large.
        summary: how many drawings there are, as text.
        imports: the commands of the menu "Import".
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self.summary = ""
        self.drawings = CorrectionList(
            self.session.corrections, self.session.config.recognition.refuse_above
        )
        self.imports = DrawingImports(self)
        self._background = BackgroundThread(self)
        self._is_reading = False
        self._read_and_shown: list[Correction] = []
        self._build()
        self._connect()

    def _build(self) -> None:
        gap = scaled(self, 8)
        self.filter = FilterBar(self, self.imports)
        self.filter.pack(fill="x", pady=(0, gap))
        self.details = DrawingDetails(self, with_trash=True)
        self.details.pack(side="bottom", fill="x")
        self._summary = ttk.Label(self, style="Faint.TLabel")
        self._summary.pack(side="bottom", anchor="w", pady=gap)
        self.thumbnails = ThumbnailGrid(
            self, lambda entry: thumbnail(cast("Correction", entry), self.drawings)
        )
        self.thumbnails.pack(fill="both", expand=True)

    def _connect(self) -> None:
        self.bind("<Configure>", lambda event: self._wrap_summary(), add=True)
        self.filter.bind("<<FilterChanged>>", lambda event: self._show_all())
        self.thumbnails.bind("<<SelectionChanged>>", lambda event: self._show_details())
        self.thumbnails.bind("<<ThumbnailOpened>>", lambda event: self._open_on_pad())
        self.details.bind("<<Relabelled>>", lambda event: self.relabel(self.details.label))
        self.details.bind("<<OpenOnPad>>", lambda event: self._open_on_pad())
        self.details.bind("<<MoveToTrash>>", lambda event: self.trash())
        self.details.bind("<<ShowInFolder>>", lambda event: self.show_in_folder())
        self.thumbnails.canvas.bind(
            "<<ContextMenu>>", lambda event: self.details.post_menu(event.x_root, event.y_root)
        )
        keys: dict[str, Callable[[], bool]] = {
            key: partial(self.relabel, label) for key, label in LABEL_KEYS.items()
        }
        bind_view_keys(self, {**keys, "Delete": self.trash})

    def refresh(self, reason: str) -> None:
        """List the kept drawings, and predict them with the network in use."""
        if reason == "drawing":
            return
        if reason == "theme":
            self.thumbnails.arrange()
            self._show_details()
            return
        recognizer = self.session.recognizer
        network = recognizer.network if recognizer is not None else None
        self._background.submit(
            lambda: self.drawings.update(network),
            lambda _: self._show_listed(),
            lambda error: self.context.show_error(f"Not listed: {error}"),
        )

    # Showing

    def show_only(self, group: str, order: str | None = None) -> None:
        """List one of `CorrectionList.groups`, in the same order or another."""
        self.filter.group, self.filter.order = group, order or self.filter.order
        self._show_all()

    def _show_all(self) -> None:
        groups = self.drawings.groups
        self.filter.show((name, len(entries)) for name, entries in groups.items())
        if any(groups.values()):
            self.empty_page.uncover()
        else:
            self.empty_page.cover(_NOTHING_KEPT, "Import drawings …", self.imports.choose_folder)
        entries = groups[self.filter.group]
        if self.filter.order == LEAST_PROBABLE:
            entries = sorted(entries, key=self.drawings.label_probability)
        self.thumbnails.show(self._sections(entries))
        self.summary = summarize(self.drawings)
        self._summary.configure(text=self.summary)
        self._wrap_summary()
        self._show_details()

    def _sections(self, entries: list[Correction]) -> list[Section]:
        group, is_sorted = self.filter.group, self.filter.order == LEAST_PROBABLE
        if group == DUPLICATES and not is_sorted:
            duplicates = self.drawings.duplicates
            return [Section(f"The same image, {len(same)} times", same) for same in duplicates]
        if group not in (ALL, TRASH) or is_sorted:
            return [Section("", entries)]
        labels = by_label(entries)
        sections = []
        for label in (*range(10), None):
            if label in labels:
                name = NOT_A_DIGIT if label is None else str(label)
                count = pluralize(len(labels[label]), "drawing")
                sections.append(Section(f"{name}: {count}", labels[label]))
        return sections

    def _wrap_summary(self) -> None:
        """Wrap the summary at the width of the view; a new view has none yet."""
        width = self.winfo_width() - scaled(self, 30)
        self._summary.configure(wraplength=width if width > 0 else 0)

    @property
    def _selected(self) -> list[Correction]:
        return cast("list[Correction]", list(self.thumbnails.selected))

    @property
    def _is_trash(self) -> bool:
        return self.filter.group == TRASH

    def _show_details(self) -> None:
        selected = self._selected
        if not selected:
            hint = "Choose a drawing to see it large; Return puts it on the pad."
            self.details.show(hint if self.drawings.kept else "", None)
            return
        move = "Restore" if self._is_trash else "Move to trash"
        self.details.buttons["trash"].configure(text=move)
        enabled = ("trash",) if self._is_trash else ("relabel", "trash")
        if len(selected) > 1:
            self.details.show(f"{len(selected):,} drawings are selected.", None, None, enabled)
            return
        [entry] = selected
        description, pixels = describe(entry, self.drawings), self.drawings.pixels(entry)
        enabled = (*enabled, "pad", "folder")
        self.details.show(description, pixels, self.original(entry), enabled)

    # Reading

    @property
    def is_reading(self) -> bool:
        """Whether drawings are still being edited, listed, read or predicted."""
        return self._background.busy or self.context.edit_menu.is_busy

    def _show_listed(self) -> None:
        self._read_and_shown = []
        self._show_all()
        if not self._is_reading:
            self._is_reading = True
            self._read_some()

    def _read_some(self) -> None:
        """Read some drawings, the visible ones first; other work runs before the next ones."""
        visible = cast("list[Correction]", self.thumbnails.visible)
        self._background.submit(lambda: self.drawings.read_some(visible), self._show_read)

    def _show_read(self, are_left: bool) -> None:
        visible = cast("list[Correction]", self.thumbnails.visible)
        if visible != self._read_and_shown:
            self.thumbnails.repaint()
            self._read_and_shown = visible if all(map(self.drawings.known, visible)) else []
        if are_left:
            self._read_some()
            return
        self._is_reading = False
        self._background.submit(self.drawings.sort, lambda _: self._show_all())

    # Editing

    def relabel(self, label: int | None) -> bool:
        """Give the selected drawings another label (None: no digit); False where none is."""
        return self.context.edit_menu.request(lambda: self._relabel(label))

    def _relabel(self, label: int | None) -> bool:
        if not self._selected or self._is_trash:
            return False
        self.context.edit_menu.relabel(self._selected, label, self._neighbours())
        return True

    def trash(self) -> bool:
        """Move the selected drawings to the trash, or restore them; False where none is."""
        return self.context.edit_menu.request(self._trash)

    def _trash(self) -> bool:
        if not self._selected:
            return False
        edits = self.context.edit_menu
        (edits.restore if self._is_trash else edits.trash)(self._selected, self._neighbours())
        return True

    def _neighbours(self) -> list[Correction]:
        """The drawings after the last selected one, then those before it, the nearest first."""
        order = cast("list[Correction]", self.thumbnails.order)
        index = self.thumbnails.rows.index(self.thumbnails.selected[-1])
        return [*order[index + 1 :], *reversed(order[:index])]

    def select_corrections(
        self, corrections: Sequence[Correction], count: int | None, on_done: Callable[[], object]
    ) -> None:
        """Select drawings once the list is up to date; see `View.select_corrections`."""

        def select(_: None) -> None:
            listed = [entry for entry in corrections if entry in self.thumbnails.rows]
            self.thumbnails.select([*listed[:count]])
            on_done()

        self._background.submit(lambda: None, select)

    def show_in_folder(self) -> None:
        """Show the file of the selected drawing in the file manager."""
        for entry in self._selected[:1]:
            show_in_folder(self, entry.path)

    def _open_on_pad(self) -> None:
        entry = cast("Correction | None", self.thumbnails.cursor)
        pixels = self.drawings.pixels(entry) if entry is not None else None
        if entry is not None and pixels is not None:
            original = self.original(entry)
            self.put_on_pad(original if original is not None else Image.fromarray(pixels))
            self.notify(f"On the pad: kept {kept_as(entry)}.")
