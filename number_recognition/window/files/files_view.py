"""The Files view: a folder of images and the number read in each."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tkinter import filedialog, ttk
from typing import TYPE_CHECKING

from PIL import Image

from number_recognition.core.formatting import pluralize
from number_recognition.digits.corrections.export import TABLE
from number_recognition.digits.images.image_files import open_pages
from number_recognition.digits.images.image_lists import find_images
from number_recognition.digits.images.pages import Page
from number_recognition.learning.evaluation.picture_labels import Labels, Score
from number_recognition.learning.reading.batches import read_images_in_steps
from number_recognition.learning.reading.groups import BATCH_SIZE
from number_recognition.storage.recent_images import RECENT_FILE, RecentImages
from number_recognition.window.files.file_table import ALL, KINDS, FileTable, Row
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.theme import scaled, scaled_by_text
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.toolkit.view import View
from number_recognition.window.widgets.context_menu import ContextMenu, RowMenu
from number_recognition.window.widgets.desktop import file_manager_name, show_in_folder
from number_recognition.window.widgets.pictures import IMAGE_TYPES
from number_recognition.window.widgets.scrolled_frame import add_scrollbars

if TYPE_CHECKING:
    from Recognition import Recognizer

_SLICE_SECONDS = 0.03
"""Time spent on reading before Tk handles its events again."""
_OPEN_SECONDS = 0.05
"""Time spent on opening files before those that are open are read."""
_NO_FILES = "Every image of a folder is listed here with the digit it is read as."
_PAUSE = 5
"""Milliseconds for Tk between two slices."""


class FilesView(View):
    """A table of image files with what is read in them; the selected one is put on the pad.

    Attributes:
        table: a row for each file, or each page of it.
        kind_box: chooses which rows are shown.
        menu: what can be done with the selected row.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self._recent = RecentImages(self.session.home / RECENT_FILE)
        self._unread: list[str] = []
        """The rows of files that are still to be opened."""
        self._work: Iterator[None] = iter(())
        self._timer = Timer(self, self._read_on)
        self._recognizer: Recognizer | None = None
        self._score = Score()
        self._build_buttons()
        self._build_table()

    def _build_buttons(self) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(0, scaled(self, 8)))
        folder = ttk.Button(bar, text="Choose folder …", command=self._choose_folder)
        files = ttk.Button(bar, text="Choose files …", command=self._choose_files)
        self.kind_box = ttk.Combobox(bar, state="readonly", width=12, values=list(KINDS))
        self.kind_box.set(ALL)
        self.kind_box.bind("<<ComboboxSelected>>", lambda event: self._choose_kind())
        self._summary = ttk.Label(self, style="Faint.TLabel")
        gap = scaled(self, 8)
        folder.grid(row=0, column=0, padx=(0, gap))
        files.grid(row=0, column=1, padx=(0, gap))
        bar.columnconfigure(2, weight=1)
        bar.bind("<Configure>", lambda event: self._arrange(event.width))
        self._arrange(0)
        self._summary.pack(side="bottom", anchor="w", pady=(scaled(self, 6), 0))

    def _arrange(self, width: int) -> None:
        """Place the choice beside the buttons, or below them where it would be too narrow."""
        self.kind_box.grid_forget()
        if 0 < width < scaled_by_text(self, 400):
            above = scaled(self, 8)
            self.kind_box.grid(row=1, column=0, columnspan=3, sticky="ew", pady=(above, 0))
        else:
            self.kind_box.grid(row=0, column=2, sticky="ew")

    def _build_table(self) -> None:
        frame = ttk.Frame(self)
        frame.pack(fill="both", expand=True)
        self.table = FileTable(frame)
        add_scrollbars(self.table, horizontal=True)
        self.table.bind("<<TreeviewSelect>>", lambda event: self._open_selected())
        self.menu = RowMenu(self.table, self._add_entries)

    def _add_entries(self, menu: ContextMenu) -> None:
        """Offer what can be done with the selected file."""
        [row] = self.table.selection()
        menu.add("Open on pad", self._open_selected)
        menu.add(file_manager_name(), partial(show_in_folder, self, self.table.entries[row].path))

    @property
    def busy(self) -> bool:
        """Whether files are still to be read."""
        return self._timer.pending

    @property
    def summary(self) -> str:
        """The line below the table."""
        return str(self._summary.cget("text"))

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What each row shows: the file, what is read and how probable it is.

        Where there are labels, the label and whether it is read so follow.
        """
        columns = self.table.cget("displaycolumns")
        return [
            (
                self.table.name_of(row),
                *(self.table.set(row, column) for column in columns),
            )
            for row in self.table.get_children()
        ]

    def refresh(self, reason: str) -> None:
        """Read again after another network was loaded; list the default folder at first."""
        if reason in ("shown", "theme"):
            self.table.apply_theme()
        if reason == "shown" and not self.table.entries:
            self.list_folder(self.session.home / "images" / "testing")
        elif reason in ("shown", "network") and self.session.recognizer is not self._recognizer:
            self._start_reading()

    def destroy(self) -> None:
        """Close the view and stop reading files."""
        self._timer.cancel()
        super().destroy()

    def list_folder(self, folder: Path) -> None:
        """List the image files of a folder and its subfolders."""
        self.list_files(find_images(folder, self.context.show_error), folder)

    def list_files(self, paths: list[Path], folder: Path | None = None) -> None:
        """List image files, with names relative to a folder if one is given."""
        self.table.clear()
        labels = self._labels(paths, folder)
        for path in paths:
            name = str(path.relative_to(folder)) if folder is not None else path.name
            self.table.add(Row(path, name, labels.find(path)))
        self.table.show_labels(any(row.label for row in self.table.entries.values()))
        if paths:
            self.empty_page.uncover()
        else:
            found = f" There is none in {folder}." if folder is not None else ""
            self.empty_page.cover(f"{_NO_FILES}{found}", "Choose folder …", self._choose_folder)
        self._start_reading()

    def _labels(self, paths: list[Path], folder: Path | None) -> Labels:
        """The labels that stand in a labels.csv beside the files."""
        folders = dict.fromkeys([*([folder] if folder else []), *(path.parent for path in paths)])
        known: dict[str, str] = {}
        for table in (each / TABLE for each in folders):
            try:
                if table.is_file():
                    known |= Labels.read(table, self.context.show_error).by_path
            except (OSError, ValueError) as error:
                self.context.show_error(error)
        return Labels(known)

    def _choose_folder(self) -> None:
        folder = filedialog.askdirectory(
            parent=self, title="Choose a folder of images", initialdir=self._recent.folder()
        )
        if folder:
            self._remember(Path(folder))
            self.list_folder(Path(folder))

    def _choose_files(self) -> None:
        names = filedialog.askopenfilenames(
            parent=self,
            title="Choose images",
            filetypes=IMAGE_TYPES,
            initialdir=self._recent.folder(),
        )
        if names:
            self._remember(Path(names[0]).parent)
            self.list_files([Path(name) for name in names])

    def _remember(self, folder: Path) -> None:
        """Start the next dialog in this folder."""
        try:
            self._recent.set_folder(folder)
        except OSError as error:
            self.context.show_error(f"The next dialog will not start in {folder.name}: {error}")

    def _choose_kind(self) -> None:
        self.table.choose_kind(self.kind_box.get())
        self._show_summary()

    def _start_reading(self) -> None:
        self._timer.cancel()
        self._recognizer = self.session.recognizer
        self._score = Score()
        self.table.forget_read()
        self._unread = list(self.table.entries)
        if self._unread and self._recognizer is not None:
            self._work = self._reading(self._recognizer)
            self._timer.start(_PAUSE)

    def _read_on(self) -> None:
        end = time.monotonic() + _SLICE_SECONDS
        for _ in self._work:
            if time.monotonic() > end:
                self._timer.start(_PAUSE)
                break
        self._show_summary()

    def _reading(self, recognizer: Recognizer) -> Iterator[None]:
        """Read all files in batches, as the predict command does, in short steps."""
        network, refuse_above = recognizer.network, recognizer.refuse_above
        unsure_below = self.session.config.recognition.unsure_below
        batch: list[tuple[str, Image.Image]] = []
        start = time.monotonic()
        for opened in self._opening():
            if opened is not None:
                batch.append(opened)
            is_full = len(batch) == BATCH_SIZE or time.monotonic() - start > _OPEN_SECONDS
            if batch and (is_full or opened is None):
                images = [image for _, image in batch]
                rows = iter(batch)
                for read in read_images_in_steps(images, network, refuse_above):
                    if read is not None:
                        row, image = next(rows)
                        self.table.set_read(row, image, read, unsure_below)
                        self._score.add(self.table.entries[row].correct)
                    yield
                batch, start = [], time.monotonic()
            yield

    def _opening(self) -> Iterator[tuple[str, Image.Image] | None]:
        """Open the pages of the files one after another: the row and the image; None at the end."""
        while self._unread:
            row = self._unread.pop(0)
            pages = open_pages(self.table.entries[row].path, partial(self._show_file_error, row))
            for page in pages:
                row = self._row_of_page(row, page)
                yield row, page.image
        yield None

    def _row_of_page(self, row: str, page: Page) -> str:
        """The row of a page; `row` is that of the page before, or of the file for the first."""
        if page.number is None:
            return row
        if page.number > 1:
            before = self.table.entries[row]
            row = self.table.add(Row(before.path, before.name, before.label), after=row)
        self.table.set_page(row, page.number)
        return row

    def _show_file_error(self, row: str, error: Exception) -> None:
        entry = self.table.entries[row]
        if entry.page is not None:  # a later page; those before it are shown
            self.context.show_error(error)
        else:
            self.table.set_error(row, str(error).removeprefix(f"{entry.path}: "))

    def _show_summary(self) -> None:
        count = len(self.table.entries)
        done = count - len(self._unread)
        files = pluralize(count, "image")
        text = files if done == count else f"{done:,} of {files}"
        if self._score.labelled:
            text += f", {self._score}"
        if self.table.kind != ALL:
            text += f", {len(self.table.get_children()):,} shown"
        self._summary.configure(text=text)

    def _open_selected(self) -> None:
        for row in self.table.selection():
            entry = self.table.entries[row]
            for page in open_pages(entry.path, self.context.show_error):
                if page.number == entry.page:
                    self.put_on_pad(page.image)
                    break
