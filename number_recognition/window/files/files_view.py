"""The Files view: a folder of images, and what the network reads in each."""

from __future__ import annotations

import time
import tkinter as tk
from pathlib import Path
from tkinter import filedialog, ttk

from PIL import Image, ImageTk

from number_recognition.core.formatting import percent, pluralize
from number_recognition.digits.images.image_files import find_images, open_image
from number_recognition.session.answer_text import answer_text
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.clipboard import IMAGE_TYPES
from number_recognition.window.toolkit.theme import CAPTION, palette, scaled, scaled_by_text
from number_recognition.window.toolkit.view import View

_COLUMNS = (("#0", "File", 160), ("answer", "Answer", 90), ("confidence", "Confidence", 110))
_BATCH_SECONDS = 0.03
"""So long at a time the window does nothing else while a folder is read."""


class FilesView(View):
    """Lists image files with their answers; a click puts one on the pad."""

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self._paths: dict[str, Path] = {}
        self._thumbnails: list[ImageTk.PhotoImage] = []
        self._waiting: list[str] = []
        self._reading: str | None = None
        self._recognizer = None
        self._build_buttons()
        self._build_table()
        self.bind("<Destroy>", lambda event: self._stop_reading())

    def _build_buttons(self) -> None:
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(0, scaled(self, 8)))
        folder = ttk.Button(bar, text="Choose a folder …", command=self._choose_folder)
        files = ttk.Button(bar, text="Choose files …", command=self._choose_files)
        self._summary = ttk.Label(self, style="Faint.TLabel")
        folder.pack(side="left")
        files.pack(side="left", padx=scaled(self, 8))
        self._summary.pack(side="bottom", anchor="w", pady=(scaled(self, 6), 0))

    def _build_table(self) -> None:
        holder = ttk.Frame(self)
        holder.pack(fill="both", expand=True)
        self._style = f"Files{id(self)}.Treeview"
        columns = ("answer", "confidence")
        self._table = ttk.Treeview(holder, columns=columns, style=self._style, selectmode="browse")
        for column, text, _ in _COLUMNS:
            self._table.heading(column, text=text, anchor="w")
        bar = ttk.Scrollbar(holder, command=self._table.yview)
        self._table.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self._table.pack(side="left", fill="both", expand=True)
        self._table.bind("<<TreeviewSelect>>", lambda event: self._pick())

    def refresh(self, reason: str) -> None:
        """Read the files again when the network is another, and the default folder at first."""
        if reason in ("shown", "theme"):
            style = ttk.Style(self)
            style.configure(self._style, rowheight=scaled(self, 44))
            for column, _, width in _COLUMNS:
                width = scaled_by_text(self, width)
                self._table.column(column, width=width, stretch=column == "#0")
            self._table.tag_configure("unsure", foreground=palette(self).faint)
            self._table.tag_configure("bad", foreground=palette(self).warning, font=CAPTION)
        if reason == "shown" and not self._paths:
            self.list_folder(self.session.home / "images" / "testing")
        elif reason in ("shown", "network") and self.session.recognizer is not self._recognizer:
            self._read_all()

    def list_folder(self, folder: Path) -> None:
        """List the image files of a folder and of the folders in it."""
        self.list_files(find_images(folder, lambda error: self.notify(str(error))), folder)

    def list_files(self, paths: list[Path], folder: Path | None = None) -> None:
        """List image files, named from a folder on where one is given."""
        self._table.delete(*self._table.get_children())
        self._paths.clear()
        for path in paths:
            name = str(path.relative_to(folder)) if folder is not None else path.name
            self._paths[self._table.insert("", "end", text=f"  {name}")] = path
        if not paths:
            self._summary.configure(text=f"No images in {folder or 'this choice'}")
        self._read_all()

    def _choose_folder(self) -> None:
        folder = filedialog.askdirectory(parent=self, title="A folder of images")
        if folder:
            self.list_folder(Path(folder))

    def _choose_files(self) -> None:
        names = filedialog.askopenfilenames(parent=self, title="Images", filetypes=IMAGE_TYPES)
        if names:
            self.list_files([Path(name) for name in names])

    def _read_all(self) -> None:
        self._stop_reading()
        self._recognizer = self.session.recognizer
        self._thumbnails.clear()
        self._waiting = list(self._paths)
        if self._waiting and self._recognizer is not None:
            self._reading = self.after(5, self._read_some)

    def _read_some(self) -> None:
        self._reading = None
        end = time.monotonic() + _BATCH_SECONDS
        while self._waiting and time.monotonic() < end:
            self._read_one(self._waiting.pop(0))
        done, count = len(self._paths) - len(self._waiting), len(self._paths)
        words = pluralize(count, "file")
        self._summary.configure(text=words if done == count else f"{done} of {words}")
        if self._waiting:
            self._reading = self.after(5, self._read_some)

    def _read_one(self, row: str) -> None:
        path = self._paths[row]
        try:
            image = open_image(path)
        except (ValueError, OSError) as error:
            why = str(error).removeprefix(f"{path}: ")
            name = self._table.item(row, "text").strip()
            self._table.item(row, text=f"  {name}: {why}", tags="bad", values=("–", ""))
            return
        prediction = self._recognizer.predict(image)
        thumbnail = ImageTk.PhotoImage(_thumbnail(image, scaled(self, 36)), master=self)
        self._thumbnails.append(thumbnail)
        answer = answer_text(prediction, self.session.config.recognition.unsure_below)
        confidence = "" if prediction.is_blank else percent(prediction.probability)
        tag = "sure" if answer.is_sure else "unsure"
        self._table.item(row, image=thumbnail, values=(answer.short, confidence), tags=tag)

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self.after_cancel(self._reading)
            self._reading = None

    def _pick(self) -> None:
        for row in self._table.selection():
            try:
                self.put_on_pad(open_image(self._paths[row]))
            except (ValueError, OSError) as error:
                self.notify(str(error))


def _thumbnail(image: Image.Image, side: int) -> Image.Image:
    small = image.convert("RGBA")
    scale = side / max(small.size)
    size = tuple(max(1, round(length * scale)) for length in small.size)
    small = small.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    placed = Image.new("RGBA", (side, side), (128, 128, 128, 40))
    placed.alpha_composite(small, ((side - small.width) // 2, (side - small.height) // 2))
    return placed
