"""What a fine-tuning gained and lost, and whether keeping it is advised."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from number_recognition.core.formatting import pluralize

ORIGINAL_TASK = "original task"
MNIST_TEST = "MNIST test set"


@dataclass(frozen=True)
class Change:
    """The part of so many samples that is read correctly, from 0 to 1, before and after.

    For a sample that is no digit, "no digit" is the correct answer.
    """

    before: float
    after: float
    count: int


@dataclass(frozen=True)
class FineTuningReport:
    """What a fine-tuning gained and lost.

    Attributes:
        network: the file of the fine-tuned network.
        parent: the file of the network it was made from.
        corrections: how many it was trained on.
        kept: accuracy on all readable kept drawings.
        original: accuracy on a fixed sample of the original task, not trained on.
        worst_digit: the digit whose recall fell most, in `worst_digit_of`.
        worst_change: its change of recall, -1 to 1.
        keep: whether keeping it is advised.
        why: the reason for that advice, one sentence.
        seconds: how long it took.
        mix: how far the weights moved towards the trained ones, 0 to 1.
        held_out: accuracy on the corrections not trained on, None where there are too few.
        mnist_test: accuracy on MNIST's test set, None where MNIST is not available.
        changed: label, prediction before and after, for each sample of `original` that differs.
        skipped: files that could not be read, and why.
    """

    network: Path
    parent: Path
    corrections: int
    kept: Change
    original: Change
    worst_digit: int
    worst_change: float
    keep: bool
    why: str
    seconds: float
    mix: float
    held_out: Change | None = None
    mnist_test: Change | None = None
    changed: list[tuple[int, int, int]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def worst_digit_of(self) -> str:
        """Of which samples the worst digit is: MNIST's test set where it is available."""
        return ORIGINAL_TASK if self.mnist_test is None else MNIST_TEST

    def as_dict(self) -> dict[str, object]:
        """The report as plain values."""
        values = dataclasses.asdict(self)
        return {**values, "network": str(self.network), "parent": str(self.parent)}


def advice(
    kept: Change, original: Change, max_drop: float, mix: float = 1.0, of: str = ORIGINAL_TASK
) -> tuple[bool, str]:
    """Whether to keep a fine-tuned network, and the reason in one sentence.

    Args:
        kept: accuracy on the kept drawings.
        original: accuracy on the original task.
        max_drop: points of accuracy that the original task may lose. One prediction may change
            in any case: of a few hundred, it would be more than the limit, and shows nothing.
        mix: how far the weights moved, 0 to 1.
        of: which samples `original` is of, as the advice names them.
    """
    if not mix and kept.before == 1:
        return False, "It reads every kept drawing correctly already, so nothing was changed."
    if not mix:
        return False, "Any change would lose more of the original task than the limit."
    drop = 100 * (original.before - original.after)
    is_over = drop > max_drop + 1e-9
    if is_over and drop > 100 / original.count + 1e-9:
        return False, f"It would lose {drop:.2f} points on the {of}, more than {max_drop:g}."
    if kept.after <= kept.before:
        return False, "It reads no more of the kept drawings than before."
    gain = round((kept.after - kept.before) * kept.count)
    drawings = pluralize(kept.count, "kept drawing")
    lost = f"{drop:.2f} points" if drop > 0 else "nothing"
    few = f" (1 of {original.count:,} predictions changes there, too few to tell)"
    return True, (
        f"It reads {gain} more of the {drawings} and loses {lost} on the {of}"
        f"{few if is_over else ''}."
    )
