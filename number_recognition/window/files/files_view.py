"""The Files view: a folder of images and the prediction for each."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tkinter import filedialog, ttk
from typing import TYPE_CHECKING

from PIL import Image, ImageTk

from number_recognition.core.formatting import percent, pluralize
from number_recognition.digits.images.image_files import open_pages
from number_recognition.digits.images.image_lists import find_images
from number_recognition.digits.images.pages import Page, page_name
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import answer_text
from number_recognition.storage.recent_images import RECENT_FILE, RecentImages
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.pad_image import IMAGE_TYPES
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled, scaled_by_text
from number_recognition.window.toolkit.timer import Timer
from number_recognition.window.toolkit.view import View

if TYPE_CHECKING:
    from Recognition import Recognizer

_COLUMNS = (
    ("#0", "File", 160),
    ("prediction", "Prediction", 90),
    ("confidence", "Confidence", 90),
)
"""Name, heading and width of each column."""
_BATCH_SECONDS = 0.03
"""Time spent on predictions before Tk handles its events again."""
_PAUSE = 5
"""Milliseconds for Tk between two batches."""


class FilesView(View):
    """A table of image files with their predictions; the selected one is put on the pad.

    Attributes:
        table: a row for each file.
    """

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self._recent = RecentImages(self.session.home / RECENT_FILE)
        self._paths: dict[str, Path] = {}
        self._names: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        """Of the rows that show a page of a file: its number."""
        self._pages: tuple[str, Iterator[Page]] | None = None
        """The pages still to be read of a file, and the row of the last one."""
        self._thumbnails: list[ImageTk.PhotoImage] = []
        self._remaining: list[str] = []
        self._timer = Timer(self, self._read_batch)
        self._recognizer: Recognizer | None = None
        self._build_buttons()
        self._build_table()

    def _build_buttons(self) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(0, scaled(self, 8)))
        folder = ttk.Button(bar, text="Choose folder …", command=self._choose_folder)
        files = ttk.Button(bar, text="Choose files …", command=self._choose_files)
        self._summary = ttk.Label(self, style="Faint.TLabel")
        folder.pack(side="left")
        files.pack(side="left", padx=scaled(self, 8))
        self._summary.pack(side="bottom", anchor="w", pady=(scaled(self, 6), 0))

    def _build_table(self) -> None:
        frame = ttk.Frame(self)
        frame.pack(fill="both", expand=True)
        self._style = f"Files{id(self)}.Treeview"
        columns = [name for name, _, _ in _COLUMNS[1:]]
        self.table = ttk.Treeview(frame, columns=columns, style=self._style, selectmode="browse")
        for name, heading, _ in _COLUMNS:
            self.table.heading(name, text=heading, anchor="w")
        bar = ttk.Scrollbar(frame, command=self.table.yview)
        self.table.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self.table.pack(side="left", fill="both", expand=True)
        self.table.bind("<<TreeviewSelect>>", lambda event: self._open_selected())

    @property
    def busy(self) -> bool:
        """Whether files are still to be read."""
        return self._timer.pending

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """File, prediction and confidence of each row, as shown."""
        return [
            (
                self.table.item(row, "text").strip(),
                self.table.set(row, "prediction"),
                self.table.set(row, "confidence"),
            )
            for row in self.table.get_children()
        ]

    def refresh(self, reason: str) -> None:
        """Predict again after another network was loaded; list the default folder at first."""
        if reason in ("shown", "theme"):
            self._apply_theme()
        if reason == "shown" and not self._paths:
            self.list_folder(self.session.home / "images" / "testing")
        elif reason in ("shown", "network") and self.session.recognizer is not self._recognizer:
            self._start_reading()

    def _apply_theme(self) -> None:
        ttk.Style(self).configure(self._style, rowheight=scaled(self, 44))
        for name, _, width in _COLUMNS:
            self.table.column(name, width=scaled_by_text(self, width), stretch=name == "#0")
        self.table.tag_configure("unsure", foreground=palette(self).faint)
        self.table.tag_configure("error", foreground=palette(self).warning, font=CAPTION)

    def destroy(self) -> None:
        """Close the view and stop reading files."""
        self._timer.cancel()
        super().destroy()

    def list_folder(self, folder: Path) -> None:
        """List the image files of a folder and its subfolders."""
        self.list_files(find_images(folder, lambda error: self.notify(str(error))), folder)

    def list_files(self, paths: list[Path], folder: Path | None = None) -> None:
        """List image files, with names relative to a folder if one is given."""
        self.table.delete(*self.table.get_children())
        self._paths.clear()
        self._names.clear()
        self._numbers.clear()
        for path in paths:
            name = str(path.relative_to(folder)) if folder is not None else path.name
            row = self.table.insert("", "end", text=f"  {name}")
            self._paths[row], self._names[row] = path, name
        if not paths:
            self._summary.configure(text=f"No images in {folder}" if folder else "No images")
        self._start_reading()

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
            self.notify(f"The next dialog will not start in {folder.name}: {error}")

    def _start_reading(self) -> None:
        self._timer.cancel()
        self._recognizer = self.session.recognizer
        self._thumbnails.clear()
        self._pages = None
        self._remove_pages()
        self._remaining = list(self._paths)
        if self._remaining:
            self._timer.start(_PAUSE)

    def _remove_pages(self) -> None:
        """Remove the rows of further pages: they are added again when they are read."""
        further = [row for row, number in self._numbers.items() if number > 1]
        self.table.delete(*further)
        for row in further:
            del self._paths[row], self._names[row], self._numbers[row]

    def _read_batch(self) -> None:
        recognizer = self._recognizer
        if recognizer is None:
            return
        end = time.monotonic() + _BATCH_SECONDS
        while (self._remaining or self._pages) and time.monotonic() < end:
            self._read_next(recognizer)
        done, count = len(self._paths) - len(self._remaining), len(self._paths)
        files = pluralize(count, "image")
        self._summary.configure(text=files if done == count else f"{done:,} of {files}")
        if self._remaining or self._pages:
            self._timer.start(_PAUSE)

    def _read_next(self, recognizer: Recognizer) -> None:
        """Read the next page of a file, or begin with the next file."""
        if self._pages is None:
            row = self._remaining.pop(0)
            on_error = partial(self._show_file_error, row, self._paths[row])
            self._pages = (row, open_pages(self._paths[row], on_error))
        row, pages = self._pages
        page = next(pages, None)
        if page is None:
            self._pages = None
            return
        if page.number is not None:
            row = self._row_of_page(row, page.number)
            self._pages = (row, pages)
        thumbnail = ImageTk.PhotoImage(_make_thumbnail(page.image, scaled(self, 36)), master=self)
        self._thumbnails.append(thumbnail)
        self._show_prediction(row, thumbnail, recognizer.predict(page.image))

    def _row_of_page(self, row: str, number: int) -> str:
        """The row of a page; `row` is that of the page before, or of the file for the first."""
        if number > 1:
            path, name = self._paths[row], self._names[row]
            row = self.table.insert("", self.table.index(row) + 1)
            self._paths[row], self._names[row] = path, name
        self._numbers[row] = number
        self.table.item(row, text=f"  {page_name(self._names[row], number)}")
        return row

    def _show_file_error(self, row: str, path: Path, error: Exception) -> None:
        if row in self._numbers:  # a later page; those before it are shown
            self.notify(str(error))
            return
        reason = str(error).removeprefix(f"{path}: ")
        text = f"  {self._names[row]}: {reason}"
        self.table.item(row, text=text, tags="error", values=("–", ""))

    def _show_prediction(
        self, row: str, thumbnail: ImageTk.PhotoImage, prediction: Prediction
    ) -> None:
        answer = answer_text(prediction, self.session.config.recognition.unsure_below)
        confidence = "" if prediction.is_blank else percent(prediction.probability)
        tag = "sure" if answer.is_sure else "unsure"
        self.table.item(row, image=thumbnail, values=(answer.short, confidence), tags=tag)

    def _open_selected(self) -> None:
        for row in self.table.selection():
            number = self._numbers.get(row)
            for page in open_pages(self._paths[row], lambda error: self.notify(str(error))):
                if page.number == number:
                    self.put_on_pad(page.image)
                    break


def _make_thumbnail(image: Image.Image, side: int) -> Image.Image:
    """Scale an image down and centre it on a translucent square."""
    small = image.convert("RGBA")
    scale = side / max(small.size)
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    small = small.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    thumbnail = Image.new("RGBA", (side, side), (128, 128, 128, 40))
    thumbnail.alpha_composite(small, ((side - small.width) // 2, (side - small.height) // 2))
    return thumbnail
