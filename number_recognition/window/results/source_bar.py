"""The bar above the results: what to evaluate on, the commands, and the result in a line."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from pathlib import Path
from tkinter import filedialog, ttk
from tkinter import font as tkfont

from number_recognition.digits.datasets import mnist
from number_recognition.learning.evaluation.evaluate_job import KEPT, MNIST
from number_recognition.session.session import Session
from number_recognition.storage.settings import resolve_path
from number_recognition.window.tables.short_names import shorten_middle
from number_recognition.window.toolkit.theme import BODY, scaled, scaled_by_text
from number_recognition.window.widgets.tooltip import Tooltip

_FOLDER = "folder"
SOURCES = {MNIST: "MNIST's test set", KEPT: "The kept drawings", _FOLDER: "A folder with 0 to 9 …"}


class SourceBar(ttk.Frame):
    """A choice of the source, two buttons, and a line of text.

    Events: `<<SourceChosen>>` after another `source` was chosen, `<<Evaluate>>`, `<<SavePlot>>`.

    Attributes:
        source: `MNIST`, `KEPT`, or a folder.
        question: the label "?" beside the text.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.source: str | Path = MNIST
        self._shown: tuple[str, Sequence[str]] = ("", ())
        gap = scaled(self, 8)
        self._build_row(gap)
        self._build_text(gap)

    def _build_row(self, gap: int) -> None:
        row = ttk.Frame(self)
        row.pack(fill="x")
        evaluate = ttk.Button(row, text="Evaluate", style="Accent.TButton")
        evaluate.configure(command=lambda: self.event_generate("<<Evaluate>>"))
        self._save = ttk.Button(
            row, text="Save …", command=lambda: self.event_generate("<<SavePlot>>")
        )
        self._box = ttk.Combobox(row, state="readonly", width=8, values=list(SOURCES.values()))
        self._box.lower()  # Tab stops there first
        self._box.bind("<<ComboboxSelected>>", lambda event: self._choose())
        self._source_tooltip = Tooltip(self._box, "")
        Tooltip(evaluate, "Count how often the network in use is right", "F7")
        Tooltip(self._save, "Save the plot shown as an image, or its numbers as a table")
        row.columnconfigure(0, weight=1)
        evaluate.grid(row=1, column=1, padx=gap)
        self._save.grid(row=1, column=2)
        row.bind("<Configure>", lambda event: self._arrange(event.width))
        self._arrange(0)

    def _arrange(self, width: int) -> None:
        """Place the choice beside the buttons, or above them where it would be too narrow."""
        is_narrow = 0 < width < scaled_by_text(self, 380)
        below = scaled(self, 8) if is_narrow else 0
        self._box.grid(
            row=0 if is_narrow else 1,
            column=0,
            columnspan=3 if is_narrow else 1,
            sticky="ew",
            pady=(0, below),
        )

    def _build_text(self, gap: int) -> None:
        self._line = row = ttk.Frame(self, padding=(0, gap))
        self.question = ttk.Label(row, text="?", style="Heading.TLabel")
        self.question.pack(side="right", anchor="n", padx=(gap, 0))
        self._text = ttk.Label(row, justify="left")
        self._text.pack(side="left", fill="x", expand=True)
        self._text_tooltip = Tooltip(self._text, "")
        for widget in (self._text, self._box):
            widget.bind("<Configure>", lambda event: self._fit(), add=True)

    def show(self, source: str | Path, text: str, names: Sequence[str] = ()) -> None:
        """Show a source and a line of text; `names` in it are shortened where they are long."""
        self.source = source
        self._shown = text, names
        self._fit()
        if text:
            self._line.pack(fill="x")
        else:
            self._line.pack_forget()

    def _fit(self) -> None:
        """Shorten what has no room in one line, and say the whole in a tooltip."""
        measure = tkfont.nametofont(BODY, self).measure
        source = SOURCES[self.source] if isinstance(self.source, str) else str(self.source)
        room = max(1, self._box.winfo_width() - scaled(self, 42))
        name = shorten_middle(source, room, measure) if self._box.winfo_width() > 1 else source
        if name != self._box.get():
            self._box.set(name)
        self._source_tooltip.text = source if name != source else ""
        text, names = whole, _ = self._shown
        if self._text.winfo_width() > 1:
            self._text.configure(wraplength=self._text.winfo_width())
            for each in names:
                short = shorten_middle(each, round(0.9 * self._text.winfo_width()), measure)
                text = text.replace(each, short)
        self._text.configure(text=text)
        self._text_tooltip.text = whole if text != whole else ""

    def enable_saving(self, enabled: bool) -> None:
        """Enable or disable the button that saves the plot."""
        self._save.state(["!disabled" if enabled else "disabled"])

    def _choose(self) -> None:
        source: str | Path = list(SOURCES)[self._box.current()]
        if source == _FOLDER:
            folder = filedialog.askdirectory(parent=self, title="A folder with 0 to 9 in it")
            source = Path(folder) if folder else self.source
        self.source = source
        self.event_generate("<<SourceChosen>>")


def first_source(session: Session) -> str:
    """`MNIST`, or `KEPT` where MNIST would have to be downloaded and drawings are kept."""
    file = mnist_file(session) or mnist.cache_file()
    return MNIST if file.is_file() or not session.corrections.digits() else KEPT


def mnist_file(session: Session) -> Path | None:
    """The file of MNIST that config.json names, None for Keras's cache."""
    path = session.config.paths.mnist
    return resolve_path(path, session.config_path) if path else None
