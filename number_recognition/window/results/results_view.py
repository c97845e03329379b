"""The Results view: what the network in use takes for what, on which pictures, and how surely."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog, ttk

from number_recognition.core.formatting import percent, pluralize
from number_recognition.core.progress import WorkStopped
from number_recognition.digits.corrections.corrections import Correction
from number_recognition.digits.datasets import mnist
from number_recognition.learning.evaluation.evaluate_job import (
    KEPT,
    MNIST,
    EvaluationResult,
    evaluate_job,
)
from number_recognition.learning.runs.display_names import display_name
from number_recognition.session.correction_edits import CorrectionEdits
from number_recognition.session.session import Session
from number_recognition.storage.settings import resolve_path
from number_recognition.window.dialogs.glossary import explain
from number_recognition.window.dialogs.skipped_files import show_skipped_files
from number_recognition.window.results.cell_images import CellImages
from number_recognition.window.results.confusion_matrix import ConfusionMatrix
from number_recognition.window.toolkit.background_work import Background, Steps
from number_recognition.window.toolkit.theme import scaled, wrap
from number_recognition.window.toolkit.view import View
from number_recognition.window.toolkit.view_keys import LABEL_KEYS, bind_view_keys
from number_recognition.window.widgets.plot_file import ask_for_plot_file
from number_recognition.window.widgets.scrolled_frame import ScrolledFrame
from number_recognition.window.widgets.tabs import Tabs

SOURCES = {MNIST: "MNIST's test set", KEPT: "The kept drawings", "folder": "A folder with 0 to 9 …"}
TAB_TERMS = ("Confusion matrix", "Calibration")
_NOTHING = "Evaluate (F7) shows what the network takes for what."


class ResultsView(View):
    """Confusion matrix with its images, and the reliability diagram.

    Attributes:
        judged: the last evaluation, None before there is one.
        source: what the next one is of: `MNIST`, `KEPT`, or a folder.
        summary: the last evaluation in a line.
    """

    def __init__(self, parent: tk.Misc, session: Session) -> None:
        super().__init__(parent, session)
        self.judged: EvaluationResult | None = None
        self.source: str | Path = self._first_source()
        self.summary = ""
        self._changes = CorrectionEdits(session)
        self._background = Background(self)
        self._steps = Steps(self._background, self.notify)
        self._past: list[EvaluationResult] = []
        self._reliability = None
        self._build_bar()
        self._build_tabs()
        self._connect()
        self._show()

    def _build_bar(self) -> None:
        gap = scaled(self, 8)
        bar = ttk.Frame(self)
        bar.pack(fill="x")
        self.evaluate_button = ttk.Button(
            bar, text="Evaluate", style="Accent.TButton", command=self.evaluate
        )
        self.save_button = ttk.Button(bar, text="Save …", command=self.save_plot)
        self.choice = ttk.Combobox(bar, state="readonly", width=8, values=list(SOURCES.values()))
        self.save_button.pack(side="right")
        self.evaluate_button.pack(side="right", padx=gap)
        self.choice.pack(side="left", fill="x", expand=True)
        words = ttk.Frame(self)
        words.pack(fill="x", pady=gap)
        question = ttk.Label(words, text="?", style="Heading.TLabel")
        question.pack(side="right", anchor="n", padx=(gap, 0))
        explain(question, lambda: TAB_TERMS[self._tabs.index("current")])
        self._line = ttk.Label(words, justify="left")
        self._line.pack(side="left", fill="x", expand=True)
        wrap(self._line)

    def _build_tabs(self) -> None:
        self._tabs = Tabs(self)
        self._tabs.pack(fill="both", expand=True)
        confusion = ttk.Frame(self._tabs, padding=scaled(self, 6))
        self._scrolled = ScrolledFrame(confusion)
        self._scrolled.pack(fill="both", expand=True)
        self._confidence = ttk.Frame(self._tabs, padding=scaled(self, 6))
        self.matrix = ConfusionMatrix(self._scrolled.inside)
        self.matrix.pack(fill="x")
        self.images = CellImages(self._scrolled.inside)
        self.images.pack(fill="both", expand=True)
        self._scrolled.bind_wheel()
        self._tabs.add(confusion, text="Confusion")
        self._tabs.add(self._confidence, text="Confidence")

    def _connect(self) -> None:
        self.choice.bind("<<ComboboxSelected>>", lambda event: self._choose_source())
        self._tabs.bind("<<NotebookTabChanged>>", lambda event: self._show_tab())
        self.matrix.bind("<<CellChosen>>", lambda event: self._show_images())
        self.images.bind("<<PadWanted>>", lambda event: self._to_pad())
        self.images.bind("<<Relabelled>>", lambda event: self.relabel(self.images.label))
        keys = {key: lambda label=label: self.relabel(label) for key, label in LABEL_KEYS.items()}
        bind_view_keys(self, {**keys, "Ctrl+Z": self.undo})

    def refresh(self, reason: str) -> None:
        """Say so where another network is in use by now; take the colours of the theme."""
        if reason == "theme":
            self._scrolled.recolour()
            self.matrix.arrange()
            self.images.arrange()
            if self._reliability is not None:
                self._reliability.recolour()
        elif reason in ("shown", "network"):
            self._show_line()

    # Evaluating

    def _first_source(self) -> str:
        configured = self.session.config.paths.mnist
        is_here = Path(self._mnist_file()).is_file() if configured else mnist.cache_file().is_file()
        return MNIST if is_here or not any(True for _ in self.session.corrections) else KEPT

    def _mnist_file(self) -> Path | None:
        path = self.session.config.paths.mnist
        return resolve_path(path, self.session.config_path) if path else None

    def _choose_source(self) -> None:
        chosen = list(SOURCES)[self.choice.current()]
        if chosen == "folder":
            folder = filedialog.askdirectory(parent=self, title="A folder with 0 to 9 in it")
            chosen = Path(folder) if folder else self.source
        self.evaluate_on(chosen)

    def evaluate_on(self, source: str | Path) -> None:
        """Judge the network on `MNIST`, on `KEPT` or on a folder."""
        self.source = source
        self.evaluate()

    def evaluate(self) -> None:
        """Judge the network in use, as a job."""
        self._show_line()
        started = self.session.jobs.start(
            "Evaluation",
            evaluate_job,
            self.session.network_path,
            self.source,
            mnist_file=self._mnist_file(),
            kept=self.session.corrections.folder,
            done=self._evaluated,
            failed=self._failed,
        )
        if not started:
            self.notify(
                f"{self.session.jobs.title} is still at work: stop it, or evaluate afterwards."
            )

    def _evaluated(self, judged: EvaluationResult) -> None:
        self.judged = judged
        self._past.clear()
        self._show()
        words = f"Evaluation finished: {percent(judged.evaluation.accuracy)} right."
        if judged.skipped:
            show = ("Show why", lambda: show_skipped_files(self, judged.skipped))
            self.notify(f"{words} Left out, since unreadable: {len(judged.skipped)}.", show)
        else:
            self.notify(words)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, WorkStopped):
            self.notify("Evaluation stopped: nothing was judged.")
        else:
            self.notify(f"Evaluation failed: {error}")

    # Showing

    def _show(self) -> None:
        evaluation = self.judged.evaluation if self.judged is not None else None
        self.matrix.show(evaluation)
        self.images.show(self.judged, None, False)
        self.save_button.state(["!disabled" if evaluation is not None else "disabled"])
        self._show_line()
        self._show_tab()

    def _show_line(self) -> None:
        known = isinstance(self.source, str)
        self.choice.set(SOURCES[self.source] if known else str(self.source))
        self.summary = self._words()
        self._line.configure(text=self.summary)

    def _words(self) -> str:
        judged = self.judged
        if judged is None:
            return _NOTHING
        result = judged.evaluation
        words = (
            f"{display_name(judged.network)}: {percent(result.accuracy)} of {len(result.labels):,} "
            f"right on {judged.title}. Calibration error {percent(result.calibration_error)}."
        )
        if judged.network != self.session.network_path:
            words += f" In use now: {display_name(self.session.network_path)}; F7 judges it."
        return words

    def _show_tab(self) -> None:
        """Show the reliability diagram once it is looked at: Matplotlib takes its time."""
        if self._tabs.index("current") != 1:
            return
        if self._reliability is None:
            from number_recognition.window.results.plots import Reliability

            self._reliability = Reliability(self._confidence)
            self._reliability.pack(fill="both", expand=True)
            self._reliability.update_idletasks()
        self._reliability.show(self.judged.evaluation if self.judged is not None else None)

    def _show_images(self) -> None:
        self.images.show(self.judged, self.matrix.chosen, self._can_relabel)
        self.update_idletasks()
        self._scrolled.see(self.images)

    def choose_tab(self, number: int) -> None:
        """Bring "Confusion" (0) or "Confidence" (1) to the top."""
        self._tabs.select(number)
        self._show_tab()

    # Doing something about it

    @property
    def _can_relabel(self) -> bool:
        folder = self.session.corrections.folder
        paths = self.judged.paths if self.judged is not None else None
        return bool(paths) and paths[0].parent.parent == folder

    def _to_pad(self) -> None:
        number = self.images.current
        if number is None or self.judged is None:
            return
        from PIL import Image

        original = None
        if self._can_relabel:
            original = self._original(number)
        if original is None:
            original = Image.fromarray(self.judged.pixels[number])
        self.put_on_pad(original)

    def _original(self, number: int) -> object:
        path, label = self.judged.paths[number], int(self.judged.evaluation.labels[number])
        try:
            return self.session.corrections.original(Correction(path, label))
        except (ValueError, OSError):
            return None

    def relabel(self, label: int | None) -> bool:
        """Give the chosen kept drawings another label; False where none is chosen."""
        return self._steps.ask(lambda: self._relabel(label))

    def _relabel(self, label: int | None) -> bool:
        numbers = list(self.images.chosen)
        if not numbers or not self._can_relabel:
            return False
        judged, labels = self.judged, self.judged.evaluation.labels
        entries = [Correction(judged.paths[n], int(labels[n])) for n in numbers]
        changing = [n for n, entry in zip(numbers, entries, strict=True) if entry.label != label]

        def moved(entries: list[Correction]) -> None:
            if entries and self.judged is judged:
                self._past.append(judged)
                self._take(judged.with_label(changing, label, [entry.path for entry in entries]))
                count = pluralize(len(entries), "drawing is", "drawings are")
                name = "no digit" if label is None else f"a {label}"
                self.notify(f"{count} kept as {name} now.", ("Undo", self.undo))
            self._steps.end()

        self._steps.run(lambda: self._changes.relabel(entries, label), moved, "Nothing was changed")
        return True

    def undo(self) -> bool:
        """Take the last new label given here back; False where there is none."""
        return self._steps.ask(self._undo)

    def _undo(self) -> bool:
        if not self._past:
            return False
        self._steps.run(self._changes.undo, self._undone, "Not undone")
        return True

    def _undone(self, back: list[Correction]) -> None:
        if self._past:
            self._take(self._past.pop())
        self.notify("Undone.")
        self._steps.end()

    def _take(self, judged: EvaluationResult | None) -> None:
        """Show the counts with other labels, and the images of the same cell."""
        cell = self.matrix.chosen
        self.judged = judged
        self.event_generate("<<CorrectionsChanged>>")
        self._show()
        if judged is not None and cell is not None:
            self.matrix.choose(cell)

    # Saving

    def save_plot(self) -> None:
        """Ask for a file and save the plot on top as PNG or SVG, or its numbers as CSV."""
        if self.judged is None:
            return
        name = ("confusion", "confidence")[self._tabs.index("current")]
        path = ask_for_plot_file(self, name)
        if path is not None:
            self.write_plot(path)

    def write_plot(self, path: Path) -> None:
        """Save the plot on top to a file, and say so."""
        from number_recognition.window.results.plots import reliability_table, write_matrix

        evaluation = self.judged.evaluation
        try:
            if self._tabs.index("current") == 0:
                write_matrix(evaluation, self.summary.split(". ")[0], path)
            else:
                self._reliability.write(path, lambda: reliability_table(evaluation))
        except (OSError, ValueError) as error:
            self.notify(f"Not saved: {error}")
            return
        self.notify(f"Saved {path.name}.")
