"""The kept drawings as the Drawings view lists them: read bit by bit, judged, sorted. No Tk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from number_recognition.digits.corrections.corrections import Correction, Corrections
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction

ALL, NOT_A_DIGIT, MISREAD, COPIES, UNREADABLE, TRASH = (
    "All drawings", "Not a digit", "Misread", "Duplicates", "Cannot be read", "Trash",
)  # fmt: skip
_TOGETHER = 32


class CorrectionList:
    """What is kept, and what today's network says of it.

    `list`, `read_some` and `sort` take their time with many drawings: they are called in one
    thread, and what they make takes the place of what was there at once.

    Attributes:
        kept: the digits and the counterexamples, the newest first.
        trashed: what lies in the trash, the newest first.
        problems: why a drawing cannot be read, or a folder of drawings not be listed.
        groups: what can be shown: `ALL`, "0" to "9", `NOT_A_DIGIT`, `MISREAD`, `COPIES`,
            `UNREADABLE` and `TRASH`, each with its drawings.
        copied: the groups of kept drawings that have the same pixels.
    """

    def __init__(self, corrections: Corrections) -> None:
        self._corrections = corrections
        self.kept: list[Correction] = []
        self.trashed: list[Correction] = []
        self.problems: dict[Correction, str] = {}
        self.copied: list[list[Correction]] = []
        self._pixels: dict[Path, np.ndarray] = {}
        self._answers: dict[Path, np.ndarray] = {}
        self._network: NumpyNetwork | None = None
        self._copies: dict[Correction, list[Correction]] = {}
        self.groups = self._grouped()
        self._waiting: list[Correction] = []

    def list(self, network: NumpyNetwork | None) -> None:
        """See what is kept now; what was read of it already is not read again.

        Args:
            network: says what it reads in them; None where there is none.
        """
        if network is not self._network:
            self._network, self._answers = network, {}
        same = {entry: entry for entry in (*self.kept, *self.trashed)}
        kept, unlisted = self._corrections.list_kept()
        trashed, unlisted_trash = self._corrections.list_trash()
        self.kept = _newest_first(same.get(entry, entry) for entry in kept)
        self.trashed = _newest_first(same.get(entry, entry) for entry in trashed)
        self.problems = {
            Correction(folder, None): why for folder, why in {**unlisted, **unlisted_trash}.items()
        }
        self.sort()
        self._waiting = [*reversed(self.trashed), *reversed(self.kept)]

    def sort(self) -> None:
        """Sort the drawings into groups, by what is known of them by now."""
        self._find_copies()
        self.groups = self._grouped()

    def _grouped(self) -> dict[str, list[Correction]]:
        labels = by_label(self.kept)
        return {
            ALL: self.kept,
            **{str(digit): labels.get(digit, []) for digit in range(10)},
            NOT_A_DIGIT: labels.get(None, []),
            MISREAD: [entry for entry in self.kept if self.is_misread(entry)],
            COPIES: [entry for group in self.copied for entry in group],
            UNREADABLE: [entry for entry in self.kept if entry in self.problems],
            TRASH: self.trashed,
        }

    def read_some(self, first: Iterable[Correction]) -> bool:
        """Read and judge some of those that were not yet; False where there are none left.

        Args:
            first: those to begin with, the ones in sight.
        """
        part = [entry for entry in first if not self.known(entry)][:_TOGETHER]
        while self._waiting and len(part) < _TOGETHER:
            entry = self._waiting.pop()
            if not self.known(entry):
                part.append(entry)
        self._judge([entry for entry in part if self._read(entry) is not None])
        return bool(self._waiting)

    def known(self, entry: Correction) -> bool:
        """Whether a drawing was read and judged, or found to be unreadable."""
        path = entry.path
        judged = path in self._answers or self._network is None
        return entry in self.problems or (path in self._pixels and judged)

    def pixels(self, entry: Correction) -> np.ndarray | None:
        """A drawing as the network reads it, (28, 28) uint8; None where it was not read."""
        return self._pixels.get(entry.path)

    def _read(self, entry: Correction) -> np.ndarray | None:
        path = entry.path
        if path not in self._pixels and entry not in self.problems:
            try:
                self._pixels[path] = read_pixels(path)
            except (ValueError, OSError) as error:
                self.problems[entry] = str(error)
        return self._pixels.get(path)

    def prediction(self, entry: Correction) -> Prediction | None:
        """What today's network reads, None where it was not asked."""
        answer = self._answers.get(entry.path)
        return Prediction.of(answer) if answer is not None else None

    def is_misread(self, entry: Correction) -> bool:
        """Whether the network reads a digit as another; a counterexample is never misread."""
        answer = self._answers.get(entry.path)
        return answer is not None and entry.label is not None and answer.argmax() != entry.label

    def surprise(self, entry: Correction) -> float:
        """How little the network expects the label (of a counterexample: how sure it is)."""
        answer = self._answers.get(entry.path)
        if answer is None:
            return -1.0
        return float(answer.max() if entry.label is None else 1 - answer[entry.label])

    def copies(self, entry: Correction) -> list[Correction]:
        """All kept drawings of the same pixels, where there are several."""
        return self._copies.get(entry, [])

    def _find_copies(self) -> None:
        groups = defaultdict(list)
        for entry in self.kept:
            pixels = self._pixels.get(entry.path)
            if pixels is not None:
                groups[pixels.tobytes()].append(entry)
        self.copied = [group for group in groups.values() if len(group) > 1]
        self._copies = {entry: group for group in self.copied for entry in group}

    def _judge(self, entries: list[Correction]) -> None:
        if self._network is None or not entries:
            return
        paths = [entry.path for entry in entries]
        answers = self._network.predict_in_batches(np.stack([self._pixels[path] for path in paths]))
        self._answers.update(zip(paths, answers, strict=True))


def by_label(entries: Iterable[Correction]) -> dict[int | None, list[Correction]]:
    """Drawings by their labels, each in the order given."""
    labels: dict[int | None, list[Correction]] = defaultdict(list)
    for entry in entries:
        labels[entry.label].append(entry)
    return dict(labels)


def _newest_first(entries: Iterable[Correction]) -> list[Correction]:
    return sorted(entries, key=lambda entry: (entry.kept_at, entry.path.name), reverse=True)
