"""The kept drawings as the Drawings view lists them: read in batches, predicted, grouped."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.images.image_files import read_pixels
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction

ALL, NOT_A_DIGIT, MISREAD, DUPLICATES, UNREADABLE, TRASH = (
    "All drawings", "Not a digit", "Misread", "Duplicates", "Cannot be read", "Trash",
)  # fmt: skip
_BATCH = 32


class CorrectionList:
    """The kept drawings, and the predictions of the network in use for them.

    With many drawings, `update`, `read_some` and `sort` take long: call them in one background
    thread. The attributes are replaced as a whole, so another thread can read them meanwhile.

    Attributes:
        kept: the digits and the counterexamples, the newest first.
        trashed: the drawings in the trash, the newest first.
        problems: why a drawing cannot be read, or a folder of drawings not be listed.
        groups: the drawings by what can be listed: `ALL`, "0" to "9", `NOT_A_DIGIT`, `MISREAD`,
            `DUPLICATES`, `UNREADABLE` and `TRASH`.
        duplicates: the groups of kept drawings that have the same pixels.
    """

    def __init__(self, corrections: Corrections, refuse_above: float | None = None) -> None:
        """Make an empty list.

        Args:
            corrections: the folder of the kept drawings.
            refuse_above: see `learning.models.prediction.is_refused`.
        """
        self._corrections = corrections
        self._refuse_above = refuse_above
        self.kept: list[Correction] = []
        self.trashed: list[Correction] = []
        self.problems: dict[Correction, str] = {}
        self.duplicates: list[list[Correction]] = []
        self._pixels: dict[Path, np.ndarray] = {}
        self._outputs: dict[Path, np.ndarray] = {}
        self._network: NumpyNetwork | None = None
        self._duplicates_of: dict[Correction, list[Correction]] = {}
        self.groups = self._make_groups()
        self._unread: list[Correction] = []

    def update(self, network: NumpyNetwork | None) -> None:
        """List what is kept now; drawings that were read already are not read again.

        Args:
            network: predicts the drawings; None where there is none.
        """
        if network is not self._network:
            self._network, self._outputs = network, {}
        same = {entry: entry for entry in (*self.kept, *self.trashed)}
        kept, folders = self._corrections.list_kept()
        trashed, trash_folders = self._corrections.list_trash()
        self.kept = _newest_first(same.get(entry, entry) for entry in kept)
        self.trashed = _newest_first(same.get(entry, entry) for entry in trashed)
        self.problems = {
            Correction(folder, None): reason
            for folder, reason in {**folders, **trash_folders}.items()
        }
        self.sort()
        self._unread = [*reversed(self.trashed), *reversed(self.kept)]

    def sort(self) -> None:
        """Group the drawings by what is known about them now."""
        self._find_duplicates()
        self.groups = self._make_groups()

    def _make_groups(self) -> dict[str, list[Correction]]:
        labels = by_label(self.kept)
        return {
            ALL: self.kept,
            **{str(digit): labels.get(digit, []) for digit in range(10)},
            NOT_A_DIGIT: labels.get(None, []),
            MISREAD: [entry for entry in self.kept if self.is_misread(entry)],
            DUPLICATES: [entry for group in self.duplicates for entry in group],
            UNREADABLE: [entry for entry in self.kept if entry in self.problems],
            TRASH: self.trashed,
        }

    def read_some(self, first: Iterable[Correction]) -> bool:
        """Read and predict some drawings that were not yet; whether there are more of them.

        Args:
            first: the drawings to start with, for example the visible ones.
        """
        batch = [entry for entry in first if not self.known(entry)][:_BATCH]
        while self._unread and len(batch) < _BATCH:
            entry = self._unread.pop()
            if not self.known(entry):
                batch.append(entry)
        self._predict([entry for entry in batch if self._read(entry) is not None])
        return bool(self._unread)

    def known(self, entry: Correction) -> bool:
        """Whether a drawing was read and predicted, or cannot be read."""
        path = entry.path
        is_predicted = path in self._outputs or self._network is None
        return entry in self.problems or (path in self._pixels and is_predicted)

    def pixels(self, entry: Correction) -> np.ndarray | None:
        """The input of the network, (28, 28) uint8; None where the drawing was not read."""
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
        """The prediction of the network in use; None where there is none yet."""
        outputs = self._outputs.get(entry.path)
        if outputs is None:
            return None
        return Prediction.of(outputs, refuse_above=self._refuse_above)

    def is_misread(self, entry: Correction) -> bool:
        """Whether the answer is another than the label.

        A counterexample is misread only by a network that can answer "no digit".
        """
        prediction = self.prediction(entry)
        if prediction is None or (entry.label is None and not self._can_refuse):
            return False
        return prediction.digit != entry.label

    @property
    def _can_refuse(self) -> bool:
        return self._network is not None and self._network.can_refuse

    def label_probability(self, entry: Correction) -> float:
        """The probability that the network gives to the label; infinite before it is predicted.

        Of a counterexample and a network that cannot answer "no digit": 1 minus its confidence.
        """
        outputs = self._outputs.get(entry.path)
        if outputs is None:
            return math.inf
        if entry.label is None:
            return float(outputs[NO_DIGIT] if self._can_refuse else 1 - outputs.max())
        return float(outputs[entry.label])

    def duplicates_of(self, entry: Correction) -> list[Correction]:
        """All kept drawings of the same pixels, this one included; empty where it is the only."""
        return self._duplicates_of.get(entry, [])

    def _find_duplicates(self) -> None:
        groups = defaultdict(list)
        for entry in self.kept:
            pixels = self._pixels.get(entry.path)
            if pixels is not None:
                groups[pixels.tobytes()].append(entry)
        self.duplicates = [group for group in groups.values() if len(group) > 1]
        self._duplicates_of = {entry: group for group in self.duplicates for entry in group}

    def _predict(self, entries: list[Correction]) -> None:
        if self._network is None or not entries:
            return
        paths = [entry.path for entry in entries]
        answers = self._network.predict_in_batches(np.stack([self._pixels[path] for path in paths]))
        self._outputs.update(zip(paths, answers, strict=True))


def by_label(entries: Iterable[Correction]) -> dict[int | None, list[Correction]]:
    """Drawings by their labels, in the order given."""
    labels: dict[int | None, list[Correction]] = defaultdict(list)
    for entry in entries:
        labels[entry.label].append(entry)
    return dict(labels)


def _newest_first(entries: Iterable[Correction]) -> list[Correction]:
    return sorted(entries, key=lambda entry: (entry.kept_at, entry.path.name), reverse=True)
