"""The pictures of one cell of the confusion matrix, the surest answers first."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from number_recognition.core.formatting import digit_name, percent, pluralize
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.answer_text import read_as
from number_recognition.window.results.confusion_matrix import Cell
from number_recognition.window.toolkit.theme import scaled
from number_recognition.window.widgets.drawing_details import DrawingDetails
from number_recognition.window.widgets.thumbnail_grid import Thumbnail, ThumbnailGrid
from number_recognition.window.widgets.thumbnail_layout import Section

_HINT = "Click a number, or press Return on it, to see its images; a digit beside shows its row."


class CellImages(ttk.Frame):
    """Thumbnails of a cell, and the chosen one large.

    Events: `<<PadWanted>>` for `current`, `<<Relabelled>>` for `chosen` to get `label`.

    Attributes:
        caption: what is shown, in words.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.caption = ""
        self._judged: EvaluationResult | None = None
        self._cell: Cell | None = None
        self._relabels = False
        gap = scaled(self, 4)
        self._caption = ttk.Label(self, style="Heading.TLabel")
        self._caption.pack(fill="x", pady=gap)
        self._large = DrawingDetails(self, pixel=3, flat=True)
        self._large.pack(side="bottom", fill="x", pady=(gap, 0))
        self.sheet = ThumbnailGrid(self, self._tile, height=84)
        self.sheet.pack(fill="both", expand=True)
        self._caption.bind(
            "<Configure>", lambda event: self._caption.configure(wraplength=event.width)
        )
        self.sheet.bind("<<TilesChosen>>", lambda event: self._show_large())
        self.sheet.bind("<<TileOpened>>", lambda event: self.event_generate("<<PadWanted>>"))
        for event in ("<<PadWanted>>", "<<Relabelled>>"):
            self._large.bind(event, lambda _, event=event: self.event_generate(event))

    @property
    def chosen(self) -> list[int]:
        """The numbers of the chosen pictures."""
        return list(self.sheet.chosen)

    @property
    def current(self) -> int | None:
        """The number of the picture that is shown large."""
        return self.sheet.cursor

    @property
    def label(self) -> int | None:
        """The label that was chosen for `chosen`."""
        return self._large.label

    def arrange(self) -> None:
        """Take the fonts and the colours that there are now."""
        self.sheet.arrange()
        self._show_large()

    def show(self, judged: EvaluationResult | None, cell: Cell | None, relabels: bool) -> None:
        """Show the images of a cell, or none.

        Args:
            judged: the evaluation.
            cell: true and predicted digit; -1 for all of them that were misread.
            relabels: whether they can be given another label.
        """
        self._judged, self._cell, self._relabels = judged, cell, relabels
        numbers: list[int] = []
        if judged is not None and cell is not None:
            row, column = (None if digit < 0 else digit for digit in cell)
            numbers = judged.evaluation.mistakes(row, column).tolist()
        self.caption = (
            _caption(cell, len(numbers), judged.evaluation.can_refuse) if cell is not None else ""
        )
        self._caption.configure(text=self.caption or (_HINT if judged is not None else ""))
        self.sheet.show([Section("", numbers)])
        self.sheet.choose(numbers[:1])

    def _tile(self, number: int) -> Thumbnail:
        evaluation = self._judged.evaluation
        label, answer = int(evaluation.labels[number]), int(evaluation.predictions[number])
        if -1 in self._cell:
            name = "none" if answer == NO_DIGIT else str(answer)
            return Thumbnail(self._judged.pixels[number], f"{label} read {name}")
        return Thumbnail(self._judged.pixels[number], percent(self._prediction(number).probability))

    def _prediction(self, number: int) -> Prediction:
        evaluation = self._judged.evaluation
        return Prediction.of(evaluation.probabilities[number], refuse_above=evaluation.refuse_above)

    def _show_large(self) -> None:
        number = self.current
        if number is None or not self.sheet.chosen or self._judged is None:
            self._large.show("", None)
            return
        can = ("pad", "relabel") if self._relabels else ("pad",)
        self._large.show(self._words(number), self._judged.pixels[number], None, can)

    def _words(self, number: int) -> str:
        evaluation = self._judged.evaluation
        prediction = self._prediction(number)
        paths = self._judged.paths
        name = paths[number].name if paths else f"MNIST test {number:,}"
        label = _sentence_name(int(evaluation.labels[number]))
        lines = [f"{label}, read as {read_as(prediction)}"]
        if not prediction.refused:
            second, _ = prediction.ranking()[1]
            lines.append(f"then {second}: {percent(prediction.outputs[second])}")
        return "\n".join([*lines, name])


def _caption(cell: Cell, count: int, can_refuse: bool) -> str:
    """What a cell, a row or a column stands for."""
    row, column = cell
    or_none = " or as none" if can_refuse else ""
    images = pluralize(count, "image")
    if row < 0 and column < 0:
        return f"All that were misread: {images}"
    if column < 0:
        return f"{_sentence_name(row)} read as another digit{or_none}: {images}"
    answer = digit_name(None if column == NO_DIGIT else column)
    if row < 0:
        return f"Another digit read as {answer}: {images}"
    if row == column:
        return f"{_sentence_name(row)} read right: {images}, the surest first"
    return f"{_sentence_name(row)} read as {answer}: {images}, the surest first"


def _sentence_name(digit: int) -> str:
    return digit_name(digit).capitalize()
