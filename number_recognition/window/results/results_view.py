"""The Results view: evaluates the network in use; confusion matrix, its images, calibration."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PIL import Image

from number_recognition.core.formatting import percent
from number_recognition.digits.corrections.correction import Correction
from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.runs.display_names import display_name
from number_recognition.session.evaluated_corrections import with_current_labels
from number_recognition.window.charts.plot_file import save_plot
from number_recognition.window.results.evaluations import Evaluations
from number_recognition.window.results.result_tabs import ResultTabs
from number_recognition.window.results.source_bar import SourceBar, first_source
from number_recognition.window.toolkit.app_context import AppContext
from number_recognition.window.toolkit.background_work import BackgroundThread
from number_recognition.window.toolkit.view import EmptyPage, View
from number_recognition.window.toolkit.view_keys import LABEL_KEYS, bind_view_keys
from number_recognition.window.widgets.pictures import copy_picture


class ResultsView(View):
    """The last evaluation; its kept drawings can be relabelled.

    Attributes:
        result: the last evaluation, with the labels that kept drawings have now; None before.
        source: what the next one is of: `MNIST`, `KEPT`, or a folder.
        summary: the last evaluation in a line.
        matrix, images: the confusion matrix and the images of its selected cell.
    """

    least_height = 440

    def __init__(self, parent: tk.Misc, context: AppContext) -> None:
        super().__init__(parent, context)
        self.result: EvaluationResult | None = None
        self._evaluated: EvaluationResult | None = None
        self.source: str | Path = first_source(self.session)
        self.summary = ""
        self._background = BackgroundThread(self)
        self._bar = SourceBar(self)
        self._bar.pack(fill="x")
        self._build_tabs()
        self._connect()
        self._show()

    def _build_tabs(self) -> None:
        self._tabs = ResultTabs(self)
        self._tabs.pack(fill="both", expand=True)
        self.matrix, self.images = self._tabs.matrix, self._tabs.images
        self._page = EmptyPage(self._tabs)
        self._evaluations = Evaluations(self, self, self._page)

    def _connect(self) -> None:
        for widget in (self, self._bar):
            widget.bind("<<Evaluate>>", lambda event: self.evaluate())
        self._bar.bind("<<SavePlot>>", lambda event: self.save_plot())
        self._bar.bind("<<SourceChosen>>", lambda event: self.evaluate_on(self._bar.source))
        self._tabs.bind_term(self._bar.question)
        self.matrix.bind("<<CellSelected>>", lambda event: self._show_images())
        self.matrix.bind("<<SavePlot>>", lambda event: self.save_plot())
        self.matrix.bind("<<CopyPlot>>", lambda event: copy_picture(self, self._picture))
        self.images.bind("<<OpenOnPad>>", lambda event: self._open_on_pad())
        self.images.bind("<<Relabelled>>", lambda event: self.relabel(self.images.label))
        keys: dict[str, Callable[[], bool]] = {
            key: partial(self.relabel, label) for key, label in LABEL_KEYS.items()
        }
        bind_view_keys(self, keys)

    def refresh(self, reason: str) -> None:
        """Show the labels that kept drawings have now, the network in use, and the theme."""
        if reason == "theme":
            self._tabs.recolour()
        elif reason in ("shown", "network", "corrections"):
            self._show_summary()
            if reason != "network":
                self._update_labels()
            self._evaluations.show_current(may_start=reason == "shown")

    # Evaluating

    def evaluate_on(self, source: str | Path) -> None:
        """Evaluate the network on `MNIST`, on `KEPT` or on a folder."""
        self.source = source
        self.evaluate()

    def evaluate(self) -> None:
        """Evaluate the network in use, as a job."""
        self._show_summary()
        self._evaluations.start()

    def show_evaluated(self, result: EvaluationResult) -> None:
        """Show an evaluation."""
        self.result = self._evaluated = result
        self._page.uncover()
        self._show()
        self._update_labels()

    # Showing

    def _show(self) -> None:
        self._bar.enable_saving(self.result is not None)
        self._show_summary()
        self._tabs.show(self.result, self._has_kept_drawings)

    def _show_summary(self) -> None:
        self.summary = self._summarize()
        networks = [self.session.network_path, *([self.result.network] if self.result else [])]
        self._bar.show(self.source, self.summary, [display_name(each) for each in networks])

    def _summarize(self) -> str:
        if self.result is None:
            return ""
        network, evaluation = self.result.network, self.result.evaluation
        if not evaluation.is_digit.any():
            return f"{display_name(network)}: no digits are left in {self.result.title}."
        refused = (
            f", {percent(evaluation.refused)} refused as no digit" if evaluation.can_refuse else ""
        )
        text = (
            f"{display_name(network)}: {percent(evaluation.accuracy)} of "
            f"{len(evaluation.labels):,} right on {self.result.title}{refused}. "
            f"Calibration error {percent(evaluation.calibration_error)}."
        )
        if network != self.session.network_path:
            text += f" In use now: {display_name(self.session.network_path)}; F7 evaluates it."
        return text

    def _show_images(self) -> None:
        self._tabs.show_images(self.result, self._has_kept_drawings)

    def choose_tab(self, index: int) -> None:
        """Select "Confusion" (0) or "Confidence" (1)."""
        self._tabs.select(index)

    # Kept drawings

    @property
    def _has_kept_drawings(self) -> bool:
        """Whether the evaluation is one of kept drawings, which can be relabelled."""
        paths = self._evaluated.paths if self._evaluated is not None else None
        return paths is not None and paths[0].parent.parent == self.session.corrections.folder

    def _update_labels(self) -> None:
        """Give the evaluated drawings the labels of the folders that they are in now."""
        evaluated = self._evaluated
        if evaluated is None or not self._has_kept_drawings:
            return

        def read() -> EvaluationResult:
            kept, _ = self.session.corrections.list_kept()
            return with_current_labels(evaluated, kept)

        def show(result: EvaluationResult) -> None:
            if self._evaluated is evaluated and result.paths != self._shown_paths:
                self._show_relabelled(result)

        self._background.submit(read, show)

    @property
    def _shown_paths(self) -> list[Path] | None:
        return self.result.paths if self.result is not None else None

    def _show_relabelled(self, result: EvaluationResult) -> None:
        """Show other labels, and the images of the same cell."""
        cell = self.matrix.selected
        self.result = result
        self._show()
        if cell is not None:
            self.matrix.select(cell)

    def relabel(self, label: int | None) -> bool:
        """Give the selected kept drawings another label; False where none is selected."""
        return self.context.edit_menu.request(lambda: self._relabel(label))

    def _relabel(self, label: int | None) -> bool:
        result, rows = self.result, self.images.selected
        if result is None or not rows or not self._has_kept_drawings:
            return False
        self.context.edit_menu.relabel([self._correction(result, row) for row in rows], label)
        return True

    def select_corrections(
        self, corrections: Sequence[Correction], count: int | None, on_done: Callable[[], object]
    ) -> None:
        """Wait until the labels are up to date; what is selected follows from the cell."""
        self._background.submit(lambda: None, lambda _: on_done())

    @staticmethod
    def _correction(result: EvaluationResult, row: int) -> Correction:
        paths = result.paths or []
        return Correction(paths[row], int(result.evaluation.labels[row]))

    def _open_on_pad(self) -> None:
        result, row = self.result, self.images.current
        if row is None or result is None:
            return
        has_original = self._has_kept_drawings
        original = self.original(self._correction(result, row)) if has_original else None
        if original is None:
            original = Image.fromarray(result.pixels[row])
        self.put_on_pad(original, is_test_image=result.paths is None)

    # Saving

    def save_plot(self) -> None:
        """Ask for a file and save the selected plot as PNG or SVG, or its numbers as CSV."""
        if self.result is not None:
            title = self.summary.split(". ")[0]
            write = partial(self._tabs.write, self.result.evaluation, title)
            save_plot(self, self._tabs.file_name, write)

    def _picture(self) -> Image.Image | None:
        """The confusion matrix as an image, None before the first evaluation."""
        from number_recognition.window.results.plots import matrix_picture

        if self.result is None:
            return None
        return matrix_picture(self.result.evaluation, self.summary.split(". ")[0])
