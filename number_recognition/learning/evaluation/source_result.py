"""What `evaluate` adds where digits are read among others: numbers, and single digits split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from number_recognition.core.formatting import percent
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.evaluation.number_metrics import NumberEvaluation
from number_recognition.learning.reading.reading import Reading

Written = Image.Image | Drawing
Read = Callable[[Written], Reading]


@dataclass(frozen=True)
class SourceResult:
    """What `evaluate` finds on one source.

    `evaluation` is of its single drawings (None where there are none), `numbers` of its numbers
    (None where there are none), `split` the share of single digits that are read as several (None
    where it has no single digit, or where they are framed already).
    """

    evaluation: Evaluation | None
    numbers: NumberEvaluation | None = None
    split: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The values of the evaluation, with `numbers` and `split` where there are any."""
        values: dict[str, Any] = {"n": 0} if self.evaluation is None else self.evaluation.as_dict()
        if self.numbers is not None:
            values["numbers"] = self.numbers.as_dict()
        if self.split is not None:
            values["split"] = self.split
        return values

    def lines(self, name: str) -> list[str]:
        """`numbers` and `split` for people to read."""
        lines = []
        if self.numbers is not None and self.numbers.accuracy is not None:
            lines.append(
                f"{name}: {percent(self.numbers.accuracy)} of {len(self.numbers.labels):,} "
                f"numbers right, {percent(self.numbers.digit_accuracy or 0)} of their digits"
            )
        if self.split is not None:
            lines.append(f"{name}: {percent(self.split)} of single digits read as several")
        return lines


def evaluate_numbers(
    read: Read, labels: Sequence[str], written: Iterable[Written]
) -> NumberEvaluation | None:
    """Read numbers and compare them with their labels; None where there are none."""
    texts = [read(each).text for each in written]
    return NumberEvaluation(labels, texts) if texts else None


def split_share(read: Read, digits: Iterable[Written]) -> float | None:
    """The share of single digits that are read as several; None where there are none."""
    split = [len(read(each).digits) > 1 for each in digits]
    return sum(split) / len(split) if split else None
