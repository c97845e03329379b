"""The evaluation of kept drawings after their files were moved: labels from their folders now."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from number_recognition.digits.corrections.correction import Correction
from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.evaluation.metrics import Evaluation


def with_current_labels(result: EvaluationResult, kept: Iterable[Correction]) -> EvaluationResult:
    """The result of an evaluation of kept drawings, with the labels and files they have now.

    Drawings that are no longer kept as a digit are left out; the rest keep their order.

    Args:
        result: as evaluated.
        kept: all drawings that are kept now.
    """
    current = _current(result.paths or [], kept)
    rows = [row for row, correction in enumerate(current) if correction is not None]
    corrections = [correction for correction in current if correction is not None]
    labels = np.array([correction.label for correction in corrections], np.int64)
    before = result.evaluation
    evaluation = Evaluation(
        labels, before.predictions[rows], before.probabilities[rows], before.refuse_above
    )
    paths = [correction.path for correction in corrections]
    return dataclasses.replace(
        result, evaluation=evaluation, pixels=result.pixels[rows], paths=paths
    )


def _current(paths: Sequence[Path], kept: Iterable[Correction]) -> list[Correction | None]:
    """The drawing that each file is now; None where it is no longer kept as a digit.

    A file that is not where it was is known by its name.
    """
    digits = {entry.path: entry for entry in kept if entry.label is not None}
    moved: dict[str, list[Correction]] = defaultdict(list)
    known = set(paths)
    for entry in digits.values():
        if entry.path not in known:
            moved[entry.path.name].append(entry)
    current: list[Correction | None] = []
    for path in paths:
        correction = digits.get(path)
        if correction is None and moved[path.name]:
            correction = moved[path.name].pop()
        current.append(correction)
    return current
