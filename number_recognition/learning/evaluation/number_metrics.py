"""How well numbers of several digits are read, and how often single digits are read as several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NumberEvaluation:
    """Numbers as they are labelled and as they were read; spaces and line breaks do not count."""

    labels: Sequence[str]
    texts: Sequence[str]

    @property
    def accuracy(self) -> float | None:
        """The share of numbers that are read wholly right, None where there are none."""
        pairs = self._pairs()
        return sum(a == b for a, b in pairs) / len(pairs) if pairs else None

    @property
    def digit_accuracy(self) -> float | None:
        """1 − edit distance ÷ length, over all numbers; None where there are none."""
        pairs = self._pairs()
        length = sum(len(label) for label, _ in pairs)
        return 1 - sum(edit_distance(*pair) for pair in pairs) / length if length else None

    def as_dict(self) -> dict[str, Any]:
        """`n`, `accuracy` and `digits`, see the properties."""
        return {"n": len(self.labels), "accuracy": self.accuracy, "digits": self.digit_accuracy}

    def _pairs(self) -> list[tuple[str, str]]:
        both = zip(self.labels, self.texts, strict=True)
        return [("".join(label.split()), "".join(text.split())) for label, text in both]


def edit_distance(first: str, second: str) -> int:
    """How many characters must be inserted, removed or replaced to make one text of the other.

    Source: V. Levenshtein, "Binary codes capable of correcting deletions, insertions, and
    reversals", 1966.
    """
    distances = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        diagonal, distances[0] = distances[0], i
        for j, b in enumerate(second, start=1):
            change = diagonal + (a != b)
            diagonal = distances[j]
            distances[j] = min(distances[j] + 1, distances[j - 1] + 1, change)
    return distances[-1]
