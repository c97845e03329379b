"""Shown where a training needs MNIST and its file is missing: three ways to go on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, ttk

from number_recognition.core.formatting import percent_done
from number_recognition.core.progress import Progress
from number_recognition.digits.datasets import mnist
from number_recognition.window.toolkit.theme import scaled, wrap_to_width
from number_recognition.window.widgets.tooltip import Tooltip

_TEXT = (
    "MNIST is missing: 70,000 handwritten digits that networks usually learn from, in one file, "
    "mnist.npz. Choose it if you have it, download it once (11.5 MB), or train on digits that the "
    "program generates."
)


class MnistPage(ttk.Frame):
    """Choose mnist.npz, download it with progress and a button to stop, or do without.

    Events: `<<MnistChosen>>` after a file was chosen (`path`), `<<DownloadMnist>>`,
    `<<StopDownload>>`, `<<TrainSynthetic>>`, `<<Back>>`.

    Attributes:
        path: the file that was chosen last.
        buttons: by their texts.
        text: what is going on, as shown.
        time: a label that says how long a training on synthetic digits takes.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=scaled(parent, 16))
        self.path: Path | None = None
        self.text = ""
        self.buttons: dict[str, ttk.Button] = {}
        self._gap = scaled(self, 8)
        heading = ttk.Label(self, text=_TEXT)
        heading.pack(fill="x", pady=(0, 2 * self._gap))
        wrap_to_width(heading)
        self._build_buttons()
        self._build_progress()

    def _build_buttons(self) -> None:
        for text, event in (
            ("Choose mnist.npz …", ""),
            ("Download", "<<DownloadMnist>>"),
            ("Train on synthetic digits", "<<TrainSynthetic>>"),
            ("Back to the settings", "<<Back>>"),
        ):
            button = ttk.Button(self, text=text)
            button.configure(command=self._command(event))
            button.pack(anchor="w", pady=(0, self._gap))
            self.buttons[text] = button
        self.buttons["Download"].configure(style="Accent.TButton")
        Tooltip(self.buttons["Download"], "Get MNIST from the internet, and train then")
        source = ttk.Label(self, text=f"From {mnist.URL}", style="Faint.TLabel")
        self.time = ttk.Label(self, style="Faint.TLabel")
        for label, after in ((source, "Download"), (self.time, "Train on synthetic digits")):
            label.pack(fill="x", after=self.buttons[after], pady=(0, self._gap))
            wrap_to_width(label)

    def _command(self, event: str) -> Callable[[], object]:
        return (lambda: self.event_generate(event)) if event else self._choose

    def _build_progress(self) -> None:
        self._progress = ttk.Frame(self)
        self._bar = ttk.Progressbar(self._progress, maximum=1.0)
        self._bar.pack(side="left", fill="x", expand=True)
        stop = ttk.Button(
            self._progress, text="Stop", command=lambda: self.event_generate("<<StopDownload>>")
        )
        stop.pack(side="left", padx=(self._gap, 0))
        self.buttons["Stop"] = stop
        Tooltip(stop, "End the download", "Ctrl+F2")
        self._label = ttk.Label(self)
        self._label.pack(side="bottom", fill="x", pady=(self._gap, 0))
        wrap_to_width(self._label)

    def _choose(self) -> None:
        name = filedialog.askopenfilename(
            parent=self, title="MNIST", filetypes=[("MNIST", "*.npz"), ("All files", "*")]
        )
        if name:
            self.choose_file(Path(name))

    def choose_file(self, path: Path) -> None:
        """Use a file; says what is wrong with one that is not MNIST."""
        try:
            mnist.load(path)
        except (OSError, ValueError) as error:
            self.show_text(str(error), is_error=True)
            return
        self.path = path
        self.event_generate("<<MnistChosen>>")

    def show_progress(self, progress: Progress) -> None:
        """Show how much is downloaded."""
        self._progress.pack(fill="x", pady=self._gap)
        self._bar.configure(value=progress.done)
        self.show_text(f"{progress.message[:1].upper()}{progress.message[1:]} "
                       f"({percent_done(progress.done)})")  # fmt: skip

    def end_progress(self, text: str = "", is_error: bool = False) -> None:
        """Show that nothing is downloaded any more, and why."""
        self._progress.pack_forget()
        self.show_text(text, is_error)

    def show_text(self, text: str, is_error: bool = False) -> None:
        """Show what is going on."""
        self.text = text
        self._label.configure(text=text, style="Warning.TLabel" if is_error else "TLabel")
