"""The dialog that lists the networks: the one in use, the fine-tuned ones, the bundled one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, replace
from os.path import isfile
from pathlib import Path
from tkinter import font as tkfont
from tkinter import ttk

from number_recognition.core.formatting import NOT_A_NUMBER, percent, pluralize
from number_recognition.learning.fine_tuning.version_store import ReportSummary, list_versions
from number_recognition.learning.runs.display_names import created_at, display_name
from number_recognition.learning.runs.run_files import MODEL_FILE, read_summary
from number_recognition.session.preferences.accuracies import known_accuracy
from number_recognition.session.preferences.window_state import WindowState
from number_recognition.storage.values import is_number, printable
from number_recognition.window.tables.short_names import ShortNames
from number_recognition.window.tables.whole_texts import fit_column
from number_recognition.window.toolkit.theme import BODY, center_over, scaled, scaled_by_text
from number_recognition.window.widgets.scrolled_frame import add_scrollbars

_COLUMNS = (
    ("base", "Fine-tuned from"),
    ("created", "Created"),
    ("mnist", "MNIST test"),
    ("kept", "Kept drawings"),
    ("note", ""),
)
_NAME_WIDTHS = 200, 400
"""Of the names of the networks: least and most, in pixels at 96 dpi and at the usual text size."""
_UNKNOWN = "–"
_BUNDLED = "bundled network"


@dataclass(frozen=True)
class Version:
    """A network in the list, as text.

    Attributes:
        base: the network that was fine-tuned.
        problem: what is wrong with its report.
    """

    path: Path
    name: str
    created_at: str
    mnist: str = _UNKNOWN
    kept: str = _UNKNOWN
    problem: str = ""
    base: str = _UNKNOWN


def list_networks(
    models: Path, shipped: Path, in_use: Path, state: WindowState | None = None
) -> list[Version]:
    """Return the fine-tuned networks, those they were made from, and the bundled one.

    The network in use comes first if it is none of these. The accuracies on MNIST's test set are
    those that the window remembers of evaluations, else those of the reports of trainings.
    """
    versions = list_versions(models / "versions")
    listed = [_fine_tuned(path, report, shipped) for path, report in versions]
    bundled = [Version(shipped, _BUNDLED, created_at(shipped))] if shipped.exists() else []
    for _, report in versions:
        base = report.parent
        if base is not None and isfile(base) and not _has([*listed, *bundled], base):
            listed.append(_not_tuned(base))
    listed += bundled
    if in_use.exists() and not _has(listed, in_use):
        listed.insert(0, _not_tuned(in_use))
    return [
        replace(each, mnist=_format(known_accuracy(state, each.path), each.mnist))
        if state is not None
        else each
        for each in listed
    ]


def _has(listed: list[Version], network: Path) -> bool:
    return any(network.samefile(version.path) for version in listed)


def _not_tuned(network: Path) -> Version:
    mnist = _format(_run_accuracy(network))
    return Version(network, display_name(network), created_at(network), mnist)


def _base_name(base: Path | None, shipped: Path) -> str:
    if base is None:
        return _UNKNOWN
    is_bundled = isfile(base) and shipped.exists() and base.samefile(shipped)
    return _BUNDLED if is_bundled else display_name(base)


def _run_accuracy(network: Path) -> float | None:
    """The accuracy on MNIST's test set that a training noted for its network."""
    try:
        accuracy = read_summary(network.parent)[0]["metrics"].get("mnist_test")
    except (OSError, ValueError):
        return None
    return float(accuracy) if network.name == MODEL_FILE and is_number(accuracy) else None


def _fine_tuned(path: Path, report: ReportSummary, shipped: Path) -> Version:
    kept = _UNKNOWN
    if report.kept_count is not None:
        before = _format(report.kept_before, NOT_A_NUMBER)
        after = _format(report.kept_after, NOT_A_NUMBER)
        kept = f"{after} of {report.kept_count} (before: {before})"
    count = report.corrections
    name = "fine-tuned" if count is None else f"fine-tuned, {pluralize(count, 'drawing')}"
    base, mnist = _base_name(report.parent, shipped), _format(report.mnist_test)
    return Version(path, name, created_at(path), mnist, kept, report.problem, base)


def _format(share: float | None, missing: str = _UNKNOWN) -> str:
    return missing if share is None else percent(share)


