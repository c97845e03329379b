"""The best way to divide a line of parts into groups, each group a digit or none."""

from __future__ import annotations

from collections.abc import Mapping

Span = tuple[int, int]
"""A group of neighbouring parts: the number of its first, and of the first after it."""


def best_path(count: int, scores: Mapping[Span, float]) -> list[Span]:
    """Divide `count` parts into groups with the highest sum of scores (Viterbi).

    Args:
        count: how many parts there are.
        scores: the score of each group that may be formed, a log probability.

    Returns:
        The groups from first to last; none where no division is possible.

    Source: A. Viterbi, "Error bounds for convolutional codes", 1967.
    """
    best: list[tuple[float, list[Span]] | None] = [(0.0, [])] + [None] * count
    for end in range(1, count + 1):
        for (first, last), score in scores.items():
            before = best[first] if last == end else None
            if before is None:
                continue
            total = before[0] + score
            current = best[end]
            if current is None or total > current[0]:
                best[end] = (total, [*before[1], (first, last)])
    found = best[count]
    return found[1] if found else []
