"""The versions of the network: the one that came with the program and those that were kept."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk

from number_recognition.core.formatting import NOT_A_NUMBER, percent, pluralize
from number_recognition.learning.fine_tuning.fine_tune_job import list_versions
from number_recognition.learning.fine_tuning.report_files import KeptCard
from number_recognition.learning.runs.display_names import created_at, display_name
from number_recognition.storage.values import printable
from number_recognition.window.toolkit.theme import center_over, scaled, scaled_by_text

_COLUMNS = (("made", "Made", 150), ("mnist", "MNIST test", 100), ("kept", "Kept drawings", 240),
            ("note", "", 60))  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One network of the list, with what is known of it in words, and what is wrong there."""

    path: Path
    name: str
    created_at: str
    mnist: str = "–"
    kept: str = "–"
    problem: str = ""


def list_networks(models: Path, shipped: Path, in_use: Path) -> list[Version]:
    """The network in use where it is none of the others, the kept ones, and the shipped one."""
    listed = [_kept(path, card) for path, card in list_versions(models / "versions")]
    if shipped.exists():
        listed.append(Version(shipped, "came with the program", created_at(shipped)))
    if in_use.exists() and not any(in_use.samefile(version.path) for version in listed):
        listed.insert(0, Version(in_use, display_name(in_use), created_at(in_use)))
    return listed


def _kept(path: Path, card: KeptCard) -> Version:
    words = "–"
    if card.kept_count is not None:
        before, after = (
            _percent(part, NOT_A_NUMBER) for part in (card.kept_before, card.kept_after)
        )
        words = f"{after} of {card.kept_count} (before: {before})"
    learnt = card.corrections
    name = "fine-tuned" if learnt is None else f"fine-tuned, {pluralize(learnt, 'drawing')}"
    return Version(path, name, created_at(path), _percent(card.mnist_test), words, card.problem)


def _percent(part: float | None, otherwise: str = "–") -> str:
    return otherwise if part is None else percent(part)


class VersionsDialog(tk.Toplevel):
    """Lists the versions; a double click, Return or the button takes one into use.

    Attributes:
        table: one row a version, its path the name of the row.
    """

    def __init__(
        self, root: tk.Misc, listed: list[Version], in_use: Path, use: Callable[[Path], object]
    ) -> None:
        super().__init__(root)
        self._use = use
        self.title("Versions of the network")
        self.transient(root)
        gap = scaled(self, 10)
        frame = ttk.Frame(self, padding=2 * gap)
        frame.pack(fill="both", expand=True)
        self._build_table(frame, listed, in_use)
        for problem in filter(None, (version.problem for version in listed)):
            words = ttk.Label(frame, text=printable(problem), style="Warning.TLabel")
            words.configure(wraplength=scaled_by_text(self, 700))
            words.pack(anchor="w", pady=(gap, 0))
        bar = ttk.Frame(frame)
        bar.pack(anchor="e", pady=(gap, 0))
        use_button = ttk.Button(bar, text="Use this network", style="Accent.TButton",
                                command=self._use_chosen)  # fmt: skip
        use_button.pack(side="left", padx=gap)
        ttk.Button(bar, text="Close", command=self.destroy).pack(side="left")
        self.bind("<Escape>", lambda event: self.destroy())
        center_over(self, root)

    def _build_table(self, frame: ttk.Frame, listed: list[Version], in_use: Path) -> None:
        names = [name for name, _, _ in _COLUMNS]
        self.table = ttk.Treeview(
            frame, columns=names, height=min(12, max(4, len(listed))), selectmode="browse"
        )
        self.table.heading("#0", text="Network", anchor="w")
        self.table.column("#0", width=scaled_by_text(self, 200))
        for name, text, width in _COLUMNS:
            self.table.heading(name, text=text, anchor="w")
            self.table.column(name, width=scaled_by_text(self, width))
        for version in listed:
            used = in_use.exists() and in_use.samefile(version.path)
            note = "in use" if used else ""
            values = (version.created_at, version.mnist, version.kept, note)
            self.table.insert("", "end", str(version.path), text=version.name, values=values)
            if used or not self.table.selection():
                self.table.selection_set(str(version.path))
                self.table.focus(str(version.path))
        self.table.pack(fill="both", expand=True)
        self.table.bind("<Double-Button-1>", lambda event: self._use_chosen())
        self.table.bind("<Return>", lambda event: self._use_chosen())
        self.table.focus_set()

    def _use_chosen(self) -> None:
        chosen = self.table.selection()
        self.destroy()
        if chosen:
            self._use(Path(chosen[0]))
