"""The Drawings view: what was kept, to look through, to put right, to throw away and to import."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from PIL import Image

from number_recognition.core.formatting import pluralize
from number_recognition.digits.corrections.correction import Correction
from number_recognition.session.correction_edits import CorrectionEdits
from number_recognition.session.correction_list import (
    ALL,
    COPIES,
    NOT_A_DIGIT,
    TRASH,
    CorrectionList,
    by_label,
)
from number_recognition.session.session import Session
from number_recognition.window.drawings.descriptions import described, summary, tile, when
from number_recognition.window.drawings.imports import DrawingImports
from number_recognition.window.toolkit.background_work import Background, Steps
from number_recognition.window.toolkit.theme import scaled, scaled_by_text
from number_recognition.window.toolkit.view import View
from number_recognition.window.toolkit.view_keys import LABEL_KEYS, bind_view_keys
from number_recognition.window.widgets.drawing_details import DrawingDetails
from number_recognition.window.widgets.thumbnail_grid import ThumbnailGrid
from number_recognition.window.widgets.thumbnail_layout import Section

NEWEST, SURPRISING = "Newest first", "Most surprising first"


class DrawingsView(View):
    """Thumbnails by digit, and the chosen one large.

    Attributes:
        sheet: the thumbnails; their keys are corrections.
        shown: which drawings are shown, one of `CorrectionList.groups`.
        order: `NEWEST` or `SURPRISING`.
        summary: how many there are, in words.
        imports: what its menu "Import" does.
    """

    def __init__(self, parent: tk.Misc, session: Session) -> None:
        super().__init__(parent, session)
        self.shown, self.order = ALL, NEWEST
        self.summary = ""
        self.drawings = CorrectionList(session.corrections)
        self.changes = CorrectionEdits(session)
        self.imports = DrawingImports(self, self.changes, self.undo)
        self._background = Background(self)
        self._steps = Steps(self._background, self.notify)
        self._is_reading = False
        self._build_bar()
        self._build_sheet()
        self._connect()

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
        narrow = width < scaled_by_text(self, 420)
        for place, widget in enumerate((self.filter, self.sorting)):
            row, column = (place, 0) if narrow else (0, place)
            widget.grid(row=row, column=column, sticky="ew", padx=(0, scaled(self, 8)))
            widget.master.columnconfigure(place, weight=0 if narrow and place else 1)

    def _build_sheet(self) -> None:
        gap = scaled(self, 8)
        self.chosen = DrawingDetails(self, with_trash=True)
        self.chosen.pack(side="bottom", fill="x")
        self._summary = ttk.Label(self, style="Faint.TLabel")
        self._summary.pack(side="bottom", anchor="w", pady=gap)
        self.bind("<Configure>", lambda event: self._wrap_summary(), add=True)
        self.sheet = ThumbnailGrid(self, lambda entry: tile(entry, self.drawings))
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
        recognizer = self.session.recognizer
        network = recognizer.network if recognizer is not None else None
        self._background.do(
            lambda: self.drawings.list(network),
            lambda listed: self._show_listed(),
            lambda error: self.notify(f"Not listed: {error}"),
        )

    # Showing

    def show_only(self, shown: str, order: str | None = None) -> None:
        """Show some of the drawings (see `shown`), in the same order or another."""
        self.shown, self.order = shown, order or self.order
        self.sorting.set(self.order)
        self._show_all()

    def _choose_filter(self) -> None:
        self.show_only(list(self.drawings.groups)[self.filter.current()])

    def _choose_order(self) -> None:
        self.show_only(self.shown, self.sorting.get())

    def _show_all(self) -> None:
        groups = self.drawings.groups
        names = [f"{name} ({len(entries):,})" for name, entries in groups.items()]
        self.filter.configure(values=names)
        self.filter.set(names[list(groups).index(self.shown)])
        entries = groups[self.shown]
        if self.order == SURPRISING:
            entries = sorted(entries, key=self.drawings.surprise, reverse=True)
        self.sheet.show(self._sections(entries))
        self._show_summary()
        self._show_chosen()

    def _sections(self, entries: list[Correction]) -> list[Section]:
        if self.shown == COPIES and self.order == NEWEST:
            groups = self.drawings.copied
            return [Section(f"The same picture, {len(g)} times", g) for g in groups]
        if self.shown not in (ALL, TRASH) or self.order == SURPRISING:
            return [Section("", entries)]
        labels = by_label(entries)
        sections = []
        for label in (*range(10), None):
            if label in labels:
                name = NOT_A_DIGIT if label is None else str(label)
                sections.append(Section(f"{name}   –   {len(labels[label]):,}", labels[label]))
        return sections

    def _show_summary(self) -> None:
        self.summary = summary(self.drawings)
        self._summary.configure(text=self.summary)
        self._wrap_summary()

    def _wrap_summary(self) -> None:
        """Break the summary where the view ends; a view just made has no width yet."""
        width = self.winfo_width() - scaled(self, 30)
        self._summary.configure(wraplength=width if width > 0 else 0)

    def _show_chosen(self) -> None:
        entries = list(self.sheet.chosen)
        if not entries:
            words = "Choose a drawing to see it large; Return puts it on the pad."
            self.chosen.show(words if self.drawings.kept else "", None)
            return
        in_trash = self.shown == TRASH
        self.chosen.buttons["trash"].configure(text="Bring back" if in_trash else "Trash")
        can = ("trash",) if in_trash else ("relabel", "trash")
        if len(entries) > 1:
            self.chosen.show(f"{len(entries):,} drawings are chosen.", None, None, can)
            return
        [entry] = entries
        words = described(entry, self.drawings, self.session)
        self.chosen.show(words, self.drawings.pixels(entry), self._original(entry), (*can, "pad"))

    def _original(self, entry: Correction) -> object:
        try:
            return self.session.corrections.original(entry)
        except (ValueError, OSError):
            return None

    # Reading

    @property
    def is_reading(self) -> bool:
        """Whether drawings are still listed, read or changed."""
        return self._background.busy

    def _show_listed(self) -> None:
        self._show_all()
        if not self._is_reading:
            self._is_reading = True
            self._read_some()

    def _read_some(self) -> None:
        """Read a piece, those in sight first; what else is to be done comes between two pieces."""
        first = self.sheet.visible
        self._background.do(lambda: self.drawings.read_some(first), self._go_on_reading)

    def _go_on_reading(self, are_left: bool) -> None:
        self.sheet.repaint()
        if are_left:
            self._read_some()
            return
        self._is_reading = False
        self._background.do(self.drawings.sort, lambda sorted_: self._show_all())

    # Changing

    def relabel(self, label: int | None) -> bool:
        """Give the chosen drawings another label (None: no digit); False where none is chosen."""
        return self._steps.ask(lambda: self._relabel(label))

    def _relabel(self, label: int | None) -> bool:
        entries = list(self.sheet.chosen)
        if not entries or self.shown == TRASH:
            return False
        name = "no digit" if label is None else f"a {label}"
        return self._change(lambda: self.changes.relabel(entries, label), f"kept as {name} now")

    def trash(self) -> bool:
        """Move the chosen drawings to the trash, or back from it."""
        return self._steps.ask(self._trash)

    def _trash(self) -> bool:
        entries = list(self.sheet.chosen)
        if not entries:
            return False
        if self.shown == TRASH:
            return self._change(lambda: self.changes.restore(entries), "back from the trash")
        return self._change(lambda: self.changes.trash(entries), "in the trash")

    def undo(self) -> bool:
        """Take the last change made here back; False where there is none."""
        return self._steps.ask(self._undo)

    def _undo(self) -> bool:
        if not self.changes.can_undo:
            return False
        self._steps.run(self.changes.undo, self._undone, "Not undone")
        return True

    def _undone(self, back: list[Correction]) -> None:
        self.notify("Undone.")
        self._relist(lambda: [entry for entry in back if entry in self.sheet.rows])

    def _change(self, change: Callable[[], list[Correction]], words: str) -> bool:
        following = self._following()

        def changed(entries: list[Correction]) -> None:
            if not entries:
                self._steps.end()
                return
            count = pluralize(len(entries), "drawing is", "drawings are")
            self.notify(f"{count} {words}.", ("Undo", self.undo))
            self._relist(lambda: [entry for entry in following if entry in self.sheet.rows][:1])

        self._steps.run(change, changed, "Nothing was changed")
        return True

    def _relist(self, to_choose: Callable[[], list[Correction]]) -> None:
        """Let everything show what changed, choose what is to be chosen then, and end the step."""

        def listed(nothing: None) -> None:
            self.sheet.choose(to_choose())
            self._steps.end()

        self.event_generate("<<CorrectionsChanged>>")
        self._background.do(lambda: None, listed)

    def _following(self) -> list[Correction]:
        """The drawings after the last chosen one, and before it where there are none."""
        order = self.sheet.order
        place = self.sheet.rows.number(self.sheet.chosen[-1])
        return [*order[place + 1 :], *reversed(order[:place])]

    def _to_pad(self) -> None:
        entry = self.sheet.cursor
        pixels = self.drawings.pixels(entry) if entry is not None else None
        if pixels is not None:
            original = self._original(entry)
            self.put_on_pad(original if original is not None else Image.fromarray(pixels))
            self.notify(f"On the pad: kept {when(entry)}.")
