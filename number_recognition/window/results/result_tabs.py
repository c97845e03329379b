"""The tabs of the Results view: the confusion matrix with its images, the reliability diagram."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.window.dialogs.glossary import link_to_glossary
from number_recognition.window.results.cell_images import CellImages
from number_recognition.window.results.confusion_matrix import ConfusionMatrix
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame
from number_recognition.window.widgets.tabs import Tabs

if TYPE_CHECKING:
    from number_recognition.window.results.plots import Reliability

_TERMS = ("Confusion matrix", "Calibration")
_FILE_NAMES = ("confusion", "confidence")


class ResultTabs(Tabs):
    """Two tabs.

    Attributes:
        matrix: the confusion matrix.
        images: the images of its selected cell.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._evaluation: Evaluation | None = None
        self._reliability: Reliability | None = None
        confusion = self._build_confusion()
        self._confidence = ttk.Frame(self, padding=scaled(self, 6))
        self.add(confusion, text="Confusion")
        self.add(self._confidence, text="Confidence")
        self.bind("<<NotebookTabChanged>>", lambda event: self._show_reliability())

    def _build_confusion(self) -> ttk.Frame:
        confusion = ttk.Frame(self, padding=scaled(self, 6))
        self._scrolled = ScrolledFrame(confusion)
        self._scrolled.pack(fill="both", expand=True)
        self.matrix = ConfusionMatrix(self._scrolled.inside)
        self.matrix.room = self._scrolled.winfo_width
        self.matrix.pack(fill="x")
        self.images = CellImages(self._scrolled.inside)
        self.images.pack(fill="both", expand=True)
        self._scrolled.bind_wheel()
        self.images.filter.bind(
            "<<CellChosen>>", lambda event: self.matrix.select(self.images.filter.cell)
        )
        return confusion

    def bind_term(self, label: ttk.Label) -> None:
        """Let a click on a label open the glossary at the term of the selected tab."""
        link_to_glossary(label, lambda: _TERMS[self._index])

    @property
    def _index(self) -> int:
        return int(self.index("current"))

    @property
    def file_name(self) -> str:
        """The name for a file of the selected plot, without its ending."""
        return _FILE_NAMES[self._index]

    def show(self, result: EvaluationResult | None, can_relabel: bool = False) -> None:
        """Show another evaluation, no cell of it selected: all images that were misread."""
        self._evaluation = result.evaluation if result is not None else None
        self.matrix.show(self._evaluation)
        self.images.show(result, None, can_relabel)
        self._show_reliability()

    def show_images(self, result: EvaluationResult | None, can_relabel: bool) -> None:
        """Show the images of the selected cell, and scroll to them."""
        self.images.show(result, self.matrix.selected, can_relabel)
        self.update_idletasks()
        self._scrolled.see(self.images)

    def _show_reliability(self) -> None:
        """Show the reliability diagram when its tab is selected: importing Matplotlib is slow."""
        if self._index != 1:
            return
        if self._reliability is None:
            from number_recognition.window.results.plots import Reliability

            self._reliability = Reliability(self._confidence)
            self._reliability.pack(fill="both", expand=True)
            self._reliability.update_idletasks()
        self._reliability.show(self._evaluation)

    def recolour(self) -> None:
        """Apply the current theme and fonts."""
        self._scrolled.recolour()
        self.matrix.arrange()
        self.images.arrange()
        if self._reliability is not None:
            self._reliability.recolour()

    def write(self, evaluation: Evaluation, title: str, path: Path) -> None:
        """Save the selected plot as PNG or SVG, or its numbers as CSV.

        Raises:
            ValueError: the file has another ending.
            OSError: it cannot be written.
        """
        from number_recognition.window.results.plots import write_matrix

        if self._index == 0 or self._reliability is None:
            write_matrix(evaluation, title, path)
        else:
            self._reliability.write(path)
