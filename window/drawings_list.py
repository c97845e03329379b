"""The kept drawings as the Drawings view lists them: read bit by bit, judged, sorted. No Tk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from digits.corrections import Correction, Corrections
from digits.images import read_pixels
from learning.numpy_network import NumpyNetwork
from learning.prediction import Prediction

_TOGETHER = 32


class KeptDrawings:
    """What is kept, and what today's network says of it.

    Attributes:
        kept: the digits and the counterexamples, the newest first.
        trashed: what lies in the trash, the newest first.
        problems: why a drawing cannot be read, or a folder of drawings not be listed.
    """

    def __init__(self, corrections: Corrections) -> None:
        self._corrections = corrections
        self.kept: list[Correction] = []
        self.trashed: list[Correction] = []
        self.problems: dict[Correction, str] = {}
        self._pixels: dict[Path, np.ndarray] = {}
        self._answers: dict[Path, np.ndarray] = {}
        self._network: NumpyNetwork | None = None
        self._copies: dict[Correction, list[Correction]] = {}

    def list(self) -> None:
        """See what is kept now; what was read of it already is not read again."""
        kept, unlisted = self._corrections.list_kept()
        trashed, unlisted_trash = self._corrections.list_trash()
        self.kept, self.trashed = _newest_first(kept), _newest_first(trashed)
        self.problems = {
            Correction(folder, None): why for folder, why in {**unlisted, **unlisted_trash}.items()
        }
        self._find_copies()

    def judge_with(self, network: NumpyNetwork | None) -> None:
        """Let another network say what it reads."""
        if network is not self._network:
            self._network = network
            self._answers.clear()

    def read_some(self) -> Iterator[None]:
        """Read and judge what is not yet, a piece at a time."""
        waiting = [*self.kept, *self.trashed]
        for start in range(0, len(waiting), _TOGETHER):
            part = [entry for entry in waiting[start : start + _TOGETHER] if not self.known(entry)]
            if part:
                self._judge([entry for entry in part if self.pixels(entry) is not None])
                yield
        self._find_copies()

    def known(self, entry: Correction) -> bool:
        """Whether a drawing was read and judged, or found to be unreadable."""
        path = entry.path
        judged = path in self._answers or self._network is None
        return entry in self.problems or (path in self._pixels and judged)

    def pixels(self, entry: Correction) -> np.ndarray | None:
        """A drawing as the network reads it, (28, 28) uint8; None where it cannot be read."""
        path = entry.path
        if path not in self._pixels and entry not in self.problems:
            try:
                self._pixels[path] = read_pixels(path)
            except (ValueError, OSError) as error:
                self.problems[entry] = str(error)
        return self._pixels.get(path)

    def prediction(self, entry: Correction) -> Prediction | None:
        """What today's network reads, None where the drawing or the network cannot be read."""
        path = entry.path
        if path not in self._answers and self.pixels(entry) is not None:
            self._judge([entry])
        return Prediction.of(self._answers[path]) if path in self._answers else None

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

    def copied(self) -> list[list[Correction]]:
        """The groups of kept drawings that have the same pixels."""
        groups = {id(group): group for group in self._copies.values()}
        return list(groups.values())

    def _find_copies(self) -> None:
        groups = defaultdict(list)
        for entry in self.kept:
            pixels = self._pixels.get(entry.path)
            if pixels is not None:
                groups[pixels.tobytes()].append(entry)
        several = [group for group in groups.values() if len(group) > 1]
        self._copies = {entry: group for group in several for entry in group}

    def _judge(self, entries: list[Correction]) -> None:
        if self._network is None or not entries:
            return
        paths = [entry.path for entry in entries]
        answers = self._network.in_parts(np.stack([self._pixels[path] for path in paths]))
        self._answers.update(zip(paths, answers, strict=True))


def _newest_first(entries: list[Correction]) -> list[Correction]:
    return sorted(entries, key=lambda entry: (entry.kept_at, entry.path.name), reverse=True)
