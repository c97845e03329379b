"""The images of one cell of the confusion matrix, the highest confidence first."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import cast

from number_recognition.core.formatting import digit_name, percent, pluralize
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import read_as
from number_recognition.window.results.cell_filter import CellFilter
from number_recognition.window.results.confusion_matrix import ALL_MISREAD, Cell
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.drawing_details import DrawingDetails
from number_recognition.window.widgets.thumbnail_grid import ThumbnailGrid
from number_recognition.window.widgets.thumbnail_layout import Section
from number_recognition.window.widgets.thumbnail_painter import Thumbnail

_HINT = "Click a number to see its images; click a digit to see its row or column."


class CellImages(ttk.Frame):
    """Thumbnails of a cell, and the selected one large.

    Events: `<<OpenOnPad>>` for `current`, `<<Relabelled>>` for `selected` to get `label`.

    Attributes:
        caption: what is shown, as text.
        filter: chooses the cell by its digits.
        thumbnails: a thumbnail for each image; their keys are rows of the evaluation.
        details: the image that is shown large.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.caption = ""
        self._result: EvaluationResult | None = None
        self._cell: Cell | None = None
        self._can_relabel = False
        self._build()
        for event in ("<<OpenOnPad>>", "<<Relabelled>>"):
            self.details.bind(event, lambda _, event=event: self.event_generate(event))

    def _build(self) -> None:
        gap = scaled(self, 4)
        self._caption = ttk.Label(self, style="Heading.TLabel")
        self._caption.pack(fill="x", pady=gap)
        self.filter = CellFilter(self)
        self.filter.pack(fill="x", pady=(0, gap))
        self.details = DrawingDetails(self, pixel=3, flat=True)
        self.details.pack(side="bottom", fill="x", pady=(gap, 0))
        self.thumbnails = ThumbnailGrid(
            self, lambda row: self._thumbnail(cast("int", row)), height=84
        )
        self.thumbnails.pack(fill="both", expand=True)
        self._caption.bind(
            "<Configure>", lambda event: self._caption.configure(wraplength=event.width)
        )
        self.thumbnails.bind("<<SelectionChanged>>", lambda event: self._show_details())
        self.thumbnails.canvas.bind(
            "<<ContextMenu>>", lambda event: self.details.post_menu(event.x_root, event.y_root)
        )
        self.thumbnails.bind(
            "<<ThumbnailOpened>>", lambda event: self.event_generate("<<OpenOnPad>>")
        )

    @property
    def selected(self) -> list[int]:
        """The rows of the selected images."""
        return cast("list[int]", list(self.thumbnails.selected))

    @property
    def current(self) -> int | None:
        """The row of the image that is shown large."""
        return cast("int | None", self.thumbnails.cursor)

    @property
    def label(self) -> int | None:
        """The label that was chosen for `selected`."""
        return self.details.label

    def arrange(self) -> None:
        """Apply the current fonts and colours."""
        self.thumbnails.arrange()
        self._show_details()

    def show(self, result: EvaluationResult | None, cell: Cell | None, can_relabel: bool) -> None:
        """Show the images of a cell, or none.

        Args:
            result: the evaluation.
            cell: true and predicted digit; -1 for all digits, but for what was read correctly.
                None for all misread images.
            can_relabel: whether the images are kept drawings, which can be relabelled.
        """
        self._result, self._cell, self._can_relabel = result, cell, can_relabel
        rows: list[int] = []
        self.caption = ""
        if result is not None:
            cell = self._cell = cell or ALL_MISREAD
            true, predicted = (None if digit < 0 else digit for digit in cell)
            rows = result.evaluation.mistakes(true, predicted).tolist()
            self.caption = _caption(cell, len(rows), result.evaluation.can_refuse)
        self.filter.show(cell if result is not None else None)
        self._caption.configure(text=self.caption or (_HINT if result is not None else ""))
        self.thumbnails.show([Section("", rows)])
        self.thumbnails.select([*rows[:1]])

    @property
    def _shown_result(self) -> EvaluationResult:
        """The evaluation that the images are of; only used while some are shown."""
        assert self._result is not None
        return self._result

    def _thumbnail(self, row: int) -> Thumbnail:
        evaluation = self._shown_result.evaluation
        label, answer = int(evaluation.labels[row]), int(evaluation.predictions[row])
        if self._cell is not None and -1 in self._cell:
            name = "–" if answer == NO_DIGIT else str(answer)
            return Thumbnail(self._shown_result.pixels[row], f"{label} read {name}")
        return Thumbnail(self._shown_result.pixels[row], percent(self._prediction(row).probability))

    def _prediction(self, row: int) -> Prediction:
        evaluation = self._shown_result.evaluation
        return Prediction.of(evaluation.probabilities[row], refuse_above=evaluation.refuse_above)

    def _show_details(self) -> None:
        row = self.current
        if row is None or not self.thumbnails.selected or self._result is None:
            self.details.show("", None)
            return
        enabled = ("pad", "relabel") if self._can_relabel else ("pad",)
        self.details.show(self._describe(row), self._shown_result.pixels[row], None, enabled)

    def _describe(self, row: int) -> str:
        evaluation = self._shown_result.evaluation
        prediction = self._prediction(row)
        paths = self._shown_result.paths
        name = paths[row].name if paths else f"MNIST test {row:,}"
        label = _sentence_name(int(evaluation.labels[row]))
        lines = [f"{label}, read as {read_as(prediction)}"]
        if not prediction.refused:
            second, _ = prediction.ranking()[1]
            lines.append(f"then {second}: {percent(prediction.outputs[second])}")
        return "\n".join([*lines, name])


def _caption(cell: Cell, count: int, can_refuse: bool) -> str:
    """The heading for the images of a cell, a row or a column of the matrix."""
    or_none = " or as none" if can_refuse else ""
    row, column = cell
    images = pluralize(count, "image")
    if row < 0 and column < 0:
        return f"All that were misread: {images}"
    if column < 0:
        return f"{_sentence_name(row)} read as another digit{or_none}: {images}"
    answer = digit_name(None if column == NO_DIGIT else column)
    if row < 0:
        return f"Another digit read as {answer}: {images}"
    if row == column:
        return f"{_sentence_name(row)} read correctly: {images}, the highest confidence first"
    return f"{_sentence_name(row)} read as {answer}: {images}, the highest confidence first"


def _sentence_name(digit: int) -> str:
    return digit_name(digit).capitalize()
