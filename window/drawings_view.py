"""The Drawings view: what was kept, to look through, to put right, to throw away and to import."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from PIL import Image

from digits.corrections import Correction
from learning.words import counted
from window.chosen import Chosen
from window.desk import Desk
from window.drawings_changes import DrawingChanges
from window.drawings_imports import DrawingImports
from window.drawings_list import KeptDrawings
from window.drawings_words import described, when
from window.look import scaled, text_scaled
from window.sheet import Section, Sheet, Tile
from window.view import View
from window.view_keys import LABEL_KEYS, bind_view_keys

ALL, MISREAD, COPIES, UNREADABLE, TRASH = (
    "All drawings", "Misread", "Duplicates", "Cannot be read", "Trash",
)  # fmt: skip
NEWEST, SURPRISING = "Newest first", "Most surprising first"
_BATCH_SECONDS = 0.02
"""So long at a time the window does nothing else while drawings are read."""


class DrawingsView(View):
    """Thumbnails by digit, and the chosen one large.

    Attributes:
        sheet: the thumbnails; their keys are corrections.
        shown: which drawings are shown: `ALL`, "0" to "9", "Not a digit", `MISREAD`, `COPIES`,
            `UNREADABLE` or `TRASH`.
        order: `NEWEST` or `SURPRISING`.
        summary: how many there are, in words.
        imports: what its menu "Import" does.
    """

    def __init__(self, parent: tk.Misc, desk: Desk) -> None:
        super().__init__(parent, desk)
        self.shown, self.order = ALL, NEWEST
        self.summary = ""
        self.drawings = KeptDrawings(desk.corrections)
        self.changes = DrawingChanges(desk)
        self.imports = DrawingImports(self, self.changes, self.undo)
        self._work: object = None
        self._due: str | None = None
        self._build_bar()
        self._build_sheet()
        self._connect()
        self.bind("<Destroy>", lambda event: self._stop_reading())

    def _build_bar(self) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(0, scaled(self, 8)))
        self.filter = ttk.Combobox(bar, state="readonly", width=14)
        self.sorting = ttk.Combobox(bar, state="readonly", width=14, values=(NEWEST, SURPRISING))
        menu = tk.Menu(bar, tearoff=False)
        menu.add_command(label="A folder with 0 to 9 in it …", command=self.imports.choose_folder)
        menu.add_command(label="A CSV of file and label …", command=self.imports.choose_csv)
        more = ttk.Menubutton(bar, text="Import", menu=menu)
        more.grid(row=0, column=2)
        bar.bind("<Configure>", lambda event: self._place_choices(event.width))
        self.sorting.set(NEWEST)

    def _place_choices(self, width: int) -> None:
        """Both side by side, or where their words need more room one below the other."""
        narrow = width < text_scaled(self, 420)
        for place, widget in enumerate((self.filter, self.sorting)):
            row, column = (place, 0) if narrow else (0, place)
            widget.grid(row=row, column=column, sticky="ew", padx=(0, scaled(self, 8)))
            widget.master.columnconfigure(place, weight=0 if narrow and place else 1)

    def _build_sheet(self) -> None:
        gap = scaled(self, 8)
        self.chosen = Chosen(self, with_trash=True)
        self.chosen.pack(side="bottom", fill="x")
        self._summary = ttk.Label(self, style="Faint.TLabel")
        self._summary.pack(side="bottom", anchor="w", pady=gap)
        self.bind("<Configure>", lambda event: self._wrap_summary(), add=True)
        self.sheet = Sheet(self, self._tile)
        self.sheet.pack(fill="both", expand=True)

    def _connect(self) -> None:
        self.filter.bind("<<ComboboxSelected>>", lambda event: self._choose_filter())
        self.sorting.bind("<<ComboboxSelected>>", lambda event: self._choose_order())
        self.sheet.bind("<<TilesChosen>>", lambda event: self._show_chosen())
        self.sheet.bind("<<TileOpened>>", lambda event: self._to_pad())
        self.chosen.bind("<<Relabelled>>", lambda event: self.relabel(self.chosen.label))
        self.chosen.bind("<<PadWanted>>", lambda event: self._to_pad())
        self.chosen.bind("<<TrashWanted>>", lambda event: self.trash())
        keys: dict[str, Callable[[], bool]] = {
            key: lambda label=label: self.relabel(label) for key, label in LABEL_KEYS.items()
        }
        bind_view_keys(self, {**keys, "Delete": self.trash, "Ctrl+Z": self.undo})

    def refresh(self, reason: str) -> None:
        """List what is kept now, and let the network in use judge it."""
        if reason == "drawing":
            return
        if reason == "theme":
            self.sheet.arrange()
            self._show_chosen()
            return
        recognizer = self.desk.recognizer
        self.drawings.judge_with(recognizer.network if recognizer is not None else None)
        self.drawings.list()
        self._read_in_pieces()
        self._show_all()

    # Showing

    def show_only(self, shown: str, order: str | None = None) -> None:
        """Show some of the drawings (see `shown`), in the same order or another."""
        self.shown, self.order = shown, order or self.order
        self.sorting.set(self.order)
        self._show_all()

    def _choose_filter(self) -> None:
        self.show_only(list(self._filters())[self.filter.current()])

    def _choose_order(self) -> None:
        self.show_only(self.shown, self.sorting.get())

    def _filters(self) -> dict[str, list[Correction]]:
        """What can be shown, by name."""
        drawings = self.drawings
        kept = drawings.kept
        digits = {str(digit): [e for e in kept if e.label == digit] for digit in range(10)}
        return {
            ALL: kept,
            **digits,
            "Not a digit": [entry for entry in kept if entry.label is None],
            MISREAD: [entry for entry in kept if drawings.is_misread(entry)],
            COPIES: [entry for group in drawings.copied() for entry in group],
            UNREADABLE: [entry for entry in kept if entry in drawings.problems],
            TRASH: drawings.trashed,
        }

    def _show_all(self) -> None:
        filters = self._filters()
        names = [f"{name} ({len(entries):,})" for name, entries in filters.items()]
        self.filter.configure(values=names)
        self.filter.set(names[list(filters).index(self.shown)])
        entries = filters[self.shown]
        if self.order == SURPRISING:
            entries = sorted(entries, key=self.drawings.surprise, reverse=True)
        self.sheet.show(self._sections(entries))
        self._show_summary(len(filters[MISREAD]))
        self._show_chosen()

    def _sections(self, entries: list[Correction]) -> list[Section]:
        if self.shown == COPIES and self.order == NEWEST:
            groups = self.drawings.copied()
            return [Section(f"The same picture, {len(g)} times", g) for g in groups]
        if self.shown not in (ALL, TRASH) or self.order == SURPRISING:
            return [Section("", entries)]
        sections = []
        for label in (*range(10), None):
            part = [entry for entry in entries if entry.label == label]
            if part:
                name = "Not a digit" if label is None else str(label)
                sections.append(Section(f"{name}   –   {len(part):,}", part))
        return sections

    def _show_summary(self, misread: int) -> None:
        kept, problems = len(self.drawings.kept), self.drawings.problems
        if not kept:
            words = "Nothing is kept yet: draw a digit and press the key of the digit it is."
        else:
            words = f"{kept:,} kept"
            words += f", {misread:,} of them misread today" if misread else ""
        if problems:
            entry, why = next(iter(problems.items()))
            name = f"{entry.path.parent.name}/{entry.path.name}"
            why = why.removeprefix(f"{entry.path}: ")
            words += f". Left alone, since unreadable: {len(problems)}, {name} for one ({why})"
        self.summary = words
        self._summary.configure(text=words)
        self._wrap_summary()

    def _wrap_summary(self) -> None:
        """Break the summary where the view ends; a view just made has no width yet."""
        width = self.winfo_width() - scaled(self, 30)
        self._summary.configure(wraplength=width if width > 0 else 0)

    def _tile(self, entry: Correction) -> Tile:
        drawings = self.drawings
        pixels = drawings.pixels(entry)
        label = "–" if entry.label is None else str(entry.label)
        if pixels is None:
            return Tile(None, "?", alarm=True)
        if drawings.is_misread(entry):
            return Tile(pixels, f"{label} read {drawings.prediction(entry).digit}", alarm=True)
        copies = len(drawings.copies(entry))
        return Tile(pixels, f"{label} ×{copies}" if copies else label)

    def _show_chosen(self) -> None:
        entries = list(self.sheet.chosen)
        if not entries:
            words = "Choose a drawing to see it large; Return puts it on the pad."
            self.chosen.show(words if self.drawings.kept else "", None)
            return
        in_trash = self.shown == TRASH
        self.chosen.buttons["trash"].configure(text="Bring back" if in_trash else "Trash")
        can = ("trash",) if in_trash else ("relabel", "trash")
        entry = self.sheet.cursor if self.sheet.cursor in entries else entries[0]
        if len(entries) > 1:
            self.chosen.show(f"{len(entries)} drawings are chosen.", None, None, can)
            return
        words = described(entry, self.drawings, self.desk)
        self.chosen.show(words, self.drawings.pixels(entry), self._original(entry), (*can, "pad"))

    def _original(self, entry: Correction) -> object:
        try:
            return self.desk.corrections.original(entry)
        except (ValueError, OSError):
            return None

    # Reading

    def _read_in_pieces(self) -> None:
        self._stop_reading()
        self._work = self.drawings.read_some()
        self._due = self.after(5, self._read_some)

    def _read_some(self) -> None:
        self._due = None
        end = time.monotonic() + _BATCH_SECONDS
        while time.monotonic() < end:
            try:
                next(self._work)
            except StopIteration:
                self._work = None
                self._show_all()
                return
        self.sheet.repaint()
        self._due = self.after(5, self._read_some)

    @property
    def is_reading(self) -> bool:
        """Whether there are drawings that were not read yet."""
        return self._due is not None

    def _stop_reading(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
            self._due = None

    # Changing

    def relabel(self, label: int | None) -> bool:
        """Give the chosen drawings another label (None: no digit); False where none is chosen."""
        entries = list(self.sheet.chosen)
        if not entries or self.shown == TRASH:
            return False
        name = "no digit" if label is None else f"a {label}"
        return self._change(lambda: self.changes.relabel(entries, label), f"kept as {name} now")

    def trash(self) -> bool:
        """Move the chosen drawings to the trash, or back from it."""
        entries = list(self.sheet.chosen)
        if not entries:
            return False
        if self.shown == TRASH:
            return self._change(lambda: self.changes.restore(entries), "back from the trash")
        return self._change(lambda: self.changes.trash(entries), "in the trash")

    def undo(self) -> bool:
        """Take the last change made here back; False where there is none."""
        if not self.changes.can_undo:
            return False
        try:
            back = self.changes.undo()
        except OSError as error:
            self.tell(f"Not undone: {error}")
            return True
        self.event_generate("<<CorrectionsChanged>>")
        self.sheet.choose([entry for entry in back if entry in self._listed()])
        self.tell("Undone.")
        return True

    def _change(self, change: Callable[[], list[Correction]], words: str) -> bool:
        following = self._following()
        try:
            changed = change()
        except OSError as error:
            self.tell(f"Nothing was changed: {error}")
            return True
        if changed:
            self.event_generate("<<CorrectionsChanged>>")
            self.sheet.choose([entry for entry in following if entry in self._listed()][:1])
            count = counted(len(changed), "drawing is", "drawings are")
            self.tell(f"{count} {words}.", ("Undo", self.undo))
        return True

    def _following(self) -> list[Correction]:
        """The drawings after the last chosen one, and before it where there are none."""
        order = self.sheet.order
        place = order.index(self.sheet.chosen[-1])
        return [*order[place + 1 :], *reversed(order[:place])]

    def _listed(self) -> set[Correction]:
        return set(self.sheet.order)

    def _to_pad(self) -> None:
        entry = self.sheet.cursor
        pixels = self.drawings.pixels(entry) if entry is not None else None
        if pixels is not None:
            original = self._original(entry)
            self.put_on_pad(original if original is not None else Image.fromarray(pixels))
            self.tell(f"On the pad: kept {when(entry)}.")