class VersionsDialog(tk.Toplevel):
    """Lists networks; a double click, Return or the button selects one for use.

    Attributes:
        table: one row for each network; the name of the row is its path.
    """

    def __init__(
        self,
        root: tk.Tk | tk.Toplevel,
        listed: list[Version],
        in_use: Path,
        use: Callable[[Path], object],
    ) -> None:
        """Open the dialog; `use` is called with the path of the selected network."""
        super().__init__(root)
        self._use = use
        self.title("Network versions")
        self.transient(root)
        self._build(listed, in_use)
        self.bind("<Escape>", lambda event: self.destroy())
        center_over(self, root)

    def _build(self, listed: list[Version], in_use: Path) -> None:
        frame = ttk.Frame(self, padding=scaled(self, 20))
        frame.pack(fill="both", expand=True)
        inner = ttk.Frame(frame)
        self._build_table(inner, listed)
        self._fill_table(listed, in_use)
        self._build_buttons(frame)
        self._build_warnings(frame, listed)
        # Packed last, the table is what gets lower where a scrollbar needs the room.
        inner.pack(fill="both", expand=True)
        self._fit_screen()

    def _build_table(self, frame: ttk.Frame, listed: list[Version]) -> None:
        names = [name for name, _ in _COLUMNS]
        height = min(12, max(4, len(listed)))
        self.table = ttk.Treeview(frame, columns=names, height=height, selectmode="browse")
        add_scrollbars(self.table, horizontal=True)
        self.table.heading("#0", text="Network", anchor="w")
        for name, text in _COLUMNS:
            self.table.heading(name, text=text, anchor="w")
        self.table.bind("<Double-Button-1>", lambda event: self._use_selected())
        self.table.bind("<Return>", lambda event: self._use_selected())
        self.table.focus_set()

    def _fill_table(self, listed: list[Version], in_use: Path) -> None:
        names = ShortNames(self.table)
        for version in listed:
            is_used = in_use.exists() and in_use.samefile(version.path)
            note = "in use" if is_used else ""
            values = (version.base, version.created_at, version.mnist, version.kept, note)
            self.table.insert("", "end", str(version.path), values=values)
            names.set(str(version.path), version.name)
            if is_used or not self.table.selection():
                self.table.selection_set(str(version.path))
                self.table.focus(str(version.path))
        self._share_width([version.name for version in listed])

    def _share_width(self, shown: list[str]) -> None:
        """Make the columns as wide as their texts, and that of the names as the screen allows."""
        measure, rest = tkfont.nametofont(BODY, self).measure, self.winfo_screenwidth()
        for name, heading in _COLUMNS:
            texts = {row: self.table.set(row, name) for row in self.table.get_children()}
            least = measure(heading) + scaled(self, 24)
            rest -= fit_column(self.table, name, texts, least, self.winfo_screenwidth())
            self.table.column(name, stretch=False)
        rest -= scaled(self, 3 * 20)
        least, most = (scaled_by_text(self, width) for width in _NAME_WIDTHS)
        needed = max(map(measure, shown), default=0) + scaled(self, 40)
        self.table.column("#0", width=max(least, min(rest, most, needed)), minwidth=least)

    def _fit_screen(self) -> None:
        """Where the columns need more than the width of the screen, they are scrolled."""
        self.update_idletasks()
        if self.winfo_reqwidth() > self.winfo_screenwidth():
            self.geometry(f"{self.winfo_screenwidth()}x{self.winfo_reqheight()}")

    def _build_warnings(self, frame: ttk.Frame, listed: list[Version]) -> None:
        for problem in filter(None, (version.problem for version in reversed(listed))):
            label = ttk.Label(frame, text=printable(problem), style="Warning.TLabel")
            label.configure(wraplength=scaled_by_text(self, 700))
            label.pack(side="bottom", anchor="w", pady=(scaled(self, 10), 0))

    def _build_buttons(self, frame: ttk.Frame) -> None:
        gap = scaled(self, 10)
        bar = ttk.Frame(frame)
        bar.pack(side="bottom", anchor="e", pady=(gap, 0))
        use = ttk.Button(bar, text="Use this network", style="Accent.TButton")
        use.configure(command=self._use_selected)
        use.pack(side="left", padx=gap)
        ttk.Button(bar, text="Close", command=self.destroy).pack(side="left")

    def _use_selected(self) -> None:
        selected = self.table.selection()
        self.destroy()
        if selected:
            self._use(Path(selected[0]))
